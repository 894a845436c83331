"""What an agency needs of a package by right: our own tables beside this file, each row with its ground; what no row grants is
hidden."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.errors import Text

DATA = Path(__file__).resolve().parent / "data"
ANY = "*"
"""As a group: everything in the package; as a code: every document."""


@dataclass(frozen=True, slots=True)
class Need:
    """One group of data elements that an agency sees, on which ground; ``codes`` for documents only."""

    group: str
    codes: frozenset[str]
    ground: Text
    confidence: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason from the pick-list for having hidden fields shown."""

    code: str
    text: Text


def needs_of(agency: str) -> tuple[Need, ...]:
    """Return what an agency sees by right; nothing for one that the table does not name."""
    return _needs().get(agency, ())


def list_reasons() -> tuple[Reason, ...]:
    """Return the pick-list of reasons, in the order of the table."""
    return tuple(Reason(row["code"], _text(row, "text")) for row in _table("unmask_reasons"))


def find_reason(code: str) -> Reason | None:
    """Return one reason of the pick-list, or None."""
    return next((one for one in list_reasons() if one.code == code), None)


def grants(agency: str, group: str) -> bool:
    """Whether an agency sees a group of data elements by right."""
    return any(need.group in (ANY, group) for need in needs_of(agency))


@cache
def _needs() -> Mapping[str, tuple[Need, ...]]:
    found: dict[str, list[Need]] = {}
    for row in _table("seen_fields"):
        need = Need(row["group"], frozenset(row["codes"].split()), _text(row, "ground"), row["confidence"])
        found.setdefault(row["agency"], []).append(need)
    return {agency: tuple(rows) for agency, rows in found.items()}


def _text(row: Mapping[str, str], name: str) -> Text:
    return {language: row[f"{name}_{language}"] for language in ("be", "ru", "en")}


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
