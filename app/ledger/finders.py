"""Reads of the ledger: the timeline of a case, and whether something stands in it already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.database import session
from app.ledger.models import Entry


def list_entries(declaration_id: uuid.UUID, *, limit: int = 200) -> Sequence[Entry]:
    """Return what happened to one package, oldest first; of a very long story the newest ``limit`` entries."""
    query = sa.select(Entry).where(Entry.declaration_id == declaration_id).order_by(Entry.position.desc()).limit(limit)
    return session().scalars(query).all()[::-1]


def list_happened(declaration_id: uuid.UUID, event: str) -> Sequence[Entry]:
    """Return every entry of one event about a package, oldest first."""
    query = sa.select(Entry).where(Entry.declaration_id == declaration_id, Entry.event == event)
    return session().scalars(query.order_by(Entry.position)).all()


def was_recorded(
    event: str, subject_id: uuid.UUID, declaration_id: uuid.UUID, *, person_id: uuid.UUID | None, since: datetime
) -> bool:
    """Whether this person has such an entry about this subject in this package since a moment; one walk along an index."""
    query = sa.select(Entry.position).where(Entry.subject_id == subject_id, Entry.event == event)
    query = query.where(Entry.declaration_id == declaration_id, Entry.person_id == person_id, Entry.at >= since)
    return session().scalar(query.limit(1)) is not None


def has_happened_to(subject_id: uuid.UUID, event: str, *, since: datetime) -> bool:
    """Whether such an entry about this subject stands since a moment; one walk along an index."""
    query = sa.select(Entry.position).where(Entry.subject_id == subject_id, Entry.event == event, Entry.at >= since)
    return session().scalar(query.limit(1)) is not None
