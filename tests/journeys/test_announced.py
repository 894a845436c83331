"""Goods that are announced: an accredited trader is told before arrival; a declaration that says otherwise turns yellow to red;
a lorry in transit leaves its way; nobody looks into another house's plans."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.advance.message import Container, Goods, Party, Stop, Vehicle
from app.cli import founding
from app.database import Database, session, transaction
from app.identity.models import Organisation
from app.risk import agreeing, finders, proposing
from app.risk.proposing import Proposal
from app.traders.models import Accreditation
from tests.advance.messages import UNP, key_of, xml
from tests.conftest import Drain
from tests.factories.world import World
from tests.journeys.roads import file_bytes, packed

ORIGIN_DIFFERS = {"fact": "advance.differences", "op": "contains_any", "value": ["origin"]}
FROM_CHINA = {"fact": "item.origin", "op": "is", "value": "CN"}


def put_in_force(condition: dict[str, Any], **other: Any) -> str:
    """An indicator of customs alone: proposed by one, tried and put in force by a supervisor."""
    today = clock.today()
    given = {"weight": 30, "effect": "yellow", "prefixes": ("8712",), "agencies": (), "direction": "import"} | other
    version = proposing.propose(
        Proposal(
            titles={"be": "Праверка"}, reasons={"be": "Трэба паглядзець"}, condition={"all": [condition]},
            valid_from=today, valid_until=today + timedelta(days=90), basis="Test", confidence="recalled", **given,
        ),
        by=founding.actor("maksim"),
    )  # fmt: skip
    version = finders.get_version(version.id, actor=founding.actor("mikola"))
    agreeing.try_out(version, by=founding.actor("mikola"))
    agreeing.activate(version, by=founding.actor("mikola"))
    return str(version.indicator.code)


def accredit(house: str) -> None:
    """An authorised economic operator, as customs has granted it."""
    today = clock.today()
    session().add(
        Accreditation(
            kind="aeo",
            type="1",
            agency="BY-GTK",
            number="BY/0001/AEO1",
            drafted_at=clock.now(),
            _status="granted",
            holder_id=session().scalar(sa.select(Organisation.id).where(Organisation.unp == UNP[house])),
            scope={},
            valid_from=today - timedelta(days=30),
            valid_to=today + timedelta(days=300),
        )
    )


def as_declared(**changes: Any) -> bytes:
    """The bicycles of the sample package, announced."""
    usual: dict[str, Any] = {
        "vehicles": (Vehicle("BH 2210-5", "BY"),),
        "dispatch": "CN",
        "containers": (Container("TCNU4471909", ("CN7719342",)),),
        "route": (Stop("CN"), Stop("KZ"), Stop("RU"), Stop("PL"), Stop("BY", "BP-KOZ"), Stop("BY", "BYMSQ")),
        "goods": (Goods(1, "8712003000", "Веласіпеды двухколавыя", "CN", Decimal(4860), 288, "CT"),),
    }
    return xml(**(usual | changes))


def announce(app: Flask, headers: dict[str, str], body: bytes, key: str = "k-1") -> dict[str, Any]:
    answer = app.test_client().post("/api/v1/advance", data=body, headers=headers | {"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


@pytest.mark.parametrize("watched", [False, True])
def test_an_accredited_trader_is_told_before_arrival_and_nobody_else(
    app: Flask, database: Database, world: World, worker: Drain, watched: bool
) -> None:
    with app.app_context(), transaction(database):
        accredit("velo")
        if watched:
            put_in_force(FROM_CHINA)
    carrier = key_of(app, database, "stas", "advance")
    made = announce(app, carrier, as_declared())
    worker.drain()
    worker.follow()
    said = "A check awaits" if watched else "No check awaits"
    assert said in world.vera.get("/notices?lang=en").text
    page = world.vera.get(f"/advance/{made['id']}?lang=en").text
    assert f"{said} these goods" in page
    for secret in ("BY-GTK-0", "score", "Signals", "weight"):
        assert secret not in page
    # The carrier who sent it is told nothing; an officer sees the lane.
    assert "check awaits" not in world.stas.get(f"/advance/{made['id']}?lang=en").text
    assert "check awaits" not in world.stas.get("/notices?lang=en").text
    lane = "Yellow" if watched else "Green"
    assert lane in world.maria.get(f"/arrivals/{made['id']}?lang=en").text


def test_another_origin_in_the_declaration_turns_yellow_to_red(
    app: Flask, database: Database, world: World, worker: Drain
) -> None:
    with app.app_context(), transaction(database):
        put_in_force(FROM_CHINA)
        put_in_force(ORIGIN_DIFFERS, weight=60, effect="red")
    made = announce(app, key_of(app, database, "vera", "advance"), as_declared())
    worker.drain()
    assert "Yellow" in world.maria.get(f"/arrivals/{made['id']}?lang=en").text
    package = packed("bicycles")
    body = package.xml.replace(b"BY/201126/000018544", made["number"].encode())
    body = re.sub(rb"(<Origin>\s*<CountryCode>)CN", rb"\1VN", body)
    where = file_bytes(world.vera, body, "package.xml")
    assert where.startswith("/packages/"), where
    page = world.maria.get(f"/arrivals/{made['id']}?lang=en").text
    assert "Country of origin" in page
    assert "Declared" in page
    status = world.vera.browser.get(f"{where}/status.json").get_json()
    case = world.maria.get("/queue?lang=en").text
    assert status["number"] in case
    link = case.split('href="/cases/')[1].split('"')[0].split("?")[0]
    desk = world.maria.get(f"/cases/{link}?lang=en").text
    assert "Red" in desk
    assert made["number"] in desk
    # The trader sees that it is quoted, never what that means.
    assert "Declared" in world.vera.get(f"/advance/{made['id']}?lang=en").text
    assert "Red" not in world.vera.get(f"{where}?lang=en").text
    for address in (where, f"{where}/history", f"/advance/{made['id']}"):
        assert "BY-GTK-0" not in world.vera.get(address).text
    assert f"/cases/{link}" in world.maria.get(f"/arrivals/{made['id']}").text


def test_a_number_of_somebody_elses_goods_is_a_fault_and_one_of_another_window_is_none(
    app: Flask, database: Database, world: World
) -> None:
    anna = key_of(app, database, "anna", "advance")
    theirs = announce(app, anna, xml(consignee=Party(UNP["belmyaso"], "", "BY"), declarant=Party(UNP["belmyaso"])))
    package = packed("bicycles")
    assert file_bytes(world.vera, package.xml, "package.xml").startswith("/packages/")
    body = packed("bicycles").xml.replace(b"BY/201126/000018544", theirs["number"].encode())
    where = file_bytes(world.vera, body, "package.xml")
    assert where.startswith("/receipts/")
    faults = world.vera.browser.get(f"{where}/faults.json").get_json()["faults"]
    assert [one["code"] for one in faults] == ["ADVANCE-QUOTED-OTHER"]


def test_a_lorry_in_transit_leaves_its_way(app: Flask, database: Database, world: World, worker: Drain) -> None:
    transit = xml(
        direction="transit", dispatch="PL", destination="RU", consignee=Party("", "OOO Vostok", "RU"), declarant=Party(), warehouse="",
        route=(Stop("BY", "BP-KOZ"), Stop("BY", "BYBAR"), Stop("BY", "BYOSH"), Stop("RU")),
    )  # fmt: skip
    carrier = key_of(app, database, "stas", "advance", "movement")
    made = announce(app, carrier, transit)

    def seen(latitude: float, longitude: float) -> None:
        said = {
            "number": made["number"], "kind": "position", "at": clock.now().isoformat(), "latitude": latitude,
            "longitude": longitude,
        }  # fmt: skip
        answer = app.test_client().post("/api/v1/movements", json=said, headers=carrier)
        assert answer.status_code == 201, answer.text
        assert set(answer.get_json()) == {"id", "number", "kind", "at", "reported_at", "status"}

    seen(53.2, 26.0)
    assert "Off the route" not in world.maria.get("/arrivals?lang=en").text
    seen(52.1, 29.2)
    worker.follow()
    assert "An alert from the road" in world.ihar.get("/notices?lang=en").text
    assert "Off the route" in world.ihar.get(f"/arrivals/{made['id']}?lang=en").text
    assert "Off the route" not in world.stas.get(f"/advance/{made['id']}?lang=en").text
    # An officer of an agency whose goods these are not sees none of it.
    assert world.olga.get(f"/arrivals/{made['id']}").status_code == 404
