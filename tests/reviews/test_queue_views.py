"""The queue through the browser's eyes: tabs with counts, filters in the address, several at once, habits, export, board."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from app import clock
from app.database import session, transaction
from app.ledger.models import Entry
from app.reviews.models import Review
from tests.bench.stages import Statements
from tests.journeys.roads import file_bytes, file_xml, open_case, packed, state


@pytest.fixture
def number(world):
    return state(world.anna, file_xml(world.anna, packed("beef_flowers_pet")))["number"]


def counts(page):
    """The counts of the tabs, by their words."""
    links = html.fromstring(page.text).xpath("//ul[contains(@class,'nav-tabs')]//a[span]")
    return {link.text.strip(): link.findtext("span") for link in links}


def numbers(page):
    """The numbers of the cases on a page, in order."""
    return html.fromstring(page.text).xpath("//table[contains(@class,'queue')]//a[contains(@href,'/cases/')]/text()")


def case_of(page):
    return html.fromstring(page.text).xpath("//tr/@data-case")[0]


def text_of(page):
    return " ".join(html.fromstring(page.text).text_content().split())


def test_the_tabs_count(world, number):
    page = world.olga.get("/queue?lang=en")
    told = counts(page)
    assert list(told) == ["To review", "Mine", "Questions open", "Inspections", "Second signature", "Due today"]
    assert (told["To review"], told["Mine"]) == ("1", "0")
    assert numbers(page) == [number]
    world.olga.submit("/claim")
    page = world.olga.get("/queue")
    assert counts(page)["Mine"] == "1"


def test_filters_stand_in_the_address(world, number):
    assert numbers(world.olga.get("/queue?code=02&lang=en")) == [number]
    page = world.olga.get("/queue?code=99")
    assert numbers(page) == []
    assert "Nothing here fits" in text_of(page)
    chips = html.fromstring(page.text).xpath("//a[@class='chip']/@href")
    assert chips[-1] == "/queue?tab=to-review"
    assert all(chip.endswith("code=99") for chip in chips[:-1]), "the lanes keep the filter"
    assert numbers(world.olga.get("/queue?tag=bogus&country=12&unassigned=maybe")) == [number]
    assert world.olga.browser.get("/queue?tab=bogus").status_code == 404
    assert world.olga.browser.get("/queue?cursor=bogus").status_code == 404


@pytest.mark.parametrize("words", ["{number}", "belmyaso", "190142358", "0201", "БЕЛМЯСА"])
def test_a_search_finds_the_package(world, number, words):
    found = numbers(world.olga.get("/queue", query_string={"q": words.format(number=number)}))
    assert found == ([] if words == "belmyaso" else [number])


def test_a_kept_filter_opens_the_queue(world, number):
    world.olga.get("/queue?code=99&lang=en")
    answer = world.olga.post("/queue/filters", queue="code=99", name="Fish", shared="yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/queue?code=99")
    kept = html.fromstring(world.olga.get("/queue/settings").text).xpath("//select[@id='opens_with']/option/@value")[-1]
    world.olga.post("/queue/settings", columns=["why", "officer"], opens_with=kept)
    page = world.olga.get("/queue")
    assert numbers(page) == []
    assert 'data-keyboard="off"' in world.olga.get("/queue?tab=to-review").text
    page = world.olga.get("/queue?tab=to-review")
    assert numbers(page) == [number]
    heads = [cell.text_content() for cell in html.fromstring(page.text).xpath("//table[@data-queue]//th")]
    assert heads[2:4] == ["Why you", "Officer"]
    assert "Fish" in world.oleg.get("/queue?lang=en").text
    dropped = world.oleg.get("/queue/settings")
    assert "Fish" in dropped.text
    answer = world.oleg.submit(f"/queue/filters/{kept}/delete")
    assert "Fish" not in html.fromstring(answer.text).xpath("string(//section[@id='filters'])")
    assert numbers(world.olga.get("/queue")) == [number]


def test_a_name_that_cannot_be_comes_back(world, number):
    world.olga.get("/queue?lang=en")
    answer = world.olga.post("/queue/filters", queue="code=99", name=" ", shared="yes")
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//*[@class='summary']//a/@href") == ["#name"]
    assert page.xpath("//input[@name='queue']/@value") == ["code=99"]


def test_several_are_claimed_and_approved_after_a_look(world, number):
    file_bytes(world.anna, packed("beef_flowers_pet", lrn="SECOND").xml, "package.xml", confirmed="yes")
    page = world.olga.get("/queue?lang=en")
    cases = html.fromstring(page.text).xpath("//input[@name='case']/@value")
    assert len(cases) == 2
    told = text_of(world.olga.post("/queue/bulk", deed="claim", case=cases))
    assert "2 of 2 cases done" in told
    answer = world.olga.post("/queue/bulk", deed="preview", case=cases)
    assert answer.status_code == 200
    told = text_of(answer)
    assert "Approve together" in told
    world.olga.page = answer
    if "Approve 2 cases" in told:
        answer = world.olga.submit("/queue/bulk")
        assert "2 of 2 cases done" in text_of(answer)
        assert counts(world.olga.get("/queue"))["To review"] == "0"
        assert "2 done today" in text_of(world.olga.page)


def test_nothing_ticked_is_said(world, number):
    world.olga.get("/queue?lang=en")
    answer = world.olga.post("/queue/bulk", deed="claim", queue="code=02", follow=True)
    assert "No case is ticked" in answer.text
    assert world.olga.post("/queue/bulk", deed="claim", case="bogus").status_code == 404


def test_the_supervisor_hands_several_on(world, number):
    page = world.oleg.get("/queue?lang=en")
    cases = html.fromstring(page.text).xpath("//input[@name='case']/@value")
    olga = html.fromstring(page.text).xpath("//select[@id='several-officer']/option[contains(., 'Вольга')]/@value")[0]
    assert "1 of 1 case done" in text_of(world.oleg.post("/queue/bulk", deed="assign", case=cases, officer=olga))
    assert numbers(world.olga.get("/queue?tab=mine")) == [number]
    assert "No officer is chosen" in world.oleg.post("/queue/bulk", deed="assign", case=cases, follow=True).text


def test_who_is_looking_is_told_to_colleagues_only(world, number):
    case = case_of(world.olga.get("/queue?lang=en"))
    answer = world.olga.post(f"/cases/{case}/looking")
    assert answer.get_json() == {"looking": []}
    assert "Вольга Зайцава is looking at it" in world.oleg.get("/queue?lang=en").text
    assert "Вольга Зайцава" in text_of(world.oleg.get(f"/cases/{case}"))
    assert world.oleg.post(f"/cases/{case}/looking").get_json() == {"looking": ["Вольга Зайцава"]}
    world.maria.get("/queue")
    assert world.maria.post(f"/cases/{case}/looking").status_code == 404
    world.audit.get(f"/cases/{case}")
    assert world.audit.post(f"/cases/{case}/looking").status_code == 403


def test_opening_a_case_writes_nothing(world, number, database):
    case = case_of(world.olga.get("/queue"))
    world.olga.get(f"/cases/{case}")
    with transaction(database, writing=False):
        assert session().scalar(sa.text("SELECT count(*) FROM looks")) == 0


def test_after_losing_the_claim_nothing_is_decided_and_nothing_is_lost(world, number, database):
    case = open_case(world.olga, number)
    with transaction(database):
        session().execute(sa.update(Review).values(claimed_until=clock.now() - timedelta(minutes=1)))
    world.oleg.get(case + "?lang=en")
    world.oleg.submit("/claim")
    world.olga.get("/queue?lang=en")
    world.olga.get("/account?lang=en")
    page = html.fromstring(world.oleg.get(case).text)
    form = next(form for form in page.forms if "/decide" in (form.action or ""))
    seen = {name: form.fields[name] for name in ("version", "digest")}
    answer = world.olga.post(f"{case}/decide", note="Typed by Olga", rest="yes", **seen)
    assert answer.status_code == 409
    assert "Алег Зайцаў" in answer.text
    assert "Typed by Olga" in answer.text


# --- the supervisor -----------------------------------------------------------------------------------------------------


def test_the_board(world, number):
    open_case(world.olga, number)
    page = world.oleg.get("/queue/board?lang=en")
    told = text_of(page)
    assert number in told
    assert "1 open case" in told
    assert "Вольга Зайцава" in told
    for name in ("olga", "audit", "anna", "maria"):
        assert getattr(world, name).get("/queue/board").status_code == 403
        assert getattr(world, name).browser.get("/queue/export.csv").status_code == 403


def test_the_board_costs_the_same_for_any_number_of_cases(world, number):
    world.oleg.get("/queue/board")
    with Statements() as few:
        world.oleg.get("/queue/board")
    for serial in range(3):
        file_bytes(world.anna, packed("beef_flowers_pet", lrn=f"MORE-{serial}").xml, "package.xml", confirmed="yes")
    with Statements() as many:
        world.oleg.get("/queue/board")
    assert len(many.sent) <= len(few.sent) + 1
    assert len(many.sent) <= 22, "\n".join(many.sent)


def test_absences_and_handing_on(world, number):
    open_case(world.olga, number)
    page = html.fromstring(world.oleg.get("/queue/board?lang=en").text)
    people = {one.text: one.get("value") for one in page.xpath("//select[@id='officer']/option") if one.get("value")}
    olga = next(value for name, value in people.items() if "Вольга" in name)
    oleg = next(value for name, value in people.items() if "Алег" in name)
    day = clock.today()
    answer = world.oleg.post("/queue/absences", officer=olga, from_on=str(day), until_on="2020-01-01", stand_in=olga)
    assert answer.status_code == 422
    kept = html.fromstring(answer.text)
    assert kept.xpath("//input[@id='until_on']/@value") == ["2020-01-01"]
    assert set(kept.xpath("//*[@class='summary']//a/@href")) >= {"#until_on"}
    until = str(day + timedelta(days=2))
    assert (
        world.oleg.post("/queue/absences", officer=olga, from_on=str(day), until_on=until, stand_in=oleg).status_code
        == 303
    )
    page = world.oleg.get("/queue/board")
    assert "away" in text_of(page)
    row = html.fromstring(page.text).xpath("//input[@name='person']/@value")[0]
    answer = world.oleg.post("/queue/hand-on", person=row, officer=oleg, follow=True)
    assert "1 case is now with" in text_of(answer)
    assert numbers(world.oleg.get("/queue?tab=mine")) == [number]
    world.oleg.get("/queue/board")
    answer = world.oleg.submit("/end")
    assert "is back" in text_of(answer)


def test_the_export_is_remembered(world, number, database):
    answer = world.oleg.get("/queue/export.csv?code=02&lang=en")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("\ufeff")
    assert number in answer.text
    with transaction(database, writing=False):
        entry = session().scalars(sa.select(Entry).where(Entry.event == "queue.exported")).one()
        assert entry.payload == {"agency": "BY-DVPN", "rows": 1}


@pytest.mark.parametrize("language", ["be", "ru", "en"])
@pytest.mark.parametrize("path", ["/queue", "/queue/settings", "/queue/board"])
def test_pages_open_in_every_language(world, number, path, language):
    assert world.oleg.get(f"{path}?lang={language}").status_code == 200
