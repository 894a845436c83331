"""The pages of inspections: what is typed is kept, refusals stand at their fields, the trader learns only what is his."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html
from sqlalchemy import event

from app import clock, database
from app.reviews import claiming, finding, inspecting, inspection_desk, naming
from app.reviews.inspection_models import Inspection
from tests.reviews.inspections import YARD, at_the_slot, free_slot, joint, ordered, said
from tests.reviews.making import CUSTOMS, PHYTO, VET, file_committed, file_package, get
from tests.reviews.test_views import case_path, door

__all__ = ["door"]


def typed(**fields):
    start = free_slot()
    return {
        "version": "1", "kind": "physical", "items": ["1"], "agencies": [CUSTOMS], "place": YARD, "day": start.key[:10],
        "slot": start.key, "instructions": "Count <b>boxes</b>",
    } | fields  # fmt: skip


def text_of(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def field_links_work(page) -> None:
    tree = html.fromstring(page.text)
    links = [link.get("href") for link in tree.find_class("summary")[0].iter("a")]
    assert links
    assert all(tree.get_element_by_id(link.removeprefix("#")) is not None for link in links)


@pytest.fixture
def filed(engines, country):
    made = file_committed(engines, country)
    with database.transaction(engines):
        claiming.claim(get(made, country.olga), by=country.olga)
    return made


@pytest.fixture
def slot_fields(engines):
    with database.transaction(engines, writing=False):
        return typed()


def the_inspection(engines) -> Inspection:
    with database.transaction(engines, writing=False) as session:
        return session.scalars(sa.select(Inspection)).one()


def test_an_order_from_the_case_to_the_page_of_the_other_agency(door, engines, country, filed, slot_fields):
    page = door.open(country.olga, case_path(filed))
    assert case_path(filed, tail="/inspect") in page.text
    form = door.open(country.olga, case_path(filed, tail="/inspect"))
    assert form.status_code == 200
    assert "Customs" in text_of(form)
    answer = door.send(country.olga, case_path(filed, tail="/inspect"), **slot_fields)
    assert answer.status_code == 303, text_of(answer)
    shown = door.open(country.olga, answer.location)
    assert shown.status_code == 200
    assert "Count &lt;b&gt;boxes&lt;/b&gt;" in shown.text
    assert "Slot proposed" in text_of(shown)
    page = door.open(country.kira, case_path(filed, CUSTOMS))
    assert "Your answer is wanted" in text_of(page)
    assert "Your answer is wanted" in text_of(door.open(country.kira, "/inspections"))
    assert door.send(country.kira, f"{answer.location}/accept").status_code == 303
    assert the_inspection(engines).status == "agreed"
    again = door.send(country.kira, f"{answer.location}/accept")
    assert again.status_code == 409
    assert "answered already" in text_of(again)


def test_showing_the_free_times_of_another_day_loses_nothing_and_writes_nothing(door, engines, country, filed):
    day = (clock.today() + timedelta(days=3)).isoformat()
    fields = {"kind": "sampling", "items": ["1"], "instructions": "Kept", "place": "06611-1", "day": day, "show": "yes"}
    answer = door.send(country.olga, case_path(filed, tail="/inspect"), **fields)
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    form = next(form for form in tree.forms if (form.action or "").find("/inspect") > 0)
    assert form.fields["instructions"].strip() == "Kept"
    assert form.fields["place"] == "06611-1"
    assert form.fields["day"] == day
    assert form.fields["kind"] == "sampling"
    with database.transaction(engines, writing=False) as session:
        assert not session.scalars(sa.select(Inspection)).all()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "No kind of inspection is chosen"),
        ({"items": []}, "No goods item is marked"),
        ({"slot": ""}, "No time of inspection is chosen"),
        ({"slot": "2020-01-01T10:00"}, "has already passed"),
        ({"place": "NOTHING"}, "No place of inspection is chosen"),
        ({"agencies": ["BY-TI"]}, "cannot be asked to join"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_whole(door, country, filed, slot_fields, changed, words):
    answer = door.send(country.olga, case_path(filed, tail="/inspect"), **(slot_fields | changed))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Count &lt;b&gt;boxes&lt;/b&gt;" in answer.text
    field_links_work(answer)


def test_a_slot_taken_meanwhile_offers_others_and_keeps_what_was_typed(door, engines, country, filed, slot_fields):
    other = file_committed(engines, country)
    with database.transaction(engines):
        ordered(other, country.olga)
    answer = door.send(country.olga, case_path(filed, tail="/inspect"), **slot_fields)
    assert answer.status_code == 409
    assert "was taken meanwhile" in text_of(answer)
    assert "The next free ones" in text_of(answer)
    assert "Count &lt;b&gt;boxes&lt;/b&gt;" in answer.text
    field_links_work(answer)


def test_without_a_claim_the_form_claims_and_orders_in_one(door, engines, country, slot_fields):
    filed = file_committed(engines, country)
    assert "Claim the case and order the inspection" in door.open(country.olga, case_path(filed, tail="/inspect")).text
    answer = door.send(country.olga, case_path(filed, tail="/inspect"), **slot_fields, claim="yes")
    assert answer.status_code == 303
    with database.transaction(engines, writing=False):
        assert get(filed, country.olga).status == "inspection"


@pytest.fixture
def agreed(engines, country, filed):
    with database.transaction(engines):
        return joint(filed, country.olga, country.kira)


def path_of(inspection, tail="") -> str:
    return f"/inspections/{inspection.id}{tail}"


def test_a_finding_that_cannot_be_taken_comes_back_whole(door, engines, country, agreed):
    with at_the_slot(agreed):
        fields = {
            "outcome": "unfavourable",
            "findings": "Warm <i>meat</i>",
            "act_type": "09028",
            "act_number": "",
            "act_on": "x",
        }
        answer = door.send(country.olga, path_of(agreed, "/finding"), **fields)
        assert answer.status_code == 422
        assert "Warm &lt;i&gt;meat&lt;/i&gt;" in answer.text
        field_links_work(answer)
        said_all = text_of(answer)
        for words in ("no goods item is named", "The act has no number", "missing or cannot be read"):
            assert words in said_all
        fields |= {"against": ["1"], "act_number": "ВА-17", "act_on": f"{clock.today():%d.%m.%Y}"}
        answer = door.send(country.olga, path_of(agreed, "/finding"), **fields)
        assert answer.status_code == 303
        again = door.send(country.petr, path_of(agreed, "/finding"), **fields)
        assert again.status_code == 409
        assert "Warm &lt;i&gt;meat&lt;/i&gt;" in again.text
        page = text_of(door.open(country.kira, path_of(agreed)))
        assert "Warm <i>meat</i>" in page
        assert "against item 1" in page


def test_the_decision_form_proposes_the_refusal(door, engines, country, filed, agreed):
    with at_the_slot(agreed):
        with database.transaction(engines):
            finding.record(agreed, said=said(country.olga, "unfavourable", (1,)), by=country.olga)
            claiming.claim(get(filed, country.olga), by=country.olga)
        page = html.fromstring(door.open(country.olga, case_path(filed)).text)
        assert page.get_element_by_id("item-1-refused").get("checked") is not None
        assert "09028 № ВА-17" in page.get_element_by_id("item-1-legal_ground").text
        fields = {"version": "1", "digest": filed.digest, "item-1-outcome": "approved"}
        answer = door.send(country.olga, case_path(filed, tail="/decide"), **fields)
        assert answer.status_code == 422
        assert "against the finding of an inspection" in text_of(answer)
        answer = door.send(country.olga, case_path(filed, tail="/decide"), **fields, note="A second look cleared it")
        assert answer.status_code == 303


def test_samples_calls_and_slots_through_their_forms(door, engines, country, agreed):
    at = path_of(agreed)
    answer = door.send(country.kira, f"{at}/call", service="canine", call_reason="")
    assert answer.status_code == 422
    field_links_work(answer)
    assert door.send(country.kira, f"{at}/call", service="canine", call_reason="A false wall").status_code == 303
    assert "A false wall" in text_of(door.open(country.olga, at))
    answer = door.send(country.olga, f"{at}/slot", place=YARD, day="2020-01-06", slot="2020-01-06T10:00")
    assert answer.status_code == 422
    field_links_work(answer)
    assert door.send(country.olga, f"{at}/slot", place="06611-1", day="", slot="", show="yes").status_code == 200
    with at_the_slot(agreed):
        answer = door.send(
            country.olga, f"{at}/samples", sample_number="", sample_item="", laboratory="", expected_on=""
        )
        assert answer.status_code == 422
        field_links_work(answer)
        fields = {"sample_number": "S-1", "sample_item": "1", "laboratory": "BELGOSVETCENTR"}
        day = (clock.today() + timedelta(days=2)).isoformat()
        assert door.send(country.olga, f"{at}/samples", **fields, expected_on=day).status_code == 303
        sample = the_inspection(engines).samples[0]
        answer = door.send(country.olga, f"{at}/samples/{sample.id}", outcome="", result="")
        assert answer.status_code == 422
        field_links_work(answer)
        assert door.send(country.kira, f"{at}/samples/{sample.id}", outcome="favourable", result="x").status_code == 404
        sent = door.send(country.olga, f"{at}/samples/{sample.id}", outcome="favourable", result="Clean")
        assert sent.status_code == 303
    answer = door.send(country.olga, f"{at}/cancel", cancel_reason="")
    assert answer.status_code == 422
    field_links_work(answer)
    assert door.send(country.kira, f"{at}/cancel", cancel_reason="x").status_code == 403
    assert door.send(country.kira, f"{at}/decline").status_code == 303


def test_who_may_see_what(door, engines, country, filed, agreed):
    for name, expected in {"olga": 200, "kira": 200, "ada": 200, "fedor": 404, "anna": 404}.items():
        assert door.open(getattr(country, name), path_of(agreed)).status_code == expected, name
    assert door.send(country.ada, path_of(agreed, "/accept")).status_code == 403
    for path in ("/inspections", "/inspections/places", f"/inspections/places/{YARD}"):
        assert door.open(country.anna, path).status_code == 403
        assert door.open(country.olga, path).status_code == 200
    assert door.open(country.olga, "/inspections/places/NOTHING").status_code == 404
    # An agency that takes no part learns that there is an inspection, and nothing of what is said there.
    page = text_of(door.open(country.fedor, f"/cases/{filed.reviews['BY-GGISKZR']}"))
    assert "Inspection 1" in page
    assert "Count the boxes" not in page


def test_the_calendar_shows_seats_and_only_ones_own_packages(door, engines, country, agreed):
    day = f"{agreed.slot_from.astimezone(clock.MINSK):%Y-%m-%d}"
    page = door.open(country.olga, f"/inspections/places/{YARD}?day={day}")
    assert path_of(agreed) in page.text
    assert "1/1 full" in text_of(page)
    page = door.open(country.fedor, f"/inspections/places/{YARD}?day={day}")
    assert path_of(agreed) not in page.text
    assert "1/1 full" in text_of(page)
    assert "closed" in text_of(page)
    assert door.open(country.olga, f"/inspections/places/{YARD}?day=9999-99-99").status_code == 200


def test_the_trader_is_told_place_and_time_and_never_who_was_called(engines, country, filed):
    with database.transaction(engines):
        inspection = ordered(filed, country.olga, CUSTOMS)
        names = naming.names()
        before = inspection_desk.for_trader(filed.declaration_id, names)[0]
        assert before.place is None
        inspecting.call(inspection, service="police", reason="Secret", by=country.olga)
        inspecting.accept(inspection, by=country.kira)
        told = inspection_desk.for_trader(filed.declaration_id, names)[0]
        assert "06611" not in told.place["en"]
        assert "Cold bay" in told.place["en"]
        assert told.acts == []
    with at_the_slot(inspection), database.transaction(engines):
        finding.record(inspection, said=said(country.olga, "unfavourable", (1,)), by=country.olga)
        finding.record(inspection, said=said(country.kira), by=country.kira)
        told = inspection_desk.for_trader(filed.declaration_id, names)[0]
        assert [act for _agency, act in told.acts] == [
            finding.act_words(next(p for p in told.inspection.parties if p.agency == VET))
        ]


@pytest.mark.parametrize("place", ["case", "page", "agenda", "calendar"])
def test_the_number_of_statements_does_not_grow(door, engines, country, place):
    made = file_committed(engines, country)
    key = more_inspections(engines, country, made)
    path = {
        "case": case_path(made, CUSTOMS), "page": f"/inspections/{key}", "agenda": "/inspections",
        "calendar": f"/inspections/places/{YARD}",
    }[place]  # fmt: skip
    reading = door.app.extensions["akno.database"].reading

    def count() -> int:
        statements: list[str] = []

        def listen(*facts) -> None:
            statements.append(facts[2])

        event.listen(reading, "before_cursor_execute", listen)
        assert door.open(country.kira, path).status_code == 200
        event.remove(reading, "before_cursor_execute", listen)
        return len(statements)

    count()
    first = count()
    for _ in range(3):
        more_inspections(engines, country, made)
    assert count() <= first


def more_inspections(engines, country, made):
    """One more on the package, cancelled, and one on another package that waits for customs, whose id is returned."""
    with database.transaction(engines):
        inspecting.cancel(ordered(made, country.olga, CUSTOMS, PHYTO), reason="Again", by=country.olga)
        return ordered(file_package(country), country.olga, CUSTOMS).id
