"""Four eyes: one officer proposes, another officer of the agency signs or returns; never the same person, whatever roles.

Where the second look is blind the second officer says first what they would decide; agreement signs, difference returns
the proposal to both. Everybody locks the package, then the review, then the proposal.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Conflict, Invalid, NotAllowed
from app.ledger.recording import digest as digest_of
from app.ledger.recording import record_all
from app.reviews import claiming, deciding, finders, policy, proposal_finders, proposers
from app.reviews.deciding import Signed
from app.reviews.examining import ItemDecision, Judgement, examine_outcomes, examine_reason
from app.reviews.lifecycle import PROPOSAL, REVIEW
from app.reviews.models import Decision, Proposal, Review

COUNTERSIGN, SIGNING = "countersign", "signing"
"""The kinds of a proposal: waits for a second officer, or for some seconds."""


def propose(
    review: Review, *, version: int, digest: str, items: Sequence[ItemDecision], note: str = "", payment: str = "",
    payment_reference: str = "", by: Actor, claim_minutes: int | None = None,
) -> Proposal:  # fmt: skip
    """Propose a decision that another officer of the agency signs. Nothing is decided yet; the case waits.

    Everything ``deciding.decide`` asks for is asked here, and again when it is signed. Raises what that raises.
    """
    said = Judgement(tuple(items), note, payment, payment_reference)
    review = ready(review, said, version=version, digest=digest, by=by, claim_minutes=claim_minutes)
    whose = proposers.membership_of(by)
    proposal = write(review, said, COUNTERSIGN, version=version, digest=digest, by=by, membership_id=whose)
    step = REVIEW.step(
        review,
        "propose",
        by=by,
        proposal=str(proposal.id),
        version=version,
        digest=digest,
        outcomes={str(number): outcome for number, outcome in said.outcomes.items()},
        text_digest=deciding.text_digest(said),
        **names(review),
    )
    claiming.let_go(review)
    session().flush()
    record_all([step], by=by)
    return proposal


def countersign(
    review: Review,
    *,
    proposal: uuid.UUID,
    version: int,
    digest: str,
    outcomes: Mapping[int, str] | None = None,
    by: Actor,
) -> Decision | None:
    """Sign a proposal as the second officer; the decision is the proposer's, with both named.

    ``outcomes``: where the second look is blind, what the second officer gives each open goods item. When one differs
    nothing is signed: the proposal goes back, both outcomes are kept, and None is returned.
    Raises NotAllowed for the proposer and for anyone who has a part in the package, Conflict for a proposal that no longer
    waits or whose maker may no longer decide, Stale for another version, Invalid for outcomes that are missing or a proposal that can no longer be taken.
    """
    declaration = deciding.lock_package(review)
    review = finders.lock_review(review)
    require(policy.countersign, by, review)
    finders.refuse_own_package(review, by)
    deciding.must_be_open(review, declaration)
    pending = _pending(review, proposal)
    _another_person(pending, by)
    proposers.must_stand(review, pending)
    deciding.must_be_seen(review, declaration, version, digest)
    deciding.must_be_seen(review, declaration, pending.version, pending.digest)
    said = proposal_finders.said_in(pending)
    if review.blind and _differs(said, outcomes or {}):
        _returned(review, pending, reason="", second=outcomes or {}, by=by)
        return None
    siblings = deciding.examined(review, said)
    at = clock.now()
    signed = PROPOSAL.step(pending, "sign", by=by, review=str(review.id), **names(review))
    close(pending, by=by, at=at)
    decision = deciding.sign(
        review, declaration, said, siblings, step="countersign", by=by, signed=Signed("countersigned", pending, by)
    )
    record_all([signed], by=by)
    return decision


def send_back(review: Review, *, proposal: uuid.UUID, reason: str, by: Actor) -> Proposal:
    """Return a proposal to the one who made it, with a reason they read; the case is theirs again.

    Raises NotAllowed for the proposer, Conflict for a proposal that no longer waits, Invalid without a reason.
    """
    review = finders.lock_review(review)
    require(policy.countersign, by, review)
    finders.refuse_own_package(review, by)
    pending = _pending(review, proposal)
    _another_person(pending, by)
    faults = examine_reason(reason, "return-reason")
    if faults:
        raise Invalid(faults)
    _returned(review, pending, reason=reason.strip(), second={}, by=by)
    return pending


def take_back(review: Review, *, proposal: uuid.UUID, by: Actor, claim_minutes: int) -> Proposal:
    """Take one's own proposal back, to change it: it is void, and its words stand in the form again.

    Raises NotAllowed for anybody else, Conflict for a proposal that no longer waits.
    """
    review = finders.lock_review(review)
    require(policy.judge, by, review)
    pending = _pending(review, proposal)
    own(pending, by)
    happenings = [PROPOSAL.step(pending, "undo", by=by, review=str(review.id), **names(review))]
    if review.status == "proposed":
        happenings.append(REVIEW.step(review, "withdraw-proposal", by=by, proposal=str(pending.id), **names(review)))
    close(pending, by=by, at=clock.now())
    session().flush()
    record_all(happenings, by=by)
    if review.status == "queued":
        claiming.claim(review, by=by, minutes=claim_minutes)
    return pending


# --- shared with the other ways of deciding -----------------------------------------------------------------------


def ready(
    review: Review, said: Judgement, *, version: int, digest: str, by: Actor, claim_minutes: int | None
) -> Review:  # fmt: skip
    """Lock the package and the case and ask everything that a decision by this officer must satisfy now."""
    declaration = deciding.lock_package(review)
    deciding.must_be_newest(declaration, version, digest)
    if claim_minutes is not None:
        claiming.claim(review, by=by, minutes=claim_minutes)
    review = finders.lock_review(review)
    require(policy.judge, by, review)
    finders.refuse_own_package(review, by)
    deciding.must_be_open(review, declaration)
    deciding.must_hold(review, by)
    deciding.must_be_seen(review, declaration, version, digest)
    deciding.must_be_the_only_one(review)
    deciding.examined(review, said)
    return review


def write(review: Review, said: Judgement, kind: str, *, version: int, digest: str, by: Actor, **more: Any) -> Proposal:
    """Write a proposal in its first state; the caller records what happened."""
    proposal = Proposal(
        id=new_id(),
        review_id=review.id,
        declaration_id=review.declaration_id,
        kind=kind,
        version=version,
        digest=digest,
        items=[item.as_dict() for item in said.items],
        note=said.note,
        payment=said.payment,
        payment_reference=said.payment_reference,
        proposed_at=clock.now(),
        person_id=by.person_id,
        person_name=by.name,
        post=by.post,
        personal_number=by.personal_number,
        **more,
    )
    PROPOSAL.begin(proposal)
    session().add(proposal)
    return proposal


def close(proposal: Proposal, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Keep when, by whom and why a proposal ended."""
    proposal.closed_at, proposal.closed_by_id, proposal.closed_by_name = at, by.person_id, by.name
    proposal.reason = reason


