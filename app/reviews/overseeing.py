"""The supervisor's two deeds on a decision: deciding over a proposal, and opening a decided case again; each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.declarations.lifecycle import DECIDABLE
from app.errors import Conflict, Invalid
from app.ledger.recording import digest as digest_of
from app.ledger.recording import record_all
from app.reviews import deciding, finders, policy, proposal_finders, proposing, releasing, resuming
from app.reviews.deciding import Signed
from app.reviews.examining import ItemDecision, Judgement, examine_reason
from app.reviews.lifecycle import PROPOSAL, REVIEW
from app.reviews.models import Decision, Review
from app.reviews.worst import FINAL


def override(
    review: Review, *, version: int, digest: str, items: Sequence[ItemDecision], note: str = "", payment: str = "",
    payment_reference: str = "", reason: str, by: Actor,
) -> Decision:  # fmt: skip
    """Decide a case over what an officer has proposed, alone and with a reason; a proposal that waits is void.

    Raises NotAllowed for anyone but the agency's supervisor, for a supervisor who has proposed on this case, and where
    nobody has; Conflict and Stale as ``deciding.decide``; Invalid with every fault, that of the reason among them.
    """
    declaration = deciding.lock_package(review)
    review = finders.lock_review(review)
    require(policy.override, by, review)
    finders.refuse_own_package(review, by)
    deciding.must_be_open(review, declaration)
    proposals = proposal_finders.list_of(review)
    require(partial(policy.may_override_these, since=proposal_finders.find_decided_at(review)), by, proposals)
    deciding.must_be_seen(review, declaration, version, digest)
    said = Judgement(tuple(items), note, payment, payment_reference)
    siblings = deciding.examined(review, said, more=examine_reason(reason, "override-reason"))
    happenings = []
    pending = proposal_finders.find_pending(review, lock=True)
    if pending is not None:
        names = proposing.names(review)
        happenings.append(PROPOSAL.step(pending, "void", by=by, review=str(review.id), **names))
        proposing.close(pending, by=by, at=clock.now(), reason=reason.strip())
    over = next(one for one in proposals if one.kind == proposing.COUNTERSIGN)
    signed = Signed("overridden", over, reason=reason)
    decision = deciding.sign(review, declaration, said, siblings, step="override", by=by, signed=signed)
    record_all(happenings, by=by)
    return decision


def reopen(review: Review, *, reason: str, by: Actor) -> Review:
    """Open a case again, or what is decided of one that is open still: what has gone stays decided, every other goods item is
    judged anew.

    Raises NotAllowed for anyone but the agency's supervisor, Conflict when nothing is decided, a proposal waits, the package
    is closed or all decided items have gone, Invalid without a reason.
    """
    declaration = deciding.lock_package(review)
    review = finders.lock_review(review)
    require(policy.override, by, review)
    finders.refuse_own_package(review, by)
    if declaration.status not in DECIDABLE:
        raise Conflict(
            _l("This case is closed: the package is no longer under review."), {"declaration": declaration.status}
        )
    faults = examine_reason(reason, "reopen-reason")
    if faults:
        raise Invalid(faults)
    gone = {str(number) for number in releasing.find_released(declaration.id)}
    kept = {number: outcome for number, outcome in review.results.items() if number in gone}
    decided = {number for number, outcome in review.results.items() if outcome in FINAL}
    if review.open and not decided:
        raise Conflict(_l("No goods item of this case is decided: there is nothing to open again."), {"decided": False})
    if decided <= kept.keys():
        raise Conflict(_l("Every goods item of this case is released: nothing can be judged anew."), {"released": True})
    deciding.must_be_the_only_one(review)
    step = REVIEW.step(
        review, "reopen-part" if review.open else "reopen", by=by, reason_digest=digest_of(reason.strip()),
        **proposing.names(review),
    )  # fmt: skip
    resuming.restart_after_decision(review, at=clock.now())
    review.results, review.result, review.decided_at = kept, "", None
    session().flush()
    record_all([step], by=by)
    return review
