"""Advance rulings: entered by customs with every fault said at once, read by whom they concern, published without a name."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from app import clock
from app.cli import founding
from app.database import Database, session, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.requirements import ruling, ruling_finders, ruling_policy
from app.requirements.ruling import Typed
from app.requirements.ruling_models import Ruling
from app.requirements.ruling_words import WORDS
from tests.factories.world import World

VELO, BELMYASO = "192381579", "190142358"
BIKES = Typed(
    number="PR-112/26-0007", kind="classification", holder_unp=VELO, goods="Веласіпеды гарадскія City 28",
    goods_code="8712 00 300 0", reasons="Асноўныя правілы інтэрпрэтацыі 1 і 6.", valid_from="01.11.2026",
    valid_until="31.10.2029",
)  # fmt: skip
ORIGIN = replace(BIKES, number="PR-112/26-0008", kind="origin", goods_code="", origin="Кітай")
VALUE = replace(BIKES, number="PR-112/26-0009", kind="value", goods_code="", method="1")
PUBLIC = replace(BIKES, published_goods="City bicycles with steel frame", published_reasons="Rules 1 and 6")


def given(typed: Typed = BIKES, who: str = "mikola") -> uuid.UUID:
    return ruling.enter(typed, by=founding.actor(who)).id


def faults(typed: Typed, who: str = "mikola") -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        ruling.enter(typed, by=founding.actor(who))
    return {(fault.code, fault.field) for fault in refused.value.faults}


def test_each_kind_says_what_it_rules_and_is_quoted_under_its_code(world: World, database: Database) -> None:
    with transaction(database):
        for typed in (BIKES, ORIGIN, VALUE):
            given(typed)
        rows = {row.kind: row for row in session().scalars(sa.select(Ruling))}
        assert [rows[kind].document_code for kind in ("classification", "origin", "value")] == [
            "05013",
            "06015",
            "04400",
        ]
        assert (rows["classification"].goods_code, rows["origin"].origin, rows["value"].method) == (
            "8712003000",
            "CN",
            "1",
        )
        assert rows["origin"].valid_to == date(2029, 11, 1), "the last day is inside"
        entered = session().scalars(sa.select(Entry).where(Entry.event == "ruling.entered")).all()
        assert {one.payload["number"] for one in entered} == {BIKES.number, ORIGIN.number, VALUE.number}
        assert all(one.payload["agency"] == "BY-GTK" for one in entered)


def test_every_fault_is_said_at_once_at_its_box(world: World, database: Database) -> None:
    with transaction(database):
        assert faults(Typed()) == {
            ("RULING-NUMBER", "number"), ("RULING-KIND-MISSING", "kind"), ("RULING-HOLDER-UNKNOWN", "holder_unp"),
            ("RULING-GOODS", "goods"), ("RULING-REASONS", "reasons"), ("RULING-DAY", "valid_from"),
            ("RULING-DAY", "valid_until"),
        }  # fmt: skip
        assert faults(replace(BIKES, goods_code="")) == {("RULING-CODE", "goods_code")}
        assert faults(replace(ORIGIN, goods_code="99")) == {("RULING-CODE", "goods_code")}
        assert faults(replace(ORIGIN, origin="Narnia")) == {("RULING-ORIGIN", "origin")}
        assert faults(replace(VALUE, method="9")) == {("RULING-METHOD", "method")}
        assert faults(replace(BIKES, number="№ 7")) == {("RULING-NUMBER", "number")}
        assert faults(replace(BIKES, valid_until="31.10.2026")) == {("RULING-DAYS-ORDER", "valid_until")}
        assert faults(replace(BIKES, holder_unp="191678343")) == {("RULING-HOLDER-UNKNOWN", "holder_unp")}
        assert faults(replace(BIKES, published_goods="x")) == {("RULING-PUBLISHED-BOTH", "published_reasons")}
        named = replace(PUBLIC, published_goods="Ровары таварыства Вела Мінск")
        assert faults(named) == {("RULING-PUBLISHED-HOLDER", "published_goods")}
        given()
        assert faults(BIKES) == {("RULING-NUMBER-TAKEN", "number")}


@pytest.mark.pure
def test_each_sentence_is_there_three_times() -> None:
    for message, remedy in WORDS.values():
        for text in (message, remedy):
            assert set(text) == {"be", "ru", "en"}
            assert text["be"] != text["ru"]


@pytest.mark.parametrize("who", ["maria", "oleg", "olga", "vera", "bogdan", "admin", "audit"])
def test_only_supervisors_of_customs_enter(world: World, database: Database, who: str) -> None:
    with transaction(database), pytest.raises(NotAllowed):
        ruling.enter(BIKES, by=founding.actor(who))


def test_customs_the_holder_and_its_broker_read_it_and_nobody_else(world: World, database: Database) -> None:
    with transaction(database):
        key = given(replace(BIKES, holder_unp=BELMYASO))
        for who in ("mikola", "maria", "anna", "piotr", "bogdan", "audit"):
            found = ruling_finders.get_ruling(key, actor=founding.actor(who))
            assert ruling_policy.read(founding.actor(who), found)
        for who in ("vera", "olga", "oleg", "admin"):
            with pytest.raises(NotFound):
                ruling_finders.get_ruling(key, actor=founding.actor(who))
        assert [row.id for row in ruling_finders.list_rulings(founding.actor("bogdan")).rows] == [key]
        assert ruling_finders.list_rulings(founding.actor("vera")).rows == []
        assert ruling_finders.list_rulings(founding.actor("mikola"), search="8712").rows
        assert not ruling_finders.list_rulings(founding.actor("mikola"), search="9503").rows


def test_it_holds_from_its_first_day_to_its_last_and_not_once_it_ended(world: World, database: Database) -> None:
    with transaction(database):
        found = session().get_one(Ruling, given())
        assert [found.holds_on(date(2026, 10, 31)), found.holds_on(date(2026, 11, 1))] == [False, True]
        assert [found.holds_on(date(2029, 10, 31)), found.holds_on(date(2029, 11, 1))] == [True, False]
        ruling.end(found, reason="Змяніўся тавар", by=founding.actor("ihar"))
        assert found.holds_on(clock.today() - timedelta(days=1)) == (clock.today() > date(2026, 11, 1))
        assert not found.holds_on(clock.today())
        assert not ruling_finders.list_offered(found.holder_id)
        with pytest.raises(Conflict):
            ruling.end(found, reason="again", by=founding.actor("mikola"))
        ended = session().scalars(sa.select(Entry).where(Entry.event == "ruling.ended")).one()
        assert "Змяніўся" not in str(ended.payload)


def test_the_public_register_names_no_holder_and_only_what_is_published(world: World, database: Database) -> None:
    with transaction(database):
        given(PUBLIC)
        given(ORIGIN)
    page = world.app.test_client().get("/rulings?lang=en").text  # type: ignore[union-attr]
    assert "City bicycles with steel frame" in page
    assert PUBLIC.number in page
    assert ORIGIN.number not in page, "not published"
    assert "Вела" not in page
    assert VELO not in page
    for words, there in (("bicycle", True), ("FRAMES", True), ("8712", True), ("cheese", False), ("9503", False)):
        found = world.app.test_client().get(f"/rulings?q={words}").text  # type: ignore[union-attr]
        assert (PUBLIC.number in found) is there, words
    assert PUBLIC.number not in world.app.test_client().get("/rulings?kind=origin").text  # type: ignore[union-attr]


def test_the_form_keeps_what_was_typed_and_the_page_ends_it(world: World) -> None:
    world.mikola.get("/rulings/new?lang=en")
    refused = world.mikola.submit("/rulings/new", number="PR-9", goods="Ровары", reasons="")
    assert refused.status_code == 422
    page = html.fromstring(refused.text)
    assert page.xpath("//input[@id='number']/@value") == ["PR-9"]
    assert page.xpath("//textarea[@id='goods']")[0].text.strip() == "Ровары"
    assert "#reasons" in page.xpath("//div[@class='summary']//a/@href")
    world.mikola.get("/rulings/new")
    made = world.mikola.submit("/rulings/new", **{name: getattr(BIKES, name) for name in Typed.__slots__})
    assert made.status_code == 200
    refused = world.mikola.submit("/end", reason="  ")
    assert refused.status_code == 422
    assert "#reason" in html.fromstring(refused.text).xpath("//div[@class='summary']//a/@href")
    assert "Змяніўся тавар" in world.mikola.submit("/end", reason="Змяніўся тавар").text
    assert world.vera.get("/rulings/own").text.count(BIKES.number)
    assert world.vera.get("/rulings/given").status_code == 403
    assert world.mikola.get("/rulings/own").status_code == 403


def test_lists_cost_the_same_however_many(world: World, database: Database) -> None:
    with transaction(database):
        for n in range(30):
            given(replace(PUBLIC, number=f"PR-{n:03d}"))
        page = ruling_finders.list_published()
        assert len(page.rows) == ruling_finders.PAGE
        assert len(ruling_finders.list_published(page.following).rows) == 30 - ruling_finders.PAGE
        with pytest.raises(NotFound):
            ruling_finders.list_published("bent")
