"""What agencies find: recorded once each, their cases go on, and what speaks against an item is known to the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, database
from app.errors import Conflict, Invalid, NotFound
from app.ledger.models import Entry
from app.reviews import claiming, finding, inspecting, inspection_finders
from app.reviews.inspection_examining import Act, Found
from app.reviews.inspection_models import Inspection, InspectionParty
from app.reviews.models import Review
from tests.reviews.inspections import at_the_slot, joint, ordered, said
from tests.reviews.making import CUSTOMS, VET, file_committed, file_package, get
from tests.reviews.racing import race


def status(filed, agency: str) -> str:
    return database.session().get_one(Review, filed.reviews[agency]).status


def test_each_agency_goes_on_with_its_own_finding_and_the_last_one_ends_it(session, country):
    filed = file_package(country)
    inspection = joint(filed, country.olga, country.kira)
    with at_the_slot(inspection):
        finding.record(inspection, said=said(country.olga, "unfavourable", (1,)), by=country.olga)
        assert (inspection.status, status(filed, VET), status(filed, CUSTOMS)) == ("agreed", "queued", "inspection")
        assert get(filed, country.olga).assignee_id == country.olga.person_id
        finding.record(inspection, said=said(country.kira), by=country.kira)
    assert (inspection.status, status(filed, CUSTOMS)) == ("done", "queued")
    assert inspection.done_at is not None
    entries = session.scalars(sa.select(Entry).where(Entry.event == "inspection.finding_recorded")).all()
    assert [entry.payload["outcome"] for entry in entries] == ["unfavourable", "favourable"]
    assert entries[0].payload["against"] == [1]
    assert all("Boxes" not in entry.leaf.decode() for entry in entries)
    assert finding.against(get(filed, country.olga))[1] == (
        f"09028 № ВА-17 ({inspection.parties[0].act_on:%d.%m.%Y})" if inspection.parties[0].agency == VET
        else f"09028 № ВА-17 ({inspection.parties[1].act_on:%d.%m.%Y})",
        "Boxes opened: 12 of 310",
    )  # fmt: skip
    assert finding.against(get(filed, country.kira)) == {}


def test_a_later_favourable_look_takes_the_word_back(session, country):
    filed = file_package(country)
    first = ordered(filed, country.olga)
    with at_the_slot(first):
        finding.record(first, said=said(country.olga, "unfavourable", (1,)), by=country.olga)
        claiming.claim(get(filed, country.olga), by=country.olga)
        second = ordered(filed, country.olga)
        assert second.number == 2
    with at_the_slot(second):
        assert set(finding.against(get(filed, country.olga))) == {1}
        finding.record(second, said=said(country.olga), by=country.olga)
        assert finding.against(get(filed, country.olga)) == {}


def test_a_finding_is_recorded_once_and_not_before_everybody_agrees(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, CUSTOMS)
    with at_the_slot(inspection):
        with pytest.raises(Conflict):
            finding.record(inspection, said=said(country.olga), by=country.olga)
        with pytest.raises(Conflict):
            finding.record(inspection, said=said(country.kira), by=country.kira)
        inspecting.accept(inspection, by=country.kira)
        finding.record(inspection, said=said(country.olga), by=country.olga)
        with pytest.raises(Conflict) as told:
            finding.record(inspection, said=said(country.petr), by=country.petr)
        assert "Olga Zaitseva" in str(told.value.message)
        for act in (
            lambda: inspecting.cancel(inspection, reason="late", by=country.olga),
            lambda: inspecting.propose_slot(inspection, place="06611-1", start=None, by=country.kira),
            lambda: inspecting.decline(inspection, by=country.olga),
        ):
            with pytest.raises(Exception, match=r"recorded|ordered"):
                act()
        inspecting.decline(inspection, by=country.kira)
    assert inspection.status == "done"
    assert status(filed, CUSTOMS) == "queued"


def test_too_early_and_without_an_act(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga)
    with pytest.raises(Invalid) as told:
        finding.record(inspection, said=Found("favourable", "Fine"), by=country.olga)
    assert {fault.code for fault in told.value.faults} >= {"ACT-TYPE-MISSING"}
    assert not session.scalars(sa.select(InspectionParty).where(InspectionParty.recorded_at.is_not(None))).all()


def test_documents_need_no_act(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, kind="documents", place="", start=None)
    with pytest.raises(Conflict):
        take(inspection, country.olga)
    finding.record(inspection, said=Found("favourable", "The seals agree"), by=country.olga)
    assert (inspection.status, status(filed, VET)) == ("done", "queued")


def take(inspection, by, **changed):
    fields = {
        "number": "S-1", "item": 1, "laboratory": "BELGOSVETCENTR", "expected_on": clock.today() + timedelta(days=3),
    } | changed  # fmt: skip
    return finding.take_sample(inspection, by=by, **fields)


def test_a_sample_goes_to_a_laboratory_and_its_answer_is_awaited(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, kind="sampling")
    with at_the_slot(inspection):
        sample = take(inspection, country.olga)
        with pytest.raises(Invalid) as told:
            take(inspection, country.olga)
        assert [fault.code for fault in told.value.faults] == ["SAMPLE-TWICE"]
        with pytest.raises(Invalid) as told:
            finding.record(inspection, said=said(country.olga), by=country.olga)
        assert [fault.code for fault in told.value.faults] == ["FINDING-SAMPLE-OPEN"]
        with pytest.raises(Invalid) as told:
            finding.answer_sample(sample, outcome="", result="", by=country.olga)
        assert {fault.field for fault in told.value.faults} == {
            f"sample-{sample.id}-outcome",
            f"sample-{sample.id}-result",
        }
        finding.answer_sample(sample, outcome="favourable", result="No residue", by=country.olga)
        with pytest.raises(Conflict):
            finding.answer_sample(sample, outcome="unfavourable", result="Residue", by=country.olga)
        finding.record(inspection, said=said(country.olga), by=country.olga)
        with pytest.raises(Conflict):
            take(inspection, country.olga, number="S-2")
    assert inspection.status == "done"
    with pytest.raises(NotFound):
        inspection_finders.get_sample(inspection.id, sample.id, actor=country.kira)


def test_no_sample_before_the_day(session, country):
    filed = file_package(country)
    inspection = ordered(filed, country.olga, kind="sampling")
    late = inspection.slot_from
    if clock.today() < late.astimezone(clock.MINSK).date():
        with pytest.raises(Invalid) as told:
            take(inspection, country.olga)
        assert "SAMPLE-EARLY" in {fault.code for fault in told.value.faults}


def test_a_finding_of_one_agency_by_two_officers_at_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        inspection = ordered(filed, country.olga)
        key = inspection.id

    def record(who):
        found = inspection_finders.get_inspection(key, actor=who).inspection
        finding.record(found, said=Found("favourable", who.name, (), Act("09028", who.name, clock.today())), by=who)

    with at_the_slot(inspection):
        told = race(both_engines, {name: lambda name=name: record(getattr(country, name)) for name in ("olga", "petr")})
    assert sorted(type(one).__name__ for one in told.values()) == ["Conflict", "NoneType"]
    with database.transaction(both_engines, writing=False) as session:
        assert session.get_one(Inspection, key).status == "done"
        recorded = sa.select(sa.func.count()).select_from(Entry).where(Entry.event == "inspection.finding_recorded")
        assert session.scalar(recorded) == 1


def test_both_agencies_record_at_once_and_it_ends_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        inspection = joint(filed, country.olga, country.kira)
        key = inspection.id

    def record(who):
        finding.record(inspection_finders.get_inspection(key, actor=who).inspection, said=said(who), by=who)

    with at_the_slot(inspection):
        told = race(both_engines, {name: lambda name=name: record(getattr(country, name)) for name in ("olga", "kira")})
    assert told == {"olga": None, "kira": None}
    with database.transaction(both_engines, writing=False) as session:
        assert session.get_one(Inspection, key).status == "done"
        ended = sa.select(sa.func.count()).select_from(Entry).where(Entry.event == "inspection.done")
        assert session.scalar(ended) == 1
