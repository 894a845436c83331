"""Advance information as one value: who, by what, along which way, what, and when. Pure.

Names follow the WCO Data Model, the schema is ``xsd/advance/1.0``. ``path`` is the XPath of the element, for faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.declarations.package import EXPORT, IMPORT, TRANSIT

DIRECTIONS: Mapping[str, str] = {"IM": IMPORT, "EX": EXPORT, "TR": TRANSIT}
"""Declaration/TypeCode of the message -> the direction of the goods."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named: ``id`` is a Belarusian party's UNP."""

    id: str = ""
    name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A means of transport as its plate, wagon, flight or hull names it."""

    id: str
    nationality: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A part of the way: a country, and a post or place (UN/LOCODE) passed there, "" for none."""

    country: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """A container or load space with the seals on it."""

    id: str
    seals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document or permit that goes with the goods."""

    type: str
    number: str


@dataclass(frozen=True, slots=True)
class Goods:
    """A goods item; masses in kilograms. ``number`` is its place, from 1."""

    number: int
    code: str
    description: str
    origin: str
    gross: Decimal
    packages: int | None = None
    packing: str = ""
    value: Decimal | None = None
    currency: str = ""
    undg: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advance:
    """The whole message. ``planned_at`` is the planned moment at ``post``, in UTC; ``mode`` of UN/ECE Recommendation 19."""

    reference: str
    direction: str
    mode: str
    vehicles: tuple[Vehicle, ...]
    post: str
    planned_at: datetime
    consignee: Party
    dispatch: str
    goods: tuple[Goods, ...]
    carrier: Party = Party()
    declarant: Party = Party()
    consignor: Party = Party()
    destination: str = ""
    route: tuple[Stop, ...] = ()
    warehouse: str = ""
    containers: tuple[Container, ...] = ()
    papers: tuple[Paper, ...] = ()

    @property
    def gross(self) -> Decimal:
        """The gross mass of everything, in kilograms."""
        return sum((one.gross for one in self.goods), Decimal(0))

    @property
    def packages(self) -> int:
        """How many packages there are; items that do not say count none."""
        return sum(one.packages or 0 for one in self.goods)

    @property
    def seals(self) -> frozenset[str]:
        """Every seal on every container, as written."""
        return frozenset(seal for one in self.containers for seal in one.seals)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the way in their order: dispatch, routing, destination; each once in a row."""
        way = [self.dispatch, *(one.country for one in self.route), self.destination]
        return tuple(land for place, land in enumerate(way) if land and (place == 0 or way[place - 1] != land))


def as_dict(advance: Advance) -> dict[str, Any]:
    """Return the message as JSON-ready data; decimals and moments as text."""
    return {
        "reference": advance.reference, "direction": advance.direction, "mode": advance.mode, "post": advance.post,
        "planned_at": advance.planned_at.isoformat(), "dispatch": advance.dispatch, "destination": advance.destination,
        "warehouse": advance.warehouse,
        **{role: _party(getattr(advance, role)) for role in ("carrier", "declarant", "consignee", "consignor")},
        "vehicles": [[one.id, one.nationality] for one in advance.vehicles],
        "route": [[one.country, one.place] for one in advance.route],
        "containers": [[one.id, list(one.seals)] for one in advance.containers],
        "papers": [[one.type, one.number] for one in advance.papers],
        "goods": [_goods(one) for one in advance.goods],
    }  # fmt: skip


def from_dict(data: Mapping[str, Any]) -> Advance:
    """Read what ``as_dict`` wrote."""
    roles: dict[str, Party] = {role: Party(*data[role]) for role in ("carrier", "declarant", "consignee", "consignor")}
    return Advance(
        reference=data["reference"], direction=data["direction"], mode=data["mode"], post=data["post"],
        planned_at=datetime.fromisoformat(data["planned_at"]).astimezone(UTC), dispatch=data["dispatch"],
        destination=data["destination"], warehouse=data["warehouse"],
        vehicles=tuple(Vehicle(*one) for one in data["vehicles"]),
        route=tuple(Stop(*one) for one in data["route"]),
        containers=tuple(Container(one[0], tuple(one[1])) for one in data["containers"]),
        papers=tuple(Paper(*one) for one in data["papers"]),
        goods=tuple(_goods_of(one) for one in data["goods"]),
        **roles,
    )  # fmt: skip


def _party(party: Party) -> list[str]:
    return [party.id, party.name, party.country]


def _goods(one: Goods) -> dict[str, Any]:
    return {
        "number": one.number, "code": one.code, "description": one.description, "origin": one.origin,
        "gross": str(one.gross), "packages": one.packages, "packing": one.packing,
        "value": None if one.value is None else str(one.value), "currency": one.currency, "undg": list(one.undg),
    }  # fmt: skip


def _goods_of(data: Mapping[str, Any]) -> Goods:
    value = data["value"]
    return Goods(
        number=data["number"], code=data["code"], description=data["description"], origin=data["origin"],
        gross=Decimal(data["gross"]), packages=data["packages"], packing=data["packing"],
        value=None if value is None else Decimal(value), currency=data["currency"], undg=tuple(data["undg"]),
    )  # fmt: skip
