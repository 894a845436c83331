"""Advance information and its versions, what arrived as it arrived, reports from the road, alerts."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.identity.models import Organisation


class AdvanceInfo(Keyed, Base):
    """One consignment announced beforehand. Facts for lists stand on the row; the whole is in its versions.

    ``trader_id``: who will declare it (declarant, else consignee), where registered here. ``planned_at``: at ``post``.
    """

    __tablename__ = "advances"
    __table_args__ = (
        sa.UniqueConstraint("filer_id", "reference"),
        sa.Index("ix_advances_filer", "filer_id", "id"),
        sa.Index("ix_advances_trader", "trader_id", "id"),
        sa.Index("ix_advances_carrier", "carrier_id", "id"),
        sa.Index("ix_advances_warehouse", "warehouse_id", "id"),
        sa.Index("ix_advances_waiting", "status", "planned_at"),
    )

    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    reference: Mapped[str] = mapped_column(sa.String(35))
    filer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    filed_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    trader_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
    carrier_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
    warehouse_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    version: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    direction: Mapped[str] = mapped_column(sa.String(8), default="")
    mode: Mapped[str] = mapped_column(sa.String(1), default="")
    vehicle: Mapped[str] = mapped_column(sa.String(35), default="")
    post: Mapped[str] = mapped_column(sa.String(17), default="")
    planned_at: Mapped[datetime]
    dispatch: Mapped[str] = mapped_column(sa.String(2), default="")
    goods_summary: Mapped[str] = mapped_column(sa.String(256), default="")
    item_count: Mapped[int] = mapped_column(default=0)
    gross_kg: Mapped[Decimal] = mapped_column(sa.Numeric(20, 6))
    registered_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    arrived_where: Mapped[str] = mapped_column(sa.String(17), default="")
    ended_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    # What an accredited trader was told before the arrival: whether a check awaits the goods; null: nothing is told.
    foretold: Mapped[bool | None]
    # The package that quotes it last. Not called declaration_id: what happens to advance information is no part of the package's
    # own story, which its trader reads.
    quoted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("declarations.id"), index=True)

    filer: Mapped[Organisation] = relationship(foreign_keys=[filer_id], lazy="raise")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class AdvanceVersion(Keyed, Base):
    """What was sent, once for each change: the message as data (``message.as_dict``) and the bytes under their digest."""

    __tablename__ = "advance_versions"
    __table_args__ = (sa.UniqueConstraint("advance_id", "number"),)

    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    body_sha256: Mapped[str] = mapped_column(sa.ForeignKey("blobs.sha256"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))


class AdvanceReceipt(Keyed, Base):
    """One arrival: what came, from whom, and what became of it; ``outcome`` registered | amended | refused."""

    __tablename__ = "advance_receipts"
    __table_args__ = (
        sa.UniqueConstraint("filer_id", "idempotency_key"),
        sa.Index("ix_advance_receipts_filer", "filer_id", "id"),
    )

    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(8))
    received_at: Mapped[datetime]
    filer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(sa.String(12))
    reference: Mapped[str] = mapped_column(sa.String(35), default="")
    body_sha256: Mapped[str] = mapped_column(sa.ForeignKey("blobs.sha256"))
    body_name: Mapped[str] = mapped_column(sa.String(255), default="")
    faults: Mapped[list[Any]] = mapped_column(deferred=True)
    fault_count: Mapped[int] = mapped_column(default=0)
    advance_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("advances.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(255))

    advance: Mapped[AdvanceInfo | None] = relationship(lazy="raise")

    fresh = False
    """Whether this very request wrote it."""


class AdvanceCounter(Base):
    """The last serial of a day: taken last before commit, so that numbers rise without gaps."""

    __tablename__ = "advance_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class Expected(Base):
    """What an agency may expect: one row for each agency that advance information concerns. ``lane``: as assessed for that
    agency, "" until it is."""

    __tablename__ = "advance_agencies"
    __table_args__ = (
        sa.Index("ix_advance_agencies_coming", "agency", "planned_at", "advance_id"),
        sa.Index("ix_advance_agencies_post", "agency", "post", "planned_at"),
    )

    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    post: Mapped[str] = mapped_column(sa.String(17))
    planned_at: Mapped[datetime]
    lane: Mapped[str] = mapped_column(sa.String(8), default="")

    advance: Mapped[AdvanceInfo] = relationship(lazy="raise")


class AdvanceMark(Base):
    """A word by which a consignment on its way is found: vehicle or container, upper case, letters and digits only."""

    __tablename__ = "advance_marks"

    mark: Mapped[str] = mapped_column(sa.String(35), primary_key=True)
    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"), primary_key=True, index=True)


class Movement(Keyed, Base):
    """A report from the road: ``kind`` position | arrival | departure | seal, where and when it was, and the seals seen."""

    __tablename__ = "movements"
    __table_args__ = (
        sa.UniqueConstraint("advance_id", "reporter_id", "digest"),
        sa.Index("ix_movements_advance", "advance_id", "at"),
        sa.Index("ix_movements_reporter", "reporter_id", "id"),
    )

    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"))
    reporter_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    reported_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime]
    reported_at: Mapped[datetime]
    latitude: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 5))
    longitude: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 5))
    post: Mapped[str] = mapped_column(sa.String(17), default="")
    # What was seen of the seals: [[number, "whole" | "broken"], ...]; null where nobody looked.
    seals: Mapped[list[Any] | None]
    # The same report sent twice is one row.
    digest: Mapped[str] = mapped_column(sa.String(64))

    advance: Mapped[AdvanceInfo] = relationship(lazy="raise")


class Alert(Keyed, Base):
    """Something on the way is not as announced: ``kind`` off_route | late | seal_broken | seal_missing | seal_other."""

    __tablename__ = "movement_alerts"
    __table_args__ = (
        sa.Index("ix_movement_alerts_advance", "advance_id", "id"),
        sa.Index("ix_movement_alerts_open", "status", "id"),
        sa.Index(
            "ix_movement_alerts_once", "advance_id", "kind", "about", unique=True,
            sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"),
        ),
    )  # fmt: skip

    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"))
    movement_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("movements.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    # The seal it is about, "" for others: the same thing is raised once while it is open.
    about: Mapped[str] = mapped_column(sa.String(35), default="")
    # Figures in the words of data: kilometres off the route, minutes late.
    figure: Mapped[int | None]
    _status: Mapped[str] = mapped_column("status", sa.String(8))
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_agency: Mapped[str] = mapped_column(sa.String(16), default="")
    outcome: Mapped[str] = mapped_column(sa.String(16), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    advance: Mapped[AdvanceInfo] = relationship(lazy="raise")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
