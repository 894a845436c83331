"""Ordering inspections: alone and jointly, slots that everybody accepts, seats that only one gets."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from app import clock, database
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.reviews import booking, claiming, inspecting, inspection_finders, proposing, routing, slots
from app.reviews.inspection_models import Booking, Inspection
from app.reviews.models import Review
from tests.reviews.inspections import YARD, an_order, free_slot, joint, ordered
from tests.reviews.making import CUSTOMS, PHYTO, VET, file_committed, file_package, four_eyes, get, propose, sign
from tests.reviews.racing import race


def codes(told) -> list[str]:
    return [fault.code for fault in told.value.faults]


def events(session, filed) -> list[str]:
    query = sa.select(Entry.event).where(Entry.declaration_id == filed.declaration_id).order_by(Entry.position)
    return list(session.scalars(query))


def status(filed, agency: str) -> str:
    return database.session().get_one(Review, filed.reviews[agency]).status


def answers(inspection) -> dict[str, str]:
    return {party.agency: party.answer for party in inspection.parties}


def test_an_agency_alone_agrees_with_itself(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga)
    assert (inspection.status, inspection.number, answers(inspection)) == ("agreed", 1, {VET: "accepted"})
    review = get(filed, country.olga)
    assert (review.status, review.claimed_by_id, review.assignee_id) == ("inspection", None, country.olga.person_id)
    seat = session.scalars(sa.select(Booking)).one()
    assert (seat.place_code, seat.slot_from, seat.inspection_id) == (YARD, inspection.slot_from, inspection.id)
    told = events(session, filed)
    assert told[-3:] == ["inspection.ordered", "review.inspection_ordered", "inspection.agreed"]


def test_a_look_at_documents_needs_no_place(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, kind="documents", place="", start=None)
    assert (inspection.status, inspection.place_code, inspection.slot_from) == ("agreed", "", None)
    assert not session.scalars(sa.select(Booking)).all()


def test_a_joint_inspection_waits_for_every_agency(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS, PHYTO)
    assert inspection.status == "proposed"
    assert answers(inspection) == {VET: "accepted", CUSTOMS: "pending", PHYTO: "pending"}
    assert status(filed, CUSTOMS) == "queued"
    inspecting.accept(inspection, by=country.kira)
    assert (inspection.status, status(filed, CUSTOMS)) == ("proposed", "inspection")
    inspecting.accept(inspection, by=country.fedor)
    assert inspection.status == "agreed"
    assert inspection.agreed_at is not None
    assert get(filed, country.fedor).assignee_id == country.fedor.person_id
    assert events(session, filed).count("inspection.agreed") == 1
    with pytest.raises(Conflict):
        inspecting.accept(inspection, by=country.kira)


def test_a_proposal_resets_what_the_others_accepted_and_frees_the_seat(session, country):
    filed = file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    earlier, later = inspection.slot_from, free_slot(skip=1).from_at
    inspecting.propose_slot(inspection, place=YARD, start=later, by=country.kira)
    assert inspection.status == "proposed"
    assert answers(inspection) == {VET: "pending", CUSTOMS: "accepted"}
    assert (inspection.proposed_by, inspection.slot_from, inspection.agreed_at) == (CUSTOMS, later, None)
    seats = session.scalars(sa.select(Booking.slot_from)).all()
    assert seats == [later]
    assert earlier not in seats
    inspecting.accept(inspection, by=country.olga)
    assert inspection.status == "agreed"


def test_an_agency_alone_moves_its_own_slot(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga)
    later = free_slot(skip=2).from_at
    inspecting.propose_slot(inspection, place=YARD, start=later, by=country.olga)
    assert (inspection.status, inspection.slot_from) == ("agreed", later)
    inspecting.propose_slot(inspection, place=YARD, start=later, by=country.olga)
    assert len(session.scalars(sa.select(Booking)).all()) == 1


def test_an_agency_may_take_no_part(session, country):
    filed = file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    inspecting.decline(inspection, by=country.kira)
    assert (inspection.status, status(filed, CUSTOMS), status(filed, VET)) == ("agreed", "queued", "inspection")
    with pytest.raises(NotAllowed):
        inspecting.decline(inspection, by=country.olga)
    with pytest.raises(Conflict):
        inspecting.decline(inspection, by=country.kira)


def test_the_last_one_missing_declines_and_the_rest_is_agreed(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS)
    inspecting.decline(inspection, by=country.kira)
    assert inspection.status == "agreed"


def test_without_a_claim_nothing_is_ordered(session, country):
    filed = file_package(country)
    with pytest.raises(Conflict) as told:
        inspecting.order(get(filed, country.olga), order=an_order(), version=1, by=country.olga)
    assert told.value.facts["claim"] == "needed"
    claiming.claim(get(filed, country.petr), by=country.petr)
    with pytest.raises(Conflict) as told:
        inspecting.order(get(filed, country.olga), order=an_order(), version=1, by=country.olga)
    assert told.value.facts["claimed_by"] == "Petr Ivanou"


def test_everything_wrong_with_an_order_is_said_at_once(session, country):
    filed = file_package(country)
    with pytest.raises(Invalid) as told:
        ordered(filed, country.olga, "BY-TI", kind="x", items=(9,), place="", start=None, instructions="x" * 2001)
    assert codes(told) == ["INSPECTION-KIND", "INSPECTION-ITEM-FOREIGN", "INSPECTION-AGENCY", "INSPECTION-TOO-LONG"]
    with pytest.raises(Invalid) as told:
        ordered(filed, country.olga, items=(), place="NOTHING", start=None)
    assert codes(told) == ["INSPECTION-ITEMS", "INSPECTION-PLACE"]
    with pytest.raises(Invalid) as told:
        ordered(filed, country.olga, start=clock.now())
    assert codes(told) == ["SLOT-PAST"]
    assert not session.scalars(sa.select(Inspection)).all()


def test_a_full_slot_offers_the_next_free_ones(session, country):
    first, second = file_package(country), file_package(country)
    inspection = ordered(first, country.olga)
    taken = inspection.slot_from
    with pytest.raises(booking.SlotTaken) as told:
        ordered(second, country.olga, start=taken)
    offered = told.value.facts["free"]
    assert len(offered) == slots.NEXT
    assert slots.Slot(taken, taken).key not in offered
    assert told.value.fault.field == "slot"
    assert "06611" not in str(told.value.message)


def test_a_decided_case_and_one_with_a_question_stay_as_they_are(session, country):
    filed = file_package(country)
    sign(filed, country.fedor)
    with pytest.raises(Invalid) as told:
        ordered(filed, country.olga, PHYTO)
    assert codes(told) == ["INSPECTION-AGENCY"]
    session.get_one(Review, filed.reviews[CUSTOMS])._status = "question"
    session.flush()
    inspection = ordered(filed, country.olga, CUSTOMS)
    inspecting.accept(inspection, by=country.kira)
    assert (inspection.status, status(filed, CUSTOMS)) == ("agreed", "question")
    assert inspection_finders.waits_for_inspection(get(filed, country.kira))


def test_a_case_that_somebody_works_on_is_not_taken_from_under_them(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.kira, VET, items=(1, 2))
    claiming.claim(get(filed, country.petr), by=country.petr)
    with pytest.raises(Conflict):
        inspecting.accept(inspection, by=country.olga)
    inspecting.accept(inspection, by=country.petr)
    assert inspection.status == "agreed"


def test_services_are_called_once_and_with_a_reason(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga)
    with pytest.raises(Invalid) as told:
        inspecting.call(inspection, service="army", reason=" ", by=country.olga)
    assert codes(told) == ["CALL-SERVICE", "INSPECTION-REASON"]
    inspecting.call(inspection, service="canine", reason="A hidden compartment is likely", by=country.olga)
    with pytest.raises(Conflict) as told:
        inspecting.call(inspection, service="canine", reason="Again", by=country.petr)
    assert "Olga Zaitseva" in str(told.value.message)
    entry = session.scalars(sa.select(Entry).where(Entry.event == "inspection.service_called")).one()
    assert entry.payload["service"] == "canine"
    assert b"compartment" not in entry.leaf


def test_a_cancelled_inspection_frees_seat_and_cases(session, country):
    filed = file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    with pytest.raises(NotAllowed):
        inspecting.cancel(inspection, reason="No", by=country.kira)
    with pytest.raises(Invalid) as told:
        inspecting.cancel(inspection, reason=" ", by=country.olga)
    assert codes(told) == ["INSPECTION-REASON"]
    inspecting.cancel(inspection, reason="The lorry broke down", by=country.olga)
    assert (inspection.status, status(filed, VET), status(filed, CUSTOMS)) == ("cancelled", "queued", "queued")
    assert get(filed, country.olga).assignee_id == country.olga.person_id
    assert not session.scalars(sa.select(Booking)).all()
    assert not inspection_finders.list_agenda(country.kira).rows
    with pytest.raises(Conflict):
        inspecting.propose_slot(inspection, place=YARD, start=free_slot().from_at, by=country.olga)


def test_a_withdrawn_package_leaves_no_inspection(session, country):
    filed = file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    declaration = get(filed, country.olga).declaration
    happenings = inspecting.close_for(declaration, country.anna)
    assert [one.event for one in happenings] == ["inspection.cancelled"]
    assert inspection.status == "cancelled"
    assert not session.scalars(sa.select(Booking)).all()
    assert inspecting.close_for(declaration, country.anna) == []
    assert {one.event for one in routing.close_reviews(declaration, by=country.anna)} == {"review.superseded"}


def test_an_inspection_follows_the_successor_of_its_case(session, country):
    """What an amendment does: the vet's case is replaced, customs is asked no longer."""
    filed, other = file_package(country), file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    successor = other.reviews[VET]
    declaration = get(filed, country.olga).declaration
    happenings = inspecting.follow(declaration, {filed.reviews[VET]: successor}, {filed.reviews[CUSTOMS]}, country.anna)
    assert [one.event for one in happenings] == ["review.inspection_ordered"]
    assert session.get_one(Review, successor).status == "inspection"
    assert answers(inspection) == {VET: "accepted", CUSTOMS: "declined"}
    happenings = inspecting.follow(declaration, {}, {successor}, country.anna)
    assert [one.event for one in happenings] == ["inspection.cancelled"]
    assert not session.scalars(sa.select(Booking)).all()


