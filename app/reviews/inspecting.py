"""Inspecting: an agency orders a look at documents or goods, asks others to join, and all agree on a place and a slot.

No clock stops for an inspection (clocks.csv names no such effect); customs may extend the release. Findings are in
``finding``. Locks are taken in one order: package, reviews, inspection.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.declarations.lifecycle import DECIDABLE
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid, Stale
from app.ledger.recording import Happening, digest, record_all
from app.reviews import booking, claiming, finders, inspection_policy, policy, slots
from app.reviews import inspection_finders as found
from app.reviews import inspection_steps as steps
from app.reviews.inspection_examining import (
    DOCUMENTS,
    Order,
    examine_call,
    examine_order,
    examine_reason,
    examine_slot,
)
from app.reviews.inspection_models import Inspection, InspectionCall, InspectionParty
from app.reviews.inspection_steps import ACCEPTED, DECLINED, PENDING
from app.reviews.lifecycle import INSPECTION
from app.reviews.models import Review


def order(
    review: Review, *, order: Order, version: int, by: Actor, claim_minutes: int | None = None
) -> Inspection:  # fmt: skip
    """Order an inspection on one's own case as it was seen (``version``); with other agencies of the package it is a joint one.

    ``claim_minutes``: take the case on first, in the same breath; both or neither happens.
    Raises Stale for another version than the newest, Invalid with every fault, SlotTaken when the last seat went meanwhile, Conflict without a claim or on a package
    that is closed, NotAllowed for who may not judge the case.
    """
    declaration = found.lock_package(review.declaration_id)
    _must_be_newest(declaration, version)
    if claim_minutes is not None:
        # Under the package's lock: a claim before it would wait the other way round than a withdrawal does.
        claiming.claim(review, by=by, minutes=claim_minutes)
    reviews = found.lock_reviews(declaration.id)
    own = reviews.get(review.id) or finders.lock_review(review)
    _may_order(own, declaration, by)
    others = {one.agency: one for one in reviews.values() if one.id != own.id and one.open}
    faults = examine_order(order, items=own.items, agencies=others, now=clock.now())
    if faults:
        raise Invalid(faults)
    inspection = _made(order, own, declaration, [others[agency] for agency in dict.fromkeys(order.agencies)], by)
    if order.kind != DOCUMENTS:
        _place(inspection, order.place, order.start, by)
    happenings = [
        INSPECTION.step(
            inspection, "order", by=by, agency=own.agency, declaration=str(declaration.id), kind=order.kind,
            agencies=[party.agency for party in inspection.parties], items=inspection.items, **steps.where(inspection),
        ),
        *steps.into_inspection(own, inspection, by),
        *steps.settle(inspection, by),
    ]  # fmt: skip
    session().flush()
    record_all(happenings, by=by)
    return inspection


def accept(inspection: Inspection, *, by: Actor) -> Inspection:
    """Accept the slot (or the look at documents) for one's agency; the last one to accept agrees it.

    Raises Conflict when there is nothing to accept or another officer holds the case, NotAllowed for another agency.
    """
    held = steps.hold(inspection, by=by)
    party = steps.own(held)
    if party.answer != PENDING:
        raise Conflict(_l("Your agency has answered already."), {"answer": party.answer})
    _may_join(held.review, by)
    step = INSPECTION.step(held.inspection, "accept-slot", by=by, **steps.names(held), **steps.where(held.inspection))
    steps.answered(party, ACCEPTED, by)
    joined = steps.into_inspection(held.review, held.inspection, by) if held.review else []
    record_all([step, *joined, *steps.settle(held.inspection, by)], by=by)
    return held.inspection


def propose_slot(inspection: Inspection, *, place: str, start: datetime | None, by: Actor) -> Inspection:
    """Propose another place or slot for one's agency; what the others accepted no longer holds.

    Raises Invalid for a slot that cannot be, SlotTaken when it is full, Conflict after a finding or for documents.
    """
    held = steps.hold(inspection, by=by)
    party, inspection = steps.own(held), held.inspection
    _still_open(inspection)
    if inspection.kind == DOCUMENTS:
        raise Conflict(_l("A look at documents needs no place and no time."))
    _nothing_recorded(inspection)
    if party.answer != ACCEPTED:
        _may_join(held.review, by)
    faults = examine_slot(inspection.kind, place, start, now=clock.now())
    if faults:
        raise Invalid(faults)
    _place(inspection, place, start, by)
    inspection.agreed_at = None
    for other in inspection.parties:
        if other.answer == ACCEPTED:
            other.answer, other.answered_at, other.answered_by_name = PENDING, None, ""
    steps.answered(party, ACCEPTED, by)
    step = INSPECTION.step(inspection, "propose-slot", by=by, **steps.names(held), **steps.where(inspection))
    joined = steps.into_inspection(held.review, inspection, by) if held.review else []
    record_all([step, *joined, *steps.settle(inspection, by)], by=by)
    return inspection


def decline(inspection: Inspection, *, by: Actor) -> Inspection:
    """Take no part in an inspection that another agency ordered; the others go on.

    Raises Conflict after one's own finding or one's own refusal, NotAllowed for the agency that ordered it.
    """
    held = steps.hold(inspection, by=by)
    require(inspection_policy.decline, by, held)
    party = steps.own(held)
    _still_open(held.inspection)
    if party.recorded_at is not None or party.answer == DECLINED:
        raise Conflict(_l("Your agency has answered already."), {"answer": party.answer})
    step = INSPECTION.step(held.inspection, "decline", by=by, **steps.names(held))
    steps.answered(party, DECLINED, by)
    session().flush()
    ended = steps.out_of_inspection(held.inspection, [held.review], by)
    record_all([step, *ended, *_left(held.inspection, by)], by=by)
    return held.inspection


def call(inspection: Inspection, *, service: str, reason: str, by: Actor) -> InspectionCall:
    """Call a canine team, police or state security to an inspection, each once; the trader is never told.

    Raises Invalid without a service or reason, Conflict when it has been called or the inspection is over.
    """
    held = steps.hold(inspection, by=by)
    steps.own(held)
    faults = examine_call(service, reason)
    if faults:
        raise Invalid(faults)
    for earlier in held.inspection.calls:
        if earlier.service == service:
            at = earlier.called_at.astimezone(clock.MINSK)
            raise Conflict(
                _l("Called already: by %(name)s on %(at)s.", name=earlier.called_by_name, at=f"{at:%d.%m.%Y %H:%M}"),
                {"service": service, "called_at": at.isoformat()},
            )
    step = INSPECTION.step(
        held.inspection,
        "call-service",
        by=by,
        service=service,
        reason_digest=digest(reason.strip()),
        **steps.names(held),
    )
    made = InspectionCall(
        id=new_id(), inspection_id=held.inspection.id, service=service, reason=reason.strip(), agency=by.agency,
        called_at=clock.now(), called_by_id=by.person_id, called_by_name=by.name,
    )  # fmt: skip
    held.inspection.calls.append(made)
    session().flush()
    record_all([step], by=by)
    return made


def cancel(inspection: Inspection, *, reason: str, by: Actor) -> Inspection:
    """Cancel an inspection with a reason: its seat is free again, the cases go back to their queues.

    Raises NotAllowed for another agency than the one that ordered it, Conflict once something is recorded, Invalid without
    a reason.
    """
    held = steps.hold(inspection, by=by)
    require(inspection_policy.cancel, by, held)
    faults = examine_reason(reason, "cancel_reason")
    if faults:
        raise Invalid(faults)
    _nothing_recorded(held.inspection)
    step = INSPECTION.step(held.inspection, "cancel", by=by, reason_digest=digest(reason.strip()), **steps.names(held))
    steps.void(held.inspection)
    ended = steps.out_of_inspection(held.inspection, _cases(held.inspection, held.reviews), by)
    record_all([step, *ended], by=by)
    return held.inspection


# --- what amendments, withdrawals and findings need -------------------------------------------------------------------


def close_for(declaration: Declaration, by: Actor) -> list[Happening]:
    """Cancel what is open when a package is withdrawn; the package is locked, its reviews are closed by the caller.

    Returns what is to be recorded.
    """
    happenings = []
    for inspection in found.list_inspections(declaration.id):
        if inspection.status in found.OPEN:
            happenings.append(INSPECTION.step(inspection, "close", by=by, declaration=str(declaration.id)))
            steps.void(inspection)
    return happenings


def follow(
    declaration: Declaration, successors: Mapping[uuid.UUID, uuid.UUID], gone: Collection[uuid.UUID], by: Actor
) -> list[Happening]:
    """Let the inspections of a package follow its cases after an amendment: an agency's part goes on with the review that
    took the old one's place; an agency that is no longer asked takes no part, and what nobody is left for is cancelled.

    ``successors``: old review to new; ``gone``: reviews without one. The package is locked. Returns what is to be recorded.
    """
    happenings: list[Happening] = []
    for inspection in found.list_inspections(declaration.id):
        for party in inspection.parties:
            party.review_id = successors.get(party.review_id, party.review_id)
            if inspection.status not in found.OPEN or party.recorded_at is not None:
                continue
            if party.review_id in gone:
                party.answer = DECLINED
            elif party.answer == ACCEPTED:
                happenings += steps.into_inspection(session().get_one(Review, party.review_id), inspection, by)
        if inspection.status in found.OPEN:
            happenings += _left(inspection, by)
    return happenings


def _left(inspection: Inspection, by: Actor) -> list[Happening]:
    """What becomes of an inspection after somebody left it: it ends where nobody who wants it is left."""
    if any(_stands_behind(party, inspection) for party in inspection.parties):
        return steps.settle(inspection, by)
    cases = [session().get_one(Review, one.review_id) for one in inspection.parties if one.answer == PENDING]
    step = INSPECTION.step(inspection, "close", by=by, declaration=str(inspection.declaration_id))
    steps.void(inspection)
    return [step, *steps.out_of_inspection(inspection, cases, by)]


def _stands_behind(party: InspectionParty, inspection: Inspection) -> bool:
    """Who ordered it wants it also while another slot is proposed; who was called wants it from when it accepts."""
    return party.answer == ACCEPTED or (party.answer == PENDING and party.agency == inspection.agency)


# --- parts ---------------------------------------------------------------------------------------------------------


def _may_order(review: Review, declaration: Declaration, by: Actor) -> None:
    require(policy.inspect, by, review)
    finders.refuse_own_package(review, by)
    if not review.open or declaration.status not in DECIDABLE:
        raise steps.closed(declaration)
    if policy.holds_claim(by, review):
        return
    _not_held_by_another(review, by)
    raise Conflict(
        _l("The inspection is not ordered yet: claim the case first, so that nobody else works on it meanwhile."),
        {"claim": "needed", "status": review.status},
    )


def _must_be_newest(declaration: Declaration, version: int) -> None:
    """Raise Stale when the package changed meanwhile: the numbers of its goods may mean others now."""
    if declaration.status in DECIDABLE and version != declaration.version:
        raise Stale(
            _l(
                "The package has changed since you opened it: you saw version %(seen)s, version %(current)s holds now. "
                "Nothing is ordered, and what you wrote is here: look at the goods items again, then order.",
                seen=version,
                current=declaration.version,
            ),
            {"version": declaration.version, "seen": version},
        )


def _not_held_by_another(review: Review | None, by: Actor) -> None:
    if review is None or review.status != "claimed" or review.claimed_by_id == by.person_id:
        return
    if review.claimed_until is not None and review.claimed_until > clock.now():
        raise claiming.held_by_another(review)


def _may_join(review: Review | None, by: Actor) -> None:
    """Raise Conflict for a case that somebody else works on, and for one whose decision would not know what is found."""
    _not_held_by_another(review, by)
    if review is not None and review.status in _TOO_LATE:
        raise Conflict(_TOO_LATE[review.status], {"state": review.status})


_TOO_LATE = {
    "proposed": _l("A decision waits for the second officer. Take the proposal back or return it first, then answer."),
    "decided": _l("Your agency has decided this case: take no part, or let the supervisor open the case again first."),
}


def _made(
    order: Order, own: Review, declaration: Declaration, others: Sequence[Review], by: Actor
) -> Inspection:  # fmt: skip
    now = clock.now()
    inspection = Inspection(
        id=new_id(), declaration_id=declaration.id, number=found.last_number(declaration.id) + 1, kind=order.kind,
        items=sorted(set(order.items)), version=declaration.version, instructions=order.instructions.strip(),
        agency=own.agency, ordered_at=now, ordered_by_id=by.person_id, ordered_by_name=by.name,
        parties=[InspectionParty(id=new_id(), review_id=one.id, agency=one.agency) for one in (own, *others)],
        calls=[], samples=[],
    )  # fmt: skip
    INSPECTION.begin(inspection)
    for party in inspection.parties:
        party.answer = PENDING
    steps.answered(inspection.parties[0], ACCEPTED, by)
    session().add(inspection)
    session().flush()
    return inspection


def _place(inspection: Inspection, place_code: str, start: datetime | None, by: Actor) -> None:
    place = slots.find_place(place_code)
    if place is None or start is None:
        raise ValueError("a place and a slot that nobody examined")
    booking.take(place, start, inspection.id)
    inspection.place_code, inspection.proposed_by = place.code, by.agency
    inspection.slot_from, inspection.slot_to = start, start + timedelta(minutes=place.minutes)


def _still_open(inspection: Inspection) -> None:
    if inspection.status not in found.OPEN:
        raise Conflict(
            _l("This inspection is over: “%(state)s”.", state=INSPECTION.words[inspection.status]),
            {"status": inspection.status},
        )


def _nothing_recorded(inspection: Inspection) -> None:
    recorded = [party.agency for party in inspection.parties if party.recorded_at is not None]
    if recorded:
        raise Conflict(_l("The inspection has taken place: a finding is recorded."), {"recorded": recorded})


def _cases(inspection: Inspection, reviews: Mapping[uuid.UUID, Review]) -> list[Review | None]:
    return [reviews.get(party.review_id) for party in inspection.parties]
