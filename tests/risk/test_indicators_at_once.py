"""Two people at the same moment: one version is in force, each serial is given once, no change of what is in force is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.cli import founding
from app.database import Database, session, transaction
from app.errors import Conflict
from app.risk import agreeing, finders, proposing
from app.risk.models import Indicator, IndicatorVersion
from tests.factories.world import World
from tests.risk.test_indicators import analyst, plastic


def at_once(database: Database, *deeds: Callable[[], Any]) -> list[str]:
    """Do each deed in a transaction of its own, all at the same moment; returns how each ended."""
    gate, ends = threading.Barrier(len(deeds)), ["?"] * len(deeds)

    def act(place: int, deed: Callable[[], Any]) -> None:
        gate.wait()
        try:
            with transaction(database):
                deed()
            ends[place] = "done"
        except Conflict:
            ends[place] = "conflict"

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return sorted(ends)


def test_one_of_two_activations_wins(world: World, database: Database) -> None:
    with transaction(database):
        version = proposing.propose(plastic(agencies=()), by=analyst("BY-MPR"))
        nazar = founding.actor("nazar")
        agreeing.try_out(finders.get_version(version.id, actor=nazar), by=nazar)
        version_id = version.id

    def activate() -> None:
        by = founding.actor("nazar")
        agreeing.activate(finders.get_version(version_id, actor=by), by=by)

    assert at_once(database, activate, activate) == ["conflict", "done"]


def test_two_proposals_take_two_serials(world: World, database: Database) -> None:
    def propose() -> None:
        proposing.propose(plastic(), by=analyst("BY-MPR"))

    assert at_once(database, propose, propose, propose) == ["done"] * 3
    with transaction(database, writing=False):
        codes = session().scalars(sa.select(Indicator.code).order_by(Indicator.code))
        assert list(codes) == ["BY-MPR-0001", "BY-MPR-0002", "BY-MPR-0003"]


def test_no_change_of_what_is_in_force_is_lost(world: World, database: Database) -> None:
    with transaction(database):
        first, second = (proposing.propose(plastic(agencies=()), by=analyst("BY-MPR")).id for _one in range(2))

    def trial(key: Any) -> Callable[[], None]:
        def act() -> None:
            by = founding.actor("nazar")
            agreeing.try_out(finders.get_version(key, actor=by), by=by)
            finders.current_indicators()

        return act

    assert at_once(database, trial(first), trial(second)) == ["done", "done"]
    with transaction(database, writing=False):
        assert len(finders.current_indicators().indicators) == 2
        assert set(session().scalars(sa.select(IndicatorVersion._status))) == {"shadow"}
