"""Advance information as XML of ``xsd/advance/1.0``: what the form was filled with goes through the same door as a file. Pure."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from lxml import etree

from app.advance.message import DIRECTIONS, Advance, Goods, Party
from app.advance.reading import NAMESPACE

_TYPES = {direction: code for code, direction in DIRECTIONS.items()}


def write(advance: Advance) -> bytes:
    """Return the message as XML, UTF-8, elements in the order of the schema; what is empty is left out."""
    root = etree.Element(f"{{{NAMESPACE}}}Declaration", nsmap={None: NAMESPACE})
    _put(root, "FunctionalReferenceID", advance.reference)
    _put(root, "TypeCode", _TYPES[advance.direction])
    for vehicle in advance.vehicles:
        means = _in(root, "BorderTransportMeans")
        _put(means, "ID", vehicle.id)
        _put(means, "RegistrationNationalityCode", vehicle.nationality)
        _put(means, "ModeCode", advance.mode)
    _party(root, "Carrier", advance.carrier)
    _party(root, "Declarant", advance.declarant)
    office = _in(root, "EntryOffice")
    _put(office, "ID", advance.post)
    moment = _in(office, "ExpectedArrivalDateTime")
    _put(moment, "DateTimeString", f"{advance.planned_at.astimezone(UTC):%Y%m%d%H%M%S}Z", formatCode="304")
    _consignment(_in(root, "Consignment"), advance)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _consignment(node: Any, advance: Advance) -> None:
    _party(node, "Consignee", advance.consignee)
    _party(node, "Consignor", advance.consignor)
    for place, stop in enumerate(advance.route, 1):
        leg = _in(node, "Itinerary")
        _put(leg, "SequenceNumeric", str(place))
        _put(leg, "RoutingCountryCode", stop.country)
        _put(leg, "PlaceID", stop.place)
    _put(_in(node, "ExportCountry"), "CountryCode", advance.dispatch)
    if advance.destination:
        _put(_in(node, "Destination"), "CountryCode", advance.destination)
    if advance.warehouse:
        _put(_in(node, "Warehouse"), "ID", advance.warehouse)
    for container in advance.containers:
        box = _in(node, "TransportEquipment")
        _put(box, "ID", container.id)
        for seal in container.seals:
            _put(_in(box, "Seal"), "ID", seal)
    for paper in advance.papers:
        document = _in(node, "AdditionalDocument")
        _put(document, "ID", paper.number)
        _put(document, "TypeCode", paper.type)
    for goods in advance.goods:
        _goods(_in(node, "GovernmentAgencyGoodsItem"), goods)


def _goods(node: Any, goods: Goods) -> None:
    _put(node, "SequenceNumeric", str(goods.number))
    if goods.value is not None:
        _put(node, "StatisticalValueAmount", f"{goods.value:f}", currencyID=goods.currency)
    commodity = _in(node, "Commodity")
    _put(commodity, "Description", goods.description)
    _put(_in(commodity, "Classification"), "ID", goods.code)
    for number in goods.undg:
        _put(_in(commodity, "DangerousGoods"), "UNDGID", number)
    _put(_in(node, "GoodsMeasure"), "GrossMassMeasure", f"{goods.gross:f}", unitCode="KGM")
    _put(_in(node, "Origin"), "CountryCode", goods.origin)
    if goods.packages is not None:
        packaging = _in(node, "Packaging")
        _put(packaging, "QuantityQuantity", str(goods.packages))
        _put(packaging, "TypeCode", goods.packing)


def _party(node: Any, role: str, party: Party) -> None:
    if party == Party() and role != "Consignee":
        return
    made = _in(node, role)
    _put(made, "Name", party.name)
    _put(made, "ID", party.id)
    if party.country:
        _put(_in(made, "Address"), "CountryCode", party.country)


def _in(node: Any, name: str) -> Any:
    return etree.SubElement(node, f"{{{NAMESPACE}}}{name}")


def _put(node: Any, name: str, text: str, **attributes: str) -> None:
    if text:
        made = _in(node, name)
        made.text = text
        for key, value in attributes.items():
            made.set(key, value)
