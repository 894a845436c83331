"""Advance rulings: what customs has said beforehand about one trader's goods, binding until it ends."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Ruling(Keyed, Base):
    """One advance ruling (Customs Code chapter 2, origin: art. 307 ff.; WTO TFA art. 3). Never edited: it ends and a new one is entered.

    ``kind``: classification | origin | value. ``document_code``: the kind of document it is quoted under (06015 origin,
    04400 value). ``valid_to`` is exclusive.
    """

    __tablename__ = "rulings"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.Index("ix_rulings_holder", "holder_id", "id"),
        sa.Index("ix_rulings_agency", "agency", "id"),
    )

    number: Mapped[str] = mapped_column(sa.String(50))
    kind: Mapped[str] = mapped_column(sa.String(16))
    document_code: Mapped[str] = mapped_column(sa.String(6), default="")
    agency: Mapped[str] = mapped_column(sa.String(16))
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    # What it says: the goods in words, and what was ruled about them.
    goods: Mapped[str] = mapped_column(sa.Text)
    goods_code: Mapped[str] = mapped_column(sa.String(10), default="")
    origin: Mapped[str] = mapped_column(sa.String(2), default="")
    method: Mapped[str] = mapped_column(sa.String(16), default="")
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")
