"""Assessments of packages and the daily seeds by which packages are drawn at random."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Assessment(Keyed, Base):
    """How risky one version of a package looked to each agency, under which indicators and which law. Never edited."""

    __tablename__ = "assessments"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "version"),
        # What an auditor walks when a day's draws are computed again.
        sa.Index("ix_assessments_day", "drawn_on", "id"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    # Hash of the edition of indicators, and of the law.
    indicators: Mapped[str] = mapped_column(sa.String(64))
    edition: Mapped[str] = mapped_column(sa.String(64))
    # {agency: {"lane", "score", "raw", "because": [code, …]}}: thresholds.Laned as a dict.
    lanes: Mapped[dict[str, Any]]
    # scoring.Scored as a dict: every signal with the values and limits it compared; {} when scoring failed.
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # {agency: {"share", "drawn"}} by the seed of ``drawn_on`` (Minsk).
    draws: Mapped[dict[str, Any]] = mapped_column(default=dict)
    drawn_on: Mapped[date]
    # The accreditation that lowered the score: {"kind", "number", "points"}; {} for none.
    lowered: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Name of the error that kept the window from assessing; "" when all went well.
    failed: Mapped[str] = mapped_column(sa.String(64), default="")


class DrawSeed(Base):
    """The secret seed of one day (Minsk). Its digest is in the ledger before it is used; it is told when the day is over."""

    __tablename__ = "draw_seeds"

    day: Mapped[date] = mapped_column(primary_key=True)
    seed: Mapped[str] = mapped_column(sa.String(64))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    committed_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]
