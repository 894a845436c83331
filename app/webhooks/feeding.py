"""Feeding: a reader of the ledger that writes the feed of each organisation, and in the same transaction what is to be
delivered to its endpoints. Runs in the worker, in batches; a batch that is read twice tells nobody twice.

A position in the feed rises in the order of commit: this reader takes its turn before it reads, so there is one writer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.database import new_id, session
from app.declarations.models import Declaration
from app.jobs import registry
from app.ledger import reading as ledger
from app.ledger.models import Entry
from app.reviews.thread_models import Question
from app.webhooks.knowledge import KNOWN, facts_of
from app.webhooks.models import FeedEntry
from app.webhooks.queueing import queue

READER = "webhooks"
BATCH = 200
"""Entries taken in at a time."""
_AT_ONCE = 100
"""Rows of one statement."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a batch: number and houses (owner, filer) of each package, number of each question, and the position
    at which an inspection was first agreed."""

    packages: Mapping[uuid.UUID | None, tuple[str, tuple[uuid.UUID, ...]]]
    asked: Mapping[uuid.UUID, int]
    agreed: Mapping[uuid.UUID, int]


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    ledger.take_turn(READER)
    entries = ledger.read(READER, limit=BATCH)
    known = [one for one in entries if one.event in KNOWN and one.declaration_id is not None]
    if known:
        queue(_kept(_rows(known)))
    if entries:
        ledger.advance(READER, entries[-1])
    return len(entries)


def _rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    around = _gather(entries)
    return [
        {
            "event_id": new_id(), "organisation_id": house, "entry_position": entry.position, "event": entry.event,
            "at": entry.at, "subject_id": entry.subject_id, "declaration_id": entry.declaration_id,
            "facts": _facts(entry, around),
        }
        for entry in entries
        if _may_be_told(entry, around)
        for house in around.packages.get(entry.declaration_id, ("", ()))[1]
    ]  # fmt: skip


def _may_be_told(entry: Entry, around: Around) -> bool:
    if not KNOWN[entry.event].once_agreed:
        return True
    return around.agreed.get(entry.subject_id, entry.position) < entry.position


def _facts(entry: Entry, around: Around) -> dict[str, Any]:
    number, _houses = around.packages[entry.declaration_id]
    facts = ({"number": number} if number else {}) | facts_of(entry.event, entry.payload)
    subject = KNOWN[entry.event].subject
    if subject:
        facts[subject] = str(entry.subject_id)
    if entry.subject_id in around.asked:
        facts["question"] = around.asked[entry.subject_id]
    return facts


def _kept(rows: list[dict[str, Any]]) -> Sequence[FeedEntry]:
    """Write rows of the feed, in order; those that stand there already are left as they are and not returned."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    kept: list[FeedEntry] = []
    for start in range(0, len(rows), _AT_ONCE):
        new = dialect.insert(FeedEntry).values(rows[start : start + _AT_ONCE])
        new = new.on_conflict_do_nothing(index_elements=[FeedEntry.organisation_id, FeedEntry.entry_position])
        kept += session().scalars(new.returning(FeedEntry))
    return sorted(kept, key=lambda one: one.position)


# --- what stands around -----------------------------------------------------------------------------------------------


def _gather(entries: Sequence[Entry]) -> Around:
    return Around(
        packages=_packages({one.declaration_id for one in entries if one.declaration_id is not None}),
        asked=_asked({one.subject_id for one in entries if one.subject == "question"}),
        agreed=_agreed({one.subject_id for one in entries if one.subject == "inspection"}),
    )


def _packages(keys: set[uuid.UUID]) -> dict[uuid.UUID | None, tuple[str, tuple[uuid.UUID, ...]]]:
    """Number and houses of packages: the owner's and the filer's, who are one where a trader files for itself."""
    columns = (Declaration.id, Declaration.number, Declaration.owner_id, Declaration.filer_id)
    rows = session().execute(sa.select(*columns).where(Declaration.id.in_(keys)))
    return {
        key: (number or "", tuple(dict.fromkeys(house for house in (owner, filer) if house is not None)))
        for key, number, owner, filer in rows
    }


def _asked(keys: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = sa.select(Question.id, Question.number).where(Question.id.in_(keys))
    return {key: number for key, number in session().execute(query)} if keys else {}


def _agreed(keys: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = (
        sa.select(Entry.subject_id, sa.func.min(Entry.position))
        .where(Entry.subject_id.in_(keys), Entry.event == "inspection.agreed")
        .group_by(Entry.subject_id)
    )
    return {key: position for key, position in session().execute(query)} if keys else {}
