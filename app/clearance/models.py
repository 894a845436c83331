"""The clearance: requested at release, issued by a job, superseded or revoked later."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Clearance(Keyed, Base):
    """One issued (or awaited) clearance of one package version. ``code`` is unguessable (>= 128 bit), shown grouped."""

    __tablename__ = "clearances"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    requested_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("blobs.sha256"))

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
