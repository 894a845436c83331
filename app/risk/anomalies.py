"""Is a goods item unusual, and by how much: robust deviations from peers and from the trader's own past. Pure.

A deviation is the distance from the median on the natural logarithm, in spreads. The spread is the widest of three: 1.4826
times the median distance (as wide as a standard deviation where all is normal), the distance of the far tail on that side in
the same measure, wider still where the tail is heavier than a normal one (so that goods whose prices scatter by nature are not
called odd), and five per cent (what the bins can tell). Few peers make it wider, for they say less. What is far in spreads but
near in fact is let be (MATERIAL). A route is unusual by how seldom it was seen; its rarity is put on the same scale. Signals,
never decisions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from app.risk.peers import MASS, QUANTITY, ROUTE, VALUE, Cell, Figures, keys_of, nearest

MATERIAL: Mapping[str, float] = {VALUE: 2.0, MASS: 1.5, QUANTITY: 5.0}
"""Times more or less than the median below which no officer would look, however narrow the spread; our own choice."""
LIMITS: Mapping[str, float] = {VALUE: 4.0, MASS: 4.0, QUANTITY: 3.5, ROUTE: 2.5}
"""Deviations from which on a figure is called unusual, and by which anomalies of different kinds are compared; our own choice,
to be tuned on data. A route that was never seen among fifty peers deviates by 2.6, among a thousand by 3.5."""
ROUTE_ENOUGH = 50
RARE_ENOUGH = 2.0
"""Deviations that every circle of peers must see in a route: no more than about one in twenty goes that way."""
FLOOR = 0.05
TO_SIGMA = 1.4826
_TAILS = ((500, 0.99, 2.326), (0, 0.95, 1.645))
"""From so many peers on this quantile stands for the tail; its distance from the middle of a normal spread."""
_NORMAL = NormalDist()
_HEAVY_FROM = 200
"""Peers from which on the weight of a tail is known well enough to widen the spread by it."""
_NORMAL_TAIL = 3.45
"""How far the 99th hundredth of a normal spread lies from the middle, in distances of the 75th."""
_FEW = 4


@dataclass(frozen=True, slots=True)
class Odd:
    """One figure that is unusual. ``value`` and ``median`` in ``unit`` (a currency, kilograms); None for a route, where
    ``spread`` is how often it was seen among ``peers`` goods items. ``score``: deviations."""

    item: int
    kind: str
    value: float | None
    median: float | None
    spread: float
    peers: int
    score: float
    cell: str
    unit: str = ""
    route: str = ""

    @property
    def strength(self) -> float:
        """How many times its limit it is."""
        return self.score / LIMITS[self.kind]


def spread_of(cell: Cell, *, above: bool) -> float:
    """Return what one deviation is in a cell on the natural logarithm, above its median or below."""
    share, sigmas = next((share, sigmas) for least, share, sigmas in _TAILS if cell.count >= least)
    tail = _far(cell, share, above) / sigmas * _weight(cell, above) ** 2
    return max(TO_SIGMA * cell.mad, tail, FLOOR) * (1 + _FEW / cell.count)


def _weight(cell: Cell, above: bool) -> float:
    """How much heavier than a normal one the tail is: 1 where it is not, or where too few are known to say so."""
    middle = _far(cell, 0.75, above)
    if cell.count < _HEAVY_FROM or middle < FLOOR / 2:
        return 1.0
    return max(1.0, _far(cell, 0.99, above) / middle / _NORMAL_TAIL)


def _far(cell: Cell, share: float, above: bool) -> float:
    """How far a quantile lies from the median on the natural logarithm; below the median the one as far from the other end."""
    return abs(math.log(cell.quantile(share if above else round(1 - share, 2)) / cell.median))


def deviation(value: float, cell: Cell) -> float:
    """Return by how many spreads a positive figure lies above the median of its cell; negative below it."""
    return math.log(value / cell.median) / spread_of(cell, above=value > cell.median)


def rarity(seen: int, peers: int) -> float:
    """Return how rare it is to see something so often among so many, as deviations of a normal spread on both sides."""
    return -_NORMAL.inv_cdf((seen + 0.5) / (peers + 1) / 2)


def judge(
    figures: Figures, cells: Mapping[str, Cell], routes: Mapping[str, Mapping[str, int]], own: Cell | None
) -> tuple[Odd, ...]:
    """Return what is unusual about a goods item. ``cells`` by key for value and mass, ``routes`` the countries counted by
    key, ``own`` the trader's usual quantity; the item itself is in none of them."""
    units = {VALUE: figures.currency, MASS: "KGM"}
    found = [_of(figures, one, nearest(cells, keys_of(figures, one)), unit) for one, unit in units.items()]
    found.append(_of(figures, QUANTITY, own, "KGM"))
    found.append(_route(figures, routes))
    return tuple(odd for odd in found if odd is not None)


def combined(found: Sequence[Odd]) -> float:
    """Return the strength of a package, in limits: what is odd adds up as the sides of right angles do, so that two things make
    more than one."""
    return math.sqrt(sum(odd.strength**2 for odd in found))


def _of(figures: Figures, measure: str, cell: Cell | None, unit: str) -> Odd | None:
    value = figures.value_of(measure)
    if value is None or cell is None:
        return None
    score = abs(deviation(value, cell))
    if score < LIMITS[measure] or max(value / cell.median, cell.median / value) < MATERIAL[measure]:
        return None
    spread = spread_of(cell, above=value > cell.median)
    return Odd(figures.item, measure, value, cell.median, spread, cell.count, score, cell.key, unit)


def _route(figures: Figures, routes: Mapping[str, Mapping[str, int]]) -> Odd | None:
    """Every circle of peers that is wide enough must find the country rare; the one that finds it rarest is told."""
    found: list[Odd] = []
    if not figures.route or figures.route == figures.origin:
        return None
    for key in keys_of(figures, ROUTE):
        seen = routes.get(key, {})
        peers = sum(seen.values())
        if peers >= ROUTE_ENOUGH:
            times = seen.get(figures.route, 0)
            found.append(
                Odd(figures.item, ROUTE, None, None, times, peers, rarity(times, peers), key, "", figures.route)
            )
    if not found or min(odd.score for odd in found) < RARE_ENOUGH:
        return None
    best = max(found, key=lambda odd: odd.score)
    return best if best.score >= LIMITS[ROUTE] else None
