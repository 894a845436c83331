"""The form of advance information: boxes into a message and back. Pure: what cannot be read is a fault at its box."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from app.advance.message import Advance, Container, Goods, Paper, Party, Stop, Vehicle
from app.advance.words import fault
from app.clock import MINSK
from app.declarations.package import EXPORT, IMPORT, TRANSIT
from app.errors import Fault

BOXES = (
    "reference", "direction", "mode", "vehicle", "nationality", "trailer", "carrier", "declarant", "consignee",
    "consignee_name", "consignee_country", "post", "planned_on", "planned_time", "dispatch", "destination", "route",
    "warehouse", "containers", "papers",
)  # fmt: skip
COLUMNS = ("code", "description", "origin", "gross", "packages", "packing", "value", "currency", "undg")
ROWS, MORE, MOST_ROWS = 2, 3, 60
"""Rows of goods that an empty form shows; how many more are added at a time; how many it takes: a file takes 999."""
_LONGEST = {
    "reference": 35,
    "vehicle": 35,
    "trailer": 35,
    "consignee_name": 70,
    "route": 2000,
    "containers": 4000,
    "papers": 4000,
}

Values = Mapping[str, str]


def box(row: int, column: str) -> str:
    """Return the name of a box of a goods row (from 1)."""
    return f"goods-{row}-{column}"


def rows_of(values: Values) -> int:
    """Return how many goods rows were sent, within reason."""
    text = values.get("rows", "")
    return min(int(text[:4]), MOST_ROWS) if text.isascii() and text.isdigit() and int(text[:4]) > 0 else ROWS


def read(values: Values) -> tuple[Advance | None, list[Fault]]:
    """Return the message of a filled form, or every fault at its box."""
    faults: list[Fault] = []
    said = {name: " ".join(values.get(name, "").split()) for name in BOXES}
    said |= {name: values.get(name, "") for name in ("route", "containers", "papers")}
    faults += [fault("ADVANCE-TEXT", name) for name, most in _LONGEST.items() if len(said[name]) > most]
    if not said["reference"]:
        faults.append(fault("ADVANCE-REFERENCE", "reference"))
    if said["direction"] not in (IMPORT, EXPORT, TRANSIT):
        faults.append(fault("ADVANCE-DIRECTION", "direction", said["direction"]))
    if len(said["mode"]) != 1:
        faults.append(fault("ADVANCE-MODE", "mode", said["mode"]))
    if not said["vehicle"]:
        faults.append(fault("ADVANCE-VEHICLE", "vehicle"))
    planned = moment_of(said["planned_on"], said["planned_time"])
    if planned is None:
        faults.append(fault("ADVANCE-ARRIVAL", "planned_on", f"{said['planned_on']} {said['planned_time']}".strip()))
    faults += _letters(said)
    goods = _goods(values, faults)
    route, containers = _route(said["route"], faults), _containers(said["containers"])
    if faults or planned is None:
        return None, faults
    return _message(said, planned, goods, route, containers), []


def _letters(said: Values) -> list[Fault]:
    """Countries of two letters: what the schema would refuse is said at the box."""
    wrong = [name for name in ("dispatch",) if not _is_country(said[name])]
    also = ("destination", "nationality", "consignee_country")
    wrong += [name for name in also if said[name] and not _is_country(said[name])]
    return [fault("ADVANCE-COUNTRY", "vehicle" if name == "nationality" else name, said[name]) for name in wrong]


def _is_country(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{2}", text) is not None


def _message(
    said: Values,
    planned: datetime,
    goods: tuple[Goods, ...],
    route: tuple[Stop, ...],
    containers: tuple[Container, ...],
) -> Advance:
    vehicles = [Vehicle(said["vehicle"].upper(), said["nationality"].upper())]
    if said["trailer"]:
        vehicles.append(Vehicle(said["trailer"].upper()))
    papers = (line.split(None, 1) for line in said["papers"].splitlines() if len(line.split(None, 1)) == 2)
    return Advance(
        reference=said["reference"], direction=said["direction"], mode=said["mode"], vehicles=tuple(vehicles),
        post=said["post"], planned_at=planned, dispatch=said["dispatch"].upper(), destination=said["destination"].upper(),
        carrier=Party(said["carrier"].upper()), declarant=Party(said["declarant"].upper()),
        consignee=Party(said["consignee"].upper(), said["consignee_name"], said["consignee_country"].upper()),
        route=route, warehouse=said["warehouse"].upper(), containers=containers,
        papers=tuple(Paper(kind[:6], " ".join(number.split())[:70]) for kind, number in papers), goods=goods,
    )  # fmt: skip


def moment_of(day: str, time: str) -> datetime | None:
    """Read a day (25.11.2026 or 2026-11-25) and a time (14:30) of Minsk; None where there is no such moment."""
    for pattern in ("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(f"{day.strip()} {time.strip()}", pattern).replace(tzinfo=MINSK).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _route(text: str, faults: list[Fault]) -> tuple[Stop, ...]:
    """One stop a line: a country, then a post or place: ``BY BP-KOZ``."""
    stops = []
    for line in text.splitlines()[:99]:
        words = line.upper().replace(",", " ").split()
        if not words:
            continue
        if not _is_country(words[0]) or len(words) > 2 or len(words[-1]) > 17:
            faults.append(fault("ADVANCE-PLACE", "route", line))
            continue
        stops.append(Stop(words[0], words[1] if len(words) == 2 else ""))
    return tuple(stops)


def _containers(text: str) -> tuple[Container, ...]:
    """One container a line, its seals behind a colon: ``MSKU1234565: S-1, S-2``."""
    found = []
    for line in text.splitlines()[:99]:
        name, _colon, seals = line.partition(":")
        if name.strip():
            parts = [seal.strip()[:35] for seal in re.split(r"[,;]", seals) if seal.strip()]
            found.append(Container("".join(name.upper().split())[:17], tuple(parts[:20])))
    return tuple(found)


def _goods(values: Values, faults: list[Fault]) -> tuple[Goods, ...]:
    """The filled rows, numbered from 1 without those left empty."""
    rows = [
        {name: " ".join(values.get(box(at, name), "").split()) for name in COLUMNS}
        for at in range(1, rows_of(values) + 1)
    ]
    filled = [(at, row) for at, row in enumerate(rows, 1) if any(row[name] for name in COLUMNS)]
    if not filled:
        faults.append(fault("ADVANCE-GOODS-MISSING", box(1, "code")))
    made = [_line(number, at, row, faults) for number, (at, row) in enumerate(filled, 1)]
    return tuple(made)


def _line(number: int, at: int, row: Values, faults: list[Fault]) -> Goods:
    code = "".join(row["code"].split())
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 10):
        faults.append(fault("ADVANCE-CODE", box(at, "code"), row["code"]))
    if not 0 < len(row["description"]) <= 512:
        faults.append(fault("ADVANCE-DESCRIPTION", box(at, "description")))
    if not _is_country(row["origin"]):
        faults.append(fault("ADVANCE-COUNTRY", box(at, "origin"), row["origin"]))
    gross = decimal_of(row["gross"])
    if gross is None or gross <= 0:
        faults.append(fault("ADVANCE-MASS", box(at, "gross"), row["gross"]))
    packages = row["packages"]
    if packages and not (packages.isascii() and packages.isdigit() and len(packages) <= 8):
        faults.append(fault("ADVANCE-PACKAGES", box(at, "packages"), packages))
        packages = ""
    value = decimal_of(row["value"]) if row["value"] else None
    if (row["value"] and value is None) or bool(row["value"]) != bool(row["currency"]):
        faults.append(fault("ADVANCE-VALUE", box(at, "value"), f"{row['value']} {row['currency']}".strip()))
    undg = tuple(part for part in re.split(r"[,;\s]+", row["undg"]) if part)
    if any(re.fullmatch(r"[0-9]{4}", part) is None for part in undg):
        faults.append(fault("ADVANCE-UNDG", box(at, "undg"), row["undg"]))
    return Goods(
        number, code, row["description"], row["origin"].upper(), gross or Decimal(0), int(packages) if packages else None,
        packing=row["packing"].upper()[:2] if packages else "", value=value, currency=row["currency"].upper(), undg=undg,
    )  # fmt: skip


def decimal_of(text: str) -> Decimal | None:
    """Read a number with a point or a comma, blanks let pass; None for anything else, and for what no field holds."""
    plain = "".join(text.split()).replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,10}(\.[0-9]{1,6})?", plain) is None:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def fill(advance: Advance) -> dict[str, str]:
    """Return the boxes of a message: the form with which it is changed."""
    planned = advance.planned_at.astimezone(MINSK)
    values = {
        "reference": advance.reference, "direction": advance.direction, "mode": advance.mode,
        "vehicle": advance.vehicles[0].id, "nationality": advance.vehicles[0].nationality,
        "trailer": advance.vehicles[1].id if len(advance.vehicles) > 1 else "",
        "carrier": advance.carrier.id, "declarant": advance.declarant.id, "consignee": advance.consignee.id,
        "consignee_name": advance.consignee.name, "consignee_country": advance.consignee.country,
        "post": advance.post, "planned_on": f"{planned:%d.%m.%Y}", "planned_time": f"{planned:%H:%M}",
        "dispatch": advance.dispatch, "destination": advance.destination, "warehouse": advance.warehouse,
        "route": "\n".join(f"{stop.country} {stop.place}".strip() for stop in advance.route),
        "containers": "\n".join(f"{one.id}: {', '.join(one.seals)}".rstrip(": ") for one in advance.containers),
        "papers": "\n".join(f"{one.type} {one.number}" for one in advance.papers),
        "rows": str(min(len(advance.goods), MOST_ROWS)),
    }  # fmt: skip
    for at, one in enumerate(advance.goods[:MOST_ROWS], 1):
        row = {
            "code": one.code, "description": one.description, "origin": one.origin, "gross": f"{one.gross:f}",
            "packages": "" if one.packages is None else str(one.packages), "packing": one.packing,
            "value": "" if one.value is None else f"{one.value:f}", "currency": one.currency, "undg": " ".join(one.undg),
        }  # fmt: skip
        values |= {box(at, name): text for name, text in row.items()}
    return values


def fits(advance: Advance) -> bool:
    """Whether the form has a place for all of a message; one that says more is changed by a file."""
    minute = replace(advance, planned_at=advance.planned_at.replace(second=0))
    return len(advance.goods) <= MOST_ROWS and read(fill(advance))[0] == minute
