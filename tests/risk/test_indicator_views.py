"""An officer composes an indicator without JavaScript; other agencies answer; a trader is never let near."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.database import Database, transaction
from app.risk import finders
from tests.factories.world import World

FORM = {
    "title": "Новы імпарцёр пластыку", "reason": "Няма дзе перапрацаваць", "basis": "INTERPOL 2020", "confidence": "seen",
    "direction": "import", "prefixes": "3915", "weight": "30", "effect": "red", "agencies": "BY-GTK",
    "b1-join": "all", "b1-1-fact": "trader.prior_packages", "b1-1-of": "3915 24", "b1-1-op": "is", "b1-1-value": "0",
    "b1-2-fact": "item.origin_groups", "b1-2-of": "", "b1-2-op": "contains_none", "b1-2-value": "OECD", "b1-2-to": "",
}  # fmt: skip


def form(**other: str) -> dict[str, str]:
    today = clock.today()
    days = {
        "valid_from": today.strftime("%d.%m.%Y"),
        "valid_until": (today + timedelta(days=300)).strftime("%d.%m.%Y"),
    }
    return {**FORM, **days, **other}


def proposed(world: World) -> str:
    world.nina.get("/risk/indicators/new")
    answer = world.nina.post("/risk/indicators/new", **form())
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_an_officer_composes_an_indicator_and_others_answer(world: World, app: Flask, database: Database) -> None:
    page = world.nina.get("/risk/indicators/new").text
    assert "складзены" not in page
    grown = world.nina.post("/risk/indicators/new", **form(do="row-1", weight="not a number"))
    assert grown.status_code == 200
    assert 'name="b1-3-fact"' in grown.text
    assert 'value="not a number"' in grown.text
    assert "члены АЭСР" in grown.text, "it is read aloud"
    always = {"b1-join": "any", "b1-1-fact": "item.net_kg", "b1-1-op": "below", "b1-1-value": "5", "b1-1-of": ""}
    always |= {"b1-2-fact": "item.net_kg", "b1-2-op": "at_least", "b1-2-value": "5"}
    warned = world.nina.post("/risk/indicators/new", **form(do="aloud", **always)).text
    assert "Пры ўвозе тавараў 3915, калі маса нета" in warned
    assert "спаўняецца заўсёды" in warned
    refused = world.nina.post("/risk/indicators/new", **form(weight="101", **{"b1-2-value": "NOWHERE"}))
    assert refused.status_code == 422
    assert 'href="#weight"' in refused.text
    assert 'href="#b1-2"' in refused.text
    assert "Няма дзе перапрацаваць" in refused.text
    here = proposed(world)
    assert "BY-MPR-0001" in world.nina.get(here).text
    assert "Абавязкова" not in world.nina.get(here).text
    assert world.nina.post(f"{here}/trial").status_code == 403
    assert "waiting" in world.mikola.get("/risk/indicators?waiting=1").text
    assert here in world.mikola.get("/risk/indicators?waiting=1&agency=BY-MPR&mode=proposed").text
    assert world.mikola.post(f"{here}/answer", answer="declined", reason="").status_code == 422
    assert world.mikola.post(f"{here}/answer", answer="agreed").status_code == 303
    assert world.nazar.post(f"{here}/trial").status_code == 303
    assert world.nazar.post(f"{here}/activate").status_code == 303
    with transaction(database, writing=False):
        assert [one.row.shadow for one in finders.current_indicators().indicators] == [False]
    assert world.nazar.post(f"{here}/activate").status_code == 409
    again = world.nina.get(f"{here}/revise")
    assert 'value="3915 24"' in again.text
    following = world.nina.post(f"{here}/revise", **form(weight="55"))
    assert following.status_code == 303
    assert world.nazar.post(f"{following.headers['Location']}/withdraw").status_code == 303
    assert world.nazar.post(f"{here}/end", reason="").status_code == 422
    assert world.nazar.post(f"{here}/end", reason="Не дае знаходак").status_code == 303
    assert "Не дае знаходак" in world.audit.get(here).text
    assert world.audit.post(f"{here}/end", reason="x").status_code == 403


def test_the_catalogue_of_facts_is_read_by_officers(world: World) -> None:
    page = world.maria.get("/risk/facts").text
    assert "краіна паходжання" in page
    assert re.search(r"<code|class=\"code", page)


@pytest.mark.parametrize("who", ["anna", "bogdan", "admin"])
def test_a_trader_never_sees_an_indicator(world: World, who: str) -> None:
    here = proposed(world)
    someone = getattr(world, who)
    for path in (here, f"{here}/revise", "/risk/indicators", "/risk/facts", "/risk/indicators/new"):
        answer = someone.get(path)
        assert answer.status_code in (403, 404), path
        assert "BY-MPR-0001" not in answer.text
    for deed in ("answer", "trial", "activate", "end", "withdraw", "revise"):
        assert someone.post(f"{here}/{deed}").status_code in (403, 404)
    assert "/risk/indicators" not in someone.get("/").text


def test_an_agency_that_is_not_named_sees_nothing(world: World) -> None:
    here = proposed(world)
    assert world.olga.get(here).status_code == 404
    assert "BY-MPR-0001" not in world.olga.get("/risk/indicators").text
