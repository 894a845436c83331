"""Pure edits of a draft's tree beyond one leaf: many leaves at once, rows of a table, documents, answers, revisions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lxml import etree

from app.declarations import codec, editing, structure
from app.declarations.codec_reading import ANSWER
from app.declarations.package import EXPORT, IMPORT, Package
from app.declarations.pointers import locate

Change = tuple[str, str | None, Mapping[str, str] | None]
"""XPath of a leaf, its new value (None or empty: away with it), attributes (``unitCode``, ``currencyID``) or None."""

GOODS = editing.ITEM
_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")
_INDEX = re.compile(r"\[\d+\]")


def apply(tree: etree._Element, changes: Sequence[Change]) -> None:
    """Set what has a value from the first row on, then take away from the last row on: indexes stay true meanwhile.

    Rows of a table that nothing is left in go, the rest is numbered anew.
    """
    ordered = sorted(changes, key=lambda change: _order(change[0]))
    for path, value, attributes in ordered:
        if value:
            editing.set_leaf(tree, path, value, attributes)
    for path, value, _attributes in reversed(ordered):
        if not value and editing.get_leaf(tree, path):
            editing.set_leaf(tree, path, None)
    _prune(tree, {base for path, _value, _attributes in changes for base in _rows_above(path)})


def _order(path: str) -> list[tuple[str, int]]:
    return [(name, int(index or 1)) for name, index in _STEP.findall(path)]


def _rows_above(path: str) -> Iterator[str]:
    """The repeatable classes a leaf stands in, without the goods item: ``/A/Packaging`` of ``/A/Packaging[2]/TypeCode``."""
    for match in _INDEX.finditer(path):
        if path[: match.start()] != GOODS:
            yield path[: match.start()]


def _prune(tree: etree._Element, bases: Collection[str]) -> None:
    for base in sorted(bases, key=len, reverse=True):
        above, _slash, name = base.rpartition("/")
        rows = children(tree, above, name)
        empty = [row for row in rows if all(structure.local_name(child) == "SequenceNumeric" for child in row)]
        for row in empty:
            detach(row)
        if empty:
            _renumber(row for row in rows if row not in empty)


def _renumber(rows: Iterable[etree._Element]) -> None:
    for number, row in enumerate(rows, 1):
        for child in row:
            if structure.local_name(child) == "SequenceNumeric":
                child.text = str(number)


def detach(element: etree._Element) -> None:
    """Take an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def element_at(tree: etree._Element, path: str) -> etree._Element | None:
    """Return the element exactly at a path, None where the path leads further than the tree."""
    found = locate(tree, path)
    wanted = path.count("/")
    depth = 1 + sum(1 for _ in found.iterancestors()) if found is not None else 0
    return found if depth == wanted else None


def children(tree: etree._Element, path: str, name: str) -> list[etree._Element]:
    """Return the children of one name of the element at a path; none where there is no such element."""
    element = element_at(tree, path)
    return [] if element is None else [child for child in element if structure.local_name(child) == name]


def revision(tree: etree._Element, paths: Iterable[str]) -> str:
    """Return a short digest of what stands at some leaves now: a form carries it, so that nobody overwrites unseen."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        element = element_at(tree, path)
        said = "" if element is None else "|".join(f"{name}={value}" for name, value in structure.leaves(element))
        digest.update(f"{path}\0{said}\0".encode())
    return digest.hexdigest()[:20]


# --- documents ----------------------------------------------------------------------------------------------------


def above(item: int | None) -> str:
    """Return the class a document or an answer stands in: the goods item, or the declaration."""
    return "/Declaration" if item is None else f"{GOODS}[{item}]"


def document_path(item: int | None, place: int) -> str:
    """Return the XPath of the n-th document of a goods item or of the header."""
    return f"{above(item)}/AdditionalDocument[{place}]"


def document_changes(path: str, fields: Mapping[str, str | None]) -> list[Change]:
    """Turn leaves below AdditionalDocument into changes; ``leaf@unitCode`` is an attribute of its leaf."""
    return [(f"{path}/{leaf}", value, _unit(leaf, fields)) for leaf, value in fields.items() if "@" not in leaf]


def _unit(leaf: str, fields: Mapping[str, str | None]) -> dict[str, str] | None:
    units = {name: fields.get(f"{leaf}@{name}") for name in ("unitCode", "currencyID")}
    return {name: value for name, value in units.items() if value} or None


def file_of(element: etree._Element) -> str:
    """Return the SHA-256 an AdditionalDocument names for its file, ``""`` where it names none."""
    return next(((node.text or "").strip().lower() for node in element.iter("{*}SHA256")), "")


# --- goods items and answers --------------------------------------------------------------------------------------


def count_items(tree: etree._Element) -> None:
    """Keep the number of goods items at the header in step."""
    items = editing.items(tree)
    editing.set_leaf(tree, "/Declaration/GoodsItemQuantity", str(len(items)) if items else None)


def items_revision(tree: etree._Element) -> str:
    """Return a short digest of all goods items, for whoever is about to replace or add many at once."""
    digest = hashlib.sha256()
    for item in editing.items(tree):
        digest.update(etree.tostring(item, method="c14n", with_tail=False))
    return digest.hexdigest()[:20]


def put_items(tree: etree._Element, items: Sequence[etree._Element], *, replace: bool) -> None:
    """Put goods items behind those that are there, or in their place, and number all of them.

    A package that has but the empty item it began with has none yet: that one goes.
    """
    if not editing.items(tree):
        editing.add_item(tree)
    there = editing.items(tree)
    replace = replace or not any(map(is_filled, there))
    above, place = there[0].getparent(), there[0].getparent().index(there[-1]) + 1
    for item in items:
        above.insert(place, item)
        place += 1
    for old in there if replace else ():
        detach(old)
    for number, item in enumerate(editing.items(tree), 1):
        _renumber_one(item, number)


def is_filled(item: etree._Element) -> bool:
    """Whether a goods item says anything beside its number."""
    return any(structure.local_name(child) != "SequenceNumeric" for child in item)


def _renumber_one(item: etree._Element, number: int) -> None:
    for child in item:
        if structure.local_name(child) == "SequenceNumeric":
            child.text = str(number)


def codes(tree: etree._Element) -> dict[int, str]:
    """Return the goods code of every goods item."""
    return {line.number: line.code for line in codec.to_package(tree).lines}


def drop_stale_answers(tree: etree._Element, before: Mapping[int, str]) -> list[int]:
    """Take back answers that were given about other goods: where the first six digits of the code have changed.

    Returns the goods items that will be asked anew.
    """
    asked = []
    for number, code in codes(tree).items():
        if not before.get(number) or before[number][:6] == code[:6]:
            continue
        stale = [row for row in children(tree, above(number), "AdditionalInformation") if _is_answer(row)]
        for row in stale:
            detach(row)
        if stale:
            asked.append(number)
    return asked


def _is_answer(row: etree._Element) -> bool:
    return any(structure.local_name(child) == "StatementTypeCode" and child.text == ANSWER for child in row)


# --- what lists show ----------------------------------------------------------------------------------------------


def owner_name(package: Package) -> str:
    """Return the name of the trader whose package it is, as typed."""
    party = {IMPORT: package.importer, EXPORT: package.exporter}.get(package.direction, package.declarant)
    return party.name if party is not None else ""


def partner_country(package: Package) -> str:
    """Return the country at the other end: where an import comes from, where the others go."""
    if package.direction == IMPORT:
        return package.export_country or (package.exporter.country if package.exporter else "")
    return package.destination or (package.consignee.country if package.consignee else "")
