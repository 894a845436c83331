"""What makes a queue a desk: maintained counts, saved filters, who is looking, who is away, how an officer likes it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class QueueTally(Base):
    """A change of how many open reviews an agency's office has in a state with a deadline on a day.

    Triggers of the database write one row for each change of a review, in its own transaction: exact, and without a
    counter row on which filings would wait for each other. The worker folds the rows together; a count is the sum.
    """

    __tablename__ = "queue_tallies"
    __table_args__ = (sa.Index("ix_queue_tallies_place", "agency", "office_code"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    agency: Mapped[str] = mapped_column(sa.String(16))
    office_code: Mapped[str] = mapped_column(sa.String(17))
    status: Mapped[str] = mapped_column(sa.String(16))
    due_on: Mapped[date]
    number: Mapped[int]


class SavedFilter(Keyed, Base):
    """A named filter of the queue: the query of its address. Shared ones are seen by the whole agency."""

    __tablename__ = "saved_filters"
    __table_args__ = (sa.UniqueConstraint("person_id", "agency", "name"),)

    agency: Mapped[str] = mapped_column(sa.String(16), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class DeskSetting(Base):
    """How an officer likes the queue: keyboard on or off, columns shown, the filter it opens with."""

    __tablename__ = "desk_settings"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    keyboard: Mapped[bool] = mapped_column(default=True)
    columns: Mapped[list[str]] = mapped_column(default=list)
    opens_with_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("saved_filters.id"))


class Look(Base):
    """An officer has a case open on the screen: told to the others for a short while."""

    __tablename__ = "looks"

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    person_name: Mapped[str] = mapped_column(sa.String(120))
    seen_at: Mapped[datetime]
    # The version that was on the screen: "only what changed since I last looked".
    version: Mapped[int] = mapped_column(default=1)


class Absence(Keyed, Base):
    """An officer is away from a day to a day (both inclusive): nothing is assigned to them, and their cases go on."""

    __tablename__ = "absences"

    agency: Mapped[str] = mapped_column(sa.String(16), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    from_on: Mapped[date]
    until_on: Mapped[date]
    stand_in_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    stand_in_name: Mapped[str] = mapped_column(sa.String(120), default="")
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
