"""Schema faults in the reader's words: code, sentence, remedy, line, XPath, WCO pointer, value, form field.

The validator's message is only mined for names; what is said comes from ``schema_texts`` and from the structure.
Numbers are libxml2's ``xmlParserErrors`` (SCHEMAV_CVC_*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lxml import etree

from app.declarations.pointers import field_of, own_text, pointer, xpath_of
from app.declarations.schema import SchemaSet
from app.declarations.schema_locating import Finding, MakeParser, Mended, locate
from app.declarations.schema_texts import said
from app.declarations.structure import Node, find_node, local_name
from app.errors import VALUE_SHOWN, Fault

_ATTRIBUTE = re.compile(r"^Element '[^']*', attribute '([^']*)'")
_REQUIRED = re.compile(r"The attribute '([^']*)' is required")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)\.?$", re.DOTALL)

ROUNDS = 8
"""How often a file is looked at again behind the elements that stopped the validator."""

LOOKED_BEHIND = 256 * 1024
"""Bytes of a file up to which that is done; a larger one is told of its faults in steps."""

_FILLING = {"FileName": "x", "SHA256": "0" * 64}
"""What stands in for a missing required element while looking behind it, where a number would not do."""

_MISSING_ATTRIBUTE, _CONTENT = 1868, 1871
_FACETS = {
    1830: "SCHEMA-LENGTH", 1831: "SCHEMA-LENGTH", 1832: "SCHEMA-LENGTH", 1837: "SCHEMA-LENGTH", 1838: "SCHEMA-LENGTH",
    1839: "SCHEMA-PATTERN", 1840: "SCHEMA-VALUE", 1824: "SCHEMA-TYPE", 1825: "SCHEMA-TYPE", 1826: "SCHEMA-TYPE",
}  # fmt: skip
_ATTRIBUTES = (1847, 1852, 1866, 1867)
_MIXED = (1841, 1842, 1843)


def collect(
    data: bytes, known: SchemaSet, tree: etree._Element, make: MakeParser, most: int
) -> tuple[tuple[Fault, ...], int]:
    """Return the schema faults of a file that is well-formed, at most ``most``, and how many more there are."""
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    findings, more = locate(data, known, list(tree.iter(etree.Element)), make, most)
    _gather(findings, faults, seen)
    mended = Mended(tree) if findings and not more and len(data) <= LOOKED_BEHIND else None
    for _ in range(ROUNDS):
        if mended is None or not _mend(mended, findings):
            break
        findings, more = locate(etree.tostring(mended.tree), known, mended.elements(), make, most)
        _gather(findings, faults, seen)
    if not faults:
        faults.append(_made("SCHEMA-OTHER", tree, name=local_name(tree)))
    return tuple(faults[:most]), more + max(len(faults) - most, 0)


def _gather(findings: Iterable[Finding], faults: list[Fault], seen: set[tuple[str, str]]) -> None:
    """Add the faults of some findings, each place and code once."""
    for finding in findings:
        fault = translate(finding)
        if (fault.path, fault.code) not in seen and not _repeats(fault, seen):
            seen.add((fault.path, fault.code))
            faults.append(fault)


def _mend(mended: Mended, findings: Iterable[Finding]) -> bool:
    """Mend in the copy what stopped the validator; False where nothing did."""
    stopped = [finding for finding in findings if finding.type == _CONTENT and not finding.ending]
    for finding in stopped:
        lacking = _lacking_before(finding)
        if lacking is not None:
            mended.put_before(finding.element, lacking.tag, _FILLING.get(lacking.name, (*lacking.values, "1")[0]))
        else:
            mended.remove(finding.element)
    return bool(stopped)


def _lacking_before(finding: Finding) -> Node | None:
    """Return the required element whose absence makes another one unexpected; None where it is itself the fault."""
    parent = finding.element.getparent()
    above = find_node(xpath_of(parent)) if parent is not None else None
    node = above.children.get(local_name(finding.element)) if above is not None else None
    if parent is None or above is None:
        return None
    if node is None or node.tag != finding.element.tag:
        return None
    lacking = _lacking(parent, above.children.values(), node.position)
    return lacking if lacking is not None and lacking.name in _expected(finding) else None


def _expected(finding: Finding) -> list[str]:
    return [_name(name) for name in _first(_EXPECTED, finding.message).split(", ") if name]


def _repeats(fault: Fault, seen: set[tuple[str, str]]) -> bool:
    """Whether the same value was already called too long or of the wrong kind: one sentence is enough."""
    return fault.code == "SCHEMA-PATTERN" and (
        (fault.path, "SCHEMA-LENGTH") in seen or (fault.path, "SCHEMA-TYPE") in seen
    )


def translate(finding: Finding) -> Fault:
    """Turn one finding into a fault."""
    attribute = _ATTRIBUTE.match(finding.message)
    if finding.type == _CONTENT:
        return _content(finding)
    if finding.type == _MISSING_ATTRIBUTE:
        name = _name(_first(_REQUIRED, finding.message))
        return _made("SCHEMA-MISSING-ATTRIBUTE", finding.element, name=local_name(finding.element), attribute=name)
    if finding.type in _ATTRIBUTES:
        name = _name(attribute[1] if attribute else "")
        return _made("SCHEMA-ATTRIBUTE", finding.element, name=local_name(finding.element), attribute=name)
    if finding.type in _MIXED:
        return _made("SCHEMA-CONTENT", finding.element, name=local_name(finding.element))
    if finding.type in _FACETS:
        return _facet(finding, attribute[1] if attribute else "")
    return _made("SCHEMA-OTHER", finding.element, name=local_name(finding.element))


def _facet(finding: Finding, attribute: str) -> Fault:
    """A value that is too long, of the wrong kind, badly formed or not in the list."""
    element, code = finding.element, _FACETS[finding.type]
    holder = element.getparent() if local_name(element) == "DateTimeString" else element
    holder = element if holder is None else holder
    node = find_node(xpath_of(holder))
    if attribute:
        name = _name(attribute)
        value = element.get(attribute, "")
        return _made("SCHEMA-ATTRIBUTE-VALUE", holder, value, name=local_name(holder), attribute=name)
    value = own_text(element)
    if not value:
        return _made("SCHEMA-EMPTY", holder, name=local_name(holder))
    if node is not None and node.is_date:
        return _made("SCHEMA-DATE", holder, value, name=local_name(holder))
    if code in ("SCHEMA-TYPE", "SCHEMA-LENGTH") and node is not None and node.base == "decimal":
        return _made("SCHEMA-NUMBER", holder, value, code, name=local_name(holder), format=node.format)
    form, allowed = (node.format, ", ".join(node.values)) if node is not None else ("", "")
    return _made(code, holder, value, name=local_name(holder), length=len(value), format=form, allowed=allowed)


def _content(finding: Finding) -> Fault:
    """An element that is missing, unknown, in the wrong place, or there too often."""
    element = finding.element
    expected = _expected(finding)
    if finding.ending:
        return _missing(element, expected, element[-1] if len(element) else element)
    parent = element.getparent()
    if parent is None:
        return _made("SCHEMA-OTHER", element, name=local_name(element))
    above = find_node(xpath_of(parent))
    node = above.children.get(local_name(element)) if above is not None else None
    facts = {"name": local_name(element), "parent": local_name(parent), "expected": ", ".join(expected[:12])}
    if node is None or node.tag != element.tag or above is None:
        return _made("SCHEMA-ELEMENT", element, own_text(element), **facts)
    lacking = _lacking_before(finding)
    if lacking is not None:
        return _missing(parent, [lacking.name], element)
    if node.most == 1 and next(element.itersiblings(element.tag, preceding=True), None) is not None:
        return _made("SCHEMA-REPEATED", element, own_text(element), **facts)
    later = next((local_name(one) for one in element.itersiblings(preceding=True) if _after(above, one, node)), "")
    return _made("SCHEMA-ORDER", element, own_text(element), **facts, later=later or local_name(parent))


def _lacking(parent: etree._Element, nodes: Iterable[Node], before: int) -> Node | None:
    """Return the first required child of the schema that the parent lacks and that comes before a position."""
    present = {child.tag for child in parent}
    return next((node for node in nodes if node.least and node.position < before and node.tag not in present), None)


def _after(above: Node, sibling: etree._Element, node: Node) -> bool:
    other = above.children.get(local_name(sibling))
    return other is not None and other.position > node.position


def _missing(parent: etree._Element, expected: list[str], near: etree._Element) -> Fault:
    """A required child is not there: the fault points at the place where it should be, on the line of its neighbour."""
    name = expected[-1] if expected else ""
    above = find_node(xpath_of(parent))
    required = [one for one in expected if above is not None and one in above.children and above.children[one].least]
    name = required[0] if required else name
    made = _made("SCHEMA-MISSING", parent, name=name, parent=local_name(parent))
    return _at(replace(made, line=near.sourceline), f"{made.path}/{name}" if name else made.path)


def _made(code: str, element: etree._Element, value: str = "", published: str = "", **facts: object) -> Fault:
    """Build a fault at an element; codes that differ only in their sentence are published under one name."""
    names: Mapping[str, str] = {
        "SCHEMA-NUMBER": published, "SCHEMA-DATE": "SCHEMA-PATTERN", "SCHEMA-EMPTY": "SCHEMA-PATTERN",
        "SCHEMA-ORDER": "SCHEMA-ELEMENT", "SCHEMA-REPEATED": "SCHEMA-ELEMENT",
        "SCHEMA-MISSING-ATTRIBUTE": "SCHEMA-MISSING", "SCHEMA-ATTRIBUTE-VALUE": "SCHEMA-PATTERN",
    }  # fmt: skip
    message, remedy = said(code, **facts)
    path = xpath_of(element)
    line = element.sourceline
    made = Fault(names.get(code, code), message, remedy, line=line, value=value[:VALUE_SHOWN], kind="schema")
    return _at(made, path)


def _at(fault: Fault, path: str) -> Fault:
    """Put a fault at an XPath: path, WCO pointer, and the form field where the web form has one."""
    field = field_of(path) if find_node(path) is not None else ""
    return replace(fault, path=path, pointer=pointer(path), field=field)


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1] if found else ""


def _name(written: str) -> str:
    """Return a name of the validator's message without its namespace: ``{urn:...}ID`` gives ``ID``."""
    return written.rpartition("}")[2].strip()
