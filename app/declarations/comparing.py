"""What differs between two versions of a package, field by field. Pure: trees in, changes out.

Goods items are matched by their number where the goods are alike, then by likeness (goods code and description), so that
an item that moved up is "moved" and not "everything changed". Documents are matched by kind and number, then by the
SHA-256 of their file. Numbering (SequenceNumeric) is no difference; the order of documents is none either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from app.declarations.pointers import own_text
from app.declarations.structure import Node, local_name, root

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
ITEM, DOCUMENT, STATEMENT = "GovernmentAgencyGoodsItem", "AdditionalDocument", "AdditionalInformation"
_NUMBERING = "SequenceNumeric"
_WORD = re.compile(r"\w{3,}")

Key = Callable[[etree._Element], Hashable]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``kind``: added, removed, changed, or moved (a goods item: ``before`` and ``after`` are its numbers).

    ``path`` is the XPath in the newer version, ``was`` the one in the older ("" where there is none); ``item`` the goods
    item there. ``block``: the item or class that came or went as a whole ("" for a single value). A value carries its unit
    or currency: ``52500.00 EUR``.
    """

    kind: str
    path: str
    was: str
    item: int | None
    before: str
    after: str
    block: str = ""

    @property
    def place(self) -> str:
        """The XPath to show: where it stands now, where it stood for what is gone."""
        return self.path or self.was


def compare(old: etree._Element, new: etree._Element) -> list[Change]:
    """Return every difference of two packages (Declaration trees in our namespaces), in the order of the schema."""
    found: list[Change] = []
    _walk(old, new, root(), _Place("/Declaration", "/Declaration", None), found)
    return found


def paired_items(old: etree._Element, new: etree._Element) -> dict[int, int]:
    """Return which goods item of the newer package is which of the older: old number -> new number."""
    return {before + 1: after + 1 for before, after in _pair_items(_items(old), _items(new))}


@dataclass(frozen=True, slots=True)
class _Place:
    was: str
    path: str
    item: int | None


def _items(tree: etree._Element) -> list[etree._Element]:
    return [
        child for shipment in tree if local_name(shipment) == "GoodsShipment" for child in shipment if _is(child, ITEM)
    ]


