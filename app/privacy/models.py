"""Exports of what is held about a person, and erasures that were asked for."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class PersonExport(Keyed, Base):
    """An export that somebody asked for: made by a job, there for a day. ``content`` is the ZIP, None until it is made."""

    __tablename__ = "person_exports"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(deferred=True)


class Erasure(Keyed, Base):
    """An erasure: asked for with a reason by one administrator, confirmed by another. The reason names nobody."""

    __tablename__ = "erasures"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    done_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
