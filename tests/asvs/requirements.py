"""The map of ASVS 5.0.0: every requirement of levels 1 and 2, and those of level 3 that we took on."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

from config import ROOT

MAP = ROOT / "tests" / "asvs" / "asvs.csv"
WAYS = ("test", "written down", "reason", "not applicable", "open")
TAKEN_ON = (
    "1.2.10", "1.3.12", "1.5.3", "2.3.5", "3.4.7", "3.4.8", "3.5.8", "3.6.1", "4.1.4", "4.1.5", "5.2.4", "5.2.5",
    "5.2.6", "5.3.3", "6.3.5", "6.3.7", "6.3.8", "6.4.6", "7.5.3", "8.3.2", "8.3.3", "8.4.2", "10.2.3", "11.2.4",
    "11.2.5", "13.1.2", "13.1.3", "13.3.3", "13.3.4", "13.4.6", "14.2.6", "14.2.7", "14.2.8", "15.1.4", "15.1.5",
    "15.2.4", "15.2.5", "15.4.1", "15.4.2", "15.4.3", "15.4.4", "16.5.4",
)  # fmt: skip
"""Requirements of level 3 that bind this window."""
EACH_LEVEL = {"1": 70, "2": 183}
"""How many requirements of these levels ASVS 5.0.0 has."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement in words of our own; ``where`` names tests, a heading of README, or the reason."""

    id: str
    level: str
    how: str
    asks: str
    where: str


def requirements() -> tuple[Requirement, ...]:
    """Return the map in the order of the standard."""
    with MAP.open(encoding="utf-8", newline="") as file:
        return tuple(Requirement(**row) for row in csv.DictReader(file))


def table() -> str:
    """Return the map as a table for README, with its sums."""
    listed = requirements()
    sums = Counter((one.level, one.how) for one in listed)
    lines = ["| level | " + " | ".join(WAYS) + " |", "|---|" + "---|" * len(WAYS)]
    lines += [f"| {level} | " + " | ".join(str(sums[level, how]) for how in WAYS) + " |" for level in "123"]
    lines += ["", "<details><summary>Each requirement</summary>", "", "| id | level | what it asks | how | where |"]
    lines += ["|---|---|---|---|---|"]
    lines += [f"| {one.id} | {one.level} | {one.asks} | {one.how} | {_shown(one)} |" for one in listed]
    return "\n".join([*lines, "", "</details>"])


def _shown(one: Requirement) -> str:
    return ", ".join(f"`{test}`" for test in one.where.split()) if one.how == "test" else one.where
