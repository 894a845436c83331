"""Following: a reader of the ledger that tells people what happened. Runs in the worker, in batches.

What is told in the window is there when the batch is kept; what goes out by mail is a job of the same transaction, one letter
to a person for all of a batch. A batch that is read twice tells nobody twice.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import new_id, session
from app.jobs import registry
from app.ledger import reading as ledger
from app.ledger.models import Entry
from app.notifications import choices, gathering, told
from app.notifications.audience import Recipient, recipients
from app.notifications.gathering import Around
from app.notifications.models import Notice
from app.notifications.reading import count

READER = "notifications"
BATCH = 200
"""Entries taken in at a time."""
MAIL_WITHIN = timedelta(days=1)
"""What is older is told in the window alone: a worker that stood still must not send yesterday's letters today."""
TELL_WITHIN = timedelta(days=30)
"""What is older is told to nobody: a window that learns to notify does not begin with its whole past."""
POST = "notices.post"
_AT_ONCE = 500
"""Rows of one statement."""


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    entries = ledger.read(READER, limit=BATCH)
    since = clock.now() - TELL_WITHIN
    fresh = [one for one in entries if one.event in told.EVENTS and one.at > since]
    if fresh:
        _tell(fresh)
    if entries:
        ledger.advance(READER, entries[-1])
    return len(entries)


def _tell(entries: Sequence[Entry]) -> None:
    around = gathering.gather(entries)
    found = [
        (entry, row, one)
        for entry in entries
        for row in told.rows_of(entry.event)
        for one in recipients(entry, row.audience, around, officers=row.side == told.OFFICER)
    ]
    chosen = choices.find_choices({one.person_id for _entry, _row, one in found}, told.EVENTS)
    rows = []
    for entry, row, one in found:
        choice = choices.choice_of(chosen, one.person_id, row)
        if not choice.nothing:
            rows.append(_row(entry, row, one, choice, around))
    kept = [one for some in _parts(rows) for one in session().execute(_keeping(some)).all()]
    count(Counter(one.person_id for one in kept if one.shown))
    _post((one.person_id, one.id) for one in kept if one.mail == told.NOW)


def _row(entry: Entry, row: told.Told, one: Recipient, choice: choices.Choice, around: Around) -> dict[str, Any]:
    late = entry.at < clock.now() - MAIL_WITHIN
    return {
        "id": new_id(), "person_id": one.person_id, "entry_position": entry.position,
        "organisation_id": one.organisation_id, "event": row.event, "side": row.side, "at": entry.at, "path": one.path,
        "facts": _facts(entry, around), "shown": choice.in_window, "mail": told.NONE if late else choice.mail,
    }  # fmt: skip


def _facts(entry: Entry, around: Around) -> dict[str, Any]:
    """What a letter may say: numbers, codes, moments. Nothing of people, houses or goods."""
    package = around.packages.get(entry.declaration_id) if entry.declaration_id else None
    payload = entry.payload
    facts = {
        "number": package.number
        if package
        else payload.get("number", "")
        if entry.subject in ("ruling", "accreditation", "advance", "alert")
        else "",
        "agency": payload.get("agency", ""),
        "due_at": payload.get("due_at", "")
        or (payload.get("until", "") if entry.subject in ("person", "signing_key") else ""),
        "slot": payload.get("from", ""),
        "clearance": payload.get("number", "") if entry.subject == "clearance" else "",
        "question": around.asked.get(entry.subject_id, 0),
    }
    return {name: value for name, value in facts.items() if value}


def _keeping(rows: list[dict[str, Any]]) -> Any:
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(Notice).values(rows).on_conflict_do_nothing(
        index_elements=[Notice.person_id, Notice.entry_position]
    )  # fmt: skip
    return new.returning(Notice.id, Notice.person_id, Notice.shown, Notice.mail)


def _parts(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Each person is told of an entry once, whichever side came first."""
    once = {(one["person_id"], one["entry_position"]): one for one in reversed(rows)}
    kept = list(once.values())[::-1]
    return (kept[start : start + _AT_ONCE] for start in range(0, len(kept), _AT_ONCE))


def _post(mails: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    by_person: dict[uuid.UUID, list[str]] = defaultdict(list)
    for person_id, notice_id in mails:
        by_person[person_id].append(str(notice_id))
    for person_id, notices in by_person.items():
        current_app.extensions["akno.jobs"].enqueue(
            POST, str(person_id), notices, key=f"notices-{notices[0]}"
        )  # fmt: skip
