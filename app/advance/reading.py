"""From bytes to advance information, or to faults: the same hardened reading as a package's, against ``xsd/advance/1.0``. Pure.

Never raises for what the bytes contain. Faults carry codes XML-* (the file), SCHEMA-* (its content) and ADVANCE-TOO-LARGE.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from lxml import etree

from app.advance.message import DIRECTIONS, Advance, Container, Goods, Paper, Party, Stop, Vehicle
from app.advance.words import fault
from app.declarations import parsing, parsing_texts, schema_texts
from app.declarations.schema import SchemaSet, schema_set
from app.declarations.schema_locating import Finding, locate
from app.declarations.structure import local_name
from app.errors import VALUE_SHOWN, Fault

NAMESPACE = "urn:akno:advance:1.0"
SCHEMA = "advance/1.0"
ROOT = f"{{{NAMESPACE}}}Declaration"

MAX_BYTES = 2 * 1024 * 1024
"""Bytes of one message: 999 goods items with every field at its longest are 1.6 MB."""
MAX_FAULTS = 100

_CONTENT, _MISSING_ATTRIBUTE = 1871, 1868
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)\.?$", re.DOTALL)
_NS = {"a": NAMESPACE}


@dataclass(frozen=True, slots=True)
class Read:
    """What reading found: the message (None when there are faults) with its tree, and all faults."""

    advance: Advance | None
    faults: tuple[Fault, ...] = ()
    tree: etree._Element | None = None

    def placed(self, fault: Fault) -> Fault:
        """Return a fault with the line of its element in the file, where the element is there."""
        if self.tree is None or not fault.path:
            return fault
        steps = [step.partition("[") for step in fault.path.strip("/").split("/")[1:]]
        where = "/".join(f"a:{name}[{index}" if index else f"a:{name}" for name, _mark, index in steps)
        found = self.tree.find(where, _NS) if where else self.tree
        return fault if found is None else replace(fault, line=found.sourceline)


def read(data: bytes) -> Read:
    """Read and check one message."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024 / 1024:.1f}"
        return Read(None, (fault("ADVANCE-TOO-LARGE", value=f"{size} MB"),))
    plain = parsing.plain(data, limit=MAX_BYTES)
    if plain.tree is None:
        return Read(None, plain.faults)
    if plain.tree.tag != ROOT:
        found = fault("ADVANCE-ROOT", value=str(plain.tree.tag)[:VALUE_SHOWN])
        return Read(None, (found,))
    known = schema_set(SCHEMA)
    try:
        tree = etree.fromstring(data, parsing.hardened(known))
    except (etree.LxmlError, ValueError):
        return Read(None, _schema_faults(data, known, plain.tree))
    return Read(_message(tree), tree=tree)


# --- faults of the schema ---------------------------------------------------------------------------------------------


def _schema_faults(data: bytes, known: SchemaSet, tree: etree._Element) -> tuple[Fault, ...]:
    findings, more = locate(data, known, list(tree.iter(etree.Element)), parsing.hardened, MAX_FAULTS)
    found: dict[tuple[str, str], Fault] = {}
    for finding in findings:
        made = _translate(finding)
        found.setdefault((made.path, "" if made.code == "SCHEMA-PATTERN" else made.code), made)
    faults = list(found.values())
    if more:
        faults.append(parsing_texts.fault("XML-TOO-MANY", shown=len(findings), more=more))
    return tuple(faults)


def _translate(finding: Finding) -> Fault:
    element = finding.element
    name = local_name(element)
    if finding.type == _CONTENT:
        return _content(finding)
    if finding.type == _MISSING_ATTRIBUTE:
        return _made("SCHEMA-MISSING", element, said="SCHEMA-MISSING-ATTRIBUTE", name=name, attribute=_quoted(finding))
    if ", attribute '" in finding.message:
        return _made("SCHEMA-PATTERN", element, said="SCHEMA-ATTRIBUTE-VALUE", name=name, attribute=_quoted(finding))
    value = (element.text or "").strip()
    if not value:
        return _made("SCHEMA-PATTERN", element, said="SCHEMA-EMPTY", name=name)
    if name == "DateTimeString":
        return _made("SCHEMA-PATTERN", element, said="SCHEMA-DATE", name=name)
    return _made("SCHEMA-PATTERN", element, name=name, format=SCHEMA)


def _content(finding: Finding) -> Fault:
    element, match = finding.element, _EXPECTED.search(finding.message)
    wanted = [name.rpartition("}")[2].strip() for name in (match[1].split(", ") if match else [])]
    expected = ", ".join(wanted[:12])
    parent = element.getparent()
    if finding.ending or parent is None:
        last = wanted[-1] if wanted else ""
        return _made("SCHEMA-MISSING", element, name=last, parent=local_name(element))
    return _made("SCHEMA-ELEMENT", element, name=local_name(element), parent=local_name(parent), expected=expected)


