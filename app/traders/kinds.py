"""The kinds of accreditation as data: who examines, what is asked, how long it holds, why it may be refused or taken away.

Pure: our own tables beside this file, read once, each row with its source.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.errors import Text

DATA = Path(__file__).resolve().parent / "data"
LANGUAGES = ("be", "ru", "en")
ANY = "*"
"""Grounds of this kind serve every kind that has none of its own."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition that an applicant answers; ``files``: evidence must stand with it. ``types`` empty: of every type."""

    code: str
    types: tuple[str, ...]
    files: bool
    title: Text
    hint: Text
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of accreditation. ``months``: it holds so long at most; ``guarantee``: its grant names a security;
    ``scope``: which lists its scope may name (goods, procedures, waste, facilities)."""

    code: str
    agency: str
    types: tuple[str, ...]
    prefix: str
    months: int
    guarantee: bool
    scope: tuple[str, ...]
    title: Text
    summary: Text
    criteria: tuple[Criterion, ...]
    source: str
    confidence: str

    def asks(self, type_code: str) -> tuple[Criterion, ...]:
        """Return what an applicant for a type answers, in the order of the table."""
        return tuple(one for one in self.criteria if not one.types or type_code in one.types)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an accreditation is refused, suspended or revoked: a reason of the pick-list and its law."""

    code: str
    step: str
    text: Text
    law: Text
    confidence: str


def get_kind(code: str) -> Kind:
    """Return a kind by its code. Raises KeyError for one that is not in the table."""
    return kinds()[code]


def kinds_of(agency: str) -> tuple[Kind, ...]:
    """Return the kinds that an agency examines, in the order of the table."""
    return tuple(kind for kind in kinds().values() if kind.agency == agency)


def grounds(kind: str, step: str) -> tuple[Ground, ...]:
    """Return the pick-list of a step (refuse, suspend, revoke) for a kind."""
    own = tuple(one for one in _grounds().get(kind, ()) if one.step == step)
    return own or tuple(one for one in _grounds()[ANY] if one.step == step)


def find_ground(kind: str, step: str, code: str) -> Ground | None:
    """Return one reason of the pick-list, or None."""
    return next((one for one in grounds(kind, step) if one.code == code), None)


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by its code."""
    criteria: dict[str, list[Criterion]] = {}
    for row in table("criteria"):
        one = Criterion(
            row["code"], tuple(row["types"].split()), row["files"] == "yes", text(row, "title"), text(row, "hint"),
            row["source"], row["confidence"],
        )  # fmt: skip
        criteria.setdefault(row["kind"], []).append(one)
    return {
        row["kind"]: Kind(
            row["kind"], row["agency"], tuple(row["types"].split()), row["prefix"], int(row["months"]),
            row["guarantee"] == "yes", tuple(row["scope"].split()), text(row, "title"), text(row, "summary"),
            tuple(criteria.get(row["kind"], ())), row["source"], row["confidence"],
        )
        for row in table("kinds")
    }  # fmt: skip


@cache
def _grounds() -> Mapping[str, tuple[Ground, ...]]:
    found: dict[str, list[Ground]] = {}
    for row in table("grounds"):
        one = Ground(row["code"], row["step"], text(row, "text"), text(row, "law"), row["confidence"])
        found.setdefault(row["kind"], []).append(one)
    return {kind: tuple(rows) for kind, rows in found.items()}


def text(row: Mapping[str, str], name: str) -> Text:
    """Return a text of a row in its three languages."""
    return {language: row[f"{name}_{language}"] for language in LANGUAGES}


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside this file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
