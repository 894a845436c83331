"""Reads of inspections: one with its parties, those of a package, those that wait for an agency, the book of a place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access import Actor
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotAllowed, NotFound
from app.reviews import finders
from app.reviews.inspection_models import PARTY_OPEN, Booking, Inspection, InspectionParty, Sample
from app.reviews.models import Review
from app.web import Page

OPEN = ("proposed", "agreed")
PAGE = 25


@dataclass(frozen=True, slots=True)
class Seen:
    """An inspection as one agency sees it: the package, the agency's own part and its case (None where it has none)."""

    inspection: Inspection
    declaration: Declaration
    party: InspectionParty | None
    review: Review | None

    @property
    def ordered_by_own(self) -> bool:
        """Whether the reader's own agency ordered it."""
        return self.party is not None and self.party.agency == self.inspection.agency


@dataclass(frozen=True, slots=True)
class SeenSample:
    """A sample of an inspection, asked for from the inspection."""

    seen: Seen
    sample: Sample

    @property
    def party(self) -> InspectionParty | None:
        """The reader's own part in the inspection."""
        return self.seen.party

    @property
    def review(self) -> Review | None:
        """The reader's own case."""
        return self.seen.review


@dataclass(frozen=True, slots=True)
class Agenda:
    """An inspection that waits for an agency: with the number of its package and the agency's case."""

    inspection: Inspection
    number: str
    answer: str
    review_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Booked:
    """A seat that is taken: the slot, and for an agency on the inspection its id and the number of the package."""

    slot_from: datetime
    inspection_id: uuid.UUID | None
    number: str


def get_inspection(inspection_id: uuid.UUID, *, actor: Actor) -> Seen:
    """Return an inspection for an agency on it, the agency that releases, and the auditor. Raises NotFound otherwise, and
    NotAllowed for an officer who has a part in the package: its page says whom officers called, and what they found."""
    inspection = session().get(Inspection, inspection_id)
    if inspection is None:
        raise NotFound()
    declaration = session().get_one(Declaration, inspection.declaration_id)
    party = next((one for one in inspection.parties if one.agency == actor.agency), None)
    known = party is not None or _releases(actor, declaration.id)
    if known and actor.kind == "agency" and finders.has_part(declaration, actor):
        raise NotAllowed(finders.OWN_PACKAGE)
    if party is not None and actor.kind == "agency":
        return Seen(inspection, declaration, party, _case(party.review_id))
    if actor.kind in ("auditor", "system") or known:
        return Seen(inspection, declaration, None, None)
    raise NotFound()


def get_sample(inspection_id: uuid.UUID, sample_id: uuid.UUID, *, actor: Actor) -> SeenSample:
    """Return a sample that the actor's agency took. Raises NotFound for any other."""
    seen = get_inspection(inspection_id, actor=actor)
    for sample in seen.inspection.samples:
        if sample.id == sample_id and sample.agency == actor.agency:
            return SeenSample(seen, sample)
    raise NotFound()


def _case(review_id: uuid.UUID) -> Review:
    query = sa.select(Review).where(Review.id == review_id).options(joinedload(Review.declaration))
    return session().scalars(query).one()


def _releases(actor: Actor, declaration_id: uuid.UUID) -> bool:
    query = sa.select(sa.literal(1)).where(
        Review.declaration_id == declaration_id, Review.agency == actor.agency, Review.releases
    )
    return actor.kind == "agency" and session().scalar(query.limit(1)) is not None


def lock_package(declaration_id: uuid.UUID) -> Declaration:
    """Lock the package: everything about its inspections waits for this, so that they have one order."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == declaration_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def lock_reviews(declaration_id: uuid.UUID) -> dict[uuid.UUID, Review]:
    """Lock the reviews of a package that count, in the order of their ids; the package is locked already."""
    query = (
        sa.select(Review)
        .where(Review.declaration_id == declaration_id, Review._status != "superseded")
        .options(joinedload(Review.declaration))
        .order_by(Review.id)
        .with_for_update(of=Review)
        .execution_options(populate_existing=True)
    )
    return {review.id: review for review in session().scalars(query)}


def lock_inspection(inspection_id: uuid.UUID) -> Inspection:
    """Lock an inspection and read it afresh with its parties, calls and samples."""
    query = (
        sa.select(Inspection)
        .where(Inspection.id == inspection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def list_inspections(declaration_id: uuid.UUID) -> Sequence[Inspection]:
    """Return the inspections of a package in the order in which they were ordered."""
    query = sa.select(Inspection).where(Inspection.declaration_id == declaration_id)
    return session().scalars(query.order_by(Inspection.number)).all()


def last_number(declaration_id: uuid.UUID) -> int:
    """Return the highest number of an inspection of the package, 0 when there is none; the package is locked already."""
    query = sa.select(sa.func.max(Inspection.number)).where(Inspection.declaration_id == declaration_id)
    return session().scalar(query) or 0


def list_open_parts(review_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these reviews wait for an inspection: accepted, open, and nothing recorded yet."""
    query = (
        sa.select(InspectionParty.review_id)
        .join(Inspection, Inspection.id == InspectionParty.inspection_id)
        .where(
            InspectionParty.review_id.in_(list(review_ids)),
            InspectionParty.answer == "accepted",
            InspectionParty.recorded_at.is_(None),
            Inspection._status.in_(OPEN),
        )
    )
    return set(session().scalars(query))


