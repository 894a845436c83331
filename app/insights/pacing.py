"""Pacing: a reader of the ledger that keeps, per agency, how long its last sign-offs took. Runs in the worker, in batches."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.database import session
from app.insights.models import Pace
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry
from app.reviews.calendars import calendar_of

READER = "insights.pacing"
BATCH = 200
"""Entries taken in at a time."""
KEPT = 200
"""Sign-offs an agency's pace is taken from."""


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    entries = reading.read(READER, limit=BATCH)
    decided = [entry for entry in entries if entry.event == "review.decided"]
    if decided:
        _take_in(decided, _opened({entry.subject_id for entry in decided}))
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _opened(reviews: set[uuid.UUID]) -> Mapping[uuid.UUID, Entry]:
    query = sa.select(Entry).where(Entry.subject_id.in_(reviews), Entry.event == "review.opened")
    return {entry.subject_id: entry for entry in session().scalars(query)}


def _pauses(reviews: set[uuid.UUID]) -> Mapping[uuid.UUID, list[Entry]]:
    """When the clocks of some reviews stopped and went on, in the order it happened."""
    query = sa.select(Entry).where(Entry.subject_id.in_(reviews), Entry.event.in_(("review.stopped", "review.resumed")))
    found: dict[uuid.UUID, list[Entry]] = {}
    for entry in session().scalars(query.order_by(Entry.position)):
        found.setdefault(entry.subject_id, []).append(entry)
    return found


def worked(began: Entry, decided: Entry, between: Sequence[Entry]) -> int:
    """Return the working minutes of the agency from opening to decision, without what a question to the trader paused.

    The hours are those of the agency's usual offices: the ledger does not say at which kind of office a case was.
    """
    calendar = calendar_of(str(decided.payload["agency"]))
    total, since = 0, began.at
    running = True
    for entry in between:
        if entry.at > decided.at:
            break
        if running and entry.payload.get("effect") == "pause":
            total, running = total + calendar.between(since, entry.at), False
        elif not running and entry.event == "review.resumed":
            since, running = entry.at, True
    return total + (calendar.between(since, decided.at) if running else 0)


def _take_in(decided: list[Entry], opened: Mapping[uuid.UUID, Entry]) -> None:
    pauses = _pauses({entry.subject_id for entry in decided})
    for entry in decided:
        began = opened.get(entry.subject_id)
        if began is None:
            continue
        agency = str(entry.payload["agency"])
        minutes = max(0, round((entry.at - began.at).total_seconds() / 60))
        pace = session().get(Pace, agency)
        if pace is None:
            pace = Pace(agency=agency, minutes=[], median_minutes=0, working=[], median_working=0, updated_at=entry.at)
            session().add(pace)
        pace.minutes = [*pace.minutes, minutes][-KEPT:]
        pace.median_minutes = round(statistics.median(pace.minutes))
        pace.working = [*pace.working, worked(began, entry, pauses.get(entry.subject_id, ()))][-KEPT:]
        pace.median_working = round(statistics.median(pace.working))
        pace.updated_at = entry.at
        session().flush()
