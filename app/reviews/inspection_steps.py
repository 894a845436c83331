"""The steps that every act at an inspection shares: its locks, who waits for it, when it is agreed and when it is done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.declarations.models import Declaration
from app.errors import Conflict
from app.ledger.recording import Happening
from app.reviews import booking, claiming, finders, inspection_policy
from app.reviews import inspection_finders as found
from app.reviews.inspection_models import Inspection, InspectionParty
from app.reviews.lifecycle import INSPECTION, REVIEW
from app.reviews.models import Review

PENDING, ACCEPTED, DECLINED = "pending", "accepted", "declined"


@dataclass(frozen=True, slots=True)
class Held:
    """An inspection with everything that changes with it, locked: its package, the package's reviews, one's own part."""

    inspection: Inspection
    declaration: Declaration
    reviews: Mapping[uuid.UUID, Review]
    party: InspectionParty | None

    @property
    def review(self) -> Review | None:
        """The case of the agency that acts."""
        return self.reviews.get(self.party.review_id) if self.party else None

    @property
    def ordered_by_own(self) -> bool:
        """Whether the agency that acts ordered it."""
        return self.party is not None and self.party.agency == self.inspection.agency


def hold(inspection: Inspection, *, by: Actor) -> Held:
    """Lock an inspection with its package and cases and read it afresh. Raises NotAllowed for who may not take part."""
    declaration = found.lock_package(inspection.declaration_id)
    reviews = found.lock_reviews(declaration.id)
    inspection = found.lock_inspection(inspection.id)
    party = next((one for one in inspection.parties if one.agency == by.agency), None)
    held = Held(inspection, declaration, reviews, party)
    if party is not None and held.review is None:
        raise closed(declaration)
    require(inspection_policy.take_part, by, held)
    if held.review is not None:
        finders.refuse_own_package(held.review, by)
    return held


def settle(inspection: Inspection, by: Actor) -> list[Happening]:
    """Agree what every agency on it has accepted, end what all have recorded; returns what is to be recorded."""
    happenings: list[Happening] = []
    active = [party for party in inspection.parties if party.answer != DECLINED]
    if inspection.status == "proposed" and all(party.answer == ACCEPTED for party in active):
        inspection.agreed_at = clock.now()
        agencies = [party.agency for party in active]
        names = {"declaration": str(inspection.declaration_id), "agencies": agencies}
        happenings.append(INSPECTION.step(inspection, "agree", by=by, **names, **where(inspection)))
    if inspection.status == "agreed" and all(party.recorded_at is not None for party in active):
        inspection.done_at = clock.now()
        happenings.append(INSPECTION.step(inspection, "finish", by=by, declaration=str(inspection.declaration_id)))
    return happenings


def into_inspection(review: Review, inspection: Inspection, by: Actor) -> list[Happening]:
    """Let a case wait for the inspection, its lease ended; one that has a question open or is decided stays as it is."""
    if review.status not in ("queued", "claimed"):
        return []
    step = REVIEW.step(
        review, "inspect", by=by, agency=review.agency, declaration=str(review.declaration_id),
        inspection=str(inspection.id),
    )  # fmt: skip
    claiming.let_go(review)
    if review.assignee_id is None and by.agency == review.agency:
        review.assignee_id, review.assignee_name = by.person_id, by.name
    return [step]


def out_of_inspection(inspection: Inspection, reviews: Iterable[Review | None], by: Actor) -> list[Happening]:
    """Let cases go back to their queues, each still its officer's, unless another inspection holds them."""
    waiting = [review for review in reviews if review is not None and review.status == "inspection"]
    session().flush()
    kept = found.list_open_parts(review.id for review in waiting)
    return [
        REVIEW.step(
            review, "inspected", by=by, agency=review.agency, declaration=str(review.declaration_id),
            inspection=str(inspection.id),
        )
        for review in waiting
        if review.id not in kept
    ]  # fmt: skip


def answered(party: InspectionParty, answer: str, by: Actor) -> None:
    """Write down an agency's answer to the slot."""
    party.answer, party.answered_at, party.answered_by_name = answer, clock.now(), by.name


def void(inspection: Inspection) -> None:
    """Free the seat, and let nobody wait for an answer any more."""
    booking.give_up(inspection.id)
    for party in inspection.parties:
        if party.recorded_at is None:
            party.answer = DECLINED
    session().flush()


def own(held: Held) -> InspectionParty:
    """Return the part of the agency that acts; the policy has let only those with a part in."""
    if held.party is None:
        raise ValueError("the policy lets only agencies with a part in")
    return held.party


def closed(declaration: Declaration) -> Conflict:
    """Return the refusal on a package that is no longer judged."""
    return Conflict(
        _l("This case is closed: the package is no longer under review."), {"declaration": declaration.status}
    )


def names(held: Held) -> dict[str, str]:
    """Return agency and package for a ledger entry."""
    return {"agency": own(held).agency, "declaration": str(held.declaration.id)}


def where(inspection: Inspection) -> dict[str, str]:
    """Return place and slot for a ledger entry, empty for documents."""
    start = inspection.slot_from
    return {"place": inspection.place_code, "from": start.isoformat(timespec="seconds") if start else ""}
