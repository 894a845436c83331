"""Advance information as facts of the risk (group ``advance``). Pure; names are those of ``app/risk/data/facts.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.advance import quoting
from app.advance.finders import Quoted
from app.advance.message import Advance
from app.declarations.package import Package

Value = bool | int | Decimal | str | frozenset[str] | None


NAMES = ("quoted", "differences", "difference_count", "route", "transit_count", "change_hours")
"""The facts of the group."""


def values(package: Package, quoted: Mapping[str, Quoted]) -> Mapping[str, Value]:
    """Return the facts of a package. Where nothing is quoted nothing differs, and of the way nothing is known; where what is
    quoted is another window's, nothing can be told of either."""
    numbers = quoting.numbers_of(package)
    own = [one for one in quoted.values() if one.own]
    said: dict[str, Value] = dict.fromkeys((f"advance.{name}" for name in NAMES), None)
    said["advance.quoted"] = bool(numbers)
    if numbers and len(own) != 1:
        return said
    found = quoting.differences(package, quoted)
    said["advance.differences"] = frozenset(one.kind for one in found)
    said["advance.difference_count"] = Decimal(len(found))
    if not own:
        return said
    info = own[0].info
    return said | of_message(
        own[0].message, changed_at=info.changed_at, version=info.version, arrived_at=info.arrived_at
    )


def of_message(
    advance: Advance, *, changed_at: datetime, version: int, arrived_at: datetime | None = None
) -> dict[str, Value]:
    """Return what the information says of the way: countries, how many are passed between dispatch and destination, and how
    many hours before the arrival it was changed last (not known where it never was)."""
    ends = {advance.dispatch, advance.destination or "BY"}
    passed = [land for land in advance.countries if land not in ends]
    hours = Decimal(int(((arrived_at or advance.planned_at) - changed_at).total_seconds() // 3600))
    return {
        "advance.route": frozenset(advance.countries),
        "advance.transit_count": Decimal(len(set(passed))),
        "advance.change_hours": hours if version > 1 else None,
    }
