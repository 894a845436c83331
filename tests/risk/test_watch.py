"""Watch-lists: proposed by one, taken on by another; found in other letters; settled by an officer; every reading remembered."""

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
from app.errors import Invalid, NotAllowed
from app.ledger.models import Entry
from app.risk import watch_finders, watching
from app.risk.assessment_models import Assessment
from app.risk.watch_models import WatchCandidate, WatchEntry
from app.risk.watching import Meant
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state

WHY = "Перададзена пагранічнай службай"


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    watch_finders.forget_watch()
    yield
    watch_finders.forget_watch()


def meant(words: str, **more: Any) -> Meant:
    said = {
        "kind": "name", "words": words, "source": "foreign", "reference": "12/2026", "confidence": "high", "reason": WHY,
        "effect": "red", "shared": ("BY-MPR",), "until": clock.today() + timedelta(days=30),
    }  # fmt: skip
    return Meant(**(said | more))


def watched(words: str, **more: Any) -> Any:
    entry = watching.propose(meant(words, **more), by=founding.actor("maria"))
    return watching.confirm(entry, by=founding.actor("mikola"))


def on_another_lorry() -> Packed:
    """The same goods in another lorry: no copy of a package of the last day."""
    package = packed("bicycles")
    return replace(package, xml=package.xml.replace(b"BH 2210-5", b"BH 2210-7"))


def candidates(app: Flask, database: Database) -> list[WatchCandidate]:
    with app.app_context(), transaction(database, writing=False):
        return list(session().scalars(sa.select(WatchCandidate).order_by(WatchCandidate.at, WatchCandidate.id)))


def lanes_of(app: Flask, database: Database) -> dict[str, Any]:
    """The lanes of the package assessed last."""
    with app.app_context(), transaction(database, writing=False):
        return dict(session().scalars(sa.select(Assessment).order_by(Assessment.at.desc()).limit(1)).one().lanes)


def test_a_name_spelled_otherwise_is_found_settled_and_counts_in_full(
    app: Flask, world: World, database: Database
) -> None:
    """The sender stands on the list in another spelling than in the package."""
    with app.app_context(), transaction(database):
        watched("TIANJIN «JINLUNN» CYCLES", reference="INTERPOL 7", shared=())
    number = state(world.vera, file_xml(world.vera, packed("bicycles")))["number"]
    (found,) = candidates(app, database)
    assert (found.status, found.agency) == ("open", "BY-GTK")
    assert found.likeness < 100
    assert lanes_of(app, database)["BY-GTK"]["lane"] == "yellow", "what is only alike is looked at, and no more"
    case = open_case(world.maria, number)
    page = world.maria.get(f"{case}?lang=en").text
    assert "On a watch-list" in page
    assert "of 100 like" in page
    trader = world.vera.get("/packages").text + world.vera.get(f"/packages/{found.declaration_id}").text
    assert "watch" not in trader.lower()
    assert "JINLUNN" not in trader
    answer = world.maria.submit(f"/risk/watch/found/{found.id}", same="yes", why="The same address and tax number")
    assert answer.status_code == 200
    file_xml(world.vera, on_another_lorry())
    assert [one.status for one in candidates(app, database)] == ["confirmed", "confirmed"]
    assert lanes_of(app, database)["BY-GTK"]["lane"] == "red", "what an officer confirmed counts in full"


def test_what_was_rejected_does_not_come_again(app: Flask, world: World, database: Database) -> None:
    with app.app_context(), transaction(database):
        watched("Jinlun Cycles, Tianjin", shared=())
    file_xml(world.vera, packed("bicycles"))
    (found,) = candidates(app, database)
    world.maria.get("/risk/watch/found")
    empty = world.maria.submit(f"/risk/watch/found/{found.id}", same="", why="Another street")
    assert empty.status_code == 422
    assert "Another street" in empty.text
    world.maria.get("/risk/watch/found")
    world.maria.submit(f"/risk/watch/found/{found.id}", same="no", why="Another street")
    file_xml(world.vera, on_another_lorry())
    assert len(candidates(app, database)) == 1


def test_an_entry_that_has_expired_stops_matching_and_a_number_matches_exactly(
    app: Flask, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction(database):
        watched("192381579", kind="unp", shared=(), until=clock.today())
    file_xml(world.vera, packed("bicycles"))
    found, *others = candidates(app, database)
    assert (found.status, found.likeness) == ("confirmed", 100)
    assert {one.words for one in others} == {"192381579"}, "the same number, in another place"
    assert lanes_of(app, database)["BY-GTK"]["lane"] == "red"
    with app.app_context(), transaction(database):
        entry = session().get_one(WatchEntry, found.entry_id)
        # Its last day is over.
        entry.valid_from, entry.valid_to = clock.today() - timedelta(days=9), clock.today()
        watching.stamp()
    file_xml(world.vera, on_another_lorry())
    assert len(candidates(app, database)) == len([found, *others])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"words": "ab"}, "WATCH-WORDS"), ({"words": "«»—", "kind": "vehicle"}, "WATCH-WORDS"), ({"reason": ""}, "WATCH-REASON"),
        ({"reference": ""}, "WATCH-REFERENCE"), ({"effect": "green"}, "WATCH-CHOICE"), ({"kind": "dream"}, "WATCH-CHOICE"),
        ({"until": None}, "WATCH-DAYS"), ({"shared": ("XX-YY",)}, "WATCH-AGENCY"),
    ],
)  # fmt: skip
def test_an_entry_says_what_is_missing(app: Flask, database: Database, more: dict[str, Any], code: str) -> None:
    with app.app_context(), transaction(database), pytest.raises(Invalid) as refused:
        watching.propose(meant(**({"words": "Zubr Trading"} | more)), by=founding.actor("maria"))
    assert [one.code for one in refused.value.faults] == [code]
    assert all(one.message[language] for one in refused.value.faults for language in ("be", "ru", "en"))


def test_nobody_takes_on_what_they_proposed(app: Flask, database: Database) -> None:
    with app.app_context(), transaction(database):
        entry = watching.propose(meant("Zubr Trading"), by=founding.actor("mikola"))
        for who in ("mikola", "maria", "nazar"):
            with pytest.raises(NotAllowed):
                watching.confirm(entry, by=founding.actor(who))
        assert watching.confirm(entry, by=founding.actor("ihar")).status == "active"
        with pytest.raises(Invalid):
            watching.end(entry, reason=" ", by=founding.actor("mikola"))
        assert watching.end(entry, reason="Справа закрыта", by=founding.actor("mikola")).status == "ended"


def test_every_reading_is_remembered_and_strangers_read_nothing(app: Flask, world: World, database: Database) -> None:
    with app.app_context(), transaction(database):
        key = watched("Zubr Trading").id
    assert "Zubr Trading" in world.nina.get("/risk/watch").text, "shared with her agency"
    assert world.nina.get(f"/risk/watch/{key}").status_code == 200
    assert "Zubr Trading" not in world.olga.get("/risk/watch").text
    assert world.olga.get(f"/risk/watch/{key}").status_code == 404
    assert world.anna.get("/risk/watch").status_code == 403
    with app.app_context(), transaction(database, writing=False):
        read = session().scalars(sa.select(Entry).where(Entry.event == "watch.read").order_by(Entry.position)).all()
        nina = founding.actor("nina").person_id
        assert [one.payload["entries"] for one in read if one.person_id == nina] == [[str(key)], [str(key)]]
        assert all("Zubr" not in str(one.payload) for one in read)
