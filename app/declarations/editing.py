"""Pure edits on a package tree: set a value, add and remove goods items and documents, compose a whole package.

Each edit changes the tree given and keeps it in the order of the schema. Paths are XPaths with element names and
1-based indexes; a missing index means the first. Values are cleaned of what XML cannot hold (control characters).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from lxml import etree

from app.declarations.codec_reading import ANSWER
from app.declarations.package import Quantity
from app.declarations.pointers import own_text, steps
from app.declarations.schema import EXTENSION, NAMESPACE, ROOT
from app.declarations.structure import Node, find_node, local_name, nodes, root

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
ORIGINAL = "9"
MOST_INDEX = 9999
"""The highest index a path may name: five digits of SequenceNumeric, and no flood of empty elements."""

_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Value = str | tuple[str, Mapping[str, str]]


def new_tree() -> etree._Element:
    """Return an empty package: a Declaration with function code 9, original."""
    tree = etree.Element(ROOT, nsmap={None: NAMESPACE, "ak": EXTENSION})
    set_leaf(tree, "/Declaration/FunctionCode", ORIGINAL)
    return tree


def compose(values: Mapping[str, Value]) -> etree._Element:
    """Return a package made of path -> value, or path -> (value, attributes); see ``set_leaf``."""
    tree = new_tree()
    for path, value in values.items():
        text, attributes = value if isinstance(value, tuple) else (value, None)
        set_leaf(tree, path, text, attributes)
    return tree


def get_leaf(tree: etree._Element, path: str) -> str:
    """Return the value at a path, ``""`` where there is none."""
    found = _follow(tree, path)
    return own_text(found) if found is not None else ""


def set_leaf(
    tree: etree._Element, path: str, value: str | None, attributes: Mapping[str, str | None] | None = None
) -> None:
    """Set the value of a leaf; missing ancestors and lower-numbered siblings are made at the schema's position.

    None or a blank value removes the leaf and then each ancestor that nothing is left in. An attribute of None or
    ``""`` is removed; others stay as they are. A date takes its format code from the value. Raises ValueError for a path
    the schema does not have.
    """
    text = clean(value)
    if not text:
        _remove(tree, path)
        return
    element, node = _reach(tree, path)
    if not node.is_leaf:
        raise ValueError(f"not a value but a class: {path}")
    holder = element
    if node.is_date:
        holder = element[0] if len(element) else etree.SubElement(element, f"{{{node.namespace}}}DateTimeString")
        holder.set("formatCode", "102" if len(text) == 8 else "304")
    holder.text = text
    for name, mark in (attributes or {}).items():
        if name not in node.attributes:
            raise ValueError(f"{path} takes no attribute {name}")
        written = clean(mark)
        if written:
            holder.set(name, written)
        elif not node.attributes[name]:
            holder.attrib.pop(name, None)


def clean(value: str | None) -> str:
    """Return a value as XML can hold it: outer blanks and control characters gone, line ends as ``\\n``."""
    if not value:
        return ""
    return _UNWRITABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def add_item(tree: etree._Element) -> int:
    """Append an empty goods item and return its number, from 1. Raises ValueError beyond 999 items."""
    number = len(items(tree)) + 1
    _reach(tree, f"{ITEM}[{number}]")
    return number


def items(tree: etree._Element) -> list[etree._Element]:
    """Return the goods items of a tree in order."""
    return list(tree.iterfind(f"{{{NAMESPACE}}}GoodsShipment/{{{NAMESPACE}}}GovernmentAgencyGoodsItem"))


def remove_item(tree: etree._Element, number: int) -> None:
    """Remove a goods item and renumber the rest 1..n. Raises IndexError where there is no such item."""
    found = _numbered(items(tree), number)
    _detach(found)
    for position, item in enumerate(items(tree), 1):
        _number(item, nodes()[ITEM], position)


def add_document(
    tree: etree._Element,
    item: int | None,
    *,
    type: str,  # noqa: A002 - the name the document carries in the package
    number: str = "",
    category: str = "",
    name: str = "",
    issued_on: date | None = None,
    effective_on: date | None = None,
    expires_on: date | None = None,
    exemption: str = "",
    writeoff: Quantity | None = None,
    file_name: str = "",
    file_sha256: str = "",
    media_type: str = "",
) -> int:
    """Append a supporting document to a goods item, or to the header (``item`` None); return its number there.

    A write-off stands on goods items only. Raises IndexError where there is no such item.
    """
    where = _owner(tree, item)
    count = 1 + len(documents(tree, item))
    place = f"{where}/AdditionalDocument[{count}]"
    days = {"IssueDateTime": issued_on, "EffectiveDateTime": effective_on, "ExpirationDateTime": expires_on}
    values = {
        "TypeCode": type, "CategoryCode": category, "ID": number, "Name": name, "LPCOExemptionCode": exemption,
        **{leaf: day.strftime("%Y%m%d") if day else "" for leaf, day in days.items()},
        "Attachment/FileName": file_name, "Attachment/SHA256": file_sha256, "Attachment/MediaType": media_type,
    }  # fmt: skip
    for leaf, value in values.items():
        if value:
            set_leaf(tree, f"{place}/{leaf}", value)
    if writeoff is not None:
        unit = {"unitCode": writeoff.unit}
        set_leaf(tree, f"{place}/WriteOff/QuantityQuantity", format(writeoff.value, "f"), unit)
    return count


def documents(tree: etree._Element, item: int | None) -> list[etree._Element]:
    """Return the AdditionalDocument elements of a goods item or of the header, in order."""
    owner = tree if item is None else _numbered(items(tree), item)
    return list(owner.findall(f"{{{NAMESPACE}}}AdditionalDocument"))


def remove_document(tree: etree._Element, item: int | None, number: int) -> None:
    """Remove the n-th supporting document. Raises IndexError where there is none."""
    _detach(_numbered(documents(tree, item), number))


def set_answer(tree: etree._Element, item: int | None, code: str, value: str | None) -> None:
    """Answer a requirement question (a flag or a measure id) with Y, N or a chosen word; None takes it back."""
    where = _owner(tree, item)
    owner = tree if item is None else _numbered(items(tree), item)
    said = owner.findall(f"{{{NAMESPACE}}}AdditionalInformation")
    for index, statement in enumerate(said, 1):
        if _value(statement, "StatementTypeCode") == ANSWER and _value(statement, "StatementCode") == code:
            if clean(value):
                set_leaf(tree, f"{where}/AdditionalInformation[{index}]/StatementDescription", value)
            else:
                _detach(statement)
            return
    if clean(value):
        place = f"{where}/AdditionalInformation[{len(said) + 1}]"
        leaves = (("StatementCode", code), ("StatementDescription", value), ("StatementTypeCode", ANSWER))
        for leaf, text in leaves:
            set_leaf(tree, f"{place}/{leaf}", text)


def _owner(tree: etree._Element, item: int | None) -> str:
    if item is None:
        return "/Declaration"
    _numbered(items(tree), item)
    return f"{ITEM}[{item}]"


def _value(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _numbered(elements: list[etree._Element], number: int) -> etree._Element:
    if not 1 <= number <= len(elements):
        raise IndexError(f"there is no number {number} among {len(elements)}")
    return elements[number - 1]


def _follow(tree: etree._Element, path: str) -> etree._Element | None:
    """Return the element exactly at a path, or None."""
    element = tree
    for name, index in steps(path)[1:]:
        same = [child for child in element if local_name(child) == name]
        if len(same) < (index or 1):
            return None
        element = same[(index or 1) - 1]
    return element


def _reach(tree: etree._Element, path: str) -> tuple[etree._Element, Node]:
    """Return the element at a path with its node, making what is missing on the way."""
    wanted = steps(path)
    if not wanted or wanted[0][0] != "Declaration":
        raise ValueError(f"not a path of a package: {path}")
    element, node = tree, root()
    for name, index in wanted[1:]:
        below = node.children.get(name)
        if below is None or (index or 1) > min(below.most, MOST_INDEX):
            raise ValueError(f"the schema has no such place: {path}")
        same = element.findall(below.tag)
        while len(same) < (index or 1):
            same.append(_insert(element, below, node, len(same) + 1))
        element, node = same[(index or 1) - 1], below
    return element, node


def _insert(parent: etree._Element, node: Node, above: Node, number: int) -> etree._Element:
    """Put a new element at its place in the schema's order, after others of its name, and number it."""
    made = etree.Element(node.tag)
    position = len(parent)
    for index, child in enumerate(parent):
        other = above.children.get(local_name(child))
        if other is not None and other.position > node.position:
            position = index
            break
    parent.insert(position, made)
    _number(made, node, number)
    return made


def _number(element: etree._Element, node: Node, number: int) -> None:
    """Write the SequenceNumeric of an element whose class requires one."""
    leaf = node.children.get("SequenceNumeric")
    if leaf is None or not leaf.least:
        return
    found = element.find(leaf.tag)
    if found is None:
        found = _insert(element, leaf, node, 1)
    found.text = str(number)


def _remove(tree: etree._Element, path: str) -> None:
    """Remove the element at a path and every ancestor that is then empty; a required number is set again instead."""
    found = _follow(tree, path)
    if found is None or found is tree:
        return
    parent = found.getparent()
    above = find_node(path.rpartition("/")[0])
    number = above.children.get("SequenceNumeric") if above is not None else None
    if parent is not None and above is not None and number is not None and number.least and found.tag == number.tag:
        _number(parent, above, 1 + sum(1 for _ in parent.itersiblings(parent.tag, preceding=True)))
        return
    while parent is not None:
        _detach(found)
        if len(parent) or parent is tree:
            return
        found, parent = parent, parent.getparent()


def _detach(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
