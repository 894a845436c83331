"""A place of a package in words: what a path points at, which box of the form it is, what stands there now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from lxml import etree

from app.declarations import document_form, form_map
from app.declarations.draft_edits import document_path, element_at
from app.declarations.form_lists import Lists
from app.declarations.form_map import ITEM, PARTIES, TRANSPORT
from app.declarations.form_parts import Field
from app.declarations.package import Package, SupportingDocument
from app.declarations.pointers import own_text, pointer, steps, xpath_of
from app.declarations.structure import find_node, leaves

GOODS = "GovernmentAgencyGoodsItem"
LONGEST = 400
"""Characters of a path that is looked at; longer ones lead nowhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that can be asked about: its XPath, its words, and its value as it stands there."""

    path: str
    words: str
    value: str = ""


def item_of(path: str) -> int | None:
    """Return the goods item a path leads into, None for the package as a whole."""
    return next((index or 1 for name, index in steps(path) if name == GOODS), None)


def is_document(path: str) -> bool:
    """Whether a path names a supporting document itself, not a value of it."""
    found = steps(path)
    return bool(found) and found[-1][0] == "AdditionalDocument"


def is_value(path: str) -> bool:
    """Whether a path names a value (a leaf of the schema) rather than a class."""
    node = find_node(path)
    return node is not None and node.is_leaf


def resolve(tree: etree._Element, said: str) -> str:
    """Return the true XPath of a place somebody named by XPath or WCO pointer, ``""`` where the package has none.

    A value that is missing is a place too, where the class it belongs to is there: one can ask for it.
    """
    named = said.strip().partition("/@")[0].rstrip("/")
    if not named or len(named) > LONGEST:
        return ""
    if not named.startswith("/"):
        return next((path for path in _every(tree) if pointer(path) == named), "")
    if find_node(named) is None or "[0" in named:
        return ""
    element = element_at(tree, named)
    return xpath_of(element) if element is not None else _missing(tree, named)


def _missing(tree: etree._Element, named: str) -> str:
    """The path of a value that is not there although its class is; only the first of its name is one to ask for."""
    above, _slash, leaf = named.rpartition("/")
    parent = element_at(tree, above) if above else None
    if parent is None or not is_value(named) or leaf.partition("[")[2] not in ("", "1]"):
        return ""
    return f"{xpath_of(parent)}/{leaf.partition('[')[0]}"


def value_at(tree: etree._Element, path: str) -> str:
    """Return the value at a path with its unit or currency, ``""`` for a class or where nothing stands."""
    element = element_at(tree, path)
    if element is None:
        return ""
    unit = element.get("unitCode") or element.get("currencyID") or ""
    return f"{own_text(element)} {unit}".strip()


def box_of(path: str, package: Package) -> Field | None:
    """Return the box of the form that holds a leaf, or None where the form has none."""
    document = _document(path, package)
    if document is not None:
        base = document_path(document.item, _number(document, package))
        return _box(document_form.group(document.item, _number(document, package)).fields, f"{base}/{_below(path)}")
    section, number = form_map.place_of(path)
    if section not in (ITEM, PARTIES, TRANSPORT) or (number or 0) > len(package.lines):
        return None
    boxes = [box for group in form_map.groups(section, package, number) for box in group.every()]
    return _box(boxes, path)


def words(path: str, package: Package, lists: Lists) -> str:
    """Return a path in words, without the goods item it leads into."""
    document = _document(path, package)
    if document is not None:
        named = document_words(document, lists)
        return named if is_document(path) else f"{named} · {_leaf_words(path, package)}"
    if is_document(path):
        return str(_("a document that is no longer in the package"))
    if steps(path)[-1][0] == GOODS:
        return str(_("the goods item as a whole"))
    if path == "/Declaration":
        return str(_("the package as a whole"))
    return _leaf_words(path, package)


def document_words(document: SupportingDocument, lists: Lists) -> str:
    """Return a supporting document in words: its kind and number."""
    code = lists.edition.document_code(document.category, document.type)
    kind = lists.words("document_types", code)
    return f"{kind} № {document.number}" if document.number else kind


def offered(
    tree: etree._Element, package: Package, lists: Lists, items: Sequence[int] | None
) -> list[tuple[int | None, list[Place]]]:
    """Return the places of some goods items (empty: none) and of the package (last), documents first, each with its value.

    ``items`` None leaves all values out and offers documents and whole items only.
    """
    values = [pair for pair in leaves(tree) if _worth_asking(pair[0])]
    numbers = [line.number for line in package.lines] if items is None else list(items)
    made: list[tuple[int | None, list[Place]]] = []
    for number in (*numbers, None):
        papers = package.documents if number is None else package.lines[number - 1].documents
        whole = "/Declaration" if number is None else package.lines[number - 1].path
        places = [Place(whole, words(whole, package, lists))]
        places += [Place(one.path, document_words(one, lists)) for one in papers]
        if items is not None:
            places += _values(values, number, package)
        made.append((number, places))
    return made


def _values(values: Sequence[tuple[str, str]], number: int | None, package: Package) -> Iterator[Place]:
    known: dict[str, str] = {}
    sections = ((PARTIES, None), (TRANSPORT, None)) if number is None else ((ITEM, number),)
    for section, at in sections:
        for group in form_map.groups(section, package, at):
            titled = number is None or bool(group.rows)
            known |= {
                _bare(box.path): f"{group.title}: {box.label}" if titled else str(box.label) for box in group.every()
            }
    for path, value in values:
        # What the form has no box for has no name in the reader's language: it can be asked about by its path.
        if item_of(path) == number and _bare(path) in known:
            yield Place(path, known[_bare(path)], value)


def _worth_asking(path: str) -> bool:
    name = path.rpartition("/")[2]
    inside = {step for step, _index in steps(path)}
    kept = {"AdditionalDocument", "AdditionalInformation"}
    return "/@" not in path and name not in ("SequenceNumeric", "FunctionCode") and not inside & kept


def _every(tree: etree._Element) -> Iterator[str]:
    """Yield every path of a tree, classes before what is in them."""
    seen = set()
    for path, _value in leaves(tree):
        parts = path.partition("/@")[0].split("/")
        for depth in range(2, len(parts) + 1):
            found = "/".join(parts[:depth])
            if found not in seen:
                seen.add(found)
                yield found


def _document(path: str, package: Package) -> SupportingDocument | None:
    """Return the supporting document a path names or leads into."""
    above = f"{_bare(path)}/"
    return next((one for one in package.all_documents if above.startswith(f"{_bare(one.path)}/")), None)


def _number(document: SupportingDocument, package: Package) -> int:
    papers = package.documents if document.item is None else package.lines[document.item - 1].documents
    return papers.index(document) + 1


def _below(path: str) -> str:
    inside, _name, rest = path.partition("/AdditionalDocument")
    return rest.partition("/")[2] if inside else ""


def _box(boxes: Sequence[Field], path: str) -> Field | None:
    return next((box for box in boxes if _bare(box.path) == _bare(path)), None)


def _leaf_words(path: str, package: Package) -> str:
    box = box_of(path, package)
    return str(box.label) if box is not None else _title(path)


def _title(path: str) -> str:
    node = find_node(path)
    return (node.title or node.name) if node is not None else path


def _bare(path: str) -> str:
    """A path with an index everywhere or nowhere means the same first place."""
    return path.replace("[1]", "")
