"""Each package is counted once, with its newest version, whatever the batches; and from the beginning it comes out the same."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app import clock, markup
from app.database import Database, session, transaction
from app.declarations.codec import to_package
from app.declarations.models import Declaration
from app.risk import peering, peers, peers_finders
from app.risk.peers_models import Counted, PeerCell, PostDay, TraderPast
from tests.bench.stages import Statements
from tests.factories.world import World
from tests.intake import amendments
from tests.journeys.roads import file_bytes, packed


def follow(database: Database) -> None:
    more = 1
    while more:
        with transaction(database):
            more = peering.follow()


def held(database: Database) -> dict[str, object]:
    """Everything that is counted, as plain values."""
    with transaction(database, writing=False):
        return {
            "cells": {
                one.key: (one.count, one.bins, one.median, one.mad, one.quantiles)
                for one in session().scalars(sa.select(PeerCell))
            },
            "pasts": {
                (one.owner_id, one.direction, one.about): (one.months, one.bins, one.count, one.median)
                for one in session().scalars(sa.select(TraderPast))
            },
            "hours": {(one.office, one.day): one.hours for one in session().scalars(sa.select(PostDay))},
            "counted": {
                (one.declaration_id, one.version, one.withdrawn) for one in session().scalars(sa.select(Counted))
            },
        }


def recount(database: Database) -> None:
    with transaction(database):
        peering.forget()
    last = None
    while True:
        with transaction(database):
            last, _many = peering.recount(last, limit=2)
        if last is None:
            return


def file(world: World, lrn: str) -> str:
    return file_bytes(world.vera, packed("bicycles", lrn=lrn).xml, "package.xml", confirmed="yes")


def test_packages_are_counted_once_and_come_out_the_same_from_the_beginning(
    world: World, database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(peering, "BATCH", 3)
    places = [file(world, f"PEER-{n}") for n in range(3)]
    follow(database)
    first = held(database)
    assert len(first["counted"]) == 3
    with transaction(database, writing=False):
        item = next(key for key in first["cells"] if key.startswith("value:"))
        assert first["cells"][item][0] >= 3
        assert session().scalar(sa.select(sa.func.count()).select_from(Declaration)) >= 3
    assert [sum(hours) for hours in first["hours"].values()] == [3]
    follow(database)
    told = world.app.test_cli_runner().invoke(args=["risk", "rebuild"])
    assert told.output == "counted 3 packages\n"
    assert held(database) == first

    world.vera.get(f"{places[0]}")
    world.vera.get(f"{places[0]}/withdraw")
    answer = world.vera.submit("/withdraw", reason="The contract was cancelled by the seller")
    assert answer.status_code == 200, answer.text
    follow(database)
    second = held(database)
    assert second["cells"][item][0] == first["cells"][item][0] * 2 // 3
    assert [sum(hours) for hours in second["hours"].values()] == [2]
    recount(database)
    assert held(database) == second


def test_an_amended_package_counts_with_its_newest_version_alone(world: World, database: Database) -> None:
    with transaction(database):
        key = amendments.file()
    follow(database)
    with transaction(database):
        amendments.change(key, (f"{amendments.GOODS}[3]/Commodity/GoodsMeasure/NetNetWeightMeasure", "4900"))
    follow(database)
    first = held(database)
    assert {version for _key, version, _withdrawn in first["counted"]} == {2}
    assert [sum(hours) for hours in first["hours"].values()] == [1]
    recount(database)
    assert held(database) == first


def test_what_is_usual_is_read_in_one_statement(world: World, database: Database) -> None:
    file(world, "PEER-1")
    follow(database)
    package = to_package(markup.read(packed("bicycles").xml))
    figures = peers.figures_of(package)
    keys = [key for one in figures for measure in peers.MEASURES for key in peers.keys_of(one, measure)]
    with transaction(database, writing=False):
        owner = session().scalar(sa.select(Declaration.owner_id).where(Declaration.number.is_not(None)))
        session().connection()
        with Statements() as statements:
            cells, past = peers_finders.find_usual(keys, owner, "import", [one.code for one in figures])
        assert len(statements.sent) == 1
        assert cells == peers_finders.find_cells(keys)
        assert past == peers_finders.find_past(owner, "import", [one.code for one in figures])
    assert all(cell.count for cell in cells.values())
    assert past.packages("", clock.today() + timedelta(days=1), months=1) == 1
    assert past.first_on(figures[0].code) == clock.today()
