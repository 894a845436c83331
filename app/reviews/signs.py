"""Signs of non-compliance that a question names (Customs Code art. 325(5)): our own table, each row with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.errors import Text
from app.reviews.calendars import table

LANGUAGES = ("be", "ru", "en")
ANY, OTHER = "*", "OTHER"
"""Rows of agency ``*`` serve every agency; ``OTHER`` stands last, for what no row says."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign from the pick-list: its code, its sentence, and the act it rests on (empty: the officer's words name it)."""

    code: str
    text: Text
    basis: Text
    confidence: str


def list_signs(agency: str) -> tuple[Sign, ...]:
    """Return the pick-list of an agency: its own signs first, then those of everybody, "something else" last."""
    known = _signs()
    return (*known.get(agency, ()), *known[ANY])


def find_sign(agency: str, code: str) -> Sign | None:
    """Return one sign of an agency's pick-list, or None."""
    return next((sign for sign in list_signs(agency) if sign.code == code), None)


@cache
def _signs() -> Mapping[str, tuple[Sign, ...]]:
    found: dict[str, list[Sign]] = {}
    for row in table("signs"):
        text = {language: row[f"text_{language}"] for language in LANGUAGES}
        basis = {language: row[f"basis_{language}"] for language in LANGUAGES}
        found.setdefault(row["agency"], []).append(Sign(row["code"], text, basis, row["confidence"]))
    return {agency: tuple(sorted(rows, key=lambda sign: sign.code == OTHER)) for agency, rows in found.items()}
