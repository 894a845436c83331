"""The page of a filed package and the same facts as data: whose turn, what each agency waits for, how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from lxml import html

from app.clock import MINSK
from app.database import Database, transaction
from app.insights.models import Pace
from tests.bench.stages import Statements
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_bytes, file_xml, open_case, packed, sign_all, state
from tests.journeys.test_amending import FLAKES, begin, send, write
from tests.journeys.test_questions import answer, ask

VET, PHYTO, NATURE, CUSTOMS = "BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-GTK"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)


def words(answer: Any, place: str = "//main") -> str:
    """The words of a part of a page (an id, or a path), blanks made one."""
    path = f"//*[@id='{place[1:]}']" if place.startswith("#") else place
    found = html.fromstring(answer.text).xpath(path)
    return " ".join(" ".join(one.text_content() for one in found).split())


def lane(found: dict[str, Any], agency: str) -> dict[str, Any]:
    """The data of one agency."""
    return next(one for one in found["lanes"] if one["agency"] == agency)


def page(who: Someone, where: str) -> Any:
    """The page of the package in English."""
    return who.get(f"{where}?lang=en")


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    """A working morning: deadlines are counted in working time."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def filed(world: World) -> tuple[str, str]:
    """Anna's beef, roses and pet flakes: the address of the package, and its number."""
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    return where, state(world.anna, where)["number"]


