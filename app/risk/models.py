"""Shared risk indicators: the indicator, its versions, who agreed to each, and the stamp of what is in force."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.effective import Effective

WAITING, AGREED, DECLINED = "waiting", "agreed", "declined"


class Indicator(Keyed, Base):
    """What one agency watches for. ``code`` is the agency's code and a serial: BY-MPR-0007. Everything else is its versions'."""

    __tablename__ = "indicators"
    __table_args__ = (sa.UniqueConstraint("agency", "serial"), sa.UniqueConstraint("code"))

    code: Mapped[str] = mapped_column(sa.String(24))
    agency: Mapped[str] = mapped_column(sa.String(16))
    serial: Mapped[int]
    created_at: Mapped[datetime]

    versions: Mapped[list[IndicatorVersion]] = relationship(
        back_populates="indicator", order_by="IndicatorVersion.number.desc()", lazy="raise"
    )


class IndicatorVersion(Keyed, Effective, Base):
    """One version of an indicator; never edited: a change is a new version.

    ``titles``, ``reasons`` and ``treatments`` by language (at least one). ``direction`` "" any; ``prefixes`` empty any goods. ``weight`` 0 to 100.
    ``effect``: score | yellow | red. ``agencies``: named beside the author's own. ``valid_to`` is exclusive and never null.
    ``example``: the shipped example it was made from.
    """

    __tablename__ = "indicator_versions"
    __table_args__ = (
        sa.UniqueConstraint("indicator_id", "number"),
        sa.CheckConstraint("weight between 0 and 100", name="weight"),
        sa.CheckConstraint("effect in ('score', 'yellow', 'red')", name="effect"),
        sa.CheckConstraint("valid_to is not null and valid_to > valid_from", name="ends"),
        # What is compiled: the few in force or on trial, not the many that were.
        sa.Index(
            "ix_indicator_versions_counting",
            "status",
            sqlite_where=sa.text("status in ('shadow', 'live')"),
            postgresql_where=sa.text("status in ('shadow', 'live')"),
        ),
        sa.Index("ix_indicator_versions_agency", "agency", "id"),
        # Of one indicator, one version is in force, however many try to start one.
        sa.Index(
            "uq_indicator_versions_live",
            "indicator_id",
            unique=True,
            sqlite_where=sa.text("status = 'live'"),
            postgresql_where=sa.text("status = 'live'"),
        ),
    )

    indicator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("indicators.id"))
    number: Mapped[int]
    agency: Mapped[str] = mapped_column(sa.String(16))
    _status: Mapped[str] = mapped_column("status", sa.String(16))
    titles: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any]]
    direction: Mapped[str] = mapped_column(sa.String(10), default="")
    prefixes: Mapped[list[str]]
    condition: Mapped[dict[str, Any]]
    weight: Mapped[int]
    effect: Mapped[str] = mapped_column(sa.String(8))
    agencies: Mapped[list[str]]
    treatments: Mapped[dict[str, Any]]
    basis: Mapped[str] = mapped_column(sa.Text, default="")
    confidence: Mapped[str] = mapped_column(sa.String(16), default="")
    example: Mapped[str] = mapped_column(sa.String(16), default="")
    # None: shipped with the program, nobody's own hand.
    author_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    shadow_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    activated_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")

    indicator: Mapped[Indicator] = relationship(back_populates="versions", lazy="raise")
    agreements: Mapped[list[IndicatorAgreement]] = relationship(
        back_populates="version", order_by="IndicatorAgreement.agency", lazy="raise"
    )

    @property
    def status(self) -> str:
        """The state; only the lifecycle changes it."""
        return self._status

    @property
    def sharing(self) -> tuple[str, ...]:
        """The agencies whose lane it affects: its author's and those that agreed."""
        return (self.agency, *(one.agency for one in self.agreements if one.answer == AGREED))

    @property
    def last_day(self) -> date:
        """The last day on which it holds, as people say it."""
        assert self.valid_to is not None
        return self.valid_to - timedelta(days=1)

    def expired_on(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to <= on


class IndicatorAgreement(Keyed, Base):
    """What one named agency answered to one version: waiting, agreed or declined; ``reason`` is in the officer's words."""

    __tablename__ = "indicator_agreements"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "agency"),
        sa.CheckConstraint("answer in ('waiting', 'agreed', 'declined')", name="answer"),
        sa.Index("ix_indicator_agreements_agency", "agency", "answer"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("indicator_versions.id"))
    agency: Mapped[str] = mapped_column(sa.String(16))
    answer: Mapped[str] = mapped_column(sa.String(10), default=WAITING)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))

    version: Mapped[IndicatorVersion] = relationship(back_populates="agreements", lazy="raise")


class RiskStamp(Base):
    """A number that is drawn anew whenever a part of what risk counts with changes (``indicators`` and others): one row a part,
    changed in the transaction of the change, so that each process knows by one small read whether what it compiled still holds."""

    __tablename__ = "risk_stamps"

    part: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger())