def _quoted(finding: Finding) -> str:
    found = re.search(r"attribute '(?:\{[^}]*\})?([^']*)'", finding.message)
    return found[1] if found else ""


def _made(code: str, element: etree._Element, *, said: str = "", **facts: object) -> Fault:
    message, remedy = schema_texts.said(said or code, **facts)
    text = (element.text or "").strip()[:VALUE_SHOWN]
    return Fault(code, message, remedy, path=xpath(element), line=element.sourceline, value=text, kind="schema")


def xpath(element: etree._Element) -> str:
    """Return the XPath of an element with names and true indexes, without namespaces."""
    parts: list[str] = []
    one: Any = element
    while one is not None:
        before = sum(1 for _ in one.itersiblings(one.tag, preceding=True))
        several = before or next(one.itersiblings(one.tag), None) is not None
        parts.append(f"{local_name(one)}[{before + 1}]" if several else local_name(one))
        one = one.getparent()
    return "/" + "/".join(reversed(parts))


# --- the message ------------------------------------------------------------------------------------------------------


def _message(root: etree._Element) -> Advance:
    means = root.findall("a:BorderTransportMeans", _NS)
    consignment = root.find("a:Consignment", _NS)
    return Advance(
        reference=_text(root, "FunctionalReferenceID"),
        direction=DIRECTIONS[_text(root, "TypeCode")],
        mode=_text(means[0], "ModeCode"),
        vehicles=tuple(Vehicle(_text(one, "ID"), _text(one, "RegistrationNationalityCode")) for one in means),
        carrier=_party(root, "Carrier"),
        declarant=_party(root, "Declarant"),
        post=_text(root, "EntryOffice/a:ID"),
        planned_at=_moment(_text(root, "EntryOffice/a:ExpectedArrivalDateTime/a:DateTimeString")),
        consignee=_party(consignment, "Consignee"),
        consignor=_party(consignment, "Consignor"),
        dispatch=_text(consignment, "ExportCountry/a:CountryCode"),
        destination=_text(consignment, "Destination/a:CountryCode"),
        warehouse=_text(consignment, "Warehouse/a:ID"),
        route=tuple(
            Stop(_text(one, "RoutingCountryCode"), _text(one, "PlaceID")) for one in _all(consignment, "Itinerary")
        ),
        containers=tuple(
            Container(_text(one, "ID"), tuple(_text(seal, "ID") for seal in _all(one, "Seal")))
            for one in _all(consignment, "TransportEquipment")
        ),
        papers=tuple(
            Paper(_text(one, "TypeCode"), _text(one, "ID")) for one in _all(consignment, "AdditionalDocument")
        ),
        goods=tuple(_goods(one) for one in _all(consignment, "GovernmentAgencyGoodsItem")),
    )


def _goods(node: Any) -> Goods:
    value = node.find("a:StatisticalValueAmount", _NS)
    packages = _text(node, "Packaging/a:QuantityQuantity")
    return Goods(
        number=int(Decimal(_text(node, "SequenceNumeric"))),
        code=_text(node, "Commodity/a:Classification/a:ID"),
        description=_text(node, "Commodity/a:Description"),
        origin=_text(node, "Origin/a:CountryCode"),
        gross=Decimal(_text(node, "GoodsMeasure/a:GrossMassMeasure")),
        packages=int(Decimal(packages)) if packages else None,
        packing=_text(node, "Packaging/a:TypeCode"),
        value=None if value is None else Decimal(value.text.strip()),
        currency="" if value is None else value.get("currencyID", ""),
        undg=tuple(_text(one, "UNDGID") for one in _all(node, "Commodity/a:DangerousGoods")),
    )


def _party(node: Any, role: str) -> Party:
    return Party(
        _text(node, f"{role}/a:ID"), _text(node, f"{role}/a:Name"), _text(node, f"{role}/a:Address/a:CountryCode")
    )


def _all(node: Any, name: str) -> list[Any]:
    return list(node.findall(f"a:{name}", _NS))


def _text(node: Any, name: str) -> str:
    found = node.findtext(f"a:{name}", default="", namespaces=_NS)
    return " ".join(found.split())


def _moment(text: str) -> datetime:
    """Read CCYYMMDDHHMMSS with Z or an offset in hours; a moment that no calendar has is the earliest there is, which a rule
    refuses as past."""
    try:
        moment = datetime.strptime(text[:14], "%Y%m%d%H%M%S")
        offset = timedelta() if text[14:] == "Z" else timedelta(hours=int(text[14:]))
        return moment.replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(2000, 1, 1, tzinfo=UTC)
