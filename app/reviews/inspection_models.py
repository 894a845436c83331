"""Inspections: what is looked at, where and when, by which agencies, and what each of them found."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed

PARTY_OPEN = "recorded_at IS NULL AND answer <> 'declined'"
"""A party that still has something to do, as SQL: its index and the queries say it in the same letters."""


class Inspection(Keyed, Base):
    """One look at documents or goods. Several agencies on one slot at one place are a joint inspection."""

    __tablename__ = "inspections"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "number"),
        sa.Index("ix_inspections_place", "place_code", "slot_from"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    number: Mapped[int]
    # documents | physical | sampling
    kind: Mapped[str] = mapped_column(sa.String(12))
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    items: Mapped[list[int]]
    version: Mapped[int]
    instructions: Mapped[str] = mapped_column(sa.Text, default="")
    agency: Mapped[str] = mapped_column(sa.String(16))
    ordered_at: Mapped[datetime]
    ordered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    ordered_by_name: Mapped[str] = mapped_column(sa.String(120))
    # An inspection of documents needs no place and no slot.
    place_code: Mapped[str] = mapped_column(sa.String(24), default="")
    slot_from: Mapped[datetime | None]
    slot_to: Mapped[datetime | None]
    # Whose proposal the slot is: the others accept it or propose another one.
    proposed_by: Mapped[str] = mapped_column(sa.String(16), default="")
    agreed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    parties: Mapped[list[InspectionParty]] = relationship(lazy="selectin", order_by="InspectionParty.agency")
    calls: Mapped[list[InspectionCall]] = relationship(lazy="selectin", order_by="InspectionCall.called_at")
    samples: Mapped[list[Sample]] = relationship(lazy="selectin", order_by="Sample.taken_at")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class InspectionParty(Keyed, Base):
    """One agency on an inspection: whether the slot suits it, what it found, and its act (09028, 09029, 09030)."""

    __tablename__ = "inspection_parties"
    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "agency"),
        sa.Index("ix_inspection_parties_review", "review_id"),
        # What an agency still has to do at inspections: answer a slot, record what it found.
        sa.Index(
            "ix_inspection_parties_open",
            "agency",
            "inspection_id",
            sqlite_where=sa.text(PARTY_OPEN),
            postgresql_where=sa.text(PARTY_OPEN),
        ),
    )

    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"))
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"))
    agency: Mapped[str] = mapped_column(sa.String(16))
    # pending | accepted | declined (the agency takes no part, or the inspection was cancelled before it recorded)
    answer: Mapped[str] = mapped_column(sa.String(8), default="pending")
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    # "" | favourable | unfavourable
    outcome: Mapped[str] = mapped_column(sa.String(12), default="")
    # Goods items that an unfavourable finding concerns.
    against: Mapped[list[int]] = mapped_column(default=list)
    findings: Mapped[str] = mapped_column(sa.Text, default="")
    act_type: Mapped[str] = mapped_column(sa.String(6), default="")
    act_number: Mapped[str] = mapped_column(sa.String(70), default="")
    act_on: Mapped[date | None]
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    recorded_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    recorded_by_post: Mapped[str] = mapped_column(sa.String(80), default="")


class InspectionCall(Keyed, Base):
    """A canine team, police or state security called to an inspection."""

    __tablename__ = "inspection_calls"
    __table_args__ = (sa.UniqueConstraint("inspection_id", "service"),)

    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"))
    # canine | police | state-security
    service: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text)
    agency: Mapped[str] = mapped_column(sa.String(16))
    called_at: Mapped[datetime]
    called_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    called_by_name: Mapped[str] = mapped_column(sa.String(120))


class Sample(Keyed, Base):
    """A sample that an agency took, the laboratory it went to, and its result."""

    __tablename__ = "samples"
    __table_args__ = (sa.UniqueConstraint("inspection_id", "number"),)

    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"))
    agency: Mapped[str] = mapped_column(sa.String(16))
    item: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(35))
    laboratory: Mapped[str] = mapped_column(sa.String(160))
    taken_at: Mapped[datetime]
    expected_on: Mapped[date | None]
    # "" | favourable | unfavourable
    outcome: Mapped[str] = mapped_column(sa.String(12), default="")
    result: Mapped[str] = mapped_column(sa.Text, default="")
    received_at: Mapped[datetime | None]


class Booking(Base):
    """A seat of a slot at a place: the key makes two inspections on the last seat impossible."""

    __tablename__ = "bookings"

    place_code: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    slot_from: Mapped[datetime] = mapped_column(primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspections.id"), unique=True)
