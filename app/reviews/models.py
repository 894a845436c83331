"""Reviews and decisions. A queue row carries what the list shows, so that a page is one walk along an index."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration

OPEN = "status IN ('queued', 'claimed')"
"""What still waits, as SQL: the partial indexes and the queries say it in the same letters, so that both engines walk."""


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Review(Keyed, Base):
    """One signing agency's judgement of one package, bound to a version."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "agency", "version"),
        _partial("ix_reviews_open", "agency", "due_at", "id", where=OPEN),
        _partial("ix_reviews_open_office", "agency", "office_code", "due_at", "id", where=OPEN),
        _partial("ix_reviews_claimant", "claimed_by_id", "due_at", "id", where="status = 'claimed'"),
        _partial("ix_reviews_decided", "agency", "decided_at", "id", where="status = 'decided'"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("versions.id"))
    version: Mapped[int]
    agency: Mapped[str] = mapped_column(sa.String(16))
    # The office the package was filed at, so that an officer of one office walks its own index.
    office_code: Mapped[str] = mapped_column(sa.String(17), default="")
    # Whether this is the review that releases (customs): it judges every item and decides last.
    releases: Mapped[bool] = mapped_column(default=False)
    _status: Mapped[str] = mapped_column("status", sa.String(16))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    # queued -> claimed: a lease with its end; a lapsed lease is as good as none.
    claimed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    claimed_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    claimed_until: Mapped[datetime | None]
    # Goods items this agency judges, in order, and the worst outcome so far ("" until decided).
    items: Mapped[list[int]]
    result: Mapped[str] = mapped_column(sa.String(16), default="")
    # What the queue row shows: routing.card says which keys.
    card: Mapped[dict[str, Any]]
    # Why this agency was asked: {"lane": Lane.as_dict, "behind": [Lane.as_dict of the issuing agencies it stands in for]},
    # the edition of the rules, and the digest of the facts its measures read.
    lane: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    edition: Mapped[str] = mapped_column(sa.String(64))
    facts_digest: Mapped[str] = mapped_column(sa.String(64))

    declaration: Mapped[Declaration] = relationship(lazy="raise_on_sql")
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="review", lazy="raise", order_by="Decision.decided_at"
    )

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status

    @property
    def open(self) -> bool:
        """Whether it still waits for a decision."""
        return self._status in ("queued", "claimed")


class Decision(Keyed, Base):
    """What an officer decided, on exactly the bytes seen. Never edited: a new one supersedes it."""

    __tablename__ = "decisions"

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    post: Mapped[str] = mapped_column(sa.String(80))
    personal_number: Mapped[str] = mapped_column(sa.String(16))
    agency: Mapped[str] = mapped_column(sa.String(16))
    office_code: Mapped[str] = mapped_column(sa.String(8), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")

    review: Mapped[Review] = relationship(back_populates="decisions", lazy="raise")
    items: Mapped[list[DecisionItem]] = relationship(lazy="selectin", order_by="DecisionItem.number")


class DecisionItem(Keyed, Base):
    """The decision on one goods item: outcome, conditions, and for a refusal its ground and where to appeal."""

    __tablename__ = "decision_items"
    __table_args__ = (sa.UniqueConstraint("decision_id", "number"),)

    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    number: Mapped[int]
    # approved | conditions | refused
    outcome: Mapped[str] = mapped_column(sa.String(12))
    reason_code: Mapped[str] = mapped_column(sa.String(24), default="")
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    legal_ground: Mapped[str] = mapped_column(sa.Text, default="")
    appeal_office: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_contact: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_days: Mapped[int | None]
