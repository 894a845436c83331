"""Deciding: an agency's word on each of its goods items, bound to the bytes the officer saw; customs last, and it releases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid
from app.ledger.recording import Happening, record_all
from app.ledger.recording import digest as digest_of
from app.reviews import claiming, finders, grounds, naming, policy
from app.reviews.claiming import held_by_another
from app.reviews.examining import ItemDecision, examine
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Decision, DecisionItem, Review
from app.reviews.worst import REFUSED, by_item, clears, worst
from app.shell import t

__all__ = ["ItemDecision", "decide", "results_of"]


def decide(
    review: Review, *, version: int, digest: str, items: Sequence[ItemDecision], note: str = "", by: Actor,
    claim_minutes: int | None = None,
) -> Decision:  # fmt: skip
    """Decide every goods item of a review at once, on exactly the version and digest the officer saw.

    ``claim_minutes``: take the case on first, in the same breath; both or neither happens.
    The releasing review (customs) decides last: the package is released when at least one item may go, else refused.
    Raises NotAllowed (not this officer's), Conflict (no claim, decided already, another version, an agency still undecided)
    with the facts to show, Invalid with every fault of the decision.
    """
    declaration = _lock(review)
    if claim_minutes is not None:
        # Under the package's lock: a claim before it would wait the other way round than a withdrawal does.
        claiming.claim(review, by=by, minutes=claim_minutes)
    review = finders.lock_review(review)
    require(policy.judge, by, review)
    finders.refuse_own_package(review, by)
    _may_be_decided(review, declaration, by)
    _same_version(review, declaration, version, digest)
    siblings = finders.list_reviews(declaration.id, decisions=review.releases) if review.releases else [review]
    if review.releases:
        _others_have_decided(review, siblings)
    _examined(review, siblings, items)
    decision = _written(review, [item.tidy() for item in items], declaration, note, by)
    happenings = [_decided(review, decision, by)]
    if review.releases:
        happenings.append(_closed(declaration, results_of(siblings, latest={review.id: decision}), by))
    session().flush()
    session().expire(review, ["decisions"])
    record_all(happenings, by=by)
    return decision


def results_of(reviews: Sequence[Review], *, latest: Mapping[object, Decision] | None = None) -> dict[int, str]:
    """Return the result per goods item: the worst of the agencies that judge it, unknown while one has not decided.

    ``reviews`` come with decisions loaded; ``latest`` gives the decision of a review that is just being written.
    """
    fresh = latest or {}
    judged = []
    for review in reviews:
        decision = fresh.get(review.id) or (review.decisions[-1] if review.decisions else None)
        said = {item.number: item.outcome for item in decision.items} if decision is not None else {}
        judged.append({number: said.get(number, "") for number in review.items})
    numbers = sorted({number for items in judged for number in items})
    return by_item(numbers, judged)


def _lock(review: Review) -> Declaration:
    """Lock the package before the review, in one order for everyone. Customs closes it; the others only hold it still, so
    that two agencies can decide at once but no new version slips in between."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == review.declaration_id)
        .with_for_update(read=not review.releases)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def _may_be_decided(review: Review, declaration: Declaration, by: Actor) -> None:
    if review.status == "decided":
        raise Conflict(_l("This case has been decided already."), {"decided_at": str(review.decided_at)})
    if not review.open or declaration.status != "under-review":
        raise Conflict(
            _l("This case is closed: the package is no longer under review."), {"declaration": declaration.status}
        )
    if policy.holds_claim(by, review):
        return
    lapsed = review.claimed_until is None or review.claimed_until <= clock.now()
    if review.status == "claimed" and review.claimed_by_id != by.person_id and not lapsed:
        raise held_by_another(review)
    raise Conflict(
        _l("Your decision is not recorded yet: claim the case first, so that nobody else works on it meanwhile."),
        {"claim": "needed"},
    )


def _same_version(review: Review, declaration: Declaration, version: int, digest: str) -> None:
    current = (declaration.version, declaration.digest)
    if (version, digest) != current or review.version != declaration.version:
        raise Conflict(
            _l(
                "The package has changed since you opened it: you saw version %(seen)s, version %(current)s holds now. "
                "Open the case again and look at what has changed.",
                seen=version,
                current=declaration.version,
            ),
            {"version": declaration.version, "digest": declaration.digest, "seen": version, "seen_digest": digest},
        )


def _others_have_decided(review: Review, siblings: Sequence[Review]) -> None:
    waiting = [other.agency for other in siblings if other.id != review.id and other.status != "decided"]
    if waiting:
        named = naming.names().agencies(waiting)
        raise Conflict(
            _l("Customs decides last. Still undecided: %(agencies)s.", agencies=LazyString(t, named)),
            {"waiting": waiting},
        )


def _examined(review: Review, siblings: Sequence[Review], items: Sequence[ItemDecision]) -> None:
    refusing: dict[int, list[str]] = {}
    for other in siblings:
        if other.id != review.id:
            for item in other.decisions[-1].items if other.decisions else ():
                if item.outcome == REFUSED:
                    refusing.setdefault(item.number, []).append(other.agency)
    named = naming.names() if refusing else None
    refused_by = {number: named.agencies(agencies) for number, agencies in refusing.items()} if named else {}
    reasons = {ground.code for ground in grounds.list_grounds(review.agency)}
    faults = examine(review.items, items, reasons=reasons, refused_by=refused_by)
    if faults:
        raise Invalid(faults)


def _written(review: Review, items: Sequence[ItemDecision], declaration: Declaration, note: str, by: Actor) -> Decision:
    at = clock.now()
    decision = Decision(
        id=new_id(),
        review_id=review.id,
        declaration_id=declaration.id,
        version=declaration.version,
        digest=declaration.digest,
        decided_at=at,
        person_id=by.person_id,
        person_name=by.name,
        post=by.post,
        personal_number=by.personal_number,
        agency=review.agency,
        office_code=by.office[:8],
        note=note.strip(),
        items=[_item(item) for item in sorted(items, key=lambda item: item.number)],
    )
    session().add(decision)
    review.decided_at = at
    review.result = worst(item.outcome for item in items)
    return decision


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


def _decided(review: Review, decision: Decision, by: Actor) -> Happening:
    texts = [
        [item.number, item.reason_code, item.conditions, item.legal_ground, item.appeal_office, item.appeal_contact]
        for item in decision.items
    ]
    said = json.dumps([texts, decision.note], ensure_ascii=False, separators=(",", ":"))
    return REVIEW.step(
        review,
        "decide",
        by=by,
        agency=review.agency,
        declaration=str(review.declaration_id),
        decision=str(decision.id),
        version=decision.version,
        digest=decision.digest,
        outcomes={str(item.number): item.outcome for item in decision.items},
        text_digest=digest_of(said),
    )


def _closed(declaration: Declaration, results: Mapping[int, str], by: Actor) -> Happening:
    step = "release" if any(clears(result) for result in results.values()) else "refuse"
    declaration.updated_at = clock.now()
    return DECLARATION.step(declaration, step, by=by, version=declaration.version, digest=declaration.digest)
