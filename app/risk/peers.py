"""What is usual among peers: figures of goods items, the cells they are counted in, and what a cell says. Pure.

A cell counts one measure of goods of one direction, heading, origin and unit on a logarithmic scale: every bin is ten per cent
wide, so a quantile read from it is off by less than five per cent of its value, however many goods were counted. What was
counted can be taken out again exactly, which is why no sample is kept and no order of arrival matters.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from app.declarations.package import EXPORT, Line, Package
from app.declarations.versions import kilograms
from app.requirements import packaged

VALUE, MASS, QUANTITY, ROUTE = "value", "mass", "quantity", "route"
MEASURES = (VALUE, MASS, QUANTITY)
"""Unit value (money per net kilogram), net mass of one package, net mass of a goods item (both in kilograms)."""
ENOUGH = 20
"""Goods items from which on a cell says what is usual (R02 and R23 of the shared examples)."""
RATIO = 1.1
LEAST_BIN, MOST_BIN = -120, 240
"""From about 0.00001 to 8 000 000 000: beyond it everything is counted in the outermost bin."""
QUANTILES = (0.01, 0.05, 0.25, 0.75, 0.95, 0.99)
_WIDTH = math.log(RATIO)
_HALVINGS = 14

Bins = Mapping[str, int]
"""How many were counted by the number of the bin, as text, for it is stored as JSON."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. ``median`` and ``quantiles`` (of QUANTILES) are in the measure's own unit; ``mad``, the median
    distance from the median, is on the natural logarithm: 0.1 is about ten per cent."""

    key: str
    count: int
    median: float
    mad: float
    quantiles: tuple[float, ...]

    @property
    def enough(self) -> bool:
        """Whether there are peers enough to say what is usual."""
        return self.count >= ENOUGH

    def quantile(self, share: float) -> float:
        """Return one of QUANTILES. Raises ValueError for any other share."""
        return self.quantiles[QUANTILES.index(share)]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of one goods item; None where the package does not say it. Masses in kilograms, ``unit_value`` in
    ``currency`` per net kilogram, ``route`` the country it came from (export: where it goes), ``packing`` the kind of package."""

    item: int
    direction: str
    code: str
    origin: str
    unit_value: float | None
    currency: str
    per_package: float | None
    packing: str
    net_kg: float | None
    route: str
    worth: float | None = None

    def value_of(self, measure: str) -> float | None:
        """Return the figure of a measure."""
        if measure == VALUE:
            return self.unit_value
        return self.per_package if measure == MASS else self.net_kg

    def unit_of(self, measure: str) -> str:
        """Return what may not be mixed within a cell: the currency, the kind of package."""
        if measure == VALUE:
            return self.currency
        return self.packing if measure == MASS else ""


def figures_of(package: Package) -> tuple[Figures, ...]:
    """Return the figures of every goods item whose code has at least six digits."""
    return tuple(_figures(package, line) for line in package.lines if len(line.code) >= 6)


def _figures(package: Package, line: Line) -> Figures:
    net = _positive(kilograms(line.net))
    money = line.statistical or line.price
    worth = _positive(money.value) if money is not None and money.currency else None
    count = sum(packing.count or 0 for packing in line.packings)
    most = max(line.packings, key=lambda packing: packing.count or 0, default=None)
    to = line.destination or package.destination if package.direction == EXPORT else ""
    return Figures(
        item=line.number,
        direction=package.direction,
        code=line.code,
        origin=line.origin,
        unit_value=worth / net if worth and net else None,
        currency=money.currency if money is not None else "",
        per_package=net / count if net and count > 0 else None,
        packing=most.type if most is not None else "",
        net_kg=net,
        route=to or line.export_country or package.export_country,
        worth=worth,
    )


def _positive(value: object) -> float | None:
    number = float(str(value)) if value is not None else 0.0
    return number if number > 0 else None


# --- cells ----------------------------------------------------------------------------------------------------------


