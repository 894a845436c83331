"""What the tests of inspections do again and again: order on a claimed case, find a free slot, be at the slot's day."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app import clock
from app.access import Actor
from app.reviews import booking, claiming, inspecting, slots
from app.reviews.inspection_examining import Act, Found, Order
from app.reviews.inspection_models import Inspection
from tests.reviews.making import CUSTOMS, VET, Filed, get

YARD = "06611-2"
"""The cold bay of the tests' office: one seat in a slot."""
ACTS = {VET: "09028"}


def free_slot(place: str = YARD, skip: int = 0) -> slots.Slot:
    """A slot that nobody has taken yet."""
    found = slots.find_place(place)
    assert found is not None
    return booking.next_free(found, skip + 1)[skip]


def an_order(**changed: object) -> Order:
    """A physical inspection of item 1 at the next free slot."""
    full = {"kind": "physical", "items": (1,), "place": YARD, "instructions": "Count the boxes"} | changed
    if "start" not in full and full["kind"] != "documents":
        full["start"] = free_slot(str(full["place"])).from_at
    return Order(**full)


def ordered(filed: Filed, by: Actor, *agencies: str, **changed: object) -> Inspection:
    """Claim the actor's case and order an inspection, with other agencies."""
    review = get(filed, by)
    if review.status != "claimed":
        claiming.claim(review, by=by)
    return inspecting.order(review, order=an_order(agencies=agencies, **changed), version=review.version, by=by)


def joint(filed: Filed, vet: Actor, customs: Actor) -> Inspection:
    """A joint veterinary and customs inspection, agreed."""
    inspection = ordered(filed, vet, CUSTOMS)
    return inspecting.accept(inspection, by=customs)


def at_the_slot(inspection: Inspection) -> time_machine.travel:
    """Be at the end of the inspection's slot."""
    assert inspection.slot_to is not None
    return time_machine.travel(inspection.slot_to + timedelta(minutes=1), tick=True)


def said(by: Actor, outcome: str = "favourable", against: tuple[int, ...] = ()) -> Found:
    """A finding with the act that the agency must draw up."""
    act = Act(ACTS[by.agency], "ВА-17", clock.today()) if by.agency in ACTS else Act()
    return Found(outcome, "Boxes opened: 12 of 310", against, act)
