"""Which cases two officers sign: our own table beside this file, each row with its source."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.errors import Text

TABLE = Path(__file__).resolve().parent / "data" / "four_eyes.csv"
LANGUAGES = ("be", "ru", "en")


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Why a second officer signs what falls under a kind of measure; ``blind``: without the first one's words."""

    blind: bool
    act: Text
    note: str
    confidence: str


def second_looks(agency: str, measure_types: Iterable[str]) -> list[SecondLook]:
    """Return why a second officer of this agency must sign, one row per kind of measure; empty when one is enough."""
    rows = _rows()
    return [rows[agency, kind] for kind in dict.fromkeys(measure_types) if (agency, kind) in rows]


@cache
def _rows() -> Mapping[tuple[str, str], SecondLook]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["agency"], row["measure_type"]): SecondLook(
                row["blind"] == "yes",
                {language: row[f"act_{language}"] for language in LANGUAGES},
                row["note"],
                row["confidence"],
            )
            for row in csv.DictReader(file)
        }
