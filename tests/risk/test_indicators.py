"""Indicators among agencies: proposed, agreed or declined, tried, put in force by another person, ended; every refusal by name."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.access import Actor
from app.cli import founding, indicating
from app.database import Database, session, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ledger.models import Entry
from app.risk import agreeing, examples, finders, proposing
from app.risk.models import IndicatorVersion
from app.risk.proposing import Proposal
from tests.factories.world import World

FIRST = {"fact": "trader.prior_packages", "of": {"prefix": "3915", "months": "24"}, "op": "is", "value": 0}


def analyst(agency: str) -> Actor:
    """Somebody of an agency who may propose: the demonstration's second officers are analysts as well."""
    return founding.actor({"BY-MPR": "nina", "BY-GTK": "maksim", "BY-GGISKZR": "fyodar", "BY-DVPN": "vasil"}[agency])


def plastic(**other: Any) -> Proposal:
    today = clock.today()
    given = Proposal(
        titles={"be": "Новы імпарцёр пластыку"}, reasons={"be": "Няма дзе перапрацаваць"}, condition={"all": [FIRST]},
        valid_from=today, valid_until=today + timedelta(days=365), weight=30, effect="red", direction="import",
        prefixes=("3915",), agencies=("BY-GTK",), basis="INTERPOL 2020", confidence="seen",
    )  # fmt: skip
    return replace(given, **other)


def proposed(proposal: Proposal | None = None) -> IndicatorVersion:
    version = proposing.propose(proposal or plastic(), by=analyst("BY-MPR"))
    return finders.get_version(version.id, actor=analyst("BY-MPR"))


def seen(version_id: uuid.UUID, who: str) -> IndicatorVersion:
    return finders.get_version(version_id, actor=founding.actor(who))


def faults(proposal: Proposal) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        proposing.propose(proposal, by=analyst("BY-MPR"))
    return {fault.code: fault.field for fault in refused.value.faults}


def test_the_road_of_an_indicator(world: World, database: Database) -> None:
    with transaction(database):
        version = proposed()
        assert (version.indicator.code, version.status) == ("BY-MPR-0001", "proposed")
        assert finders.current_indicators().indicators == ()
        with pytest.raises(NotAllowed, match="none of them has agreed"):
            agreeing.try_out(version, by=founding.actor("nazar"))
        agreeing.answer(seen(version.id, "mikola"), agreed=True, by=founding.actor("mikola"))
        assert version.status == "agreed"
        agreeing.try_out(version, by=founding.actor("nazar"))
        [trial] = finders.current_indicators().indicators
        assert (trial.row.shadow, trial.row.agencies) == (True, ("BY-MPR", "BY-GTK"))
        agreeing.activate(version, by=founding.actor("nazar"))
        [live] = finders.current_indicators().indicators
        assert not live.row.shadow
        agreeing.end(version, reason="Не дае знаходак", by=founding.actor("nazar"))
        assert finders.current_indicators().indicators == ()
        events = session().scalars(
            sa.select(Entry.event).where(Entry.subject_id == version.id).order_by(Entry.position)
        )
        assert list(events) == [
            "indicator.proposed", "indicator.answered", "indicator.agreed", "indicator.put_on_trial",
            "indicator.activated", "indicator.ended",
        ]  # fmt: skip
        with pytest.raises(Conflict):
            agreeing.activate(version, by=founding.actor("nazar"))


def test_four_eyes_and_own_agency(world: World, database: Database) -> None:
    with transaction(database):
        nazar = founding.actor("nazar")
        mine = proposing.propose(plastic(agencies=()), by=nazar)
        mine = seen(mine.id, "nazar")
        assert mine.status == "agreed", "nobody else's lane is touched"
        with pytest.raises(NotAllowed, match="another supervisor"):
            agreeing.try_out(mine, by=nazar)
        theirs = proposed()
        with pytest.raises(NotAllowed):
            agreeing.answer(theirs, agreed=True, by=nazar)
        with pytest.raises(NotAllowed):
            agreeing.answer(seen(theirs.id, "maria"), agreed=True, by=founding.actor("maria"))
        with pytest.raises(NotAllowed, match="for the agency that proposed"):
            agreeing.try_out(seen(theirs.id, "mikola"), by=founding.actor("mikola"))
        with pytest.raises(NotAllowed):
            proposing.propose(plastic(), by=founding.actor("anna"))
        with pytest.raises(NotAllowed):
            proposing.revise(theirs, proposal=plastic(), by=analyst("BY-GTK"))


def test_a_declined_agency_keeps_its_lane_and_can_come_back(world: World, database: Database) -> None:
    with transaction(database):
        version = proposed(plastic(agencies=("BY-GTK", "BY-DVPN")))
        with pytest.raises(Invalid):
            agreeing.answer(seen(version.id, "oleg"), agreed=False, by=founding.actor("oleg"))
        agreeing.answer(seen(version.id, "oleg"), agreed=False, reason="Не наша", by=founding.actor("oleg"))
        assert version.status == "proposed"
        agreeing.answer(seen(version.id, "ihar"), agreed=True, by=founding.actor("ihar"))
        agreeing.try_out(version, by=founding.actor("nazar"))
        assert finders.current_indicators().indicators[0].row.agencies == ("BY-MPR", "BY-GTK")
        agreeing.answer(version, agreed=True, by=founding.actor("oleg"))
        assert finders.current_indicators().indicators[0].row.agencies == ("BY-MPR", "BY-DVPN", "BY-GTK")
        agreeing.answer(version, agreed=False, reason="Зашмат", by=founding.actor("ihar"))
        assert finders.current_indicators().indicators[0].row.agencies == ("BY-MPR", "BY-DVPN")


