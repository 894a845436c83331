"""Choosing: a reader of the ledger that remembers which goods code an owner chose for which words. Runs in the worker.

A package counts once for each pair of words and code its newest version holds: a code that an amendment corrects is taken
back with the words it stood for.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app import clock, markup
from app.database import session
from app.declarations.codec import to_package
from app.declarations.models import Declaration, Version
from app.insights.chosen import normal
from app.insights.models import ChosenCode
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry

READER = "insights.choosing"
BATCH = 50
"""Entries taken in at a time: a version is read as XML."""
EVENTS = ("declaration.submitted", "declaration.amended")

Pair = tuple[str, str]
"""Words as they are compared, and a goods code."""


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    entries = reading.read(READER, limit=BATCH)
    filed = [entry for entry in entries if entry.event in EVENTS and entry.declaration_id is not None]
    if filed:
        _take_in(filed)
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _take_in(filed: Sequence[Entry]) -> None:
    owners = _owners({entry.declaration_id for entry in filed if entry.declaration_id is not None})
    versions = _versions(filed)
    for entry in filed:
        owner = owners.get(entry.declaration_id) if entry.declaration_id else None
        number = int(entry.payload["version"])
        if owner is None or entry.declaration_id is None:
            continue
        now = versions.get((entry.declaration_id, number), frozenset())
        before = versions.get((entry.declaration_id, number - 1), frozenset())
        steps = Counter({**dict.fromkeys(now - before, 1), **dict.fromkeys(before - now, -1)})
        _count(owner, steps, entry.at.astimezone(clock.MINSK).date())


def _owners(keys: set[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID | None]:
    query = sa.select(Declaration.id, Declaration.owner_id).where(Declaration.id.in_(keys))
    return {key: owner for key, owner in session().execute(query)}


def _versions(filed: Sequence[Entry]) -> Mapping[tuple[uuid.UUID, int], frozenset[Pair]]:
    """The pairs of every version that the entries are about, and of the one before it."""
    keys = {entry.declaration_id for entry in filed}
    wanted = {(entry.declaration_id, int(entry.payload["version"]) - back) for entry in filed for back in (0, 1)}
    query = sa.select(Version).where(
        sa.tuple_(Version.declaration_id, Version.number).in_([key for key in wanted if key[1] > 0])
    )
    found: dict[tuple[uuid.UUID, int], frozenset[Pair]] = {}
    if keys:
        for version in session().scalars(query.options(undefer(Version.canonical))):
            found[version.declaration_id, version.number] = pairs_of(version.canonical)
            session().expunge(version)
    return found


def pairs_of(canonical: bytes) -> frozenset[Pair]:
    """Return the words and the ten-digit code of every goods item that has both."""
    lines = to_package(markup.read(canonical)).lines
    pairs = ((normal(line.description), line.code) for line in lines if len(line.code) == 10)
    return frozenset((words, code) for words, code in pairs if words)


def _count(owner: uuid.UUID, steps: Mapping[Pair, int], on: date) -> None:
    for (words, code), step in sorted(steps.items()):
        row = session().get(ChosenCode, (owner, words, code))
        if row is None:
            if step > 0:
                session().add(ChosenCode(owner_id=owner, words=words, code=code, times=step, last_on=on))
            continue
        row.times += step
        row.last_on = max(row.last_on, on) if step > 0 else row.last_on
        if row.times <= 0:
            session().delete(row)
    session().flush()