def waits_for_inspection(review: Review) -> bool:
    """Whether a review that goes on after a question goes on in the state ``inspection``."""
    return review.id in list_open_parts([review.id])


def list_bound_items(declaration_id: uuid.UUID) -> list[tuple[int, str]]:
    """Return the goods items that an inspection binds to their numbers, with the agencies: those that are to be looked at,
    and those that a finding speaks against. Any other goods under such a number would bear what was found on these."""
    query = (
        sa.select(Inspection._status, Inspection.items, InspectionParty.agency, InspectionParty.against)
        .join(InspectionParty, InspectionParty.inspection_id == Inspection.id)
        .where(Inspection.declaration_id == declaration_id, InspectionParty.answer != "declined")
        .order_by(InspectionParty.agency)
    )
    return [
        (number, agency)
        for status, items, agency, against in session().execute(query)
        for number in (items if status in OPEN else against)
    ]


def list_findings(declaration_id: uuid.UUID, agency: str) -> Sequence[tuple[Inspection, InspectionParty]]:
    """Return what an agency found on a package, oldest first, whichever of its reviews it belonged to."""
    query = (
        sa.select(Inspection, InspectionParty)
        .join(InspectionParty, InspectionParty.inspection_id == Inspection.id)
        .where(
            Inspection.declaration_id == declaration_id,
            InspectionParty.agency == agency,
            InspectionParty.recorded_at.is_not(None),
        )
        .order_by(InspectionParty.recorded_at, InspectionParty.id)
    )
    return [(inspection, party) for inspection, party in session().execute(query)]


def list_agenda(actor: Actor, *, cursor: str | None = None) -> Page[Agenda]:
    """Return one page of what waits for the actor's agency: slots to answer and findings to record, oldest order first.

    Raises NotFound for a cursor that we did not give out.
    """
    query = (
        sa.select(Inspection, Declaration.number, InspectionParty.answer, InspectionParty.review_id)
        .join(InspectionParty, InspectionParty.inspection_id == Inspection.id)
        .join(Declaration, Declaration.id == Inspection.declaration_id)
        .where(InspectionParty.agency == actor.agency, sa.text(PARTY_OPEN))
        .order_by(InspectionParty.inspection_id)
        .limit(PAGE + 1)
    )
    if actor.office:
        query = query.where(Declaration.office_code == actor.office)
    if cursor:
        try:
            query = query.where(InspectionParty.inspection_id > uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = [Agenda(one, number or "", answer, case) for one, number, answer, case in session().execute(query)]
    following = str(rows[PAGE - 1].inspection.id) if len(rows) > PAGE else None
    return Page(rows[:PAGE], following)


def list_booked(place_code: str, from_at: datetime, to_at: datetime, *, agency: str) -> Sequence[Booked]:
    """Return the seats taken at a place; only an agency on the inspection learns which one it is."""
    query = (
        sa.select(Booking.slot_from, Booking.inspection_id, Declaration.number, InspectionParty.id)
        .join(Inspection, Inspection.id == Booking.inspection_id)
        .join(Declaration, Declaration.id == Inspection.declaration_id)
        .outerjoin(
            InspectionParty,
            sa.and_(InspectionParty.inspection_id == Inspection.id, InspectionParty.agency == agency),
        )
        .where(Booking.place_code == place_code, Booking.slot_from >= from_at, Booking.slot_from < to_at)
        .order_by(Booking.slot_from, Booking.seat)
    )
    return [
        Booked(start, inspection_id if own else None, number if own and number else "")
        for start, inspection_id, number, own in session().execute(query)
    ]
