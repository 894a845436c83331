"""Accreditation: one row from the first draft to its end, the files behind its answers, the serial of its number."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.documents.models import Document
from app.identity.models import Organisation

UNDER_WAY = ("draft", "applied", "examination", "incomplete", "proposed")
"""States in which nobody has decided yet."""
IN_FORCE = ("granted", "suspended")
_UNDER_WAY = sa.text("status IN ('draft', 'applied', 'examination', 'incomplete', 'proposed')")
_IN_FORCE = sa.text("status IN ('granted', 'suspended')")


class Accreditation(Keyed, Base):
    """What a trader applied for, what was found, and what was granted. ``valid_to`` is exclusive.

    ``answers``: by criterion, in the applicant's words; ``findings``: by criterion {"met": "yes" | "no", "note"}.
    ``wanted``: the scope asked for as it was typed, list by list; ``scope``: ``advantages.Scope`` as it was granted.
    """

    __tablename__ = "accreditations"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.Index("ix_accreditations_holder", "holder_id", "id"),
        sa.Index("ix_accreditations_agency", "agency", "status", "id"),
        sa.Index(
            "uq_accreditations_under_way",
            "holder_id",
            "kind",
            "type",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        # The worker looks every second which end soon.
        sa.Index("ix_accreditations_ending", "valid_to", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    kind: Mapped[str] = mapped_column(sa.String(24))
    type: Mapped[str] = mapped_column(sa.String(1), default="")
    agency: Mapped[str] = mapped_column(sa.String(16))
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    number: Mapped[str | None] = mapped_column(sa.String(24))
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    drafted_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    # Who examines, what was found, what the applicant was asked to complete, what is proposed, why it was returned.
    examiner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked: Mapped[str] = mapped_column(sa.Text, default="")
    proposal: Mapped[str] = mapped_column(sa.String(8), default="")
    proposal_note: Mapped[str] = mapped_column(sa.Text, default="")
    returned: Mapped[str] = mapped_column(sa.Text, default="")
    # The decision. ``searched``: name, UNP and number folded, as a search of the register compares them.
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    guarantee_reference: Mapped[str] = mapped_column(sa.String(50), default="")
    guarantee_amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(16, 2))
    guarantee_currency: Mapped[str] = mapped_column(sa.String(3), default="")
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    searched: Mapped[str] = mapped_column(sa.Text, default="")
    # The last refusal, suspension or end: ground of the pick-list, words, and for what can be appealed where and until when.
    ground: Mapped[str] = mapped_column(sa.String(24), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    appeal_office: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_contact: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_days: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    told_days: Mapped[int | None]

    holder: Mapped[Organisation] = relationship(foreign_keys=[holder_id], lazy="raise")
    evidence: Mapped[list[Evidence]] = relationship(
        lazy="raise", order_by="(Evidence.added_at, Evidence.document_id)", viewonly=True
    )

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status

    def holds_on(self, on: date) -> bool:
        """Whether it counts on a day: granted, not suspended, within its days."""
        if self._status != "granted" or self.valid_from is None or self.valid_to is None:
            return False
        return self.valid_from <= on < self.valid_to


class Evidence(Base):
    """A file of the applicant's library that stands behind the answer to a criterion."""

    __tablename__ = "accreditation_evidence"

    accreditation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accreditations.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"), primary_key=True)
    added_at: Mapped[datetime]

    document: Mapped[Document] = relationship(lazy="raise")


class AccreditationCounter(Base):
    """The last serial of a kind and year: taken last before commit, so that numbers rise without gaps."""

    __tablename__ = "accreditation_counters"

    prefix: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
