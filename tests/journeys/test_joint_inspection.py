"""A joint veterinary and customs inspection: one slot for both, one unfavourable finding, one item refused, the rest go."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import time_machine
from lxml import html

from app.clock import MINSK
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_xml, open_case, packed, state


def words(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def first_free(page) -> str:
    """The first slot of the form that can still be taken."""
    slots = html.fromstring(page.text).xpath("//input[@name='slot'][not(@disabled)]/@value")
    assert slots, words(page)[:400]
    return str(slots[0])


def case_of(officer: Someone, number: str) -> str:
    """Find the case in the officer's own queue without claiming it."""
    page = html.fromstring(officer.get("/queue").text)
    return next(str(a.get("href")) for a in page.xpath("//a[contains(@href, '/cases/')]") if number in a.text_content())


def record(officer: Someone, inspection: str, **fields: object) -> None:
    officer.get(inspection)
    answer = officer.submit("/finding", follow=False, **fields)
    assert answer.status_code == 303, words(answer)[:800]


def test_one_look_for_two_agencies(world: World) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    olga, maria = world.olga, world.maria
    case = open_case(olga, number)

    # The veterinarian orders it for herself and customs, at the first free slot.
    olga.get(f"{case}/inspect?lang=en")
    slot = first_free(olga.page)
    answer = olga.submit(
        "/inspect",
        items="1",
        agencies="BY-GTK",
        slot=slot,
        instructions="Temperature of the boxes",
        order="yes",
    )
    assert answer.status_code == 200, words(answer)[:800]
    inspection = answer.request.path
    assert inspection.startswith("/inspections/")
    told = words(world.anna.get(f"{where}?lang=en"))
    assert "The agencies are agreeing on a place and a time" in told

    # Customs would rather have the next one; the veterinarian agrees.
    maria.get(f"{case_of(maria, number)}?lang=en")
    assert "Your answer is wanted" in words(maria.page)
    maria.get(inspection)
    later = html.fromstring(maria.page.text).xpath("//input[@name='slot'][not(@disabled)]/@value")[-1]
    answer = maria.submit("/slot", slot=later)
    assert answer.status_code == 200, words(answer)[:800]
    maria.submit("/call", service="canine", call_reason="A double floor is likely")
    assert "The agencies are agreeing" in words(world.anna.get(where))
    olga.get(inspection)
    assert olga.submit("/accept").status_code == 200

    # The trader is told place, time and what to bring, and nothing of the dogs.
    told = words(world.anna.get(where))
    begins = datetime.strptime(later, "%Y-%m-%dT%H:%M").replace(tzinfo=MINSK)
    assert f"{begins:%H:%M}" in told
    assert "the originals of the documents" in told
    assert "canine" not in told.lower()
    assert "double floor" not in told

    with time_machine.travel(begins + timedelta(hours=2), tick=True):
        for one in (olga, maria, world.anna):
            one.signed_in = False
        today = f"{begins:%Y-%m-%d}"
        record(
            olga, f"{inspection}?lang=en", outcome="unfavourable", against="1", findings="Boxes at +9 °C",
            act_type="09028", act_number="77-17", act_on=today,
        )  # fmt: skip
        record(maria, f"{inspection}?lang=en", outcome="favourable", findings="As declared", act_type="", act_on="")

        # The finding is in the veterinarian's form; approving against it needs a word.
        open_case(olga, number)
        form = html.fromstring(olga.page.text)
        assert form.get_element_by_id("item-1-refused").get("checked") is not None
        assert "09028 № 77-17" in form.get_element_by_id("item-1-legal_ground").text
        answer = olga.submit("/decide", **{"item-1-outcome": "approved"})
        assert answer.status_code == 422
        assert "against the finding of an inspection" in words(answer)
        open_case_again = olga.get(case)
        assert "item-1-outcome" in open_case_again.text
        answer = olga.submit("/decide", **{"item-1-outcome": "refused", "item-1-reason_code": "VET-SAFETY"})
        assert answer.status_code == 200, words(answer)[:800]

        for officer in (world.fyodar, world.nina):
            approve(officer, number)
        approve(
            maria, number,
            **{
                "item-1-outcome": "refused", "item-1-reason_code": "CUS-AGENCY", "item-1-legal_ground": "Act 09028",
                "item-2-outcome": "approved", "item-3-outcome": "approved",
            },
        )  # fmt: skip
        found = state(world.anna.sign_in(), where)
        assert found["status"] == "released"
        told = words(world.anna.get(where))
        assert "09028 № 77-17" in told
        assert "+9" not in told
