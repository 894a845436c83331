"""Notes among officers: who reads them, who may be named, what is wrong with one; and that the trader never sees any."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import event

from app import clock, database
from app.errors import Invalid, NotAllowed
from app.identity.models import Membership
from app.ledger.models import Entry
from app.reviews import note_finders, noting
from app.reviews.note_finders import AGENCY, CASE
from app.reviews.thread_models import Note
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state
from tests.reviews.making import CUSTOMS, PHYTO, file_committed, file_package, get
from tests.reviews.test_views import case_path, door

__all__ = ["door"]
SECRET = "The seal looks forged to me"


def codes(told) -> set[str]:
    return {fault.code for fault in told.value.faults}


def texts(filed, by) -> list[str]:
    return [note.text for note in note_finders.list_notes(get(filed, by), actor=by)]


def words_of(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def test_a_note_for_the_agency_stays_in_the_agency(session, country):
    filed = file_package(country)
    noting.write(get(filed, country.olga), audience=AGENCY, text=SECRET, by=country.olga)
    assert texts(filed, country.petr) == [SECRET]
    assert texts(filed, country.kira) == []
    assert texts(filed, country.fedor) == []
    auditor = note_finders.list_notes(get(filed, country.olga), actor=country.ada)
    assert [note.text for note in auditor] == [SECRET]
    assert note_finders.list_notes(get(filed, country.olga), actor=country.anna) == ()


def test_a_note_for_the_case_is_read_by_every_agency_on_it(session, country):
    filed = file_package(country)
    noting.write(
        get(filed, country.olga), audience=CASE, text=SECRET, mentions=[country.kira.person_id], by=country.olga
    )
    for who in (country.petr, country.kira, country.fedor):
        assert texts(filed, who) == [SECRET]
    (note,) = note_finders.list_notes(get(filed, country.kira), actor=country.kira)
    assert [(one.person_id, one.person_name) for one in note.mentions] == [(country.kira.person_id, "Kira Mytnik")]


def test_the_ledger_holds_a_digest_and_who_is_named_never_the_words(session, country):
    filed = file_package(country)
    note = noting.write(
        get(filed, country.olga), audience=AGENCY, text=SECRET, mentions=[country.petr.person_id], by=country.olga
    )
    entry = session.scalars(sa.select(Entry).where(Entry.event == "note.written")).one()
    assert (entry.subject, entry.subject_id, entry.declaration_id) == ("note", note.id, filed.declaration_id)
    assert entry.payload["mentions"] == [str(country.petr.person_id)]
    assert (entry.payload["audience"], len(entry.payload["text_digest"])) == (AGENCY, 64)
    assert b"forged" not in entry.leaf


def test_every_fault_of_a_note_is_told_at_once(session, country):
    filed = file_package(country)
    with pytest.raises(Invalid) as told:
        noting.write(
            get(filed, country.olga), audience="", text=" \n ", mentions=[country.anna.person_id], by=country.olga
        )
    assert codes(told) == {"NOTE-TEXT-MISSING", "NOTE-AUDIENCE-MISSING", "NOTE-MENTION-UNKNOWN"}
    with pytest.raises(Invalid) as told:
        noting.write(
            get(filed, country.olga), audience=AGENCY, text="x" * 4001, mentions=[country.kira.person_id],
            by=country.olga,
        )  # fmt: skip
    assert codes(told) == {"NOTE-TEXT-LONG", "NOTE-MENTION-AGENCY"}
    many = [uuid.uuid4() for _ in range(21)]
    with pytest.raises(Invalid) as told:
        noting.write(get(filed, country.olga), audience=CASE, text="x", mentions=many, by=country.olga)
    assert codes(told) == {"NOTE-MENTION-MANY"}


def test_an_agency_that_is_not_on_the_case_cannot_be_named(session, country):
    filed = file_package(country)
    there = {one.organisation.agency for one in note_finders.list_colleagues(get(filed, country.olga))}
    assert there == set(filed.reviews)


def test_nobody_but_an_officer_of_the_agency_writes(session, country):
    filed = file_package(country)
    for who in (country.anna, country.ada, country.kira):
        with pytest.raises(NotAllowed):
            noting.write(get(filed, country.olga), audience=AGENCY, text="x", by=who)


def test_who_works_for_the_trader_too_neither_reads_nor_writes(door, engines, country):
    filed = file_committed(engines, country)
    with database.transaction(engines) as session:
        noting.write(get(filed, country.olga), audience=AGENCY, text=SECRET, by=country.olga)
        session.add(
            Membership(
                person_id=country.petr.person_id, organisation_id=country.organisations["trader"],
                roles=["trader-reader"], valid_from=clock.today(),
            )
        )  # fmt: skip
    page = door.open(country.petr, case_path(filed))
    assert page.status_code == 200
    assert SECRET not in page.text
    assert "You have a part in this package" in words_of(page)
    assert (
        door.send(country.petr, case_path(filed, tail="/notes"), note_text="x", note_audience="agency").status_code
        == 403
    )
    assert SECRET in door.open(country.olga, case_path(filed)).text


@given(st.text(max_size=30), st.sampled_from(["", "agency", "case", "trader"]), st.sets(st.uuids(), max_size=4))
def test_a_note_without_faults_is_one_that_says_something_to_somebody_who_may_read_it(text, audience, mentions):
    known = set(list(mentions)[:2])
    own = set(list(mentions)[:1])
    faults = noting.examine(text, audience, mentions, known=known, own=own)
    good = (
        bool(text.strip()) and audience in ("agency", "case") and mentions <= (own if audience == "agency" else known)
    )
    assert (not faults) == good
    for fault in faults:
        assert all(fault.message[one] and fault.remedy[one] for one in ("be", "ru", "en"))
        assert fault.field


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_two_kinds_of_notes_apart(door, engines, country):
    filed = file_committed(engines, country)
    door.open(country.olga, case_path(filed))
    answer = door.send(
        country.olga, case_path(filed, tail="/notes"), note_text="Only we\n<b>know</b>", note_audience="agency",
        note_mentions=[str(country.petr.person_id)],
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, case_path(filed, tail="#notes"))
    door.send(country.olga, case_path(filed, tail="/notes"), note_text="We all know", note_audience="case")
    page = door.open(country.petr, case_path(filed))
    own, shared = html.fromstring(page.text).xpath("//ol[@class='notes']/li")
    assert (own.get("class"), shared.get("class")) == ("own", "shared")
    assert "sees this" in own.text_content()
    assert "you are named" in own.text_content()
    assert "All agencies on this case, not the trader" in shared.text_content()
    assert "Only we\n&lt;b&gt;know&lt;/b&gt;" in page.text
    others = door.open(country.kira, case_path(filed, CUSTOMS))
    assert "We all know" in others.text
    assert "Only we" not in others.text
    auditor = door.open(country.ada, case_path(filed, PHYTO))
    assert "Only we" in auditor.text
    assert "Write a note" not in words_of(auditor)


def test_what_was_typed_stays_when_a_note_cannot_be_kept(door, engines, country):
    filed = file_committed(engines, country)
    door.open(country.olga, case_path(filed))
    page = door.send(
        country.olga, case_path(filed, tail="/notes"), note_text="x" * 4001, note_audience="agency",
        note_mentions=[str(country.kira.person_id), "nonsense"],
    )  # fmt: skip
    assert page.status_code == 422
    tree = html.fromstring(page.text)
    assert tree.get_element_by_id("note_text").value.strip() == "x" * 4001
    ticked = tree.xpath("//input[@name='note_mentions'][@checked]/@value")
    assert ticked == [str(country.kira.person_id)]
    links = [link.get("href") for link in tree.find_class("summary")[0].iter("a")]
    assert links == ["#note_text", "#note_mentions"]
    assert all(tree.get_element_by_id(link.removeprefix("#")) is not None for link in links)
    with database.transaction(engines, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Note)) == 0


def test_notes_cost_the_page_the_same_statements_however_many_there_are(door, engines, country):
    filed = file_committed(engines, country)

    def cost() -> int:
        statements = []
        reading = door.app.extensions["akno.database"].reading
        listen = lambda *facts: statements.append(facts[2])  # noqa: E731
        door.open(country.olga, case_path(filed))
        event.listen(reading, "before_cursor_execute", listen)
        door.open(country.olga, case_path(filed))
        event.remove(reading, "before_cursor_execute", listen)
        return len(statements)

    def note(number: int) -> None:
        with database.transaction(engines):
            for _ in range(number):
                noting.write(
                    get(filed, country.olga), audience=CASE, text="x",
                    mentions=[country.kira.person_id, country.petr.person_id], by=country.olga,
                )  # fmt: skip

    note(1)
    few = cost()
    note(6)
    assert cost() == few


def test_the_trader_and_the_broker_see_nothing_of_a_note_anywhere(world: World):
    """From the list of packages on along every link of theirs: pages, data, papers. No word and no sign of a note."""
    package = file_xml(world.bogdan, packed("beef_flowers_pet"))
    number = state(world.bogdan, package)["number"]
    case = open_case(world.olga, number)
    for audience in ("agency", "case"):
        world.olga.get(case)
        answer = world.olga.post(f"{case}/notes", note_text=SECRET, note_audience=audience)
        assert answer.status_code == 303
    assert world.olga.get(case).text.count(SECRET) == 2
    for who in (world.anna, world.bogdan):
        seen = crawl(who, f"{package}?lang=en")
        assert {package, f"{package}/status.json", f"{package}/declaration.xml"} <= seen, seen
        assert who.get(case).status_code == 404
        assert who.post(f"{case}/notes", note_text="x", note_audience="case").status_code == 404
    assert world.fyodar.get(open_case(world.fyodar, number)).text.count(SECRET) == 1  # that for the whole case


def crawl(who, start: str) -> set[str]:
    """Open everything that links lead to from a page, three links deep; return the addresses without their question."""
    seen: set[str] = set()
    ahead = [start, f"{start.partition('?')[0]}/status.json"]
    for _depth in range(3):
        found: list[str] = []
        for path in ahead:
            bare = path.partition("?")[0].partition("#")[0]
            if bare in seen or not bare.startswith(
                ("/packages/", "/notices", "/clearances", "/receipts", "/inspections")
            ):
                continue
            seen.add(bare)
            page = who.browser.get(path) if who.signed_in else who.get(path)
            assert SECRET.encode() not in page.data, path
            assert b"note.written" not in page.data, path
            assert b"among officers" not in page.data, path
            if page.mimetype == "text/html":
                found += html.fromstring(page.text).xpath("//a/@href")
        ahead = found
    return seen
