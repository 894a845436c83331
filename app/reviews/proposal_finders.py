"""Reads of proposals: what waits for a second officer or for some seconds, and what came to nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from app import clock
from app.access import Actor
from app.database import session
from app.errors import Conflict
from app.reviews.examining import ItemDecision, Judgement
from app.reviews.models import Decision, Proposal, Review

TOLD_FOR = timedelta(hours=24)
"""How long an officer is told on every page of the desk that a decision could not be signed."""
A_PAGE = 100
OVERTAKEN = _l("This proposal no longer waits: it was signed, returned, taken back, or the package has changed.")


def list_of(review: Review) -> Sequence[Proposal]:
    """Return the proposals of a review, the newest first."""
    query = sa.select(Proposal).where(Proposal.review_id == review.id)
    return session().scalars(query.order_by(Proposal.proposed_at.desc(), Proposal.id.desc())).all()


def find_decided_at(review: Review) -> datetime | None:
    """Return when a review was decided last, also where it is open again; None for never."""
    return session().scalar(sa.select(sa.func.max(Decision.decided_at)).where(Decision.review_id == review.id))


def said_in(proposal: Proposal) -> Judgement:
    """Return what was proposed, as it was typed."""
    items = tuple(ItemDecision.from_dict(item) for item in proposal.items)
    return Judgement(items, proposal.note, proposal.payment, proposal.payment_reference)


def find_pending(review: Review, *, lock: bool = False) -> Proposal | None:
    """Return the proposal that waits on a review, or None; locked and read afresh when asked, after the review."""
    query = sa.select(Proposal).where(Proposal.review_id == review.id, sa.text("status = 'pending'"))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session().scalar(query)


def lock_pending(review: Review) -> Proposal:
    """Lock the proposal that waits on a locked review. Raises Conflict when there is none any more."""
    found = find_pending(review, lock=True)
    if found is None:
        raise Conflict(OVERTAKEN, {"proposal": "overtaken"})
    return found


def list_due() -> Sequence[uuid.UUID]:
    """Return the reviews whose decision is due to be signed now, a page at most."""
    query = sa.select(Proposal.review_id).where(
        sa.text("status = 'pending' AND kind = 'signing'"), Proposal.signs_at <= clock.now()
    )
    return session().scalars(query.order_by(Proposal.signs_at, Proposal.id).limit(A_PAGE)).all()


def list_told(actor: Actor) -> Sequence[tuple[Proposal, Review]]:
    """Return the officer's own decisions that are not signed yet and those that could not be signed, with their cases."""
    if actor.person_id is None or actor.kind != "agency":
        return ()
    found = session().execute(_told(), {"me": actor.person_id, "agency": actor.agency})
    return [(proposal, review) for proposal, review in found if _still_told(proposal, review)]


@cache
def _told() -> Any:
    """The statement, kept: every page of the desk asks it, and building it costs more than running it."""
    later = aliased(Proposal)
    return (
        sa.select(Proposal, Review)
        .join(Review, Review.id == Proposal.review_id)
        .where(
            Proposal.person_id == sa.bindparam("me", type_=sa.Uuid()),
            sa.text("proposals.kind = 'signing' AND proposals.status IN ('pending', 'failed')"),
            Review.agency == sa.bindparam("agency"),
            ~sa.exists().where(Decision.review_id == Review.id, Decision.decided_at > Proposal.proposed_at),
            ~sa.exists().where(later.review_id == Review.id, later.proposed_at > Proposal.proposed_at),
        )
        .order_by(Proposal.id.desc())
        .limit(A_PAGE)
    )


def _still_told(proposal: Proposal, review: Review) -> bool:
    if proposal.status == "pending":
        return True
    fresh = proposal.closed_at is not None and proposal.closed_at > clock.now() - TOLD_FOR
    return fresh and review.status in ("queued", "claimed")