def test_an_inspection_that_nobody_stands_behind_ends(session, country):
    """Its agency is asked no longer, and the one it called has not answered: nobody could cancel it, or be told a time."""
    filed = file_package(country)
    ordered(filed, country.olga, CUSTOMS)
    declaration = get(filed, country.olga).declaration
    happenings = inspecting.follow(declaration, {}, {filed.reviews[VET]}, country.anna)
    assert [one.event for one in happenings] == ["inspection.cancelled"]
    assert not session.scalars(sa.select(Booking)).all()


def test_the_last_one_to_leave_ends_it(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS, PHYTO)
    inspecting.accept(inspection, by=country.fedor)
    declaration = get(filed, country.olga).declaration
    assert inspecting.follow(declaration, {}, {filed.reviews[VET]}, country.anna) == []
    inspecting.decline(inspection, by=country.fedor)
    assert (inspection.status, status(filed, PHYTO)) == ("cancelled", "queued")
    told = events(session, filed)
    assert "inspection.agreed" not in told
    assert told[-3:] == ["inspection.declined", "review.inspection_ended", "inspection.cancelled"]
    assert not session.scalars(sa.select(Booking)).all()


def test_who_ordered_it_still_wants_it_when_a_proposer_leaves(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS)
    inspecting.propose_slot(inspection, place=YARD, start=free_slot(skip=1).from_at, by=country.kira)
    inspecting.decline(inspection, by=country.kira)
    assert (inspection.status, status(filed, VET), status(filed, CUSTOMS)) == ("proposed", "inspection", "queued")
    inspecting.accept(inspection, by=country.olga)
    assert inspection.status == "agreed"


