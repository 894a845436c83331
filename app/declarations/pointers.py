"""One place in a package, said in three ways: the element, its XPath with true indexes, its WCO pointer."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from lxml import etree

from app.declarations.structure import Node, find_node, local_name, root
from app.errors import VALUE_SHOWN, Fault

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")


def steps(path: str) -> list[tuple[str, int | None]]:
    """Split an XPath into (element name, index or None); ``/A/B[2]`` gives ``[("A", None), ("B", 2)]``."""
    return [(name, int(index) if index else None) for name, index in _STEP.findall(path)]


def pointer(path: str) -> str:
    """Return the WCO pointer of an XPath: ``42A/67A/68A[2]/23A/21A/145``.

    Goods items are always numbered, other classes from the second on. Where the Data Model has no identifier, or the
    schema no such element, the element's name stands instead.
    """
    parts: list[str] = []
    node: Node | None = None
    for depth, (name, index) in enumerate(steps(path)):
        if depth == 0:
            node = root() if name == "Declaration" else None
        else:
            node = node.children.get(name) if node is not None else None
        label = (node.wco_id if node is not None else "") or name
        numbered = index is not None and (index > 1 or name == "GovernmentAgencyGoodsItem")
        parts.append(f"{label}[{index}]" if numbered else label)
    return "/".join(parts)


def xpath_of(element: etree._Element) -> str:
    """Return the XPath of an element: names without prefix, a 1-based index where it may repeat or does."""
    parts: list[str] = []
    while element is not None:
        parts.append(local_name(element) + _index(element))
        element = element.getparent()
    parts.reverse()
    return "/" + "/".join(parts)


def _index(element: etree._Element) -> str:
    """Return ``[n]`` among all siblings of the same name, adjacent or not; empty where it stands alone by nature."""
    parent = element.getparent()
    if parent is None:
        return ""
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    if before == 0:
        node = find_node("/" + "/".join(local_name(part) for part in _line(element)))
        repeatable = node is not None and node.repeatable
        if not repeatable and next(element.itersiblings(element.tag), None) is None:
            return ""
    return f"[{before + 1}]"


def _line(element: etree._Element) -> list[etree._Element]:
    return [*reversed(list(element.iterancestors())), element]


def locate(tree: etree._Element, path: str) -> etree._Element | None:
    """Return the element an XPath names, or the nearest ancestor that exists; None when the root differs."""
    wanted = steps(path)
    if not wanted or local_name(tree) != wanted[0][0]:
        return None
    element = tree
    for name, index in wanted[1:]:
        # libxml2 looks for the name and stops at the one wanted: a flood of siblings is not walked for each fault.
        same = islice(element.iterchildren(f"{{*}}{name}"), (index or 1) - 1, None)
        below = next(same, None)
        if below is None:
            break
        element = below
    return element


def field_of(path: str) -> str:
    """Return the name of the form field that holds an XPath: the path below Declaration, as the web form names it."""
    return path.removeprefix("/Declaration/") if path.startswith("/Declaration/") else ""


def placed(fault: Fault, tree: etree._Element | None = None) -> Fault:
    """Complete a fault that knows only its path: pointer, form field and, from the tree as received, line and value."""
    if not fault.path:
        return fault
    path = fault.path
    node = find_node(path)
    line, value = fault.line, fault.value
    if tree is not None:
        element = locate(tree, path)
        if element is not None:
            line = line or element.sourceline
            value = value or (own_text(element) if node is not None and node.is_leaf else "")
    field = fault.field or (field_of(path) if node is not None else "")
    made = fault.pointer or pointer(path)
    return replace(fault, line=line, pointer=made, value=value[:VALUE_SHOWN], field=field)


def own_text(element: etree._Element) -> str:
    """Return the value an element holds, a date's from its DateTimeString; empty for a class with other children."""
    if len(element) == 1 and local_name(element[0]) == "DateTimeString":
        element = element[0]
    return (element.text or "").strip() if len(element) == 0 else ""