def keys_of(figures: Figures, measure: str) -> tuple[str, ...]:
    """Return the cells a measure of an item is counted in, the nearest peers first: six digits and the country of origin, six
    digits and its group of countries, four digits and the group."""
    return _ladder(measure, figures.direction, figures.code[:6], figures.origin, figures.unit_of(measure))


@lru_cache(maxsize=16_384)
def _ladder(measure: str, direction: str, code: str, origin: str, unit: str) -> tuple[str, ...]:
    group = group_of(origin)
    rungs = ((code, origin), (code, group), (code[:4], group))
    return tuple(f"{measure}:{direction}:{goods}:{place}:{unit}"[:48] for goods, place in rungs)


def nearest(cells: Mapping[str, Cell], keys: Sequence[str]) -> Cell | None:
    """Return the first cell with peers enough, None where nobody can tell."""
    return next((cells[key] for key in keys if key in cells and cells[key].enough), None)


@cache
def group_of(country: str) -> str:
    """Return the group of countries an origin belongs to: ``@BY``, ``@EAEU``, ``@EU27``, ``@OECD``, ``@REST``; the first that
    fits. Membership is that of the reference data that travel with the program."""
    if country in ("BY", ""):
        return f"@{country}"
    return next((f"@{group}" for group in ("EAEU", "EU27", "OECD") if country in _members()[group]), "@REST")


@cache
def _members() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {"EAEU": set(), "EU27": set(), "OECD": set()}
    for row in packaged.table("country_groups"):
        if row["group"] in found:
            found[row["group"]].add(row["country"])
    return {group: frozenset(members) for group, members in found.items()}


# --- histograms -------------------------------------------------------------------------------------------------------


def bin_of(value: float) -> str:
    """Return the bin of a positive figure. Raises ValueError for any other."""
    return str(min(MOST_BIN, max(LEAST_BIN, math.floor(math.log(value) / _WIDTH))))


def edge_of(number: int) -> float:
    """Return the lower edge of a bin in the unit of the measure."""
    return math.exp(number * _WIDTH)


def said(key: str, bins: Bins) -> Cell:
    """Return what a histogram says. Raises ValueError for an empty one.

    Within a bin the counted are taken as spread evenly on the logarithmic scale.
    """
    numbers = sorted((int(name), many) for name, many in bins.items() if many > 0)
    places = [number for number, _many in numbers]
    sums = list(accumulate((many for _number, many in numbers), initial=0))
    if not places:
        raise ValueError("nothing is counted here")
    total = sums[-1]
    middle = _at(places, sums, total * 0.5)
    return Cell(
        key,
        total,
        math.exp(middle * _WIDTH),
        _distance(places, sums, middle) * _WIDTH,
        tuple(math.exp(_at(places, sums, total * share) * _WIDTH) for share in QUANTILES),
    )


def _at(places: Sequence[int], sums: Sequence[int], rank: float) -> float:
    """The place on the logarithmic scale, in bins, below which so many lie."""
    index = min(bisect_right(sums, rank), len(places)) - 1
    return places[index] + (rank - sums[index]) / (sums[index + 1] - sums[index])


def _below(places: Sequence[int], sums: Sequence[int], place: float) -> float:
    """How many lie below a place of the logarithmic scale."""
    index = bisect_right(places, place) - 1
    if index < 0:
        return 0.0
    return sums[index] + (sums[index + 1] - sums[index]) * min(1.0, place - places[index])


def _distance(places: Sequence[int], sums: Sequence[int], middle: float) -> float:
    """The median distance from the median, in bins: found by halving, for the count around it only grows."""
    low, high = 0.0, max(middle - places[0], places[-1] + 1 - middle)
    half = sums[-1] / 2
    for _ in range(_HALVINGS):
        tried = (low + high) / 2
        if _below(places, sums, middle + tried) - _below(places, sums, middle - tried) < half:
            low = tried
        else:
            high = tried
    return high
