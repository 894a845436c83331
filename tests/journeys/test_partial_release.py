"""Goods released in parts, through the officers' own forms: what waits is held, nothing goes unpaid, the rest follows."""

from __future__ import annotations

import re
from typing import Any

from lxml import html

from tests.factories.five import five_items
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, open_case, state

PAID = {"payment": "secured", "payment_reference": "GS-2026/77"}


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


def choices(answer: Any, number: int) -> list[str]:
    page = html.fromstring(answer.text)
    return [str(value) for value in page.xpath(f"//input[@name='item-{number}-outcome']/@value")]


def test_three_go_first_then_one_then_the_last_is_refused(world: World, worker: Any) -> None:
    where = file_xml(world.anna, five_items())
    number = state(world.anna, where)["number"]
    vets = open_case(world.olga, number)
    answer = world.olga.submit("/decide", **{"rest": "yes", "item-4-outcome": "held", "item-5-outcome": "held"})
    assert answer.status_code == 422
    assert "held, but it is not said what it waits for" in words(answer) or "чаго ён чакае" in words(answer)
    held = {"item-4-hold": "Вынік лабараторыі", "item-5-hold": "Вынік лабараторыі"}
    assert world.olga.submit("/decide", **held).status_code == 200
    for name in ("fyodar", "nina"):
        approve(getattr(world, name), number)

    case = open_case(world.maria, number)
    page = world.maria.get(f"{case}?lang=en")
    assert choices(page, 1) == ["approved", "conditions", "held", "refused"]
    assert choices(page, 4) == ["held"]
    assert "Waits for" in words(page)
    unpaid = world.maria.submit("/decide", rest="yes", note="Checked at the gate")
    assert unpaid.status_code == 422
    assert "art. 118" in words(unpaid)
    assert "Checked at the gate" in unpaid.text
    sly = world.maria.submit("/decide", **(PAID | {"item-4-outcome": "approved"}))
    assert sly.status_code == 422
    assert "customs decides last" in words(sly)
    world.maria.get(f"{case}?lang=en")
    assert world.maria.submit("/decide", **(PAID | {"rest": "yes"})).status_code == 200
    assert state(world.anna, where)["status"] == "partly-released"
    page = world.maria.get(f"{case}?lang=en")
    assert "Decided before" in words(page)
    assert choices(page, 1) == []
    assert choices(page, 4) == ["held"]

    world.olga.get(f"{vets}?lang=en")
    world.olga.submit("/decide", **{"item-4-outcome": "approved", "item-5-outcome": "refused",
                                    "item-5-reason_code": "VET-CERTIFICATE", "item-5-legal_ground": "Act 1"})  # fmt: skip
    page = world.maria.get(f"{case}?lang=en")
    assert choices(page, 5) == ["held", "refused"]
    assert "Refused by" in words(page)
    only_one = {"item-4-outcome": "approved", "item-5-outcome": "held", "item-5-hold": "Talk with the trader"} | PAID
    assert world.maria.submit("/decide", **only_one).status_code == 200
    worker.drain()
    found = state(world.anna, where)
    assert (found["status"], [one["items"] for one in found["clearances"]]) == ("partly-released", [[1, 2, 3], [4]])

    again = world.maria.post(f"{case}/decide?lang=en", version="1", digest=found["digest"],
                             **({"item-4-outcome": "refused", "item-5-outcome": "refused"} | PAID))  # fmt: skip
    assert again.status_code == 422
    assert "released already" in words(again)
    world.maria.get(case)
    world.maria.submit("/decide", **{"item-5-outcome": "refused", "item-5-reason_code": "CUS-AGENCY", "item-5-legal_ground": "Act 1"})  # fmt: skip
    worker.drain()
    found = state(world.anna, where)
    assert found["status"] == "released"
    assert [one["items"] for one in found["clearances"]] == [[1, 2, 3], [4]]
