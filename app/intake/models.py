"""The receipt: what arrived, from whom, when, and what became of it. Nothing that arrived is ever lost."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration


class Receipt(Keyed, Base):
    """One arrival. ``outcome`` is ``registered``, ``refused`` or ``duplicate``; faults as ``Fault.as_dict``."""

    __tablename__ = "receipts"
    __table_args__ = (
        sa.UniqueConstraint("filer_id", "idempotency_key"),
        sa.Index("ix_receipts_filer_received", "filer_id", "received_at", "id"),
        sa.Index("ix_receipts_owner_body", "owner_id", "body_sha256"),
        sa.Index("ix_receipts_owner_lrn", "owner_id", "lrn"),
    )

    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(8))
    received_at: Mapped[datetime]
    filer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
    outcome: Mapped[str] = mapped_column(sa.String(12))
    lrn: Mapped[str] = mapped_column(sa.String(35), default="")
    body_sha256: Mapped[str] = mapped_column(sa.ForeignKey("blobs.sha256"))
    body_name: Mapped[str] = mapped_column(sa.String(255), default="")
    faults: Mapped[list[Any]] = mapped_column(deferred=True)
    fault_count: Mapped[int] = mapped_column(default=0)
    declaration_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(255))

    declaration: Mapped[Declaration | None] = relationship(lazy="raise", viewonly=True)

    fresh = False
    """Whether this very request wrote the receipt; one that was found again is not fresh."""


class Hold(Base):
    """A registered package that no agency sees yet: its files wait for the scanner, or it is stopped (``stopped_at``) for what
    was found in one of them. Gone when the package is routed."""

    __tablename__ = "holds"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), primary_key=True)
    held_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
