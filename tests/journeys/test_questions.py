"""Questions to the trader: asked, answered, not answered, asked by two agencies, asked on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from lxml import html

from app.cli.packing import stand_in
from app.clock import MINSK
from app.database import transaction
from app.declarations.models import Declaration
from app.reviews.models import Review
from tests.factories.world import Someone, World
from tests.journeys.roads import approve, file_xml, packed, state

VET, CUSTOMS = "BY-DVPN", "BY-GTK"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MINSK)
VET_CERTIFICATE = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/AdditionalDocument[2]"


def text_of(page: Any) -> str:
    """The words of a page, blanks made one."""
    return " ".join(html.fromstring(page.text).text_content().split())


def case_of(officer: Someone, number: str, agency: str) -> str:
    """The address of the case an agency has now."""
    with transaction(officer.app.extensions["akno.database"], writing=False) as session:
        query = (
            sa.select(Review.id)
            .join(Declaration, Declaration.id == Review.declaration_id)
            .where(Declaration.number == number, Review.agency == agency, Review._status != "superseded")
        )
        return f"/cases/{session.scalars(query).one()}"


def ask(officer: Someone, number: str, path: str = VET_CERTIFICATE, *, agency: str = VET, **fields: Any) -> Any:
    """Claim the case and send a question; returns the page that answers."""
    case = case_of(officer, number, agency)
    officer.get(f"{case}/ask?path={path}")
    said = {
        "sign": "UNCLEAR",
        "text": "The seal on page two cannot be read.",
        "wanted": ["01201"],
        "on_silence": "on-file",
    }
    return officer.submit("/ask", **(said | fields))


def answer(trader: Someone, where: str, number: int = 1, **fields: Any) -> Any:
    """Open the page of a question and send the answer."""
    page = trader.get(f"{where}/questions/{number}")
    assert page.status_code == 200
    return trader.submit(f"/questions/{number}", **fields)


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


def test_a_question_is_answered_with_a_better_certificate(world: World, filed: tuple[str, str]) -> None:
    """The trader sees what is wanted and by when, answers on one page; a version is made, the veterinary review looks again,
    the others keep what they have."""
    where, number = filed
    approve(world.fyodar, number)
    before = case_of(world.olga, number, VET)
    page = ask(world.olga, number)
    assert page.status_code == 200, text_of(page)[:800]
    assert "The seal on page two cannot be read." in page.text
    assert state(world.anna, where)["status"] == "awaiting-trader"

    shown = world.anna.get(where)
    assert f"{where}/questions/1" in shown.text
    asked = world.anna.get(f"{where}/questions/1")
    assert "The seal on page two cannot be read." in asked.text
    assert "UA-VET-26-771204" in asked.text
    assert "Зайцава" not in asked.text + shown.text, "the trader deals with agencies, not with officers"

    page = answer(
        world.anna, where, text="Here is the new one.",
        **{
            "paper-1-number": "UA-VET-26-771299", "paper-1-issued": "20.11.2026",
            "paper-1-file": (io.BytesIO(stand_in("01201", "UA-VET-26-771299")), "certificate.pdf"),
        },
    )  # fmt: skip
    assert page.status_code == 200, text_of(page)[:1500]
    found = state(world.anna, where)
    assert (found["status"], found["version"]) == ("under-review", 2)
    after = case_of(world.olga, number, VET)
    assert after != before
    case = world.olga.get(after)
    assert "Here is the new one." in case.text
    assert "UA-VET-26-771299" in case.text
    link = next(a.get("href") for a in html.fromstring(case.text).xpath("//a[contains(@href, '/questions/1/files/')]"))
    assert world.olga.browser.get(link).data.startswith(b"%PDF")
    plants = next(lane for lane in found["lanes"] if lane["agency"] == "BY-GGISKZR")
    assert (plants["status"], plants["decisions"][0]["version"]) == ("decided", 1)
    world.olga.get(after)
    settled = world.olga.submit("/questions/1/settle")
    assert settled.status_code == 200
    assert state(world.anna, where)["status"] == "under-review"


def test_a_refused_answer_loses_nothing(world: World, filed: tuple[str, str]) -> None:
    """What was typed stands there again, at its field the fault; the file is in the library and chosen."""
    where, number = filed
    ask(world.olga, number)
    page = answer(
        world.anna, where, text="With the new one.",
        **{
            "paper-1-issued": "31.02.2026", "paper-1-number": "UA-9",
            "paper-1-file": (io.BytesIO(stand_in("01201", "UA-9")), "kept.pdf"),
        },
    )  # fmt: skip
    assert page.status_code == 422
    tree = html.fromstring(page.text)
    assert "With the new one." in tree.get_element_by_id("text").text_content()
    assert tree.get_element_by_id("paper-1-number").get("value") == "UA-9"
    assert tree.get_element_by_id("paper-1-issued").get("value") == "31.02.2026"
    assert tree.xpath("//div[@class='summary']//a[@href='#paper-1-issued']")
    (chosen,) = tree.xpath("//select[@id='paper-1-kept']/option[@selected]")
    assert "kept.pdf" in chosen.text_content()
    assert "kept.pdf" in world.anna.browser.get("/documents").text
    assert state(world.anna, where)["version"] == 1
    again = world.anna.submit("/questions/1", **{"paper-1-issued": "20.11.2026"})
    assert again.status_code == 200, text_of(again)[:1500]
    assert state(world.anna, where)["version"] == 2


def test_a_value_is_mended_on_the_page_of_the_question(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    place = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Description"
    page = ask(
        world.maria,
        number,
        place,
        agency=CUSTOMS,
        sign="UNCLEAR",
        wanted=[],
        none_wanted="yes",
        text="Which cut is it?",
    )
    assert page.status_code == 200, text_of(page)[:800]
    box = "GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Description"
    asked = world.piotr.get(f"{where}/questions/1")
    assert "Ялавічына" in asked.text
    wrong = answer(world.piotr, where, **{box: "x" * 600})
    assert wrong.status_code == 422
    assert "x" * 600 in wrong.text
    page = world.piotr.submit("/questions/1", **{box: "Ялавічына астуджаная без касцей, паляндвіца"})
    assert page.status_code == 200, text_of(page)[:1500]
    assert state(world.anna, where)["version"] == 2
    assert "паляндвіца" in world.anna.get(where).text


def test_words_alone_change_nothing(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    ask(world.olga, number)
    assert answer(world.anna, where).status_code == 422
    page = answer(world.anna, where, text="It is the round seal of the district.")
    assert page.status_code == 200, text_of(page)[:1500]
    found = state(world.anna, where)
    assert (found["status"], found["version"]) == ("under-review", 1)
    twice = world.piotr.get(f"{where}/questions/1")
    assert "paper-1-file" not in twice.text, "an answered question has no form"


def test_silence_on_file(world: World, worker: Any, filed: tuple[str, str], monday: time_machine.Traveller) -> None:
    where, number = filed
    ask(world.olga, number, deadline="own", own_day="23.11.2026", own_time="14:30")
    worker.watch()
    assert state(world.anna, where)["status"] == "awaiting-trader"
    monday.move_to(MONDAY.replace(hour=14, minute=31))
    worker.watch()
    people = world.at(world.app)
    assert state(people.anna.sign_in(), where)["status"] == "under-review"
    assert "paper-1-file" in people.anna.get(f"{where}/questions/1").text, "a late answer is taken until the decision"
    approve(people.olga, number)
    assert state(people.anna, where)["lanes"]
    late = people.anna.get(f"{where}/questions/1")
    assert "paper-1-file" not in late.text


def test_silence_that_refuses(
    world: World, worker: Any, filed: tuple[str, str], monday: time_machine.Traveller
) -> None:
    """The decision form proposes the refusal that the question announced; the trader was told beforehand."""
    where, number = filed
    ask(world.olga, number, deadline="own", own_day="23.11.2026", own_time="14:30", on_silence="refusal")
    assert "refus" in text_of(english(world.anna).get(f"{where}/questions/1"))
    monday.move_to(MONDAY.replace(hour=14, minute=31))
    worker.watch()
    people = world.at(world.app)
    case = case_of(people.olga, number, VET)
    people.olga.get(case)
    people.olga.submit("/claim")
    form = html.fromstring(people.olga.get(case).text)
    assert form.xpath("//input[@name='item-1-outcome' and @value='refused' and @checked]")


def test_two_agencies_ask_about_one_document(world: World, filed: tuple[str, str]) -> None:
    """The second is shown the first's question and says that it means it; one answer does not answer both."""
    where, number = filed
    ask(world.olga, number, text="Page two is missing.")
    refused = ask(world.maria, number, agency=CUSTOMS, text="I cannot read it either.")
    assert refused.status_code == 422
    assert "Page two is missing." in refused.text
    assert "I cannot read it either." in refused.text
    sent = world.maria.submit("/ask", nevertheless="yes", wanted=["01201"])
    assert sent.status_code == 200, text_of(sent)[:900]
    answer(world.anna, where, 1, text="It is on the back.")
    assert state(world.anna, where)["status"] == "awaiting-trader"
    answer(world.anna, where, 2, text="Look at the back.")
    assert state(world.anna, where)["status"] == "under-review"


