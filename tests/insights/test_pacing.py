"""How long an agency takes is read from the ledger: every decision once, whatever the batches."""

from __future__ import annotations

from app.database import Database, transaction
from app.insights import finders, pacing
from app.ledger import reading
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, packed, state


def _follow(database: Database) -> None:
    more = 1
    while more:
        with transaction(database):
            more = pacing.follow()


def test_the_pace_of_an_agency_comes_from_its_own_sign_offs(world: World, database: Database, monkeypatch) -> None:
    monkeypatch.setattr(pacing, "BATCH", 3)
    for lrn in ("VM-1", "VM-2"):
        where = file_xml(world.vera, packed("bicycles", lrn=lrn)) if lrn == "VM-1" else _second(world, lrn)
        approve(world.maria, state(world.vera, where)["number"])
    _follow(database)
    _follow(database)
    with transaction(database, writing=False):
        paces = finders.find_paces(["BY-GTK", "BY-DVPN"])
        assert list(paces) == ["BY-GTK"]
        assert len(paces["BY-GTK"].minutes) == 2
        assert reading.read(pacing.READER) == []


def _second(world: World, lrn: str) -> str:
    from tests.journeys.roads import file_bytes

    return file_bytes(world.vera, packed("bicycles", lrn=lrn).xml, "package.xml", confirmed="yes")


def test_the_trader_reads_how_long_it_usually_takes(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    approve(world.maria, state(world.vera, where)["number"])
    _follow(database)
    second = _second(world, "VM-3")
    assert "Half of its last" not in world.vera.get(f"{second}?lang=en").text, "one case says nothing yet"
    with transaction(database):
        pace = finders.find_paces(["BY-GTK"])["BY-GTK"]
        pace.working, pace.median_working = [10, 20, 30, 40, 50], 30
    assert (
        "Half of its last 5 cases took no more than 0:30 h of working time, nine of ten no more than 0:46 h."
        in world.vera.get(f"{second}?lang=en").text
    )


def test_the_note_for_officers_is_not_shown_to_the_trader(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    approve(world.maria, state(world.vera, where)["number"], note="only between us officers")
    assert "only between us officers" not in world.vera.get(where).text
