"""Advance rulings: what customs has said beforehand about one trader's goods, binding until it ends."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.database import Base, Keyed
from app.identity.models import Organisation


class Ruling(Keyed, Base):
    """One advance ruling (WTO TFA art. 3; EAEU Customs Code). Never edited: it ends and a new one is entered.

    ``kind``: classification | origin | value. ``document_code``: the kind of document it is quoted under (05013
    classification, 06015 origin, 04400 value). ``valid_to`` is exclusive.
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
    # What the public register says (WTO TFA art. 3.9), written by the officer without anything confidential; "": not in it.
    # ``searched``: the same folded, as a search compares it.
    published_goods: Mapped[str] = mapped_column(sa.Text, default="")
    published_reasons: Mapped[str] = mapped_column(sa.Text, default="")
    searched: Mapped[str] = mapped_column(sa.Text, default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")

    holder: Mapped[Organisation] = relationship(foreign_keys=[holder_id], lazy="raise")

    def holds_on(self, on: date) -> bool:
        """Whether a package filed on that day may rest on it: within its days, and not ended by then."""
        return self.valid_from <= on < self.holds_until

    @property
    def holds_until(self) -> date:
        """The first day on which it no longer holds: as it says itself, or the day it was ended."""
        return (
            self.valid_to if self.ended_at is None else min(self.valid_to, self.ended_at.astimezone(clock.MINSK).date())
        )
