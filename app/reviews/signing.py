"""Some seconds in which an officer can take a decision back: it is recorded, shown as such, and signed when they are over.

The worker signs it as that officer, with every check again; what cannot be signed then is kept as typed, and told.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from app import clock
from app.access import SYSTEM, Actor, require
from app.database import session
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid, NotAllowed, Refusal, Stale
from app.jobs.registry import watch
from app.ledger.recording import record_all
from app.reviews import claiming, deciding, finders, policy, proposal_finders, proposers, proposing
from app.reviews.deciding import Signed
from app.reviews.examining import ItemDecision, Judgement
from app.reviews.lifecycle import PROPOSAL
from app.reviews.models import Decision, Proposal, Review
from app.reviews.proposing import SIGNING, names

SECONDS = 10
"""How long a recorded decision can be taken back."""
GRACE = timedelta(minutes=10)
"""The claim holds so much longer than the seconds, so that a worker who comes late still signs."""
FAILURES = ("version", "answered", "faults", "rights", "closed", "claim")
"""Why a decision could not be signed: codes, told in words on the page."""


def hold(
    review: Review, *, version: int, digest: str, items: Sequence[ItemDecision], note: str = "", payment: str = "",
    payment_reference: str = "", by: Actor, claim_minutes: int | None = None,
) -> Proposal:  # fmt: skip
    """Record a decision that is signed in ``SECONDS``, unless the officer takes it back before.

    Everything is asked at once, as ``deciding.decide`` does, and again when it is signed. Raises what that raises.
    """
    said = Judgement(tuple(items), note, payment, payment_reference)
    review = proposing.ready(review, said, version=version, digest=digest, by=by, claim_minutes=claim_minutes)
    require(policy.decide, by, review)
    at = clock.now()
    signs_at = at + timedelta(seconds=SECONDS)
    proposal = proposing.write(
        review,
        said,
        SIGNING,
        version=version,
        digest=digest,
        by=by,
        signs_at=signs_at,
        membership_id=proposers.membership_of(by),
    )
    if review.claimed_until is not None:
        review.claimed_until = max(review.claimed_until, signs_at + GRACE)
    step = PROPOSAL.step(
        proposal, "hold", by=by, review=str(review.id), signs_at=signs_at.isoformat(timespec="seconds"), **names(review)
    )
    session().flush()
    record_all([step], by=by)
    return proposal


def sign_now(review: Review, *, proposal: uuid.UUID, by: Actor) -> Decision:
    """Sign one's own recorded decision before its seconds are over.

    Raises NotAllowed for anybody else, Conflict when it no longer waits, and what ``deciding.decide`` raises.
    """
    declaration = deciding.lock_package(review)
    review = finders.lock_review(review)
    pending = proposal_finders.lock_pending(review)
    if pending.id != proposal or pending.kind != SIGNING:
        raise Conflict(proposal_finders.OVERTAKEN, {"proposal": "overtaken"})
    proposing.own(pending, by)
    return _signed(review, declaration, pending, by)


def sign_due(review_id: uuid.UUID) -> Decision | None:
    """Sign what is due on a review, as the officer who recorded it; safe to repeat, None when there is nothing to sign.

    What cannot be signed becomes ``failed`` with the reason, and nothing of it is kept but the words.
    """
    review = session().get(Review, review_id)
    if review is None:
        return None
    declaration = deciding.lock_package(review)
    review = finders.lock_review(review)
    pending = proposal_finders.find_pending(review, lock=True)
    if pending is None or pending.kind != SIGNING or pending.signs_at is None or pending.signs_at > clock.now():
        return None
    try:
        with session().begin_nested():
            return _signed(review, declaration, pending, _officer(pending))
    except Refusal as refused:
        _fail(review_id, _because(refused))
        return None


def _signed(review: Review, declaration: Declaration, pending: Proposal, by: Actor) -> Decision:
    require(policy.judge, by, review)
    finders.refuse_own_package(review, by)
    deciding.must_be_open(review, declaration)
    deciding.must_hold(review, by)
    deciding.must_be_seen(review, declaration, pending.version, pending.digest)
    said = proposal_finders.said_in(pending)
    siblings = deciding.examined(review, said)
    step = PROPOSAL.step(pending, "sign", by=by, review=str(review.id), **names(review))
    proposing.close(pending, by=by, at=clock.now())
    signed = Signed(proposal=pending)
    decision = deciding.sign(review, declaration, said, siblings, step="decide", by=by, signed=signed)
    record_all([step], by=by)
    return decision


def _fail(review_id: uuid.UUID, because: str) -> None:
    review = session().get_one(Review, review_id)
    pending = proposal_finders.find_pending(review, lock=True)
    if pending is None:
        return
    step = PROPOSAL.step(pending, "fail", by=SYSTEM, review=str(review.id), because=because, **names(review))
    proposing.close(pending, by=SYSTEM, at=clock.now(), reason=because)
    session().flush()
    record_all([step], by=SYSTEM)


def _because(refused: Refusal) -> str:
    if isinstance(refused, Stale):
        return "version"
    if isinstance(refused, Invalid):
        return "faults"
    if isinstance(refused, NotAllowed):
        return "rights"
    closed = isinstance(refused, Conflict) and {"declaration", "decided_at"} & set(refused.facts)
    return "closed" if closed else "claim"


def _officer(pending: Proposal) -> Actor:
    """The officer as they are now. Raises NotAllowed when they no longer work there."""
    found = proposers.find_officer(pending)
    if found is None:
        raise NotAllowed("")
    return found


watch("reviews.sign", proposal_finders.list_due, sign_due)
watch("reviews.lapse", claiming.list_lapsed, claiming.lapse)
