"""Laboratories that samples go to, and the act each agency draws up: our own tables, each row with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.errors import Text
from app.reviews import calendars


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A laboratory: its code, the agency it works for, its name."""

    code: str
    agency: str
    name: Text


def list_laboratories(agency: str = "") -> Sequence[Laboratory]:
    """Return the laboratories, the agency's own first."""
    return sorted(_laboratories().values(), key=lambda one: one.agency != agency)


def find_laboratory(code: str) -> Laboratory | None:
    """Return a laboratory by its code, or None."""
    return _laboratories().get(code)


def act_of(agency: str) -> str:
    """Return the type of the act that an agency draws up about an inspection of goods; "" where it is free to choose."""
    return _acts().get(agency, "")


@cache
def _laboratories() -> Mapping[str, Laboratory]:
    return {
        row["code"]: Laboratory(
            row["code"], row["agency"], {language: row[f"name_{language}"] for language in ("be", "ru", "en")}
        )
        for row in calendars.table("laboratories")
    }


@cache
def _acts() -> Mapping[str, str]:
    return {row["agency"]: row["act_type"] for row in calendars.table("inspection_acts")}
