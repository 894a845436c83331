"""Deciding: an agency's word on each of its goods items, bound to the bytes the officer saw; customs last, and it releases.

What every way of deciding shares stands here: one officer (``decide``), two (``proposing``), a supervisor (``overriding``),
an officer who had some seconds to take it back (``signing``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.declarations.lifecycle import DECIDABLE
from app.declarations.models import Declaration
from app.errors import Conflict, Fault, Invalid, Stale
from app.ledger.recording import Happening, record_all
from app.ledger.recording import digest as digest_of
from app.reviews import claiming, finders, finding, grounds, policy, proposal_finders, releasing, scanned
from app.reviews.claiming import held_by_another
from app.reviews.examining import Frame, ItemDecision, Judgement, examine
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Decision, DecisionItem, Proposal, Review
from app.reviews.worst import by_item, worst
from app.risk import suspending

__all__ = ["ItemDecision", "Judgement", "decide", "results_of"]


@dataclass(frozen=True, slots=True)
class Signed:
    """How a decision was signed: alone, countersigned, overridden, or by a rule of the agency (``rule``: its code) and no person;
    by which proposal; who signed second; why overridden."""

    how: str = "decided"
    proposal: Proposal | None = None
    second: Actor | None = None
    reason: str = ""
    rule: str = ""


def decide(
    review: Review, *, version: int, digest: str, items: Sequence[ItemDecision], note: str = "", payment: str = "",
    payment_reference: str = "", by: Actor, claim_minutes: int | None = None,
) -> Decision:  # fmt: skip
    """Decide every goods item of a review that is still open, on exactly the version and digest the officer saw.

    ``claim_minutes``: take the case on first, in the same breath; both or neither happens.
    Customs decides an item after every other agency that judges it; what it approves is released at once, with
    ``payment`` (``examining.PAYMENTS``) and its reference. Held items leave the case with its officer.
    Raises NotAllowed (not this officer's, or a second officer is needed), Conflict (no claim, decided already, closed),
    Stale (another version), each with the facts to show, Invalid with every fault of the decision.
    """
    declaration = lock_package(review)
    must_be_newest(declaration, version, digest)
    if claim_minutes is not None:
        # Under the package's lock: a claim before it would wait the other way round than a withdrawal does.
        claiming.claim(review, by=by, minutes=claim_minutes)
    review = finders.lock_review(review)
    require(policy.judge, by, review)
    finders.refuse_own_package(review, by)
    must_be_open(review, declaration)
    must_hold(review, by)
    must_be_seen(review, declaration, version, digest)
    must_be_the_only_one(review)
    said = Judgement(tuple(items), note, payment, payment_reference)
    siblings = examined(review, said)
    return sign(review, declaration, said, siblings, step="decide", by=by)


def results_of(reviews: Sequence[Review]) -> dict[int, str]:
    """Return the result per goods item: the worst of the agencies that judge it, unknown while one has not decided."""
    judged = [{number: str(one.results.get(str(number), "")) for number in one.items} for one in reviews]
    return by_item(sorted({number for items in judged for number in items}), judged)


def lock_package(review: Review) -> Declaration:
    """Lock the package before the review, in one order for everyone. Customs closes it; the others only hold it still, so
    that two agencies can decide at once but no new version slips in between."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == review.declaration_id)
        .with_for_update(read=not review.releases)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def must_be_open(review: Review, declaration: Declaration) -> None:
    """Raise Conflict with the reason when nothing can be decided on this review now; Stale when a newer version closed it.

    The last reason is a file that still waits for the scanner.
    """
    if review.status == "superseded" and declaration.status in DECIDABLE:
        raise _overtaken(declaration, review.version, "")
    if review.status == "decided":
        raise Conflict(_l("This case has been decided already."), {"decided_at": str(review.decided_at)})
    if not review.open or declaration.status not in DECIDABLE:
        raise Conflict(
            _l("This case is closed: the package is no longer under review."), {"declaration": declaration.status}
        )
    if review.status in _ELSEWHERE:
        raise Conflict(_ELSEWHERE[review.status], {"state": review.status})
    scanned.must_be_scanned(declaration.id)


_ELSEWHERE = {
    "question": _l("This case waits for the trader's answer. Withdraw the question to decide without it."),
    "inspection": _l("This case waits for its inspection. Record the findings or cancel the inspection first."),
}


def must_hold(review: Review, by: Actor) -> None:
    """Raise Conflict when the officer holds no claim on the case: who does, or that it must be claimed first."""
    if policy.holds_claim(by, review):
        return
    if review.status == "proposed":
        raise Conflict(_l("A decision is proposed already: it waits for a second officer."), {"state": review.status})
    lapsed = review.claimed_until is None or review.claimed_until <= clock.now()
    if review.status == "claimed" and review.claimed_by_id != by.person_id and not lapsed:
        raise held_by_another(review)
    raise Conflict(
        _l("Your decision is not recorded yet: claim the case first, so that nobody else works on it meanwhile."),
        {"claim": "needed"},
    )


def must_be_the_only_one(review: Review) -> None:
    """Raise Conflict while another decision on the case waits to be signed; the case is locked."""
    if proposal_finders.find_pending(review) is not None:
        raise Conflict(
            _l("A decision on this case is recorded already and is about to be signed."), {"proposal": "there"}
        )


def must_be_seen(review: Review, declaration: Declaration, version: int, digest: str) -> None:
    """Raise Stale when what the officer saw is not what holds now: nobody decides on unseen bytes."""
    current = (declaration.version, declaration.digest)
    if (version, digest) != current or review.version != declaration.version:
        raise _overtaken(declaration, version, digest)


def must_be_newest(declaration: Declaration, version: int, digest: str) -> None:
    """Raise Stale when the package is judged on in a newer version; asked before a case is claimed on the way, for the
    review of the older version may be closed."""
    if declaration.status in DECIDABLE and (version, digest) != (declaration.version, declaration.digest):
        raise _overtaken(declaration, version, digest)


def _overtaken(declaration: Declaration, version: int, digest: str) -> Stale:
    return Stale(
        _l(
            "The package has changed since you opened it: you saw version %(seen)s, version %(current)s holds now. "
            "Nothing is recorded. Look at what has changed, then decide.",
            seen=version,
            current=declaration.version,
        ),
        {"version": declaration.version, "digest": declaration.digest, "seen": version, "seen_digest": digest},
    )


def frame_of(review: Review, siblings: Sequence[Review]) -> Frame:
    """Return what a decision on this review is held against now; ``siblings`` come from ``releasing.siblings_of``."""
    still = releasing.open_items(review)
    return Frame(
        numbers=still,
        reasons={ground.code for ground in grounds.list_grounds(review.agency)},
        refused_by=releasing.named(releasing.agencies_refusing(review, siblings)),
        waits_for=releasing.named(releasing.agencies_waited_for(review, siblings)),
        decided=[number for number in review.items if number not in still],
        released=_gone(review, siblings),
        against=finding.against_words(review),
        pays=review.releases,
    )


def examined(review: Review, said: Judgement, *, more: Sequence[Fault] = ()) -> Sequence[Review]:
    """Hold a judgement against everything it must satisfy; returns the reviews it was held against.

    Raises Invalid with every fault, and those found already (``more``).
    """
    scanned.must_be_free_of(review.declaration_id, said.outcomes.values())
    siblings = releasing.siblings_of(review, afresh=True)
    faults = [*examine(frame_of(review, siblings), said), *more, *releasing.held_up(review, said.outcomes)]
    if review.releases:
        faults += suspending.held_up(review.declaration, releasing.newly_released(said.outcomes))
    if faults:
        raise Invalid(faults)
    return siblings


def sign(
    review: Review, declaration: Declaration, said: Judgement, siblings: Sequence[Review], *, step: str, by: Actor,
    signed: Signed | None = None,
) -> Decision:  # fmt: skip
    """Write an examined judgement as a decision, take the steps of the review and of the package, and record both.

    ``step`` is the row of REVIEW ("-part" is added when goods items stay held); ``by`` takes it. The decision is of the
    proposer where two officers sign.
    """
    signed = signed or Signed()
    decision = _written(review, said, declaration, signed, by)
    earlier = _gone(review, siblings)
    if review.releases:
        decision.released = releasing.newly_released(said.outcomes)
        decision.rests_on = releasing.rests_on(decision.released, review, siblings)
        paid = bool(decision.released)
        decision.payment = said.payment if paid else ""
        decision.payment_reference = said.payment_reference.strip() if paid else ""
    session().add(decision)
    review.results = {**review.results, **{str(number): outcome for number, outcome in said.outcomes.items()}}
    if releasing.open_items(review):
        step = f"{step}-part"
    else:
        review.decided_at, review.result = decision.decided_at, worst(str(one) for one in review.results.values())
    happenings: list[Happening] = [REVIEW.step(review, step, by=by, **_told(review, decision, signed))]
    if review.releases:
        happenings += releasing.close(declaration, review, decision, earlier, by=by)
    if review.status != "claimed":
        claiming.let_go(review)
    session().flush()
    session().expire(review, ["decisions"])
    record_all(happenings, by=by)
    return decision


def text_digest(said: Judgement, *, days: bool = True) -> str:
    """Return the digest under which the words of a judgement stand in the ledger; early ones lack the ``days`` of an appeal."""
    texts = [
        [item.number, item.reason_code, item.conditions, item.legal_ground, item.appeal_office, item.appeal_contact]
        + ([item.appeal_days] if days and item.appeal_days is not None else [])
        for item in sorted((one.tidy() for one in said.items), key=lambda one: one.number)
    ]
    return digest_of(json.dumps([texts, said.note.strip()], ensure_ascii=False, separators=(",", ":")))


def _gone(review: Review, siblings: Sequence[Review]) -> set[int]:
    if not review.releases:
        return set()
    return releasing.released_items(next(one for one in siblings if one.id == review.id).decisions)


def _written(review: Review, said: Judgement, declaration: Declaration, signed: Signed, by: Actor) -> Decision:
    first, second = signed.proposal if signed.how == "countersigned" else None, signed.second
    items = sorted((item.tidy() for item in said.items), key=lambda item: item.number)
    return Decision(
        id=new_id(),
        review_id=review.id,
        declaration_id=declaration.id,
        version=declaration.version,
        digest=declaration.digest,
        decided_at=clock.now(),
        person_id=first.person_id if first else by.person_id,
        # Where the window signs by a rule, no name stands on the paper.
        person_name=first.person_name if first else "" if signed.rule else by.name,
        post=first.post if first else by.post,
        personal_number=first.personal_number if first else by.personal_number,
        rule_code=signed.rule,
        agency=review.agency,
        office_code=by.office[:8],
        note=said.note.strip(),
        how=signed.how,
        second_person_id=second.person_id if second else None,
        second_person_name=second.name if second else "",
        second_post=second.post if second else "",
        second_personal_number=second.personal_number if second else "",
        override_reason=signed.reason.strip(),
        released=[],
        rests_on=[],
        items=[_item(item) for item in items],
    )


def _item(item: ItemDecision) -> DecisionItem:
    return DecisionItem(
        number=item.number,
        outcome=item.outcome,
        reason_code=item.reason_code,
        conditions=item.conditions.strip(),
        legal_ground=item.legal_ground.strip(),
        appeal_office=item.appeal_office.strip(),
        appeal_contact=item.appeal_contact.strip(),
        appeal_days=item.appeal_days,
    )


def _told(review: Review, decision: Decision, signed: Signed) -> Mapping[str, Any]:
    said = Judgement(tuple(_said(item) for item in decision.items), decision.note)
    by_rule = {"rule": decision.rule_code} if decision.rule_code else {}
    return by_rule | {
        "agency": review.agency,
        "declaration": str(review.declaration_id),
        "decision": str(decision.id),
        "version": decision.version,
        "digest": decision.digest,
        "outcomes": {str(item.number): item.outcome for item in decision.items},
        "text_digest": text_digest(said),
        "how": decision.how,
        "proposal": str(signed.proposal.id) if signed.proposal else "",
        "second": str(decision.second_person_id or ""),
        "payment": decision.payment or "",
        "payment_digest": digest_of(decision.payment_reference) if decision.payment_reference else "",
        "released": decision.released,
        "rests_on": decision.rests_on,
    }


def _said(item: DecisionItem) -> ItemDecision:
    return ItemDecision(
        item.number, item.outcome, item.reason_code, item.conditions, item.legal_ground, item.appeal_office,
        item.appeal_contact, item.appeal_days,
    )  # fmt: skip