def _is(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and local_name(element) == name


# --- walking ------------------------------------------------------------------------------------------------------


def _walk(old: etree._Element, new: etree._Element, node: Node | None, here: _Place, found: list[Change]) -> None:
    before, after = _by_name(old), _by_name(new)
    for name in _in_order(node, before, after):
        below = node.children.get(name) if node is not None else None
        _compare_children(name, before.get(name, []), after.get(name, []), below, here, found)


def _compare_children(
    name: str, olds: list[etree._Element], news: list[etree._Element], below: Node | None, here: _Place,
    found: list[Change],
) -> None:  # fmt: skip
    pairs = _pair(name, olds, news)
    by_new = {after: before for before, after in pairs}
    for after, element in enumerate(news):
        before = by_new.get(after)
        item = after + 1 if name == ITEM else here.item
        path = here.path + _step(name, after, below)
        if before is None:
            _whole(element, below, path, item, ADDED, found)
            continue
        was = here.was + _step(name, before, below)
        if name == ITEM and before != after:
            found.append(Change(MOVED, path, was, item, str(before + 1), str(after + 1)))
        _compare_two(olds[before], element, below, _Place(was, path, item), found)
    kept = {before for before, _after in pairs}
    for before, element in enumerate(olds):
        if before not in kept:
            item = before + 1 if name == ITEM else here.item
            _whole(element, below, here.was + _step(name, before, below), item, REMOVED, found)


def _compare_two(
    old: etree._Element, new: etree._Element, below: Node | None, here: _Place, found: list[Change]
) -> None:
    if not (_is_leaf(old, below) and _is_leaf(new, below)):
        # Most goods items are untouched: libxml2 sees that at once, without a walk through their values.
        if local_name(new) == ITEM and _written(old) == _written(new):
            return
        _walk(old, new, below, here, found)
        return
    before, after = value_of(old), value_of(new)
    if before != after:
        kind = CHANGED if before and after else ADDED if after else REMOVED
        found.append(Change(kind, here.path, here.was, here.item, before, after))


def _written(element: etree._Element) -> bytes:
    found: bytes = etree.tostring(element, method="c14n", with_tail=False)
    return found


def _whole(
    element: etree._Element, node: Node | None, path: str, item: int | None, kind: str, found: list[Change]
) -> None:
    """Every value of what came or went as a whole."""
    block = "" if _is_leaf(element, node) else path
    for place, value in _values(element, node, path):
        if kind == ADDED:
            found.append(Change(ADDED, place, "", item, "", value, block))
        else:
            found.append(Change(REMOVED, "", place, item, value, "", block))


def _values(element: etree._Element, node: Node | None, path: str) -> Iterator[tuple[str, str]]:
    if _is_leaf(element, node):
        value = value_of(element)
        if value:
            yield path, value
        return
    for name, children in _by_name(element).items():
        below = node.children.get(name) if node is not None else None
        for index, child in enumerate(children):
            yield from _values(child, below, path + _step(name, index, below))


def value_of(element: etree._Element) -> str:
    """Return what a leaf says, with its unit or currency; a date's format code is no part of it."""
    holder = element[0] if len(element) == 1 and _is(element[0], "DateTimeString") else element
    marks = [str(value) for name, value in sorted(holder.attrib.items()) if name in ("currencyID", "unitCode")]
    text = own_text(element)
    return " ".join([text, *marks]) if text else ""


def _by_name(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str) and (name := local_name(child)) != _NUMBERING:
            found.setdefault(name, []).append(child)
    return found


def _in_order(node: Node | None, *sides: dict[str, list[etree._Element]]) -> list[str]:
    names = dict.fromkeys(name for side in sides for name in side)
    known = node.children if node is not None else {}
    return sorted(names, key=lambda name: (known[name].position if name in known else len(known), name))


def _step(name: str, index: int, node: Node | None) -> str:
    return f"/{name}[{index + 1}]" if node is None or node.repeatable else f"/{name}"


def _is_leaf(element: etree._Element, node: Node | None) -> bool:
    return node.is_leaf if node is not None else len(element) == 0


# --- matching -----------------------------------------------------------------------------------------------------


def _pair(name: str, olds: list[etree._Element], news: list[etree._Element]) -> list[Pair]:
    if len(olds) == len(news) == 1 and name not in (ITEM, DOCUMENT, STATEMENT):
        return [(0, 0)]
    if name == ITEM:
        return _pair_items(olds, news)
    matching = _Matching(olds, news)
    matching.by(content)
    for key in _KEYS.get(name, ()):
        matching.by(key)
    if name not in _KEYS:
        matching.by_order()
    return matching.pairs


def _pair_items(olds: list[etree._Element], news: list[etree._Element]) -> list[Pair]:
    matching = _Matching(olds, news)
    matching.in_place(_goods)
    matching.by(content)
    matching.by(_goods)
    matching.in_place(_code)
    matching.in_place(_description)
    matching.by(_description)
    matching.alike(_are_alike)
    matching.by(_code)
    return matching.pairs


class _Matching:
    """Pairs found so far; each element is in one pair at most. Whichever side is the older, the pairs are the same."""

    def __init__(self, olds: Sequence[etree._Element], news: Sequence[etree._Element]) -> None:
        self.olds, self.news = olds, news
        self.pairs: list[Pair] = []
        self._old, self._new = set(range(len(olds))), set(range(len(news)))

    def by(self, key: Key) -> None:
        """Pair what has the same key: at the same place first, then the first with the first."""
        before = {place: key(self.olds[place]) for place in sorted(self._old)}
        after = {place: key(self.news[place]) for place in sorted(self._new)}
        for place, said in before.items():
            if said and after.get(place) == said:
                self._take(place, place)
        free: dict[Hashable, list[int]] = {}
        for place in sorted(self._new):
            free.setdefault(after[place], []).append(place)
        for place in sorted(self._old):
            if before[place] and free.get(before[place]):
                self._take(place, free[before[place]].pop(0))

    def in_place(self, key: Key) -> None:
        """Pair what has the same key at the same place."""
        self.alike(lambda old, new: bool(said := key(old)) and said == key(new))

    def alike(self, are: Callable[[etree._Element, etree._Element], bool]) -> None:
        """Pair what stands at the same place and is alike."""
        for place in sorted(self._old & self._new):
            if are(self.olds[place], self.news[place]):
                self._take(place, place)

    def by_order(self) -> None:
        """Pair the rest, the first with the first."""
        for before, after in zip(sorted(self._old), sorted(self._new), strict=False):
            self._take(before, after)

    def _take(self, before: int, after: int) -> None:
        self.pairs.append((before, after))
        self._old.discard(before)
        self._new.discard(after)


def content(element: etree._Element) -> Hashable:
    """Return everything an element says, numbering apart."""
    return tuple(_said(element, ""))


def _said(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    children = [child for child in element if isinstance(child.tag, str)]
    if not children or local_name(children[0]) == "DateTimeString":
        yield path, value_of(element)
        return
    for child in children:
        if (name := local_name(child)) != _NUMBERING:
            yield from _said(child, f"{path}/{name}")


def _text(element: etree._Element, *names: str) -> str:
    for child in element.iter("{*}" + names[-1]):
        parents = [local_name(parent) for parent in child.iterancestors()][: len(names) - 1]
        if parents == list(reversed(names[:-1])):
            return own_text(child)
    return ""


def _joined(values: Iterable[str]) -> Hashable:
    found = tuple(values)
    return found if any(found) else ""


def _numbered_document(element: etree._Element) -> Hashable:
    number = _direct(element, "ID")
    return (_direct(element, "CategoryCode"), _direct(element, "TypeCode"), number) if number else ""


def _direct(element: etree._Element, name: str) -> str:
    return next((own_text(child) for child in element if _is(child, name)), "")


def _file(element: etree._Element) -> Hashable:
    return _text(element, "SHA256").lower()


def _statement(element: etree._Element) -> Hashable:
    return _joined(_direct(element, name) for name in ("StatementTypeCode", "StatementCode"))


def _code(element: etree._Element) -> str:
    return _text(element, "Commodity", "Classification", "ID")


def _description(element: etree._Element) -> str:
    return " ".join(_text(element, "Commodity", "Description").split()).casefold()


def _goods(element: etree._Element) -> Hashable:
    return _joined((_code(element), _description(element)))


def _are_alike(old: etree._Element, new: etree._Element) -> bool:
    """The same HS heading, or a word of the description in common; two that say nothing yet are alike."""
    codes = _code(old)[:4], _code(new)[:4]
    if codes[0] and codes[0] == codes[1]:
        return True
    words = [set(_WORD.findall(_description(one))) for one in (old, new)]
    return bool(words[0] & words[1]) or not (any(codes) or any(words))


_KEYS: dict[str, tuple[Key, ...]] = {
    DOCUMENT: (
        _numbered_document,
        _file,
        lambda one: _joined((_direct(one, "CategoryCode"), _direct(one, "TypeCode"))),
    ),
    STATEMENT: (_statement,),
}
"""How the elements of one name find each other, beside equal content; others pair in their order."""
