"""Keeping: what is kept no longer is deleted by the worker at night, some at a time, each time with an entry in the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.database import Base, session
from app.documents import storage
from app.jobs import registry
from app.ledger.recording import record
from app.privacy import tables
from app.privacy.removing import remove
from app.privacy.tables import Kept, table_of

AT_ONCE: Mapping[str, int] = {"packages": 5, "drafts": 20}
"""Rows that go in one transaction; a package takes much with it."""
USUAL = 200
HOUR = 3
"""The hour of Minsk at which the worker looks."""
ENDED = ("released", "refused", "withdrawn")
_KIND = uuid.UUID("6f2d0c55-5a3e-4c1e-9a53-3f6d6c1c4b11")
"""Names the classes of data as subjects of the ledger."""

Old = Callable[[sa.Table, datetime], sa.ColumnElement[bool]]

_OLD: Mapping[str, Old] = {
    "packages": lambda t, cutoff: sa.and_(t.c.status.in_(ENDED), t.c.updated_at < cutoff),
    "drafts": lambda t, cutoff: sa.and_(t.c.status == "draft", t.c.updated_at < cutoff),
    "receipts": lambda t, cutoff: sa.and_(t.c.received_at < cutoff, t.c.declaration_id.is_(None)),
    "advances": lambda t, cutoff: t.c.ended_at < cutoff,
    "advance-receipts": lambda t, cutoff: sa.and_(t.c.received_at < cutoff, t.c.advance_id.is_(None)),
    "sign-in-attempts": lambda t, cutoff: t.c.at < cutoff,
    "sessions": lambda t, cutoff: sa.func.coalesce(t.c.ended_at, t.c.expires_at) < cutoff,
    "sign-in-places": lambda t, cutoff: t.c.last_at < cutoff,
    "links": lambda t, cutoff: sa.func.coalesce(t.c.expires_at, t.c.at) < cutoff,
    "notices": lambda t, cutoff: t.c.at < cutoff,
    "looks": lambda t, cutoff: t.c.seen_at < cutoff,
    "exports": lambda t, cutoff: t.c.asked_at < cutoff,
    "orphans": lambda t, cutoff: sa.and_(t.c.stored_at < cutoff, ~_referred(t)),
}
"""Per class what is too old. Requests and deliveries have rooms of their own that forget them every second."""


def _referred(blobs: sa.Table) -> sa.ColumnElement[bool]:
    """Whether anything in the database names these bytes; pictures of their own pages go with them."""
    named = [
        sa.select(sa.literal(1)).where(column == blobs.c.sha256).correlate(blobs).exists()
        for table in Base.metadata.sorted_tables
        if table is not blobs
        for column in table.columns
        if column.name.endswith("sha256") and (table.name, column.name) != ("renditions", "sha256")
    ]
    return sa.or_(*named)


def classes() -> list[Kept]:
    """Return the classes that this room deletes."""
    return [kept for kept in tables.kept() if kept.name in _OLD and kept.table in Base.metadata.tables]


def count(kept: Kept, now: datetime) -> int:
    """Return how many rows of a class would go now."""
    table = table_of(kept.table)
    return (
        session().scalar(sa.select(sa.func.count()).select_from(table).where(_OLD[kept.name](table, kept.cutoff(now))))
        or 0
    )


def expire(name: str, *, now: datetime | None = None) -> int:
    """Delete the first rows of a class that are kept no longer and record how many; returns 0 when there were none.

    Raises KeyError for a class that is none of ours. Safe to repeat.
    """
    kept = next(one for one in classes() if one.name == name)
    table = table_of(kept.table)
    found = _oldest(table, _OLD[name](table, kept.cutoff(now or clock.now())), AT_ONCE.get(name, USUAL))
    if not found:
        return 0
    if name == "orphans":
        # Before the commit: a row without bytes is mended by the next upload, bytes without a row are found by nobody.
        for (sha256,) in found:
            storage.store().remove(sha256)
    keys = list(table.primary_key.columns)
    which = (
        keys[0].in_([row[0] for row in found])
        if len(keys) == 1
        else sa.tuple_(*keys).in_([tuple(row) for row in found])
    )
    gone = remove(table, which)
    record("data.expired", "retention", uuid.uuid5(_KIND, name), by=SYSTEM, kept_as=name, rows=gone)
    return gone


def _oldest(table: sa.Table, which: sa.ColumnElement[bool], most: int) -> Sequence[Any]:
    query = sa.select(*table.primary_key.columns).where(which).limit(most)
    return session().execute(query.with_for_update(skip_locked=True)).all()


class _Nightly:
    """When the worker looks next: at its start, then every night, and on until nothing is left to do."""

    def __init__(self) -> None:
        # Per database: live and test mode are two in one process.
        self.next: dict[str, datetime] = {}

    def due(self) -> Sequence[str]:
        """Return the classes of which something is too old; mostly asks nothing of the database."""
        now, place = clock.now(), str(session().get_bind().engine.url)
        if place in self.next and now < self.next[place]:
            return []
        found = [kept.name for kept in classes() if self._any(kept, now)]
        if not found:
            self.next[place] = night_after(now)
        return found

    def _any(self, kept: Kept, now: datetime) -> bool:
        table = table_of(kept.table)
        which = _OLD[kept.name](table, kept.cutoff(now))
        return session().scalar(sa.select(sa.literal(1)).select_from(table).where(which).limit(1)) is not None


def night_after(now: datetime) -> datetime:
    """Return the next moment at which it is ``HOUR`` o'clock in Minsk: pure."""
    local = now.astimezone(clock.MINSK)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return night if night > local else night + timedelta(days=1)


_nightly = _Nightly()
registry.watch("privacy.keeping", _nightly.due, expire)
