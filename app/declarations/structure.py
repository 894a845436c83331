"""The schema as data: what may stand where, in which order, how often, in which format, under which WCO identifier.

Read once from the published xsd, which stays the only source. Paths are XPaths with element names and no prefixes,
``/Declaration/GoodsShipment/GovernmentAgencyGoodsItem``; a date is one leaf although it is written as
``<EffectiveDateTime><DateTimeString formatCode="102">``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from app.declarations.schema import DECLARATION, EXTENSION, NAMESPACE, schema_set

_XS = "{http://www.w3.org/2001/XMLSchema}"
_INDEX = re.compile(r"\[\d+\]")
_WCO_ID = "urn:akno:wco-id"
_WCO_FORMAT = "urn:akno:wco-format"
_CODE_LIST = "urn:akno:code-list"
MANY = 1_000_000_000
"""Stands for ``unbounded``."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the schema.

    ``children`` is ordered and empty for a leaf; ``position`` is its place among its siblings; ``format`` is the WCO
    format (``an..17``, ``n..16,3``); ``attributes`` maps an attribute to whether it is required; ``title`` is English.
    """

    name: str
    path: str
    namespace: str
    wco_id: str
    title: str
    format: str
    code_list: str
    least: int
    most: int
    position: int
    base: str
    values: tuple[str, ...]
    attributes: Mapping[str, bool]
    is_date: bool
    children: Mapping[str, Node] = field(repr=False)

    @property
    def tag(self) -> str:
        """The element name as lxml writes it, ``{namespace}name``."""
        return f"{{{self.namespace}}}{self.name}"

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a value rather than other elements."""
        return not self.children

    @property
    def repeatable(self) -> bool:
        """Whether it may stand more than once under its parent."""
        return self.most > 1


@cache
def root() -> Node:
    """Return the node of Declaration, with everything below it."""
    return _Reader().declaration()


@cache
def nodes() -> Mapping[str, Node]:
    """Return every node by its path without indexes, in document order."""
    return {node.path: node for node in _walk(root())}


def find_node(path: str) -> Node | None:
    """Return the node at an XPath, indexes ignored; None where the schema has nothing."""
    return nodes().get(_INDEX.sub("", path))


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def leaves(tree: etree._Element) -> list[tuple[str, str]]:
    """Return every value of a tree as (XPath with true indexes, text without outer blanks), in document order.

    Attributes follow as ``path/@name``. Two trees with equal leaves say the same: this is the loss report.
    """
    found: list[tuple[str, str]] = []
    _collect(tree, f"/{local_name(tree)}", root(), found)
    return found


def _collect(element: etree._Element, path: str, node: Node | None, found: list[tuple[str, str]]) -> None:
    if len(element) == 0 or (node is not None and node.is_date):
        holder = element[0] if len(element) else element
        found.append((path, (holder.text or "").strip()))
        found.extend((f"{path}/@{name}", str(value)) for name, value in sorted(holder.attrib.items()) if name[0] != "{")
        return
    seen: dict[str, int] = {}
    for child in element:
        name = local_name(child)
        seen[name] = seen.get(name, 0) + 1
        below = node.children.get(name) if node is not None else None
        index = f"[{seen[name]}]" if below is None or below.repeatable else ""
        _collect(child, f"{path}/{name}{index}", below, found)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children.values():
        yield from _walk(child)


class _Reader:
    """Reads the xsd files of the declaration into nodes."""

    def __init__(self) -> None:
        files = [etree.fromstring(data) for data in schema_set(DECLARATION).files.values()]
        self.named: dict[tuple[str, str], etree._Element] = {
            (schema.get("targetNamespace", ""), child.get("name", "")): child
            for schema in files
            for child in schema
            if child.get("name")
        }

    def declaration(self) -> Node:
        """Return the root node."""
        schema_root = next(node for (space, name), node in self.named.items() if name == "Declaration")
        return self.node(schema_root, NAMESPACE, "", 0)

    def node(self, element: etree._Element, namespace: str, above: str, position: int) -> Node:
        """Turn one xs:element into a Node."""
        path = f"{above}/{element.get('name')}"
        notes = {note.get("source", ""): note.text or "" for note in element.iter(f"{_XS}appinfo")}
        spoken = element.findtext(f"{_XS}annotation/{_XS}documentation") or ""
        type_name = element.get("type", "")
        kind = self.named[(namespace, type_name)]
        is_date = type_name == "DateTimeType"
        base, values, attributes = self.content(kind, namespace)
        most = element.get("maxOccurs", "1")
        return Node(
            name=element.get("name", ""), path=path, namespace=namespace, wco_id=notes.get(_WCO_ID, ""),
            title=spoken.partition(": ")[2], format=notes.get(_WCO_FORMAT, ""), code_list=notes.get(_CODE_LIST, ""),
            least=int(element.get("minOccurs", "1")), most=MANY if most == "unbounded" else int(most), position=position,
            base="date" if is_date else base, values=values, attributes={"formatCode": True} if is_date else attributes,
            is_date=is_date, children={} if is_date else self.children(kind, namespace, path),
        )  # fmt: skip

    def children(self, kind: etree._Element, namespace: str, path: str) -> dict[str, Node]:
        """Return the ordered children of a complex type; the extension group comes last, in its own namespace."""
        found: list[Node] = []
        for part in kind.findall(f"{_XS}sequence/*"):
            if part.tag == f"{_XS}group":
                group = self.named[(EXTENSION, part.get("ref", "").partition(":")[2])]
                for extra in group.findall(f"{_XS}sequence/{_XS}element"):
                    found.append(self.node(extra, EXTENSION, path, len(found)))
            else:
                found.append(self.node(part, namespace, path, len(found)))
        return {node.name: node for node in found}

    def content(self, kind: etree._Element, namespace: str) -> tuple[str, tuple[str, ...], dict[str, bool]]:
        """Return base type (``string``, ``token``, ``decimal``, or ``""``), fixed values, attributes of a type."""
        extension = kind.find(f".//{_XS}extension")
        simple = kind if extension is None else self.named[(namespace, extension.get("base", ""))]
        restriction = simple.find(f"{_XS}restriction")
        if restriction is None:
            return "", (), {}
        values = tuple(item.get("value", "") for item in restriction.findall(f"{_XS}enumeration"))
        attributes: dict[str, bool] = {}
        for part in () if extension is None else extension:
            group = part
            if part.tag == f"{_XS}attributeGroup":
                group = self.named[(namespace, part.get("ref", ""))]
            for attribute in group.iter(f"{_XS}attribute"):
                attributes[attribute.get("name", "")] = attribute.get("use") == "required"
        return restriction.get("base", "").removeprefix("xs:"), values, attributes
