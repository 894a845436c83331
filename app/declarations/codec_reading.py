"""Reads a canonical tree into a Package in one pass over each element's children. Tolerant: nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice

from lxml import etree

from app.declarations.package import (
    EXPORT,
    IMPORT,
    MOST_ITEMS,
    TRANSIT,
    Answer,
    Classification,
    Container,
    EarlierDocument,
    Line,
    Money,
    Note,
    Oddity,
    Package,
    Packing,
    Party,
    Quantity,
    SupportingDocument,
    Transport,
)
from app.declarations.pointers import xpath_of
from app.declarations.schema import EXTENSION, NAMESPACE
from app.declarations.structure import local_name, nodes

DIRECTIONS = {"IM": IMPORT, "EX": EXPORT, "TR": TRANSIT}
"""First two letters of Declaration/TypeCode: WCO users add a third (IMA), we do not."""

ANSWER = "REQ"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"\+?\d{1,9}")
_DAY, _DAY_BESIDE = f"{{{NAMESPACE}}}DateTimeString", f"{{{EXTENSION}}}DateTimeString"
_COUNTED = tuple(
    f"{{{NAMESPACE}}}{name}"
    for name in (
        "GoodsItemQuantity", "TotalPackageQuantity", "TotalGrossMassMeasure", "QuantityQuantity", "TariffQuantity",
    )
)  # fmt: skip


_NAMES = {node.tag: node.name for node in nodes().values()} | {f"{{{NAMESPACE}}}DateTimeString": "DateTimeString"}
"""Local names by full tag: looked up some hundred times per package."""


class Place:
    """An element with its XPath and its children grouped by name, so that each is visited once."""

    __slots__ = ("element", "kids", "path")

    def __init__(self, element: etree._Element, path: str) -> None:
        self.element, self.path = element, path
        kids: dict[str, list[etree._Element]] = {}
        for child in element:
            tag = child.tag
            name = _NAMES.get(tag) or local_name(child)
            if name in kids:
                kids[name].append(child)
            else:
                kids[name] = [child]
        self.kids = kids

    def text(self, name: str) -> str:
        """Return the text of the first child of that name, or ``""``."""
        found = self.kids.get(name)
        return (found[0].text or "").strip() if found else ""

    def one(self, name: str) -> Place | None:
        """Return the first child class of that name."""
        found = self.kids.get(name)
        return Place(found[0], f"{self.path}/{name}") if found else None

    def each(self, name: str) -> Iterator[Place]:
        """Yield every child class of that name with its index in the path."""
        for index, element in enumerate(self.kids.get(name, ()), 1):
            yield Place(element, f"{self.path}/{name}[{index}]")

    def under(self, name: str, leaf: str) -> str:
        """Return the text of a leaf of the first child of that name, or ``""``."""
        found = self.kids.get(name)
        if not found:
            return ""
        return next(((child.text or "").strip() for child in found[0] if _NAMES.get(child.tag) == leaf), "")

    def quantity(self, name: str) -> Quantity | None:
        """Return a measured leaf."""
        found = self.kids.get(name)
        value = decimal_of(found[0].text) if found else None
        return (
            None if value is None or not found else Quantity(value, found[0].get("unitCode", ""), f"{self.path}/{name}")
        )

    def money(self, name: str) -> Money | None:
        """Return an amount leaf."""
        found = self.kids.get(name)
        value = decimal_of(found[0].text) if found else None
        return (
            None if value is None or not found else Money(value, found[0].get("currencyID", ""), f"{self.path}/{name}")
        )

    def whole(self, name: str) -> int | None:
        """Return a counting leaf."""
        text = self.text(name)
        return int(text) if _WHOLE.fullmatch(text) else None

    def day(self, name: str) -> date | None:
        """Return the day of a date leaf, in whatever zone it was written."""
        found = self.kids.get(name)
        if not found:
            return None
        holder = found[0][0] if len(found[0]) else found[0]
        return day_of((holder.text or "").strip())


def decimal_of(text: str | None) -> Decimal | None:
    """Return a plain decimal number; None for anything else, exponents, NaN and infinity included."""
    text = (text or "").strip()
    if len(text) > 40 or not _NUMBER.fullmatch(text) or not text.isascii():
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def day_of(text: str) -> date | None:
    """Return the calendar day of ``CCYYMMDD...``; None where there is no such day."""
    try:
        digits = text[:8].isascii() and text[:8].isdigit() and len(text) >= 8
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if digits else None
    except ValueError:
        return None


def oddities(tree: etree._Element) -> Iterator[Oddity]:
    """Yield the days that no calendar has and the counts and quantities below zero, wherever they stand."""
    for leaf in tree.iter(_DAY, _DAY_BESIDE, *_COUNTED):
        text = leaf.text or ""
        if leaf.tag in (_DAY, _DAY_BESIDE):
            if text.strip() and day_of(text.strip()) is None:
                yield Oddity("day", text.strip(), xpath_of(leaf.getparent()))
        elif "-" in text and (decimal_of(text) or 0) < 0:
            yield Oddity("negative", text.strip(), xpath_of(leaf))


def to_package(tree: etree._Element) -> Package:
    """Return the typed view of a Declaration tree (canonical, or as received and parsed)."""
    top = Place(tree, "/Declaration")
    shipment = top.one("GoodsShipment") or Place(etree.Element("GoodsShipment"), "/Declaration/GoodsShipment")
    consignment = shipment.one("Consignment") or Place(etree.Element("Consignment"), f"{shipment.path}/Consignment")
    location = consignment.one("GoodsLocation")
    answers, notes = _statements(top)
    containers = _containers(consignment)
    type_code = top.text("TypeCode")
    return Package(
        lrn=top.text("FunctionalReferenceID"), type_code=type_code, direction=DIRECTIONS.get(type_code[:2].upper(), ""),
        function_code=top.text("FunctionCode"), office=top.text("DeclarationOfficeID"),
        item_count=top.whole("GoodsItemQuantity"), invoice=top.money("InvoiceAmount"),
        gross=top.quantity("TotalGrossMassMeasure"), package_count=top.whole("TotalPackageQuantity"),
        declarant=_party(top, "Declarant"), agent=_party(top, "Agent"), submitter=_party(top, "Submitter"),
        importer=_party(shipment, "Importer"), exporter=_party(top, "Exporter"),
        consignee=_party(shipment, "Consignee"), consignor=_party(shipment, "Consignor"),
        border_transport=_transport(top, "BorderTransportMeans"),
        arrival_transport=_transport(consignment, "ArrivalTransportMeans"),
        departure_transport=_transport(consignment, "DepartureTransportMeans"),
        containers=containers, seals=tuple(seal for container in containers for seal in container.seals),
        destination=shipment.under("Destination", "CountryCode"), export_country=shipment.under("ExportCountry", "ID"),
        terms=shipment.under("TradeTerms", "ConditionCode"),
        terms_place=shipment.under("TradeTerms", "LocationName") or shipment.under("TradeTerms", "LocationID"),
        goods_location=(location.text("ID") or location.text("Name")) if location else "",
        exit_office=top.under("ExitOffice", "ID"),
        ucr=shipment.under("UCR", "ID") or shipment.under("UCR", "TraderAssignedReferenceID"),
        documents=_documents(top, None), answers=answers, notes=notes,
        previous_documents=_earlier(shipment), warehouse=shipment.under("Warehouse", "ID"),
        guarantees=tuple(place.text("ID") or place.text("ReferenceID") for place in top.each("ObligationGuarantee")),
        # One more than may be: enough to say that there are too many, and a flood costs no more than that.
        lines=tuple(_line(item, n) for n, item in enumerate(islice(shipment.each("GovernmentAgencyGoodsItem"), MOST_ITEMS + 1), 1)),
        oddities=tuple(oddities(tree)),
    )  # fmt: skip


def _line(item: Place, number: int) -> Line:
    commodity = item.one("Commodity") or Place(etree.Element("Commodity"), f"{item.path}/Commodity")
    measure = commodity.one("GoodsMeasure") or Place(etree.Element("GoodsMeasure"), f"{commodity.path}/GoodsMeasure")
    invoice = commodity.one("InvoiceLine")
    classifications = tuple(
        Classification(place.text("IdentificationTypeCode"), place.text("ID"), place.text("Name"), place.path)
        for place in commodity.each("Classification")
    )
    code, code_path = goods_code(classifications)
    procedures = list(item.each("GovernmentProcedure"))
    duties = list(commodity.each("DutyTaxFee"))
    answers, notes = _statements(item)
    return Line(
        number=number, sequence=item.whole("SequenceNumeric"), description=commodity.text("Description"), code=code,
        code_path=code_path or f"{commodity.path}/Classification[1]/ID", classifications=classifications,
        scientific_name=next((one.name for one in classifications if one.name), ""),
        origin=item.under("Origin", "CountryCode"), origin_region=item.under("Origin", "RegionID"),
        export_country=item.under("ExportCountry", "ID"), destination=item.under("Destination", "CountryCode"),
        procedure=procedures[0].text("CurrentCode") if procedures else "",
        previous_procedure=procedures[0].text("PreviousCode") if procedures else "",
        additional_procedures=tuple(place.text("CurrentCode") for place in procedures[1:]),
        gross=measure.quantity("GrossMassMeasure"), net=measure.quantity("NetNetWeightMeasure"),
        supplementary=measure.quantity("TariffQuantity"),
        price=invoice.money("ItemChargeAmount") if invoice else None, statistical=item.money("StatisticalValueAmount"),
        packings=tuple(
            Packing(place.text("TypeCode"), place.whole("QuantityQuantity"), place.text("MarksNumbersID"), place.path)
            for place in item.each("Packaging")
        ),
        documents=_documents(item, number), answers=answers, notes=notes, previous_documents=_earlier(item),
        undg=tuple(place.text("UNDGID") for place in commodity.each("DangerousGoods")),
        duty_regime=next((code for place in duties if (code := place.text("DutyRegimeCode"))), ""),
        quota=next((code for place in duties if (code := place.text("QuotaOrderID"))), ""),
        containers=_containers(commodity), path=item.path,
    )  # fmt: skip


def goods_code(classifications: tuple[Classification, ...]) -> tuple[str, str]:
    """Return the goods code, digits only, and the XPath it stands at.

    Our own packages give ten digits under type HS or none; foreign ones eight under TSP and two more under TRC.
    """
    by_type = {one.type.upper(): one for one in reversed(classifications)}
    own = by_type.get("HS") or by_type.get("")
    if own is not None:
        return _digits(own.id), f"{own.path}/ID"
    first, rest = by_type.get("TSP"), by_type.get("TRC")
    if first is None:
        return "", ""
    code = _digits(first.id)
    return (code + _digits(rest.id) if rest is not None and len(code) == 8 else code), f"{first.path}/ID"


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _party(place: Place, name: str) -> Party | None:
    found = place.one(name)
    if found is None:
        return None
    home = found.one("Address") or Place(etree.Element("Address"), "")
    return Party(
        name.lower(), found.text("ID"), found.text("Name"), home.text("Line"), home.text("CityName"),
        home.text("CountryCode"), home.text("PostcodeID"), found.path,
    )  # fmt: skip


def _transport(place: Place, name: str) -> Transport | None:
    found = place.one(name)
    if found is None:
        return None
    mark = found.text("ID") or found.text("Name")
    return Transport(found.text("ModeCode"), mark, found.text("RegistrationNationalityCode"), found.path)


def _containers(place: Place) -> tuple[Container, ...]:
    return tuple(
        Container(one.text("ID"), tuple(seal.text("ID") for seal in one.each("Seal")), one.path)
        for one in place.each("TransportEquipment")
    )


def _documents(place: Place, item: int | None) -> tuple[SupportingDocument, ...]:
    return tuple(_document(one, item) for one in place.each("AdditionalDocument"))


def _document(place: Place, item: int | None) -> SupportingDocument:
    shown = place.one("Attachment")
    writeoff = place.one("WriteOff")
    return SupportingDocument(
        category=place.text("CategoryCode"), type=place.text("TypeCode"), number=place.text("ID"),
        name=place.text("Name"), issued_on=place.day("IssueDateTime"), effective_on=place.day("EffectiveDateTime"),
        expires_on=place.day("ExpirationDateTime"), exemption=place.text("LPCOExemptionCode"),
        writeoff=writeoff.quantity("QuantityQuantity") if writeoff else None,
        file_name=shown.text("FileName") if shown else "", file_sha256=shown.text("SHA256").lower() if shown else "",
        media_type=shown.text("MediaType") if shown else "", path=place.path, item=item,
    )  # fmt: skip


def _earlier(place: Place) -> tuple[EarlierDocument, ...]:
    return tuple(
        EarlierDocument(
            one.text("CategoryCode"), one.text("TypeCode"), one.text("ID"), one.whole("LineNumeric"), one.path
        )
        for one in place.each("PreviousDocument")
    )


def _statements(place: Place) -> tuple[tuple[Answer, ...], tuple[Note, ...]]:
    """Split AdditionalInformation into answers to requirement questions and everything else."""
    answers: list[Answer] = []
    notes: list[Note] = []
    for one in place.each("AdditionalInformation"):
        kind, code, text = one.text("StatementTypeCode"), one.text("StatementCode"), one.text("StatementDescription")
        if kind == ANSWER:
            answers.append(Answer(code, text, one.path))
        else:
            notes.append(Note(code, kind, text, one.path))
    return tuple(answers), tuple(notes)
