"""The advance rulings that a package quotes, beside its goods items: the machine compares, the officer judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app import clock
from app.declarations import quoted
from app.declarations.package import Line, Package
from app.declarations.quoted import Quote
from app.declarations.registers import ruling_of
from app.markup import HIDDEN
from app.requirements.compiling import CompiledEdition
from app.requirements.ruling_finders import find_quoted
from app.requirements.ruling_models import Ruling
from app.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Tick:
    """One comparison: of what, what the ruling says, what the package says, whether they agree."""

    about: str
    ruled: str
    declared: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """A ruling as it is quoted: its number, the row (None: the register has it not), the comparisons."""

    number: str
    ruling: Ruling | None
    ticks: tuple[Tick, ...]


def lay_out(
    review: Review, package: Package, edition: CompiledEdition, leaves: Sequence[tuple[str, str]]
) -> Mapping[int, Sequence[Beside]]:
    """Return the rulings quoted, by goods item (0: on the whole package); one statement, none where nothing is quoted.

    ``leaves``: path and value of every leaf of the package, for what its view does not hold (the valuation method).
    """
    quotes = [one for one in quoted.quotes(package, edition) if one.document.number != HIDDEN]
    if not quotes:
        return {}
    known = find_quoted(quote.document.number for quote in quotes)
    at = review.declaration.registered_at
    on = at.astimezone(clock.MINSK).date() if at is not None else clock.today()
    values = dict(leaves)
    found: dict[int, list[Beside]] = defaultdict(list)
    for quote in quotes:
        ruling = known.get(quote.document.number)
        ticks = _ticks(quote, ruling, package, on, values) if ruling is not None else ()
        found[quote.document.item or 0].append(Beside(quote.document.number, ruling, ticks))
    return found


def _ticks(quote: Quote, ruling: Ruling, package: Package, on: date, values: Mapping[str, str]) -> tuple[Tick, ...]:
    held = ruling_of(ruling)
    ticks = [
        Tick("holder", held.holder, package.owner, held.holder == package.owner),
        Tick(
            "days", f"{held.valid_from:%d.%m.%Y} – {ruling.holds_until:%d.%m.%Y}", f"{on:%d.%m.%Y}", held.holds_on(on)
        ),
    ]
    lines = quoted.lines_of(quote, held, package) or package.lines[:1]
    if held.code:
        ticks.append(_said("code", held.code, [line.code for line in lines]))
    if held.origin:
        ticks.append(_said("origin", held.origin, [line.origin for line in lines]))
    if held.method:
        ticks.append(_said("method", held.method, [_method(line, values) for line in lines]))
    # What the reader does not see cannot be compared before the reader's eyes.
    return tuple(tick for tick in ticks if HIDDEN not in tick.declared)


def _said(about: str, ruled: str, declared: Sequence[str]) -> Tick:
    return Tick(about, ruled, ", ".join(dict.fromkeys(declared)) or "—", all(one == ruled for one in declared))


def _method(line: Line, values: Mapping[str, str]) -> str:
    return values.get(f"{line.path}/CustomsValuation/MethodCode", "")
