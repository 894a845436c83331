"""The environment proposes an indicator for plastic waste, customs agrees, it is tried, put in force, and catches a newcomer; the
trader never learns of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lxml import html

from app import clock
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state

TITLE = "Пластык новага імпарцёра"


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


def form() -> dict[str, str]:
    today = clock.today()
    return {
        "title": TITLE, "reason": "Няма дзе перапрацаваць", "basis": "INTERPOL 2020", "confidence": "seen",
        "direction": "import", "prefixes": "3915", "weight": "30", "effect": "red", "agencies": "BY-GTK",
        "valid_from": today.strftime("%d.%m.%Y"), "valid_until": (today + timedelta(days=300)).strftime("%d.%m.%Y"),
        "b1-join": "all", "b1-1-fact": "trader.prior_packages", "b1-1-of": "3915 24", "b1-1-op": "is", "b1-1-value": "0",
    }  # fmt: skip


def filed(world: World, flakes: str) -> str:
    """File the package of meat, flowers and plastic once more, its plastic described a little otherwise; returns where it is."""
    package = packed("beef_flowers_pet")
    body = package.xml.decode()
    assert "PET" in body
    return file_xml(world.anna, replace(package, xml=body.replace("PET", f"PET {flakes}", 1).encode()))


def risk_of(officer: Any, number: str) -> str:
    page = html.fromstring(officer.get(open_case(officer, number) + "?lang=en").text)
    [section] = page.xpath("//section[@id='risk']")
    return re.sub(r"\s+", " ", section.text_content())


def test_an_indicator_is_shared_tried_and_catches_a_newcomer(world: World) -> None:
    world.nina.get("/risk/indicators/new")
    here = str(world.nina.post("/risk/indicators/new", **form()).headers["Location"])
    assert TITLE in words(world.mikola.get("/risk/indicators?waiting=1"))
    assert world.mikola.post(f"{here}/answer", answer="agreed").status_code == 303
    assert TITLE not in words(world.olga.get("/risk/indicators")), "the veterinarians were not asked"
    # The author does not start her own: another person of the agency does, on trial first.
    assert world.nina.post(f"{here}/trial").status_code == 403
    assert world.nazar.post(f"{here}/trial").status_code == 303

    tried = state(world.anna, filed(world, "clear"))["number"]
    seen = risk_of(world.nina, tried)
    assert TITLE in seen
    assert "on trial, counts for nothing" in seen
    assert "Red lane" not in seen

    assert world.nazar.post(f"{here}/activate", reason="Выпрабаванне паказала тое, чаго мы чакалі").status_code == 303
    where = filed(world, "blue")
    caught = state(world.anna, where)["number"]
    # What was filed on the same day is no past yet: she is still new to these goods.
    for officer in (world.nina, world.maria):
        seen = risk_of(officer, caught)
        assert "Red lane" in seen
        assert TITLE in seen
    assert TITLE not in risk_of(world.olga, caught)
    for path in (where, f"{where}?lang=en", "/packages", "/account"):
        assert TITLE not in world.anna.get(path).text
        assert "BY-MPR-0001" not in world.anna.get(path).text

    # Ended, it catches nobody any more; what it found stays on the case.
    assert world.nazar.post(f"{here}/end", reason="Больш не патрэбны").status_code == 303
    after = state(world.anna, filed(world, "green"))["number"]
    assert TITLE not in risk_of(world.nina, after)
    assert TITLE in risk_of(world.nina, caught)
    assert "Больш не патрэбны" in words(world.audit.get(here))
