"""The schema as people look through it: every element with its names, its format, and the rules that speak about it.

What an element is called in the reader's language is the label of its box in the web form, where the form has one; the WCO
name is English. Which rule speaks where is data beside the rules (``rules/places.csv``), proved against their samples.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from app.declarations import codec, document_form, form_map, structure
from app.declarations.form_parts import Field
from app.declarations.rules.catalogue import rules
from app.declarations.schema import NAMESPACE
from app.declarations.structure import MANY, Node

PLACES = Path(__file__).parent / "rules" / "places.csv"
MOST_FOUND = 100
_ITEM = form_map.ITEM
_BLANK = (
    '<Declaration xmlns="{space}"><TypeCode>{type}</TypeCode><GoodsShipment><GovernmentAgencyGoodsItem>'
    "<SequenceNumeric>1</SequenceNumeric></GovernmentAgencyGoodsItem></GoodsShipment></Declaration>"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An element in words: ``within`` names the group of the form it stands in, both in the reader's language."""

    label: Any
    within: Any


@cache
def spoken() -> Mapping[str, Spoken]:
    """Return the words of the form for every element that has a box, by its path without indexes."""
    found: dict[str, Spoken] = {}
    for group, box in _boxes():
        found.setdefault(_bare(box.path), Spoken(box.label, group))
    return found


def _boxes() -> Iterator[tuple[Any, Field]]:
    for kind in form_map.TYPE_CODES.values():
        package = codec.to_package(etree.fromstring(_BLANK.format(space=NAMESPACE, type=kind)))
        for section, number in ((form_map.PARTIES, None), (form_map.TRANSPORT, None), (_ITEM, 1)):
            for group in form_map.groups(section, package, number):
                yield from ((group.title, box) for box in group.every())
        for item in (None, 1):
            group = document_form.group(item, 1)
            yield from ((group.title, box) for box in group.every())


@cache
def rules_by_place() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the rules by the path of the element they speak about, in the order of the catalogue."""
    found: dict[str, list[str]] = {}
    with PLACES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"] in rules():
                found.setdefault(row["path"], []).append(row["code"])
    order = list(rules())
    return {path: tuple(sorted(codes, key=order.index)) for path, codes in found.items()}


def above(node: Node) -> Sequence[Node]:
    """Return the elements that hold this one, outermost first, and itself last."""
    steps = node.path.split("/")[1:]
    paths = ["/" + "/".join(steps[: depth + 1]) for depth in range(len(steps))]
    return [structure.nodes()[path] for path in paths]


def search(words: str) -> Sequence[Node]:
    """Return the elements of which every word is part of the name, a title, the WCO id or the words of the form.

    A word that is a whole WCO id goes first: ``145`` asks for that element and not for every 145 in a name.
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    exact = [node for node in structure.nodes().values() if node.wco_id.casefold() == "".join(wanted)]
    found = [node for node in structure.nodes().values() if all(word in _text(node) for word in wanted)]
    return [*exact, *(node for node in found if node not in exact)][:MOST_FOUND]


def _text(node: Node) -> str:
    """Everything an element can be found by, in the reader's language; the words change with it, so nothing is kept."""
    words = spoken().get(node.path)
    said = f"{words.label} {words.within}" if words else ""
    return f"{node.name} {node.title} {node.wco_id} {said}".casefold()


def occurs(node: Node) -> str:
    """Return how often an element may stand under its parent: ``1``, ``0–1``, ``0–n``, ``1–999``."""
    if node.least == node.most:
        return str(node.least)
    return f"{node.least}\N{EN DASH}{'n' if node.most == MANY else node.most}"


def pointer(node: Node) -> str:
    """Return the place in WCO ids, without indexes: ``42A/67A/68A/23A/21A/145``."""
    return "/".join(one.wco_id or one.name for one in above(node))


def _bare(path: str) -> str:
    node = structure.find_node(path)
    return node.path if node is not None else path
