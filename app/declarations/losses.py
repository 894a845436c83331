"""The loss report: what of a received message the window does not keep (goal: nothing), and what has no field of its own.

Pure: trees and values in, a report out. The received bytes themselves are always kept; ``around`` says what stands only in
them (the envelope, hints for programs), because it is no part of the declaration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.declarations.package import Package
from app.declarations.pointers import pointer, xpath_of
from app.declarations.progress import other_leaves
from app.declarations.schema import ROOT
from app.declarations.structure import leaves, local_name
from app.declarations.wco import find_declaration
from app.requirements.outcome import Outcome

_WITH_ITS_VALUE = ("formatCode", "unitCode", "currencyID")
"""Attributes that the form writes and shows beside their value."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a message: its XPath with true indexes, its WCO pointer, what it says."""

    path: str
    pointer: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """How many values a message says; which of them are not kept, have no field of their own, stand only in its bytes."""

    values: int
    lost: tuple[Leaf, ...]
    unnamed: tuple[Leaf, ...]
    around: tuple[Leaf, ...]

    @property
    def kept(self) -> int:
        """How many values of the declaration are kept."""
        return self.values - len(self.lost)


def report(
    received: etree._Element | None, tree: etree._Element, package: Package, outcome: Outcome | None = None
) -> Report:
    """Compare a message as received with the package that was made of it.

    ``received`` is the root of the file as it came (None for a package written in the portal: there is nothing to
    compare), ``tree`` the stored package, ``outcome`` says which answers have been asked for and so have a page.
    """
    kept = leaves(tree)
    source = _declaration(received) if received is not None else None
    said = _said(source) if source is not None else _filled(kept)
    gone = Counter(said) - Counter(kept)
    return Report(
        values=len(said),
        lost=tuple(_leaf(*one) for one in said if _take(gone, one)),
        unnamed=tuple(_leaf(*one) for one in _unnamed(tree, package, outcome, kept)),
        around=tuple(_around(received, source)) if received is not None and source is not None else (),
    )


def _declaration(received: etree._Element) -> etree._Element | None:
    """The declaration in a file: its root in our namespace, or the one of a WCO message."""
    return received if received.tag == ROOT else find_declaration(received)


def _take(gone: Counter[tuple[str, str]], one: tuple[str, str]) -> bool:
    if gone[one] <= 0:
        return False
    gone[one] -= 1
    return True


def _said(declaration: etree._Element) -> list[tuple[str, str]]:
    """Every value of a declaration: its leaves and attributes, and text that stands where none belongs."""
    stray = [(xpath_of(element), text) for element in declaration.iter(etree.Element) for text in _strays(element)]
    return [*_filled(leaves(declaration)), *stray]


def _filled(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(path, value) for path, value in found if value]


def _strays(element: etree._Element) -> Iterator[str]:
    """Text in a class, or behind one of its elements: the schema refuses it, so it is never silently dropped."""
    if len(element) and element.text and element.text.strip():
        yield element.text.strip()
    for child in element:
        if child.tail and child.tail.strip():
            yield child.tail.strip()


def _unnamed(
    tree: etree._Element, package: Package, outcome: Outcome | None, kept: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    yield from other_leaves(tree, package, outcome)
    for path, value in kept:
        _element, mark, name = path.rpartition("/@")
        if mark and value and name not in _WITH_ITS_VALUE:
            yield path, value


def _around(received: etree._Element, source: etree._Element) -> Iterator[Leaf]:
    """The values of the envelope, and the hints (attributes of a namespace) wherever they stand."""
    if received is not source:
        for child in received:
            if child is not source:
                for path, value in _filled(leaves(child)):
                    yield Leaf(f"/{local_name(received)}{path}", "", value)
    for element in received.iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).startswith("{"):
                yield Leaf(f"{_place(element, source)}/@{etree.QName(name).localname}", "", str(value))


def _place(element: etree._Element, source: etree._Element) -> str:
    inside = element is source or source in element.iterancestors()
    path = xpath_of(element)
    return path[path.index("/Declaration") :] if inside else path


def _leaf(path: str, value: str) -> Leaf:
    place = path.partition("/@")[0]
    return Leaf(path, pointer(place), value)
