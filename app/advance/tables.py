"""The data of this room: lead times per mode, limits and tolerances, places with their coordinates. Read once per process; pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from app.requirements import packaged

_DATA = Path(__file__).parent / "data"
_DEGREES = re.compile(r"(\d{2})(\d{2})([NS]) (\d{3})(\d{2})([EW])")
Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def _table(name: str) -> list[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def lead_times() -> Mapping[str, timedelta]:
    """How long before the arrival information must come, by mode of transport."""
    return {row["mode"]: timedelta(minutes=int(row["minutes"])) for row in _table("lead_times")}


@cache
def _limits() -> Mapping[str, Decimal]:
    return {row["name"]: Decimal(row["value"]) for row in _table("limits")}


def limit(name: str) -> Decimal:
    """Return a limit by its name, in the unit its row says. Raises KeyError."""
    return _limits()[name]


def advance_time() -> timedelta:
    """How far ahead information may be sent, and how long it is kept after the planned arrival."""
    return timedelta(days=int(limit("advance_days")))


def lateness() -> timedelta:
    """How long after the planned moment a consignment is late."""
    return timedelta(minutes=int(limit("late_minutes")))


@cache
def places() -> Mapping[str, Point]:
    """Posts and Belarusian places (UN/LOCODE) with their coordinates, as far as they are known."""
    found = {row["code"]: (float(row["lat"]), float(row["lon"])) for row in _table("places")}
    for row in packaged.table("unlocode_by"):
        match = _DEGREES.fullmatch(row["coordinates"])
        if match is not None:
            north, minutes, south, east, others, west = match.groups()
            latitude, longitude = int(north) + int(minutes) / 60, int(east) + int(others) / 60
            found[row["unlocode"]] = (
                -latitude if south == "S" else latitude,
                -longitude if west == "W" else longitude,
            )
    return found