def own(proposal: Proposal, by: Actor) -> None:
    """Raise NotAllowed when the proposal is somebody else's."""
    if proposal.person_id != by.person_id:
        raise NotAllowed(_l("Only %(name)s can take this back.", name=proposal.person_name))


def names(review: Review) -> dict[str, str]:
    """What every entry about a case carries."""
    return {"agency": review.agency, "declaration": str(review.declaration_id)}


def _pending(review: Review, key: uuid.UUID) -> Proposal:
    pending = proposal_finders.lock_pending(review)
    if pending.id != key:
        raise Conflict(proposal_finders.OVERTAKEN, {"proposal": "overtaken"})
    return pending


def _another_person(proposal: Proposal, by: Actor) -> None:
    if proposal.kind != COUNTERSIGN:
        raise Conflict(_l("This decision needs no second officer."), {"proposal": proposal.kind})
    if proposal.person_id == by.person_id:
        raise NotAllowed(_l("You proposed this decision yourself: the second signature is another officer's."))


def _differs(said: Judgement, outcomes: Mapping[int, str]) -> bool:
    """Whether a blind second look came to another outcome. Raises Invalid when it leaves an item out."""
    faults = examine_outcomes(sorted(said.outcomes), outcomes)
    if faults:
        raise Invalid(faults)
    return any(outcomes[number] != outcome for number, outcome in said.outcomes.items())


def _returned(review: Review, pending: Proposal, *, reason: str, second: Mapping[int, str], by: Actor) -> None:
    told = {"proposal": str(pending.id), "reason_digest": digest_of(reason) if reason else "", **names(review)}
    # One thing happened, so one entry tells it; the row of the proposal only moves it.
    PROPOSAL.step(pending, "return", by=by, **told)
    step = REVIEW.step(review, "return", by=by, **told)
    close(pending, by=by, at=clock.now(), reason=reason)
    pending.second_outcomes = {str(number): outcome for number, outcome in second.items()}
    session().flush()
    record_all([step], by=by)
