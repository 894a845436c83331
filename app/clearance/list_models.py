"""The published list of papers that hold no longer; the newest is handed out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class EndedList(Base):
    """One edition of the list: ``text`` is what anyone fetches (``app.signing.listing``), signed by ``key`` (fingerprint)."""

    __tablename__ = "ended_lists"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(sa.String(64))
    entries: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, deferred=True)
