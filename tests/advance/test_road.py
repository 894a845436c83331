"""Reports from the road: what they say against the plan, who may send them, and how an alert ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.advance.models import AdvanceInfo
from app.database import Database, session, transaction
from tests.advance.messages import key_of, xml
from tests.conftest import Drain
from tests.factories.world import World

NEAR_IVATSEVICHY = {"latitude": 52.72, "longitude": 25.34}
GOMEL = {"latitude": 52.44, "longitude": 30.99}


class Road:
    """A lorry that is announced, and its carrier's software."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.carrier = key_of(app, database, "stas", "advance", "movement")
        body = (
            app.test_client()
            .post("/api/v1/advance", data=xml(), headers=self.carrier | {"Idempotency-Key": "k"})
            .get_json()
        )
        self.number, self.id = body["number"], body["id"]

    def report(self, headers: dict[str, str] | None = None, **said: Any) -> Any:
        asked = {"number": self.number, "kind": "position", "at": clock.now().isoformat()} | said
        return self.app.test_client().post("/api/v1/movements", json=asked, headers=headers or self.carrier)


@pytest.fixture
def road(app: Flask, database: Database) -> Road:
    return Road(app, database)


def test_a_lorry_that_leaves_its_way_raises_one_alert_that_an_officer_settles(
    road: Road, world: World, worker: Drain
) -> None:
    assert road.report(**NEAR_IVATSEVICHY).get_json()["status"] == "registered"
    assert "Off the route" not in world.maria.get("/arrivals?lang=en").text
    assert road.report(**GOMEL).status_code == 201
    assert road.report(**(GOMEL | {"latitude": 52.5})).status_code == 201
    page = world.maria.get("/arrivals?lang=en").text
    assert page.count("Off the route") == 1
    assert "km from the way" in page
    worker.follow()
    assert "An alert from the road" in world.maria.get("/notices?lang=en").text
    world.maria.get(f"/arrivals/{road.id}")
    world.maria.submit("/settle", reason="")
    assert "There is something to mend" in world.maria.page.text
    world.maria.submit("/settle", outcome="explained", reason="Дарога перакрыта, аб'езд узгоднены.")
    assert "Explained by the carrier" in world.maria.page.text
    # Off the way again: a settled alert does not hide a new one.
    road.report(**(GOMEL | {"latitude": 52.6}))
    assert "Off the route" in world.maria.get("/arrivals?lang=en").text


def test_an_arrival_moves_it_on_and_seals_are_compared(
    road: Road, world: World, app: Flask, database: Database
) -> None:
    keeper = key_of(app, database, "zoya", "movement")
    seals = [{"number": "S100"}, {"number": "X-9"}]
    answer = road.report(keeper, kind="arrival", post="BP-KOZ", seals=seals)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["status"] == "arrived"
    page = world.maria.get(f"/arrivals/{road.id}?lang=en").text
    assert "A seal is missing" in page
    assert "S-101" in page
    assert "A seal nobody announced" in page
    # What has come can no longer be changed.
    late = app.test_client().post(
        "/api/v1/advance", data=xml(dispatch="DE"), headers=road.carrier | {"Idempotency-Key": "z"}
    )
    assert [one["code"] for one in late.get_json()["errors"]] == ["ADVANCE-ARRIVED"]


def test_a_lorry_that_does_not_come_is_late_once(road: Road, world: World, worker: Drain) -> None:
    with road.app.app_context(), transaction(road.database):
        info = session().get(AdvanceInfo, __import__("uuid").UUID(road.id))
        info.planned_at = clock.now() - timedelta(hours=5)
    worker.watch()
    worker.watch()
    page = world.maria.get("/arrivals?lang=en").text
    assert page.count("Behind its time</strong> ·") == 1


def test_strange_moments_and_strange_hands_are_refused_in_words(road: Road, app: Flask, database: Database) -> None:
    def codes(answer: Any) -> set[str]:
        return {one["code"] for one in answer.get_json()["errors"]}

    future = (clock.now() + timedelta(hours=3)).isoformat()
    assert codes(road.report(at=future, **GOMEL)) == {"MOVEMENT-FUTURE"}
    past = (clock.now() - timedelta(days=40)).isoformat()
    assert codes(road.report(at=past)) == {"MOVEMENT-PAST", "MOVEMENT-PLACE"}
    assert codes(road.report(number="BY/010101/000000009", **GOMEL)) == {"MOVEMENT-UNKNOWN"}
    assert codes(road.report(kind="seal")) == {"MOVEMENT-SEALS"}
    assert road.report(key_of(app, database, "vera", "advance"), **GOMEL).status_code == 403
    assert road.report(number="", vehicle="ab 12345", **NEAR_IVATSEVICHY).status_code == 201
    first = road.report(container="MSKU1234565", number="", at="2026-11-23T00:00:00Z", **NEAR_IVATSEVICHY)
    again = road.report(container="MSKU1234565", number="", at="2026-11-23T00:00:00Z", **NEAR_IVATSEVICHY)
    if first.status_code == 201:
        assert first.get_json()["id"] == again.get_json()["id"]


def test_the_form_reports_too(road: Road, world: World) -> None:
    world.stas.get(f"/movements?number={road.number}&lang=en")
    answer = world.stas.submit("/movements", kind="arrival", on="", time="")
    assert "It is not said when this was" in answer.text
    assert road.number in answer.text
    now = clock.now().astimezone(clock.MINSK)
    answer = world.stas.submit(
        "/movements", kind="arrival", on=f"{now:%d.%m.%Y}", time=f"{now:%H:%M}", post="BP-KOZ", seals="S-100, S-101"
    )
    assert "The report is taken" in answer.text
    assert "Has arrived" in answer.text
    # The carrier sees no alert, no lane.
    assert "Lane" not in answer.text