def test_from_the_agencies_turn_to_the_traders_and_on_to_customs(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    head = words(page(world.anna, where), "#head")
    assert "The agencies' turn." in head
    assert "You need not do anything now." in head
    assert "0 of 4 have signed" in head
    assert state(world.anna, where)["turn"]["who"] == "agencies"

    ask(world.olga, number)
    shown = page(world.anna, where)
    assert "Your turn: answer 1 question by 24 November 2026" in words(shown, "#head")
    assert "Question: answer by 24.11.2026" in words(shown, f"#lane-{VET}")
    assert f"{where}/questions/1" in html.fromstring(shown.text).xpath("//*[@id='head']//a/@href")
    found = state(world.anna, where)
    assert (found["turn"]["who"], found["turn"]["questions"]) == ("trader", [1])
    assert found["turn"]["by"] == found["questions"][0]["due_at"]
    assert found["questions"][0]["url"] == f"{where}/questions/1"
    assert (lane(found, VET)["pane"], lane(found, PHYTO)["pane"]) == ("held", "dark")
    assert lane(found, VET)["clock"]["paused_since"]
    assert lane(found, PHYTO)["clock"]["due_at"]

    answer(world.anna, where, text="It is on the back.")
    shown = page(world.anna, where)
    assert "The agencies' turn." in words(shown, "#head")
    assert "Answered" in words(shown, "#answered")
    assert words(shown, "#to-answer") == ""
    for officer in (world.olga, world.fyodar, world.nina):
        approve(officer, number)
    head = words(page(world.anna, where), "#head")
    assert "Customs' turn. Every other agency has decided; customs decides last." in head
    assert state(world.anna, where)["turn"] == {
        "who": "customs", "questions": [], "by": None, "inspection": None, "agencies": [CUSTOMS],
    }  # fmt: skip
    approve(world.maria, number)
    assert "Released. All agencies have decided." in words(page(world.anna, where), "#head")
    assert state(world.anna, where)["turn"]["who"] == "nobody"


def test_the_auditor_reads_whose_turn_it_is_as_a_third_person(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    ask(world.olga, number)
    head = words(page(world.audit, where), "#head")
    assert "The trader's turn: answer 1 question by" in head
    assert "Your turn" not in head


def test_packages_that_wait_for_the_trader_are_marked_and_found(world: World, filed: tuple[str, str]) -> None:
    _where, number = filed
    again = packed("beef_flowers_pet", lrn="OTHER-1")
    other = state(world.anna, file_bytes(world.anna, again.xml, "package.xml", confirmed="yes"))
    assert "No package matches." in words(world.anna.get("/packages?lang=en&status=your-turn"))
    ask(world.olga, number)
    listed = words(world.anna.get("/packages?lang=en"), "//tbody")
    assert listed.count("Your turn") == 1
    narrowed = words(world.anna.get("/packages?status=your-turn"), "//tbody")
    assert number in narrowed
    assert str(other["number"]) not in narrowed
    assert world.anna.get("/packages?status=nobodys-turn").status_code == 404


def test_what_a_change_does_not_concern_goes_on(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    approve(world.fyodar, number)
    begin(world.anna, where)
    write(world.anna, where, "items/3", **{FLAKES: "Шматкі ПЭТ празрыстыя"})
    send(world.anna, where)
    shown = page(world.anna, where)
    assert "Carried forward from version 1" in words(shown, f"#lane-{PHYTO}")
    assert "Goes on from version 1" in words(shown, f"#lane-{VET}")
    assert "from version" not in words(shown, f"#lane-{NATURE}")
    found = state(world.anna, where)
    assert [(lane(found, code)["carried_from"]) for code in (PHYTO, VET, NATURE)] == [1, 1, None]
    newest, first = found["versions"]
    assert (newest["number"], newest["cause"], sorted(newest["carried"])) == (2, "amended", [VET, PHYTO])
    assert newest["changes"].startswith(f"{where}/changes?")
    assert (first["number"], first["changes"]) == (1, None)
    assert world.anna.get(newest["changes"]).status_code == 200


def test_a_part_of_the_goods_is_told_item_by_item(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    approve(world.olga, number)
    approve(world.fyodar, number)
    open_case(world.maria, number)
    choices = {f"item-{n}-outcome": "approved" for n in (1, 2)} | {"item-3-outcome": "held"}
    world.maria.submit("/decide", payment="paid", payment_reference="PP-17/2026", **choices)
    shown = page(world.anna, where)
    assert "Partly released. Items 1–2 may go" in words(shown, "#head")
    assert "signed in part: 1" in words(shown, "#head")
    customs = words(shown, f"#lane-{CUSTOMS}")
    assert "Approved in part" in customs
    assert "items 1–2: approved · item 3: held" in customs
    found = state(world.anna, where)
    assert (lane(found, CUSTOMS)["pane"], lane(found, CUSTOMS)["results"]["3"]) == ("part", "held")
    assert "signed in part: 1" in words(world.anna.get("/packages?lang=en"), "//tbody")


def test_how_long_it_takes_is_told_where_enough_is_known(
    world: World, filed: tuple[str, str], database: Database
) -> None:
    where, _number = filed
    assert "Too few cases yet to say how long it usually takes." in words(page(world.anna, where), f"#lane-{VET}")
    took = [20, 25, 30, 35, 40, 150]
    with world.olga.app.app_context(), transaction(database) as session:
        session.add(
            Pace(agency=VET, minutes=took, median_minutes=32, working=took, median_working=32, updated_at=MONDAY)
        )
    told = words(page(world.anna, where), f"#lane-{VET}")
    assert "Half of its last 6 cases took no more than 0:32 h of working time, nine of ten no more than" in told
    assert "By that this one may be decided about 23.11.2026 10:3" in told
    assert "Due by 23.11.2026" in told


def test_a_second_check_is_told_and_nothing_more(world: World) -> None:
    where = file_xml(world.vera, packed("crocodile_bags"))
    number = state(world.vera, where)["number"]
    open_case(world.nina, number)
    world.nina.submit("/propose", **{"item-1-outcome": "approved", "note": "The seal is genuine"})
    shown = page(world.vera, where)
    assert "Being checked a second time" in words(shown, f"#lane-{NATURE}")
    for kept in ("The seal is genuine", "Proposed", "Ніна"):
        assert kept not in words(shown)
    assert lane(state(world.vera, where), NATURE)["pane"] == "dark"


def test_what_somebody_is_told_by_data_is_there_for_a_draft_and_after_the_end(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    found = sign_all(world, world.vera, where)
    assert found["status"] == "released"
    assert (lane(found, CUSTOMS)["clock"], lane(found, CUSTOMS)["pane"]) == (None, "lit")
    world.vera.get(where)
    answer = world.vera.post(f"{where}/copy")
    draft = state(world.vera, answer.headers["Location"])
    assert (draft["turn"], draft["questions"], draft["versions"], draft["lanes"]) == (None, [], [], [])


def test_the_page_asks_as_many_questions_of_the_database_whatever_happened(
    world: World, filed: tuple[str, str]
) -> None:
    where, number = filed
    ask(world.olga, number)
    answer(world.anna, where, text="It is on the back.")
    with Statements() as one:
        world.anna.get(where)
    with Statements() as one_told:
        state(world.anna, where)
    for officer, agency, item in ((world.fyodar, PHYTO, 2), (world.olga, VET, 1), (world.nina, NATURE, 3)):
        place = f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{item}]/AdditionalDocument[1]"
        asked = ask(officer, number, place, agency=agency, nevertheless="yes")
        assert asked.status_code == 200, words(asked, "//*[@role='alert']")
    assert len(state(world.anna, where)["questions"]) == 4
    with Statements() as several:
        world.anna.get(where)
    with Statements() as several_told:
        state(world.anna, where)
    assert len(several.sent) <= len(one.sent), "\n".join(several.sent)
    assert len(several_told.sent) <= len(one_told.sent), "\n".join(several_told.sent)
