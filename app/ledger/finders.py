"""Reads of the ledger for the timeline of a case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.database import session
from app.ledger.models import Entry


def list_entries(declaration_id: uuid.UUID, *, limit: int = 200) -> Sequence[Entry]:
    """Return what happened to one package, oldest first."""
    query = sa.select(Entry).where(Entry.declaration_id == declaration_id).order_by(Entry.position).limit(limit)
    return session().scalars(query).all()
