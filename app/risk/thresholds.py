"""From a score to a lane: the thresholds of each agency and what keeps a package out of the green lane whatever its score.

Pure: values in, values out. The thresholds are ``data/lanes.csv``. Unknown never clears: an agency that has no row, a package
that could not be assessed, a prohibition or goods nobody has classified are never green.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.risk.scoring import Limits

GREEN, YELLOW, RED = "green", "yellow", "red"
LANES = (GREEN, YELLOW, RED)
"""The lanes, the lightest first."""
SCORE, FLOOR, RANDOM, PROHIBITED, UNCLASSIFIED, UNKNOWN, UNSET, FAILED, WATCHED, MARKED = (
    "score", "floor", "random", "prohibited", "unclassified", "unknown", "unset", "failed", "watched", "marked",
)  # fmt: skip
"""Why a lane is not green: the score, the lane that an indicator asks for, a random draw, a prohibition, goods not classified,
something that could not be told, an agency without thresholds, an error of ours."""
TABLE = Path(__file__).parent / "data" / "lanes.csv"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The settings of one agency. Scores 0 to 100; ``random_per_mille`` of its packages are drawn into ``random_lane``;
    in the green lane its desk wants to look within so many per cent of the working time it has."""

    agency: str
    yellow_from: int
    red_from: int
    random_per_mille: int
    random_lane: str
    target_percent_green: int
    four_eyes_red: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides one agency's lane: the score, ``raw`` before an accreditation lowered it, the lane that scoring gave (no
    lighter than any indicator demands), and what speaks beside indicators."""

    score: int
    raw: int
    lane: str = GREEN
    drawn: bool = False
    prohibited: bool = False
    unclassified: bool = False
    unknown: bool = False
    watched: str = GREEN
    marked: str = GREEN


@dataclass(frozen=True, slots=True)
class Laned:
    """The lane of one agency with every reason for it (the codes of this module); no reason means green."""

    agency: str
    lane: str
    score: int
    raw: int
    because: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"lane": self.lane, "score": self.score, "raw": self.raw, "because": list(self.because)}

    @classmethod
    def from_dict(cls, agency: str, data: Mapping[str, Any]) -> Laned:
        """Read what ``as_dict`` wrote."""
        return cls(agency, data["lane"], data["score"], data["raw"], tuple(data["because"]))


@cache
def table() -> Mapping[str, Thresholds]:
    """Return the thresholds by agency."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["agency"]: _row(row) for row in csv.DictReader(lines)})


def _row(row: Mapping[str, str]) -> Thresholds:
    yellow, red = int(row["yellow_from"]), int(row["red_from"])
    if not 0 < yellow <= red <= 100 or row["random_lane"] not in (YELLOW, RED):
        raise ValueError(f"lanes.csv: the thresholds of {row['agency']} cannot be")
    return Thresholds(
        row["agency"], yellow, red, int(row["random_per_mille"]), row["random_lane"],
        int(row["target_percent_green"]), row["four_eyes_red"] == "yes",
    )  # fmt: skip


def limits_of(agencies: Iterable[str]) -> dict[str, Limits]:
    """Return what scoring compares the scores of some agencies with; an agency without a row has scoring's own."""
    return {agency: Limits(row.yellow_from, row.red_from) for agency in agencies if (row := table().get(agency))}


def worst(*lanes: str) -> str:
    """Return the heaviest of some lanes; green for none."""
    return max(lanes, key=LANES.index, default=GREEN)


def lane_of(agency: str, asked: Asked, limits: Thresholds | None) -> Laned:
    """Return the lane of an agency; ``limits`` None: it has set none, and so nothing of it is ever green."""
    if limits is None:
        return Laned(agency, worst(YELLOW, asked.lane), asked.score, asked.raw, (UNSET,))
    by_score = RED if asked.score >= limits.red_from else YELLOW if asked.score >= limits.yellow_from else GREEN
    held = (
        (SCORE, by_score),
        (FLOOR, asked.lane if asked.lane != by_score else GREEN),
        (RANDOM, limits.random_lane if asked.drawn else GREEN),
        (PROHIBITED, YELLOW if asked.prohibited else GREEN),
        (UNCLASSIFIED, YELLOW if asked.unclassified else GREEN),
        (UNKNOWN, YELLOW if asked.unknown else GREEN),
        (WATCHED, asked.watched),
        (MARKED, asked.marked),
    )
    because = tuple(code for code, lane in held if lane != GREEN)
    return Laned(agency, worst(*(lane for _code, lane in held)), asked.score, asked.raw, because)


def failing(agency: str) -> Laned:
    """Return the lane of an agency when the window could not assess: held yellow, never green."""
    return Laned(agency, YELLOW, 0, 0, (FAILED,))


def joined(agency: str, parts: tuple[Laned, ...]) -> Laned:
    """Return one lane of an agency and those that stand behind it: the heaviest, with the reasons and scores that led to it."""
    lane = worst(*(one.lane for one in parts))
    leading = max(parts, key=lambda one: (LANES.index(one.lane), one.score))
    because = dict.fromkeys(code for one in parts for code in one.because)
    return replace(leading, agency=agency, lane=lane, because=tuple(because))