def test_all_declined_ends_it(world: World, database: Database) -> None:
    with transaction(database):
        version = proposed()
        agreeing.answer(version, agreed=False, reason="Не трэба", by=founding.actor("mikola"))
        assert version.status == "declined"
        with pytest.raises(Conflict):
            agreeing.try_out(version, by=founding.actor("nazar"))


def test_a_new_version_takes_the_place_of_the_one_in_force(world: World, database: Database) -> None:
    with transaction(database):
        first = proposed(plastic(agencies=()))
        nazar = founding.actor("nazar")
        agreeing.activate(agreeing.try_out(first, by=nazar), by=nazar)
        second = proposing.revise(first, proposal=plastic(agencies=(), weight=60), by=analyst("BY-MPR"))
        second = seen(second.id, "nazar")
        agreeing.try_out(second, by=nazar)
        assert [(one.row.version, one.row.shadow) for one in finders.current_indicators().indicators] == [
            (1, False),
            (2, True),
        ]
        agreeing.activate(second, by=nazar)
        assert [(one.row.version, one.row.weight) for one in finders.current_indicators().indicators] == [(2, 60)]
        assert first.status == "ended"
        assert first.weight == 30, "what was in force is never edited"


def test_who_sees_what(world: World, database: Database) -> None:
    with transaction(database):
        version = proposed()
        for who in ("nazar", "maria", "audit"):
            assert seen(version.id, who).id == version.id
        for who in ("olga", "anna", "bogdan", "admin"):
            with pytest.raises(NotFound):
                seen(version.id, who)
        assert [one.id for one in finders.list_versions(founding.actor("mikola"), waiting=True).rows] == [version.id]
        assert finders.list_versions(founding.actor("anna")).rows == []


def test_every_fault_at_its_box(world: World, database: Database) -> None:
    with transaction(database):
        today = clock.today()
        assert faults(plastic(weight=101)) == {"INDICATOR-WEIGHT": "weight"}
        assert faults(plastic(weight=None)) == {"INDICATOR-WEIGHT": "weight"}
        assert faults(plastic(weight=0, effect="score")) == {"INDICATOR-NOTHING": "weight"}
        assert faults(plastic(effect="green")) == {"INDICATOR-EFFECT": "effect"}
        assert faults(plastic(prefixes=("39a",))) == {"INDICATOR-PREFIX": "prefixes"}
        assert faults(plastic(agencies=("BY-MPR",))) == {"INDICATOR-AGENCY": "agencies"}
        assert faults(plastic(agencies=("XX",))) == {"INDICATOR-AGENCY": "agencies"}
        assert faults(plastic(titles={}, basis="")) == {"INDICATOR-TITLE": "title", "INDICATOR-BASIS": "basis"}
        assert faults(plastic(valid_until=today + timedelta(days=800))) == {"INDICATOR-ENDS": "valid_until"}
        assert faults(plastic(valid_until=None)) == {"INDICATOR-ENDS": "valid_until"}
        assert faults(plastic(valid_from=today - timedelta(days=1))) == {"INDICATOR-BEGINS": "valid_from"}
        never = {
            "all": [
                {"fact": "item.net_kg", "op": "below", "value": 1},
                {"fact": "item.net_kg", "op": "above", "value": 5},
            ]
        }
        assert faults(plastic(condition=never)) == {"CONDITION-NEVER": "condition-1.2"}


def test_a_circle_of_indicators_is_refused_with_its_chain(world: World, database: Database) -> None:
    with transaction(database):
        assert faults(plastic(condition={"indicator": "BY-GTK-0009"})) == {"CONDITION-REFERENCE": "condition-1"}
        first = proposed()
        second = proposed(plastic(condition={"any": [{"indicator": first.indicator.code}, FIRST]}))
        with pytest.raises(Invalid) as refused:
            proposing.revise(
                first, proposal=plastic(condition={"indicator": second.indicator.code}), by=analyst("BY-MPR")
            )
        [fault] = refused.value.faults
        assert fault.code == "CONDITION-CYCLE"
        assert "BY-MPR-0001 → BY-MPR-0002 → BY-MPR-0001" in fault.message["en"]


def test_examples_are_proposed_once_by_their_agencies(world: World, database: Database) -> None:
    with transaction(database):
        total = 0
        for agency in ("BY-MPR", "BY-GTK", "BY-GGISKZR", "BY-DVPN"):
            total += len(examples.load(by=analyst(agency)))
            assert examples.load(by=analyst(agency)) == []
        assert total == len(examples.shipped()) == 27


def test_the_demonstration_shows_every_state_of_work(world: World, database: Database) -> None:
    with transaction(database):
        assert indicating.found() == 27
        assert indicating.found() == 0
        compiled = finders.current_indicators()
        assert compiled.broken == ()
        states = dict(
            session()
            .execute(sa.select(IndicatorVersion._status, sa.func.count()).group_by(IndicatorVersion._status))
            .all()
        )
        assert states["live"] == len(indicating.LIVE)
        assert states["shadow"] > 10
        assert states["proposed"] > 2


def test_the_command_proposes_what_an_agency_lacks(world: World, database: Database, app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "proposed 1 indicators" in runner.invoke(args=["risk", "load", "vasil@akno.example"]).output
    assert "proposed 0 indicators" in runner.invoke(args=["risk", "load", "vasil@akno.example"]).output
    assert "nobody" in runner.invoke(args=["risk", "load", "nobody@akno.example"]).output