def test_the_end_lets_everybodys_case_go(session, country):
    """Plants had accepted, customs proposed another time and left; the agency that ordered it is asked no longer."""
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS, PHYTO)
    inspecting.accept(inspection, by=country.fedor)
    inspecting.propose_slot(inspection, place=YARD, start=free_slot(skip=1).from_at, by=country.kira)
    inspecting.follow(get(filed, country.olga).declaration, {}, {filed.reviews[VET]}, country.anna)
    inspecting.decline(inspection, by=country.kira)
    assert (inspection.status, status(filed, PHYTO), status(filed, CUSTOMS)) == ("cancelled", "queued", "queued")


def test_nobody_goes_to_look_at_what_is_about_to_be_decided(session, country):
    """A decision that waits for the second officer would be signed without what is found."""
    filed = file_package(country)
    inspection = ordered(filed, country.kira, VET, items=(1,))
    four_eyes(filed, VET)
    proposal = propose(filed, country.olga)
    for act in (
        lambda: inspecting.accept(inspection, by=country.petr),
        lambda: inspecting.propose_slot(inspection, place=YARD, start=free_slot(skip=1).from_at, by=country.petr),
    ):
        with pytest.raises(Conflict) as told:
            act()
        assert told.value.facts["state"] == "proposed"
    assert answers(inspection)[VET] == "pending"
    proposing.countersign(
        get(filed, country.petr), proposal=proposal.id, version=1, digest=filed.digest, by=country.petr
    )
    with pytest.raises(Conflict) as told:
        inspecting.accept(inspection, by=country.petr)
    assert told.value.facts["state"] == "decided"
    inspecting.decline(inspection, by=country.petr)
    assert inspection.status == "agreed"


