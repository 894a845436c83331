"""The distribution of peers as a picture: places of bars on a canvas, and the same as rows of a table. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.risk.peers import RATIO, bin_of, edge_of

WIDTH, HEIGHT, FOOT = 640.0, 150.0, 20.0
"""The canvas in its own units; ``FOOT`` below the bars is for the figures."""
MOST_BARS = 40
MOST_ROUTES = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """So many goods items (``count``) from ``low`` to below ``high`` in the measure's unit; ``here``: the value lies in it."""

    low: float
    high: float
    count: int
    here: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars on the canvas, with the places of the value and of the median."""

    bars: tuple[Bar, ...]
    value_x: float
    median_x: float

    @property
    def filled(self) -> tuple[Bar, ...]:
        """The bars for the table: those in which anything is counted, or the value lies."""
        return tuple(bar for bar in self.bars if bar.count or bar.here)


@dataclass(frozen=True, slots=True)
class Way:
    """A country and how many goods items came that way; ``here``: this one did."""

    country: str
    count: int
    share: float
    here: bool


def picture_of(bins: Mapping[str, int], value: float, median: float) -> Picture:
    """Return the picture of a histogram with a value marked, on the logarithmic scale of the bins."""
    own = int(bin_of(value))
    places = [int(name) for name, many in bins.items() if many > 0]
    first, last = min([*places, own]) - 1, max([*places, own]) + 1
    step = max(1, math.ceil((last - first + 1) / MOST_BARS))
    groups = [
        (start, sum(bins.get(str(place), 0) for place in range(start, start + step)))
        for start in range(first, last + 1, step)
    ]
    most = max(count for _start, count in groups) or 1
    wide = WIDTH / len(groups)
    bars = tuple(_bar(number, start, step, count, most, wide, own) for number, (start, count) in enumerate(groups))
    span = len(groups) * step
    return Picture(bars, _x(value, first, span), _x(median, first, span))


def _bar(number: int, start: int, step: int, count: int, most: int, wide: float, own: int) -> Bar:
    high = count / most * (HEIGHT - FOOT - 10)
    # What is counted at all is seen, however few they are beside the others.
    high = max(high, 2.0) if count else 0.0
    return Bar(
        edge_of(start), edge_of(start + step), count, start <= own < start + step,
        round(number * wide, 2), round(HEIGHT - FOOT - high, 2), round(wide * 0.9, 2), round(high, 2),
    )  # fmt: skip


def _x(value: float, first: int, span: int) -> float:
    place = math.log(value) / math.log(RATIO) - first
    return round(min(1.0, max(0.0, place / span)) * WIDTH, 2)


def ways_of(bins: Mapping[str, int], route: str) -> tuple[Way, ...]:
    """Return the usual countries, the most frequent first, with this one among them, however seldom it is."""
    total = sum(bins.values()) or 1
    ranked = sorted(bins.items(), key=lambda pair: (-pair[1], pair[0]))
    kept = ranked[:MOST_ROUTES]
    if route not in dict(kept):
        kept.append((route, bins.get(route, 0)))
    return tuple(Way(country, many, many / total, country == route) for country, many in kept)
