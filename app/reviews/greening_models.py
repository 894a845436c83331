"""Rules under which the window signs off on behalf of an agency, and the second looks at what was signed so."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class GreenRule(Keyed, Base):
    """One rule for one measure of one agency: never edited, ended with a date; in force once a second person agreed."""

    __tablename__ = "green_rules"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.Index("ix_green_rules_agency", "agency", "id"),
    )

    # "BY-RCHEPH/SAN-001/1": agency, measure, serial. It stands on the paper.
    code: Mapped[str] = mapped_column(sa.String(48))
    agency: Mapped[str] = mapped_column(sa.String(16))
    measure: Mapped[str] = mapped_column(sa.String(24))
    name: Mapped[str] = mapped_column(sa.String(120))
    # registry: every document is found in a registry; or the kind of accreditation that its holder needs instead.
    proof: Mapped[str] = mapped_column(sa.String(16), default="registry")
    # How many of a thousand sign-offs an officer looks at again.
    second_look: Mapped[int] = mapped_column(default=100)
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    proposed_by_name: Mapped[str] = mapped_column(sa.String(120))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    agreed_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_by_name: Mapped[str] = mapped_column(sa.String(120), default="")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class SecondLook(Keyed, Base):
    """A sign-off of the window that was drawn for an officer's look; the decision stands whatever the officer finds."""

    __tablename__ = "second_looks"
    __table_args__ = (
        sa.UniqueConstraint("decision_id"),
        sa.Index("ix_second_looks_agency", "agency", "status", "id"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"))
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    agency: Mapped[str] = mapped_column(sa.String(16))
    rule_code: Mapped[str] = mapped_column(sa.String(48))
    # waiting, agreed or differs.
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120), default="")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
