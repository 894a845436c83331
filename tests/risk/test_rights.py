"""Intellectual property: a mark on goods is found in any alphabet, the release is suspended, the holder told, the end written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cli import founding
from app.cli.packing import Packed
from app.database import Database, session, transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.notifications import right_letters
from app.risk import registering, rights_finders, suspending
from app.risk.registering import MarkMeant
from app.risk.rights_models import Suspension
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    rights_finders.forget_marks()
    yield
    rights_finders.forget_marks()


def meant(**more: Any) -> MarkMeant:
    said = {
        "number": "BY-IP-2026/17", "holder": "Ventura Cycling AG", "email": "rights@ventura.example", "language": "en",
        "mark": "ВЕНТУРА", "prefixes": ("8712",), "until": clock.today() + timedelta(days=365),
    }  # fmt: skip
    return MarkMeant(**(said | more))


def on_bicycles(word: str) -> Packed:
    """Our bicycles, described with one more word."""
    package = packed("bicycles")
    at = package.xml.index(b"<Description>") + len(b"<Description>")
    return replace(package, xml=package.xml[:at] + f"{word} ".encode() + package.xml[at:])


def found(app: Flask, database: Database) -> list[Suspension]:
    with app.app_context(), transaction(database, writing=False):
        return list(session().scalars(sa.select(Suspension).order_by(Suspension.id)))


def test_a_counterfeit_is_held_its_holder_told_and_its_end_written(
    app: Flask, world: World, database: Database
) -> None:
    with app.app_context(), transaction(database):
        registering.enter(meant(), by=founding.actor("mikola"))
    number = state(world.vera, file_xml(world.vera, on_bicycles("Ventura")))["number"]
    (one,) = found(app, database)
    assert (one.status, one.item) == ("proposed", 1)
    case = open_case(world.maria, number)
    page = world.maria.get(f"{case}?lang=en").text
    assert "Protected marks" in page
    assert "Ventura Cycling AG" not in world.vera.get(f"/packages/{one.declaration_id}").text
    world.maria.get("/intellectual-property/suspensions?lang=en")
    assert "written down" in world.maria.submit("/suspend").text
    world.maria.get(case)
    refused = world.maria.submit("/decide", rest="yes", payment="paid", payment_reference="PO-1")
    assert refused.status_code == 422
    assert "suspended" in refused.text
    with app.app_context(), transaction(database, writing=False):
        letter = right_letters.write(str(one.id))
    assert letter["to"] == "rights@ventura.example"
    assert "Вела" not in letter["text"], "no trader's name leaves"
    assert "192381579" not in letter["text"]
    world.maria.get("/intellectual-property/suspensions")
    empty = world.maria.submit("/settle", outcome="", why="x")
    assert empty.status_code == 422
    world.maria.get("/intellectual-property/suspensions")
    world.maria.submit("/settle", outcome="genuine", why="The holder wrote that the importer is licensed")
    world.maria.get(case)
    done = world.maria.submit("/decide", rest="yes", payment="paid", payment_reference="PO-1")
    assert done.status_code == 200
    with app.app_context(), transaction(database, writing=False):
        assert right_letters.write(str(one.id)) == {}, "nothing is told of what is no longer suspended"


def test_other_goods_other_words_and_the_holders_own_are_left_alone(
    app: Flask, world: World, database: Database
) -> None:
    with app.app_context(), transaction(database):
        registering.enter(meant(prefixes=("9503",)), by=founding.actor("mikola"))
        registering.enter(meant(number="2", mark="Ventura Pro"), by=founding.actor("mikola"))
        registering.enter(meant(number="3", holder="Tianjin Jinlun Cycle"), by=founding.actor("mikola"))
    file_xml(world.vera, on_bicycles("Ventura"))
    assert found(app, database) == []


def test_time_passes_is_extended_once_and_a_mark_ends(
    app: Flask, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction(database):
        mark = registering.enter(meant(), by=founding.actor("mikola"))
    file_xml(world.vera, on_bicycles("Ventura"))
    (one,) = found(app, database)
    soon = clock.now() + timedelta(days=14)
    with app.app_context(), transaction(database):
        with pytest.raises(NotAllowed):
            suspending.suspend(one, due_at=soon, by=founding.actor("olga"))
        suspended = suspending.suspend(one, due_at=soon, by=founding.actor("maria"))
        assert suspending.held_up(suspended.declaration, [1])[0].code == "DECISION-ITEM-SUSPENDED"
    monkeypatch.setattr(clock, "now", lambda: soon + timedelta(minutes=1))
    with app.app_context(), transaction(database):
        assert suspending.due_lapses() == [one.id]
        suspending.lapse(one.id)
        suspending.lapse(one.id)
        assert suspending.due_lapses() == []
        later = suspending.extend(one, due_at=soon + timedelta(days=14), by=founding.actor("maria"))
        assert (later.lapsed_at, later.status) == (None, "suspended")
        with pytest.raises(Conflict):
            suspending.extend(one, due_at=soon + timedelta(days=28), by=founding.actor("maria"))
        with pytest.raises(NotAllowed):
            registering.end(mark, reason="Тэрмін скончыўся", by=founding.actor("maria"))
        assert registering.end(mark, reason="Тэрмін скончыўся", by=founding.actor("mikola")).ended_at is not None
        assert rights_finders.list_published().rows == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"number": ""}, "MARK-NUMBER"), ({"holder": "x"}, "MARK-HOLDER"), ({"email": "nobody"}, "MARK-EMAIL"),
        ({"email": "a@b.by\nBcc: c@d.by"}, "MARK-EMAIL"), ({"mark": "—"}, "MARK-WORDS"), ({"prefixes": ("87a",)}, "MARK-PREFIX"),
        ({"until": None}, "MARK-DAYS"),
    ],
)  # fmt: skip
def test_a_mark_says_what_is_missing(app: Flask, database: Database, more: dict[str, Any], code: str) -> None:
    with app.app_context(), transaction(database), pytest.raises(Invalid) as refused:
        registering.enter(meant(**more), by=founding.actor("mikola"))
    assert [one.code for one in refused.value.faults] == [code]


def test_the_register_is_public_without_its_addresses(app: Flask, world: World, database: Database) -> None:
    with app.app_context(), transaction(database):
        registering.enter(meant(), by=founding.actor("mikola"))
    page = app.test_client().get("/intellectual-property?q=ventura&lang=en").text
    assert "ВЕНТУРА" in page
    assert "rights@ventura.example" not in page
    assert "ВЕНТУРА" not in app.test_client().get("/intellectual-property?q=zebra").text