def test_other_agencies_neither_act_nor_see(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga)
    for act in (
        lambda: inspecting.accept(inspection, by=country.fedor),
        lambda: inspecting.call(inspection, service="police", reason="x", by=country.kira),
        lambda: inspecting.cancel(inspection, reason="x", by=country.anna),
    ):
        with pytest.raises(NotAllowed):
            act()
    for stranger in (country.fedor, country.anna):
        with pytest.raises(NotFound):
            inspection_finders.get_inspection(inspection.id, actor=stranger)
    for reader in (country.kira, country.ada):
        assert inspection_finders.get_inspection(inspection.id, actor=reader).party is None
    with pytest.raises(NotFound):
        inspection_finders.get_inspection(uuid.uuid4(), actor=country.olga)


def test_the_agenda_holds_what_an_agency_has_still_to_do(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS)
    row = inspection_finders.list_agenda(country.kira).rows[0]
    assert (row.inspection.id, row.answer, row.review_id) == (inspection.id, "pending", filed.reviews[CUSTOMS])
    assert row.number.startswith("06611/")
    with pytest.raises(NotFound):
        inspection_finders.list_agenda(country.kira, cursor="x")


# --- at once -------------------------------------------------------------------------------------------------------


def test_two_inspections_for_the_last_seat(both_engines, country_of_both):
    country = country_of_both
    filed = {name: file_committed(both_engines, country) for name in ("first", "second")}
    with database.transaction(both_engines):
        start = free_slot().from_at
        for one in filed.values():
            claiming.claim(get(one, country.olga), by=country.olga)
    told = race(
        both_engines,
        {name: lambda one=one: ordered(one, country.olga, start=start) for name, one in filed.items()},
    )
    assert sorted(str(type(one).__name__) for one in told.values()) == ["NoneType", "SlotTaken"]
    with database.transaction(both_engines, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Booking)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Inspection)) == 1


def test_two_seats_serve_two_at_once(both_engines, country_of_both):
    country = country_of_both
    filed = {name: file_committed(both_engines, country) for name in ("first", "second")}
    with database.transaction(both_engines):
        start = free_slot("06611-1").from_at
        for one in filed.values():
            claiming.claim(get(one, country.olga), by=country.olga)
    told = race(
        both_engines,
        {name: lambda one=one: ordered(one, country.olga, start=start, place="06611-1") for name, one in filed.items()},
    )
    assert set(told.values()) == {None}
    with database.transaction(both_engines, writing=False) as session:
        assert sorted(session.scalars(sa.select(Booking.seat))) == [0, 1]


def test_two_agencies_accept_at_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        key = ordered(filed, country.olga, CUSTOMS, PHYTO).id

    def accept(who):
        inspecting.accept(inspection_finders.get_inspection(key, actor=who).inspection, by=who)

    told = race(both_engines, {name: lambda name=name: accept(getattr(country, name)) for name in ("kira", "fedor")})
    assert told == {"kira": None, "fedor": None}
    with database.transaction(both_engines, writing=False) as session:
        assert session.get_one(Inspection, key).status == "agreed"
        assert events(session, filed).count("inspection.agreed") == 1
        assert events(session, filed).count("inspection.slot_accepted") == 2
