"""What is kept of the past so that a page can say how long something takes without counting."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Pace(Base):
    """An agency's last sign-offs, newest last: minutes from the opening of a review to its decision by the wall clock, and
    in the agency's working time without the days a question stood open (what deadlines are held against)."""

    __tablename__ = "paces"

    agency: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    minutes: Mapped[list[int]]
    median_minutes: Mapped[int]
    working: Mapped[list[int]] = mapped_column(default=list)
    median_working: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]


class ChosenCode(Base):
    """A goods code that an organisation chose for the same words before: how often, and when last."""

    __tablename__ = "chosen_codes"
    __table_args__ = (sa.Index("ix_chosen_codes_words", "words", "code"),)

    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)
    # The words as they are compared: case folded, blanks and ends of sentences evened, at most 160 characters.
    words: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    times: Mapped[int]
    last_on: Mapped[date]
