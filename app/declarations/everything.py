"""Everything a package says, laid out for reading: each value with its place and its identifiers, folded by goods item."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from app.declarations.editing import ITEM
from app.declarations.pointers import pointer
from app.declarations.structure import find_node

HEADER, SHIPMENT = "/Declaration", "/Declaration/GoodsShipment"
_INDEX = re.compile(r"\[\d+\]")
_OF_ITEM = re.compile(rf"{re.escape(ITEM)}\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its full XPath, the place below its branch, identifiers from 42A down, WCO name in English, attributes."""

    path: str
    place: str
    identifiers: str
    title: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Branch:
    """The values of the declaration, of the shipment, or of one goods item (``item`` is its place, from 1)."""

    path: str
    item: int | None = None
    values: list[Value] = field(default_factory=list)


def branches(leaves: Iterable[tuple[str, str]]) -> list[Branch]:
    """Return the leaves of ``structure.leaves`` in branches: declaration, shipment, then goods items as they come."""
    found: dict[str, Branch] = {}
    waiting: list[tuple[str, str, list[tuple[str, str]]]] = []
    for path, text in leaves:
        above, mark, name = path.partition("/@")
        if mark and waiting and waiting[-1][0] == above:
            waiting[-1][2].append((name, text))
        else:
            waiting.append((path, text, []))
    for path, text, attributes in waiting:
        base, item = _base(path)
        branch = found.setdefault(base, Branch(base, item))
        identifiers, title = _known(_INDEX.sub("", path))
        place = path[len(base) + 1 :]
        branch.values.append(Value(path, place, identifiers, title, text, tuple(attributes)))
    return sorted(found.values(), key=lambda one: (one.item or 0, len(one.path)))


def _base(path: str) -> tuple[str, int | None]:
    of_item = _OF_ITEM.match(path)
    if of_item is not None:
        return of_item[0], int(of_item[1])
    return (SHIPMENT if path.startswith(f"{SHIPMENT}/") else HEADER), None


@lru_cache(maxsize=4096)
def _known(bare: str) -> tuple[str, str]:
    node = find_node(bare)
    return pointer(bare), node.title if node is not None else ""
