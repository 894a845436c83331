"""What a declaration says otherwise than the advance information it quotes. Pure: two values in, differences out.

What one of the two does not say is no difference: only what both say is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.advance import tables
from app.advance.message import Advance, Goods
from app.declarations.marks import normal
from app.declarations.package import Line, Package
from app.declarations.versions import kilograms

KINDS = ("origin", "code", "mass", "packages", "consignee", "vehicle", "route", "seals", "item")
"""The kinds of differences; the same codes as the risk fact ``advance.differences``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference with both values; ``item`` is the goods item of the declaration, None for the whole."""

    kind: str
    announced: str
    declared: str
    item: int | None = None


def differences(advance: Advance, package: Package) -> tuple[Difference, ...]:
    """Return every difference, goods first."""
    return (
        *_goods(advance.goods, package.lines),
        *_mass(advance, package),
        *_packages(advance, package),
        *_consignee(advance, package),
        *_vehicle(advance, package),
        *_route(advance, package),
        *_seals(advance, package),
    )


# --- goods item by goods item -------------------------------------------------------------------------------------------


def _goods(announced: Iterable[Goods], declared: Iterable[Line]) -> Iterator[Difference]:
    """Items are paired by code, of equal codes by origin; what is left over in the order of both."""
    left, open_lines = list(announced), []
    for line in declared:
        pair = _pair(line, left)
        if pair is None:
            open_lines.append(line)
            continue
        left.remove(pair)
        yield from _origin(pair, line)
    for goods, line in zip(left, open_lines, strict=False):
        yield Difference("code", goods.code, line.code, line.number)
        yield from _origin(goods, line)
    for goods in left[len(open_lines) :]:
        yield Difference("item", f"{goods.code} {goods.description}"[:120], "")
    for line in open_lines[len(left) :]:
        yield Difference("item", "", f"{line.code} {line.description}"[:120], line.number)


def _pair(line: Line, left: list[Goods]) -> Goods | None:
    """Codes are compared as far as the shorter one goes."""
    same = (
        [one for one in left if one.code.startswith(line.code) or line.code.startswith(one.code)] if line.code else []
    )
    return next((one for one in same if one.origin == line.origin), same[0] if same else None)


def _origin(goods: Goods, line: Line) -> Iterator[Difference]:
    if line.origin and goods.origin != line.origin:
        yield Difference("origin", goods.origin, line.origin, line.number)


# --- the whole consignment ----------------------------------------------------------------------------------------------


def _mass(advance: Advance, package: Package) -> Iterator[Difference]:
    parts = [kilograms(line.gross) for line in package.lines]
    whole = kilograms(package.gross) or sum((one for one in parts if one is not None), Decimal(0))
    if not whole or (kilograms(package.gross) is None and None in parts):
        return
    if abs(whole - advance.gross) * 100 > tables.limit("mass_percent") * advance.gross:
        yield Difference("mass", f"{advance.gross.normalize():f}", f"{whole.normalize():f}")


def _packages(advance: Advance, package: Package) -> Iterator[Difference]:
    said = all(one.packages is not None for one in advance.goods)
    if said and package.package_count is not None and package.package_count != advance.packages:
        yield Difference("packages", str(advance.packages), str(package.package_count))


def _consignee(advance: Advance, package: Package) -> Iterator[Difference]:
    named = package.consignee or package.importer
    if named is not None and named.id and advance.consignee.id and named.id != advance.consignee.id:
        yield Difference("consignee", advance.consignee.id, named.id)


def _vehicle(advance: Advance, package: Package) -> Iterator[Difference]:
    announced = {normal(one.id) for one in advance.vehicles}
    means = next(
        (one for one in (package.border_transport, package.arrival_transport) if one is not None and one.id), None
    )
    if means is not None:
        # A declaration names tractor and trailer in one text: it is the same where one holds the other.
        declared = normal(means.id)
        if not any(word in declared or declared in word for word in announced):
            yield Difference("vehicle", ", ".join(one.id for one in advance.vehicles), means.id)
    boxes, theirs = {normal(one.id) for one in advance.containers}, _containers(package)
    if boxes and theirs and boxes != theirs:
        yield Difference("vehicle", ", ".join(sorted(boxes)), ", ".join(sorted(theirs)))


def _containers(package: Package) -> set[str]:
    equipment = [*package.containers, *(one for line in package.lines for one in line.containers)]
    return {normal(one.id) for one in equipment if one.id}


def _route(advance: Advance, package: Package) -> Iterator[Difference]:
    for announced, declared in ((advance.dispatch, package.export_country), (advance.destination, package.destination)):
        if announced and declared and announced != declared:
            yield Difference("route", announced, declared)


def _seals(advance: Advance, package: Package) -> Iterator[Difference]:
    announced = {normal(seal) for seal in advance.seals}
    equipment = [*package.containers, *(one for line in package.lines for one in line.containers)]
    declared = {normal(seal) for seal in package.seals} | {normal(seal) for one in equipment for seal in one.seals}
    if announced and declared and announced != declared:
        yield Difference("seals", ", ".join(sorted(announced)), ", ".join(sorted(declared)))
