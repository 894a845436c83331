"""Reviews and decisions. A queue row carries what the list shows, so that a page is one walk along an index."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration

WAITING = "status IN ('queued', 'claimed')"
"""What waits for an officer, as SQL: the partial indexes and the queries say it in the same letters, so that both engines
walk."""
OPEN = "status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"
"""What is not decided yet, whoever's turn it is."""
OPEN_STATES = ("queued", "claimed", "question", "inspection", "proposed")


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Review(Keyed, Base):
    """One signing agency's judgement of one package, bound to a version."""

    __tablename__ = "reviews"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "agency", "version"),
        _partial("ix_reviews_open", "agency", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_office", "agency", "office_code", "due_at", "id", where=WAITING),
        # Each filter of the queue walks an index of its own; several filters together walk one and look at the rest.
        _partial("ix_reviews_open_tag", "agency", "tag", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_risk", "agency", "risk", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_direction", "agency", "direction", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_country", "agency", "partner_country", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_chapter", "agency", "chapter", "due_at", "id", where=WAITING),
        _partial("ix_reviews_open_owner", "agency", "owner_id", "due_at", "id", where=WAITING),
        _partial("ix_reviews_opened", "agency", "opened_at", "id", where=WAITING),
        _partial("ix_reviews_state", "agency", "status", "due_at", "id", where=OPEN),
        _partial("ix_reviews_assignee", "assignee_id", "due_at", "id", where=OPEN),
        # What the worker looks for: deadlines that pass, leases that end.
        _partial("ix_reviews_running", "due_at", "id", where=f"{OPEN} AND breached_at IS NULL AND paused_at IS NULL"),
        _partial("ix_reviews_lease", "claimed_until", "id", where="status = 'claimed'"),
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
    # The stored deadline, in the agency's working time, and its day in Minsk; while a question pauses the clock the
    # deadline stands as it was and ``paused_at`` says so. ``clock`` holds the story: budget, intervals, extensions.
    due_at: Mapped[datetime]
    due_on: Mapped[date]
    paused_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    clock: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_at: Mapped[datetime | None]
    # Whose case it is until it is decided or handed on; a claim (below) is the lease of the one who works on it now.
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    assignee_name: Mapped[str] = mapped_column(sa.String(120), default="")
    # queued -> claimed: a lease with its end; a lapsed lease is as good as none.
    claimed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    claimed_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    claimed_until: Mapped[datetime | None]
    # Goods items this agency judges, in order, the latest outcome of each ({"1": "approved"}), and the worst of them
    # ("" until every item is decided).
    items: Mapped[list[int]]
    results: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[str] = mapped_column(sa.String(16), default="")
    # Whether a second officer must sign, and whether without having read the first one's reasons.
    four_eyes: Mapped[bool] = mapped_column(default=False)
    blind: Mapped[bool] = mapped_column(default=False)
    # What the queue can be filtered by: kind of look, direction, partner country, HS chapter of the goods, whose package.
    tag: Mapped[str] = mapped_column(sa.String(16), default="")
    # How deep to look (green, yellow, red; "" for a case from before), and by when the agency's own desk wants it looked at.
    # The trader sees neither; the deadline of the law, which the trader sees too, is ``due_at`` in every lane.
    risk: Mapped[str] = mapped_column(sa.String(8), default="")
    target_at: Mapped[datetime | None]
    direction: Mapped[str] = mapped_column(sa.String(8), default="")
    partner_country: Mapped[str] = mapped_column(sa.String(2), default="")
    chapter: Mapped[str] = mapped_column(sa.String(2), default="")
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisations.id"))
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
        """Whether it still waits for a decision, whoever's turn it is."""
        return self._status in OPEN_STATES


class Decision(Keyed, Base):
    """What an officer decided, on exactly the bytes seen. Never edited: a new one supersedes it."""

    __tablename__ = "decisions"

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime]
    # Nobody where the window signed by a rule on behalf of the agency (how: automatic, ``rule_code``).
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    post: Mapped[str] = mapped_column(sa.String(80))
    personal_number: Mapped[str] = mapped_column(sa.String(16))
    rule_code: Mapped[str] = mapped_column(sa.String(48), default="")
    agency: Mapped[str] = mapped_column(sa.String(16))
    office_code: Mapped[str] = mapped_column(sa.String(8), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # decided | countersigned | overridden | automatic, and who signed second or overrode (with the reason).
    how: Mapped[str] = mapped_column(sa.String(16), default="decided")
    second_person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    second_person_name: Mapped[str] = mapped_column(sa.String(120), default="")
    second_post: Mapped[str] = mapped_column(sa.String(80), default="")
    second_personal_number: Mapped[str] = mapped_column(sa.String(16), default="")
    override_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # Customs only: paid | secured | not-due with its reference (Customs Code art. 118), the items that this decision
    # releases, and the decisions of the other agencies that it rests on.
    payment: Mapped[str] = mapped_column(sa.String(12), default="")
    payment_reference: Mapped[str] = mapped_column(sa.String(70), default="")
    released: Mapped[list[int]] = mapped_column(default=list)
    rests_on: Mapped[list[str]] = mapped_column(default=list)

    review: Mapped[Review] = relationship(back_populates="decisions", lazy="raise")
    items: Mapped[list[DecisionItem]] = relationship(lazy="selectin", order_by="DecisionItem.number")


class DecisionItem(Keyed, Base):
    """The decision on one goods item: outcome, conditions, and for a refusal its ground and where to appeal."""

    __tablename__ = "decision_items"
    __table_args__ = (sa.UniqueConstraint("decision_id", "number"),)

    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    number: Mapped[int]
    # approved | conditions | held | refused
    outcome: Mapped[str] = mapped_column(sa.String(12))
    reason_code: Mapped[str] = mapped_column(sa.String(24), default="")
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    legal_ground: Mapped[str] = mapped_column(sa.Text, default="")
    appeal_office: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_contact: Mapped[str] = mapped_column(sa.String(160), default="")
    appeal_days: Mapped[int | None]


class Proposal(Keyed, Base):
    """A decision that is not signed yet: ``countersign`` waits for a second officer, ``signing`` for some seconds in which
    its own officer can take it back. Its words are kept as typed, so that nothing is lost when it cannot be signed."""

    __tablename__ = "proposals"
    __table_args__ = (
        _partial("ix_proposals_signing", "signs_at", "id", where="status = 'pending' AND kind = 'signing'"),
        # What an officer is told of on every page of the desk: held for some seconds, or not signed.
        _partial("ix_proposals_told", "person_id", "id", where="kind = 'signing' AND status IN ('pending', 'failed')"),
        _partial("ix_proposals_person", "person_id", "review_id", where="status = 'pending'"),
        sa.Index(
            "uq_proposals_pending",
            "review_id",
            unique=True,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        ),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    # [ItemDecision as a dict, …], the note, and for customs the payment.
    items: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    payment: Mapped[str] = mapped_column(sa.String(12), default="")
    payment_reference: Mapped[str] = mapped_column(sa.String(70), default="")
    proposed_at: Mapped[datetime]
    signs_at: Mapped[datetime | None]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    personal_number: Mapped[str] = mapped_column(sa.String(16), default="")
    membership_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("memberships.id"))
    # How it ended: by whom and why (a returned proposal carries the second officer's reason).
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    closed_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    # What a second officer who had not seen the first one's words gave each goods item, where the two differed.
    second_outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
