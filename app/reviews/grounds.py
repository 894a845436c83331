"""Grounds of a refusal and where to appeal, per agency: our own tables beside this file, each row with its source."""

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
"""Rows of this agency serve every agency that has none of its own."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason from the pick-list: its code, its sentence, and the law it rests on (empty: the officer names it)."""

    code: str
    text: Text
    law: Text
    confidence: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """Where a decision of an agency is appealed: body, contact, days allowed."""

    office: Text
    contact: str
    days: int
    confidence: str


def list_grounds(agency: str) -> tuple[Ground, ...]:
    """Return the pick-list of an agency, in the order of the table."""
    return _grounds().get(agency) or _grounds()[ANY]


def find_ground(agency: str, code: str) -> Ground | None:
    """Return one reason of an agency's pick-list, or None."""
    return next((ground for ground in list_grounds(agency) if ground.code == code), None)


def appeal_of(agency: str) -> Appeal:
    """Return where the agency's decisions are appealed."""
    return _appeals().get(agency) or _appeals()[ANY]


@cache
def _grounds() -> Mapping[str, tuple[Ground, ...]]:
    found: dict[str, list[Ground]] = {}
    for row in _table("grounds"):
        ground = Ground(row["code"], _text(row, "text"), _text(row, "ground"), row["confidence"])
        found.setdefault(row["agency"], []).append(ground)
    return {agency: tuple(rows) for agency, rows in found.items()}


@cache
def _appeals() -> Mapping[str, Appeal]:
    return {
        row["agency"]: Appeal(_text(row, "office"), row["contact"], int(row["days"]), row["confidence"])
        for row in _table("appeals")
    }


def _text(row: Mapping[str, str], name: str) -> Text:
    return {language: row[f"{name}_{language}"] for language in LANGUAGES}


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