def test_asking_on(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    ask(world.olga, number)
    answer(world.anna, where, text="It is on the back.")
    case = case_of(world.olga, number, VET)
    world.olga.get(case)
    world.olga.submit("/claim")
    world.olga.get(f"{case}/questions/1")
    empty = world.olga.submit("/follow-up", text="")
    assert empty.status_code == 422
    sent = world.olga.submit("/follow-up", text="Of which page?")
    assert sent.status_code == 200, text_of(sent)[:900]
    assert state(world.anna, where)["status"] == "awaiting-trader"
    assert "Of which page?" in world.anna.get(f"{where}/questions/1").text
    answer(world.anna, where, text="Of the first.")
    thread = world.olga.get(f"{case}/questions/1")
    assert ["Of which page?" in thread.text, "Of the first." in thread.text] == [True, True]


def test_a_question_that_carries_too_little(world: World, filed: tuple[str, str]) -> None:
    """Every fault at once, each at its field; nothing typed is lost, nothing is sent."""
    where, number = filed
    page = ask(
        world.olga, number, "", wanted=[], sign="", text="Half a question", on_silence="", deadline="own",
        own_day="01.11.2026", own_time="10:00",
    )  # fmt: skip
    assert page.status_code == 422
    tree = html.fromstring(page.text)
    linked = {a.get("href") for a in tree.xpath("//div[@class='summary']//a")}
    assert {"#path", "#sign", "#wanted", "#deadline", "#on_silence"} <= linked
    assert "Half a question" in tree.get_element_by_id("text").text_content()
    assert tree.get_element_by_id("own_day").get("value") == "01.11.2026"
    assert state(world.anna, where)["status"] == "under-review"
    assert html.fromstring(world.olga.get(case_of(world.olga, number, VET)).text).xpath("//a[@id='ask']")


def test_withdrawn_with_a_reason(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    ask(world.olga, number)
    case = case_of(world.olga, number, VET)
    world.olga.get(f"{case}/questions/1")
    assert world.olga.submit("/withdraw", reason="").status_code == 422
    assert world.olga.submit("/withdraw", reason="I found page two.").status_code == 200
    asked = world.anna.get(f"{where}/questions/1")
    assert "I found page two." in asked.text
    assert state(world.anna, where)["status"] == "under-review"


def test_strangers_and_readers(world: World, filed: tuple[str, str]) -> None:
    where, number = filed
    ask(world.olga, number)
    case = case_of(world.olga, number, VET)
    assert world.vera.get(f"{where}/questions/1").status_code == 404
    assert world.anna.get(f"{where}/questions/7").status_code == 404
    assert world.fyodar.get(f"{case}/questions/1").status_code == 404
    assert world.fyodar.get(f"{case}/ask").status_code == 404
    assert world.anna.get(f"{case}/ask").status_code == 404
    world.vera.get("/packages")
    assert world.vera.post(f"{where}/questions/1", text="I say").status_code == 404


def english(who: Someone) -> Someone:
    """The same person reading English."""
    who.sign_in()
    who.get("/packages?lang=en")
    return who


def test_addresses_and_fields_that_somebody_bent(world: World, filed: tuple[str, str]) -> None:
    """Nothing somebody types is our mistake: an address leads nowhere, a field says what it wants."""
    where, number = filed
    ask(world.olga, number)
    case = case_of(world.olga, number, VET)
    far = 10**30
    assert world.anna.get(f"{where}/questions/{far}").status_code == 404
    assert world.olga.get(f"{case}/questions/{far}").status_code == 404
    assert world.olga.get(f"{case}/ask?path={'x' * 3000}").status_code == 200
    bent = {
        "paper-1-kept": "no-id", "paper-1-where": "old:9:9", "paper-1-number": "1", "paper-1-expires": "31.31.31",
        "paper-1-type": "?", "version": "x",
    }  # fmt: skip
    assert answer(world.anna, where, text="x", **bent).status_code == 422
    assert answer(world.anna, where, text="x" * 5000).status_code == 422
    for fields in (
        {"deadline": "0001-01-01T00:00:00+14:00"}, {"deadline": "9999-12-31T23:59:59-12:00"}, {"deadline": "soon"},
        {"deadline": "own", "own_day": "01.01.0001", "own_time": "00:00"}, {"version": "9" * 40}, {"wanted_more": "A " * 999},
    ):  # fmt: skip
        page = ask(world.fyodar, number, "/Declaration/InvoiceAmount", agency="BY-GGISKZR", **fields)
        assert page.status_code in (412, 422), fields
