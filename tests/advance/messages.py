"""Messages of the tests: a lorry with bicycles from Poland, changed as a test wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from app import clock
from app.advance.message import Advance, Container, Goods, Paper, Party, Stop, Vehicle
from app.advance.writing import write
from app.cli import founding
from app.cli.country import HOUSES
from app.database import Database, transaction
from app.identity import apikeys
from app.identity.apikeys import SCOPES

UNP = {house.key: house.unp or "" for house in HOUSES}


def bicycles(**changes: Any) -> Advance:
    """A consignment for «Вела Мінск», planned for tomorrow, carried by «Белтранс-Шлях», unloaded at «Козлавічы-СЧС»."""
    usual = Advance(
        reference="TRIP-1", direction="import", mode="3", vehicles=(Vehicle("AB12345", "BY"), Vehicle("A1234B5")),
        post="BP-KOZ", planned_at=clock.now().replace(second=0, microsecond=0) + timedelta(hours=20),
        consignee=Party(UNP["velo"], "ТАА «Вела Мінск»", "BY"), declarant=Party(UNP["velo"]), carrier=Party(UNP["carrier"]),
        dispatch="PL", warehouse=UNP["warehouse"], route=(Stop("PL"), Stop("BY", "BP-KOZ"), Stop("BY", "BYMSQ")),
        containers=(Container("MSKU1234565", ("S-100", "S-101")),), papers=(Paper("02015", "CMR-1188"),),
        goods=(Goods(1, "8712003000", "City bicycles, 28 inches", "CN", Decimal("2400"), 120, "CT", Decimal("24000"), "EUR"),),
    )  # fmt: skip
    return replace(usual, **changes)


def xml(**changes: Any) -> bytes:
    """The same as a file."""
    return write(bicycles(**changes))


def key_of(app: Flask, database: Database, name: str, *scopes: str) -> dict[str, str]:
    """Make a key for somebody of the country and return the headers that carry it."""
    with app.app_context(), transaction(database):
        rights = sorted({right.value for scope in scopes for right in SCOPES[scope]})
        _key, text = apikeys.create(label="Tests", scopes=rights, by=founding.actor(name))
    return {"Authorization": f"Bearer {text}"}
