"""The clearance: requested at release, issued by a job, superseded or revoked later."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Clearance(Keyed, Base):
    """One issued (or awaited) clearance: of one releasing decision. ``code`` is unguessable (>= 128 bit), shown grouped."""

    __tablename__ = "clearances"
    __table_args__ = (
        # A releasing decision has one clearance; only a replacement (the same goods, a new paper) stands beside it.
        sa.Index(
            "uq_clearances_decision",
            "decision_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL"),
        ),
        sa.Index(
            "ix_clearances_ended",
            "id",
            sqlite_where=sa.text("status IN ('superseded', 'revoked')"),
            postgresql_where=sa.text("status IN ('superseded', 'revoked')"),
        ),
        sa.Index(
            "ix_clearances_waiting",
            "waiting_since",
            sqlite_where=sa.text("waiting_since IS NOT NULL"),
            postgresql_where=sa.text("waiting_since IS NOT NULL"),
        ),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    # The decision of customs that releases, the goods items it releases, and the how-many-th release of the package.
    decision_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("decisions.id"))
    items: Mapped[list[int]] = mapped_column(default=list)
    serial: Mapped[int] = mapped_column(default=1)
    # The clearance whose place this one takes: the same goods on a new paper, and why the supervisor asked for it.
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("clearances.id"))
    replacement_reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    requested_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    # The paper; indexed, for anyone may bring a file and ask whether it is one of ours.
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blobs.sha256"), index=True)
    # The key that signed it (its fingerprint); none on papers of before there were signatures.
    signed_with: Mapped[str | None] = mapped_column(sa.String(64))
    # Nothing could be signed when its turn came: since when it waits, and when it was tried last.
    waiting_since: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    # A supervisor asks for the revocation, another one confirms it.
    revocation_reason: Mapped[str] = mapped_column(sa.Text, default="")
    revocation_asked_at: Mapped[datetime | None]
    revocation_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    revocation_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
