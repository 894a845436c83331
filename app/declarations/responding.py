"""The answer of the window as a WCO Response (07B), alone or in its envelope: plain values in, bytes out.

Names and order are those of xsd/response/1.0, which is made of the published facts; README there says what each code means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from app.declarations.editing import clean
from app.declarations.wco_pointers import Step, steps_to

NAMESPACE = "urn:akno:response:1.0"
ENVELOPE = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
SCHEMA = "response/1.0"

ACCEPTED, RECEIVED, REJECTED, ASKED, PART_RELEASED, CLEARED, WITHDRAWN = "01", "02", "03", "06", "08", "09", "10"
QUESTION, APPEAL = "QUE", "APL"
STATES = {
    "draft": (RECEIVED, "DRA"),
    "registered": (ACCEPTED, "REG"),
    "under-review": (ACCEPTED, "REV"),
    "awaiting-trader": (ASKED, "ASK"),
    "partly-released": (PART_RELEASED, "PRT"),
    "released": (CLEARED, "REL"),
    "refused": (REJECTED, "REF"),
    "withdrawn": (WITHDRAWN, "WDR"),
}
"""Function code of the answer and code of the status, by the state of the package."""

WEB, TELEPHONE, MAIL = "AH", "TE", "EM"
"""Kinds of contact by EDIFACT 3155."""

MOST_TEXT = 512


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault: its code, what is wrong and how to mend it, and the XPath of its place (empty: the whole file)."""

    code: str
    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A question with until when to answer, or a reason of a refusal with until when to appeal; ``paths`` say about what."""

    code: str
    words: str
    kind: str
    limit: datetime | None = None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """An office to turn to: its code, and (contact, kind by EDIFACT 3155) pairs."""

    code: str
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A status: since when, its code, when goods were released, and which (none: the whole package)."""

    code: str
    since: datetime | None = None
    released_at: datetime | None = None
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Everything an answer says. ``reference``: of the receipt or the request; ``lrn``: the trader's own."""

    function: str
    reference: str
    issued_at: datetime
    lrn: str = ""
    number: str = ""
    version: int = 0
    accepted_at: datetime | None = None
    cancelled_at: datetime | None = None
    rejected_at: datetime | None = None
    statements: Sequence[Statement] = ()
    appeal_office: str = ""
    contacts: Sequence[Contact] = ()
    wrong: Sequence[Wrong] = ()
    states: Sequence[State] = ()


def write(said: Said, *, enveloped: bool = False, country: str = "BY", agency: str = "Akno") -> bytes:
    """Return the Response as UTF-8 XML; ``enveloped``: in MetaData, as messages of customs systems travel."""
    if not enveloped:
        return _bytes(_response(said, etree.Element(_own("Response"), nsmap={None: NAMESPACE})))
    root = etree.Element(f"{{{ENVELOPE}}}MetaData", nsmap={None: ENVELOPE})
    for name, value in (
        ("WCODataModelVersionCode", "3.6"), ("WCOTypeName", "RES"), ("ResponsibleCountryCode", country),
        ("ResponsibleAgencyName", agency), ("AgencyAssignedCustomizationVersionCode", "1.0"),
    ):  # fmt: skip
        etree.SubElement(root, f"{{{ENVELOPE}}}{name}").text = value
    _response(said, etree.SubElement(root, _own("Response"), nsmap={None: NAMESPACE}))
    return _bytes(root)


def _own(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _bytes(root: etree._Element) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _response(said: Said, root: etree._Element) -> etree._Element:
    _leaf(root, "FunctionCode", said.function, 2)
    _leaf(root, "FunctionalReferenceID", said.reference, 35)
    _moment(root, "IssueDateTime", said.issued_at)
    for statement in said.statements:
        _statement(root, statement)
    if said.appeal_office:
        _leaf(_class(root, "AppealOffice"), "ID", said.appeal_office, 17)
    for contact in said.contacts:
        _contact(root, contact)
    for wrong in said.wrong:
        one = _class(root, "Error")
        _leaf(one, "Description", wrong.words, MOST_TEXT)
        _leaf(one, "ValidationCode", wrong.code, 40)
        _pointers(one, [wrong.path])
    for state in said.states:
        one = _class(root, "Status")
        _moment(one, "EffectiveDateTime", state.since)
        _leaf(one, "NameCode", state.code, 3)
        _moment(one, "ReleaseDateTime", state.released_at)
        _pointers(one, state.paths)
    _declaration(_class(root, "Declaration"), said)
    return root


def _statement(root: etree._Element, statement: Statement) -> None:
    one = _class(root, "AdditionalInformation")
    _leaf(one, "StatementCode", statement.code, 17)
    _leaf(one, "StatementDescription", statement.words, MOST_TEXT)
    _moment(one, "LimitDateTime", statement.limit)
    _leaf(one, "StatementTypeCode", statement.kind, 3)
    _pointers(one, statement.paths)


def _contact(root: etree._Element, contact: Contact) -> None:
    one = _class(root, "ContactOffice")
    _leaf(one, "ID", contact.code, 17)
    for way, kind in contact.ways:
        if clean(way):
            place = _class(one, "Communication")
            _leaf(place, "ID", way, 50)
            _leaf(place, "TypeCode", kind, 3)


def _declaration(one: etree._Element, said: Said) -> None:
    _moment(one, "AcceptanceDateTime", said.accepted_at)
    _moment(one, "CancellationDateTime", said.cancelled_at)
    _leaf(one, "FunctionalReferenceID", said.lrn, 35)
    _leaf(one, "ID", said.number, 70)
    _moment(one, "RejectionDateTime", said.rejected_at)
    _leaf(one, "VersionID", str(said.version) if said.version else "", 9)


def _class(above: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(above, _own(name))


def _leaf(above: etree._Element, name: str, value: str, most: int) -> None:
    text = clean(value)[:most].strip()
    if text:
        etree.SubElement(above, _own(name)).text = text


def _moment(above: etree._Element, name: str, at: datetime | None) -> None:
    """Write a moment in format 304, in UTC."""
    if at is not None:
        holder = etree.SubElement(_class(above, name), _own("DateTimeString"), formatCode="304")
        holder.text = at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


def _pointers(above: etree._Element, paths: Iterable[str]) -> None:
    """Write the pointers to each place, one list after the other: each begins anew at 42A."""
    for path in paths:
        for step in steps_to(path):
            one = _class(above, "Pointer")
            if step.sequence is not None:
                etree.SubElement(one, _own("SequenceNumeric")).text = str(step.sequence)
            _leaf(one, "DocumentSectionCode", step.section, 3)
            _leaf(one, "TagID", step.tag, 4)


def read_pointers(element: etree._Element) -> list[tuple[Step, ...]]:
    """Return the places that an Error, a Status or a statement of a Response points at, each as its steps from 42A down."""
    found: list[list[Step]] = []
    for one in element.findall(_own("Pointer")):
        section, sequence = one.findtext(_own("DocumentSectionCode")) or "", one.findtext(_own("SequenceNumeric"))
        if section == "42A" or not found:
            found.append([])
        found[-1].append(Step(section, int(sequence) if sequence else None, one.findtext(_own("TagID")) or ""))
    return [tuple(steps) for steps in found]
