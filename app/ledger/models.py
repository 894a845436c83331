"""The two tables of the ledger: entries, and how far each reader has read."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Entry(Base):
    """One thing that happened. The database itself refuses to update or delete it (migration 0001)."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.Index("ix_ledger_entries_subject", "subject_id", "position"),
        sa.Index("ix_ledger_entries_transaction_id_position", "transaction_id", "position"),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(sa.String(48))
    subject: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[uuid.UUID]
    declaration_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID | None]
    organisation_id: Mapped[uuid.UUID | None]
    payload: Mapped[dict[str, Any]]
    leaf: Mapped[bytes]
    leaf_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # PostgreSQL: the writing transaction, so that a reader can stop below the oldest open one (cursor trap). SQLite: 0.
    transaction_id: Mapped[int] = mapped_column(sa.BigInteger)


class Cursor(Base):
    """How far a named reader of the ledger has read."""

    __tablename__ = "ledger_cursors"

    reader: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    position: Mapped[int] = mapped_column(Position)
