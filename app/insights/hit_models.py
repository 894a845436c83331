"""What became of the packages that indicators selected; how agencies agree; where equal facts were decided differently."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Selection(Base):
    """An indicator fired for a package; counted once however many versions the package has."""

    __tablename__ = "indicator_selections"
    __table_args__ = (sa.Index("ix_indicator_selections_package", "declaration_id"),)

    code: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), primary_key=True)
    version: Mapped[int]
    # Of the indicator's version: whether it was on trial.
    shadow: Mapped[bool]
    at: Mapped[datetime]
    found: Mapped[bool] = mapped_column(default=False)


class HitMonth(Base):
    """An indicator (code "" : all packages) in a month of Minsk: packages selected, and those in which something was found."""

    __tablename__ = "indicator_months"

    code: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    selected: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)


class PackageFinding(Base):
    """The first finding against a package, whoever made it: inspection, refusal, check after release, counterfeit."""

    __tablename__ = "package_findings"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    at: Mapped[datetime]


class Agreement(Base):
    """Two agencies that judged the same goods: how often with the same result, and how often not."""

    __tablename__ = "agency_agreements"

    one: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    other: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    same: Mapped[int] = mapped_column(default=0)
    different: Mapped[int] = mapped_column(default=0)


class FactOutcome(Base):
    """What an agency decided first on facts of one kind: the measures that applied, what they read, which documents were shown."""

    __tablename__ = "fact_outcomes"

    agency: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    facts: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    result: Mapped[str] = mapped_column(sa.String(16))
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"))


class Inconsistency(Keyed, Base):
    """Two cases of an agency with equal facts and different results, for its supervisor."""

    __tablename__ = "inconsistencies"
    __table_args__ = (
        sa.UniqueConstraint("review_id"),
        sa.Index("ix_inconsistencies_agency", "agency", "id"),
    )

    agency: Mapped[str] = mapped_column(sa.String(16))
    facts: Mapped[str] = mapped_column(sa.String(64))
    first_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"))
    first_result: Mapped[str] = mapped_column(sa.String(16))
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"))
    result: Mapped[str] = mapped_column(sa.String(16))
    at: Mapped[datetime]
