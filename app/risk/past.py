"""A trader's own past: what it moved when, under which headings and with whom. Pure.

A row of the past is about a heading (two, four or six digits), about everything (``*``) or about a partner (``~`` and a digest
of the name). It holds, by month, how many packages on which day, grams and money in hundredths: whole numbers, so that what
was counted can be taken out again exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.declarations.package import EXPORT, Package, Party
from app.risk.peers import Cell, Figures

ALL = "*"
KEPT_MONTHS = 60
"""Months that are kept of a past, counted back from its newest."""
OWN_ENOUGH = 8
"""Packages from which on a trader's own quantities say what is usual for it."""

Months = Mapping[str, Mapping[str, Any]]
"""By month (``2026-11``): ``d`` packages by day, ``g`` grams, ``w`` hundredths of money by currency."""


def abouts_of(figures: Sequence[Figures], partner: str = "") -> dict[str, tuple[Figures, ...]]:
    """Return what the rows of a package are about, each with the goods items it counts. ``partner``: ``partner_of``."""
    found: dict[str, tuple[Figures, ...]] = {ALL: tuple(figures)}
    if partner:
        found[partner] = tuple(figures)
    for one in figures:
        for digits in (2, 4, 6):
            found[one.code[:digits]] = (*found.get(one.code[:digits], ()), one)
    return found


def about(prefix: str) -> str:
    """Return what a prefix of goods codes is looked up under: two, four or six digits, the next shorter where it has more."""
    return prefix[: len(prefix) // 2 * 2][:6] or ALL


def partner_of(package: Package) -> str:
    """Return the other side of the trade as a short digest of name and country, ``""`` where nobody is named: consignor and
    exporter of an import, consignee and importer of an export."""
    sides: tuple[Party | None, ...] = (
        (package.consignee, package.importer) if package.direction == EXPORT else (package.consignor, package.exporter)
    )
    side = next((party for party in sides if party is not None and party.name.strip()), None)
    if side is None:
        return ""
    words = " ".join(side.name.casefold().split())
    return "~" + hashlib.sha256(f"{words}|{side.country}".encode()).hexdigest()[:16]


def step_in(months: dict[str, dict[str, Any]], on: date, items: Sequence[Figures], step: int) -> None:
    """Count one package more (``step`` 1) or less (-1) on a day, in place; a month without a package goes."""
    name, number = f"{on:%Y-%m}", str(on.day)
    month = months.setdefault(name, {"d": {}, "g": 0, "w": {}})
    _count_in(month["d"], number, step)
    for one in items:
        month["g"] += step * round((one.net_kg or 0) * 1000)
        if one.worth is not None:
            _count_in(month["w"], one.currency, step * round(one.worth * 100))
    if not month["d"]:
        del months[name]
    if len(months) > KEPT_MONTHS:
        oldest = f"{back(date(int(max(months)[:4]), int(max(months)[5:]), 1), KEPT_MONTHS):%Y-%m}"
        for old in [name for name in months if name <= oldest]:
            del months[old]


def _count_in(counts: dict[str, int], name: str, step: int) -> None:
    counts[name] = counts.get(name, 0) + step
    if counts[name] <= 0:
        del counts[name]


@dataclass(frozen=True, slots=True)
class Past:
    """The past of one trader in one direction, as far as it was asked for. What is not in it never was, within KEPT_MONTHS."""

    months: Mapping[str, Months] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def packages(self, prefix: str, on: date, *, months: int) -> int:
        """Return how many packages with such goods were registered in the last months, before a day; ``""``: any goods."""
        since = back(on, months)
        return self._count(about(prefix), since, on)

    def in_days(self, prefix: str, on: date, *, days: int, partner: str = "") -> int:
        """Return how many packages were registered in the days before a day and on it; with a ``partner`` those with it."""
        return self._count(partner or about(prefix), on - timedelta(days=days), on + timedelta(days=1))

    def kilograms(self, prefix: str, on: date, *, months: int) -> float:
        """Return the net mass of such goods in the last months: whole months, that of the day included."""
        since = f"{back(on, months):%Y-%m}"
        held = self.months.get(about(prefix), {})
        return float(sum(month["g"] for name, month in held.items() if since < name <= f"{on:%Y-%m}")) / 1000

    def first_on(self, prefix: str = "") -> date | None:
        """Return the first day on which such goods were moved; None where they never were."""
        held = self.months.get(about(prefix), {})
        if not held:
            return None
        name = min(held)
        return date(int(name[:4]), int(name[5:]), min(map(int, held[name]["d"])))

    def share(self, prefix: str, since: date, until: date) -> float | None:
        """Return which share of the packages from a day to before another had such goods; None where there were none."""
        of = self._count(ALL, since, until)
        return self._count(about(prefix), since, until) / of if of else None

    def shift(self, prefix: str, on: date) -> float | None:
        """Return how much smaller the share of such goods is in the last three months than in the twelve before (R06): 0.5 is
        a fall by half of all packages. None where one of the two times has no package."""
        recent = back(on, 3)
        before, now = self.share(prefix, back(recent, 12), recent), self.share(prefix, recent, on)
        return None if before is None or now is None else before - now

    def quantity(self, code: str) -> Cell | None:
        """Return the trader's usual net mass of such goods in a package: by six digits, else four; None where too few."""
        found = (self.cells.get(code[:digits]) for digits in (6, 4))
        return next((cell for cell in found if cell is not None and cell.count >= OWN_ENOUGH), None)

    def _count(self, what: str, since: date, until: date) -> int:
        total = 0
        for name, month in self.months.get(what, {}).items():
            if f"{since:%Y-%m}" <= name <= f"{until:%Y-%m}":
                first = date(int(name[:4]), int(name[5:]), 1)
                total += sum(many for day, many in month["d"].items() if since <= first.replace(day=int(day)) < until)
        return total


def back(on: date, months: int) -> date:
    """Return the same day some months earlier; the last day of that month where it is shorter."""
    number = on.year * 12 + on.month - 1 - months
    year, month = divmod(number, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(on.day, last))
