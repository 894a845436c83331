"""A CITES permit is compared by two: proposed, looked at blind, countersigned; refused to one person; decided over."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from lxml import html

from app.access import SYSTEM
from app.clock import today
from app.database import Database, transaction
from app.identity import accounts
from app.identity.models import Organisation, Person
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_xml, open_case, packed, state


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


def proposed(world: World, **fields: str) -> tuple[str, str, str]:
    """Vera files crocodile bags, Nina proposes; return the package, its number and the case."""
    where = file_xml(world.vera, packed("crocodile_bags"))
    number = state(world.vera, where)["number"]
    case = open_case(world.nina, number)
    assert "CITES" in words(world.nina.get(f"{case}?lang=en")).split("Your proposal")[1]
    answer = world.nina.submit("/propose", **({"item-1-outcome": "approved", "note": "The seal is genuine"} | fields))
    assert answer.status_code == 200, words(answer)[:600]
    return where, number, case


def look(officer: Someone, case: str) -> str:
    return words(officer.get(f"{case}?lang=en"))


def test_the_second_officer_looks_without_the_first_ones_words_and_signs(world: World) -> None:
    where, number, case = proposed(world)
    own = look(world.nina, case)
    assert "Another officer of your agency signs it" in own
    assert "The seal is genuine" in own
    seen = look(world.natallia, case)
    assert "Say first what you would decide" in seen
    assert "The seal is genuine" not in seen
    assert "item 1 approved" not in seen
    answer = world.natallia.submit("/countersign")
    assert answer.status_code == 422
    assert "no decision" in words(answer)
    answer = world.natallia.submit("/countersign", **{"item-1-outcome": "approved"})
    assert "two signatures" in words(answer)
    seen = look(world.natallia, case)
    assert "second: Наталля Прыродная" in seen
    approve(world.maria, number)
    assert state(world.vera, where)["status"] == "released"


def test_a_different_result_goes_back_to_both_with_everything_typed(world: World) -> None:
    _where, _number, case = proposed(world)
    look(world.natallia, case)
    answer = world.natallia.submit("/countersign", **{"item-1-outcome": "refused"})
    assert "another result" in words(answer)
    assert "Ніна Прыродная Approved, Наталля Прыродная Refused" in words(answer)
    page = world.nina.get(f"{case}?lang=en")
    assert "came to another result: Наталля Прыродная" in words(page)
    world.nina.submit("/claim")
    page = world.nina.get(f"{case}?lang=en")
    form = next(f for f in html.fromstring(page.text).forms if "/propose" in (f.action or ""))
    typed = dict(form.form_values())
    assert (typed["item-1-outcome"], typed["note"].strip()) == ("approved", "The seal is genuine")


def test_the_second_signature_is_refused_then_given(world: World) -> None:
    _where, _number, case = proposed(world)
    look(world.natallia, case)
    page = html.fromstring(world.natallia.page.text)
    key = page.xpath("//section[@id='proposal']//input[@name='proposal']/@value")[0]
    answer = world.natallia.post(f"{case}/return?lang=en", proposal=key, **{"return-reason": " "})
    assert answer.status_code == 422
    assert "It is not said why" in words(answer)
    answer = world.natallia.post(f"{case}/return", proposal=key, **{"return-reason": "Паглядзіце дату дазволу"})
    assert answer.status_code == 303
    assert "Паглядзіце дату дазволу" in look(world.nina, case)
    world.nina.submit("/claim")
    world.nina.get(f"{case}?lang=en")
    world.nina.submit("/propose", note="Дата правільная")
    stale = world.natallia.post(f"{case}/countersign?lang=en", proposal=key, **{"item-1-outcome": "approved"})
    assert stale.status_code == 409
    look(world.natallia, case)
    assert "two signatures" in words(world.natallia.submit("/countersign", **{"item-1-outcome": "approved"}))


def test_one_person_with_two_roles_never_signs_both(world: World, database: Database) -> None:
    _where, _number, case = proposed(world)
    key = _pending(world.nina, case)
    with transaction(database) as session:
        nina = session.scalars(sa.select(Person).where(Person.email == world.nina.email)).one()
        house = session.scalars(sa.select(Organisation).where(Organisation.agency == "BY-MPR")).one()
        accounts.add_membership(
            nina, house, roles=("officer", "supervisor"), post="намеснік", valid_from=today(), by=SYSTEM
        )
    world.nina.get("/hats")
    world.nina.submit("/hats/")
    for path, fields in (("countersign", {"item-1-outcome": "approved"}), ("return", {"return-reason": "No"})):
        answer = world.nina.post(f"{case}/{path}?lang=en", proposal=key, **fields)
        assert answer.status_code == 403
        assert "yourself" in words(answer)
    answer = world.nina.post(f"{case}/override?lang=en", **{"override-reason": "Alone"})
    assert answer.status_code == 403
    assert "another supervisor" in words(answer)


def test_a_supervisor_decides_over_it_with_a_reason(world: World) -> None:
    where, _number, case = proposed(world)
    seen = look(world.nazar, case)
    assert "Decide over the proposal" in seen
    world.nazar.get(f"{case}/override?lang=en")
    answer = world.nazar.submit("/override", **{"item-1-outcome": "approved", "override-reason": ""})
    assert answer.status_code == 422
    assert "It is not said why" in words(answer)
    answer = world.nazar.submit("/override", **{"item-1-outcome": "approved", "override-reason": "Тэрмін сканчаецца"})
    assert answer.status_code == 200
    seen = look(world.nazar, case)
    assert "over a proposal, by a supervisor" in seen
    assert "Тэрмін сканчаецца" in seen
    trader = words(world.vera.get(f"{where}?lang=en"))
    assert "Тэрмін сканчаецца" not in trader
    assert "The seal is genuine" not in trader


def _pending(officer: Someone, case: str) -> str:
    page = html.fromstring(officer.get(case).text)
    return str(page.xpath("//section[@id='proposal']//input[@name='proposal']/@value")[0])
