"""The packages that are filed again and again: five goods items, about ten kilobytes, each time another reference."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from app.cli.packing import pack, sample
from app.declarations.schema import NAMESPACE
from app.declarations.wco import read

_OWN = f"{{{NAMESPACE}}}"
_ITEM = f"{_OWN}GovernmentAgencyGoodsItem"
LRN, WAYBILL = "BENCH-REFERENCE", "CMR-BENCH"


@dataclass(frozen=True, slots=True)
class Model:
    """A package with two blanks: its reference and the number of its waybill, so that no two are equal in content."""

    name: str
    unp: str
    xml: bytes
    files: dict[str, bytes] = field(default_factory=dict)

    def copy(self, serial: str, unp: str = "") -> bytes:
        """Return the bytes of one filing; ``serial``: at most 20 letters and digits; ``unp``: another trader's number."""
        xml = self.xml.replace(LRN.encode(), f"B-{serial}".encode(), 1)
        xml = xml.replace(WAYBILL.encode(), f"C {serial}".encode(), 1)
        return xml.replace(self.unp.encode(), unp.encode()) if unp else xml


def bicycles(on: date) -> Model:
    """Five kinds of bicycles: customs alone is asked, no document needs a file."""
    tree = _tree(sample("bicycles", on=on).xml)
    first = tree.find(f".//{_ITEM}")
    assert first is not None
    parent = first.getparent()
    assert parent is not None
    for number in range(2, 6):
        item = copy.deepcopy(first)
        _say(item, "SequenceNumeric", str(number))
        _say(item, "Commodity/Description", f"Веласіпеды двухколавыя без рухавіка, рама алюміній, мадэль {number}")
        parent.insert(parent.index(first) + number - 1, item)
    _say(tree, "GoodsItemQuantity", "5")
    _say(tree, "InvoiceAmount", "194400.00")
    _say(tree, "TotalGrossMassMeasure", "24300")
    _say(tree, "TotalPackageQuantity", "1440")
    return _model("bicycles", tree)


def mixed(on: date) -> Model:
    """Beef, flowers, PET flakes and two kinds of bicycles: four agencies, certificates from the library."""
    packed = sample("beef_flowers_pet", on=on)
    tree = _tree(packed.xml)
    shipment = tree.find(f"{_OWN}GoodsShipment")
    assert shipment is not None
    last = shipment.findall(_ITEM)[-1]
    bicycle = _tree(sample("bicycles", on=on).xml).find(f".//{_ITEM}")
    assert bicycle is not None
    for number in (4, 5):
        item = copy.deepcopy(bicycle)
        _say(item, "SequenceNumeric", str(number))
        shipment.insert(shipment.index(last) + number - 3, item)
    _say(tree, "GoodsItemQuantity", "5")
    _add(tree, "InvoiceAmount", 77760)
    _add(tree, "TotalGrossMassMeasure", 9720)
    _add(tree, "TotalPackageQuantity", 576)
    return _model("mixed", tree, packed.files)


def _tree(xml: bytes) -> etree._Element:
    tree = read(xml).tree
    assert tree is not None
    return tree


def _model(name: str, tree: etree._Element, files: dict[str, bytes] | None = None) -> Model:
    waybill = next(one for one in tree.findall(f"{_OWN}AdditionalDocument") if _read(one, "TypeCode") == "02015")
    _say(waybill, "ID", WAYBILL)
    packed = pack(tree, lrn=LRN)
    etree.indent(tree)
    unp = _read(tree, "GoodsShipment/Importer/ID")
    return Model(name, unp, etree.tostring(tree, encoding="UTF-8", xml_declaration=True), (files or {}) | packed.files)


def _path(path: str) -> str:
    return "/".join(f"{_OWN}{step}" for step in path.split("/"))


def _read(element: etree._Element, path: str) -> str:
    return element.findtext(_path(path)) or ""


def _say(element: etree._Element, path: str, value: str) -> None:
    found = element.find(_path(path))
    assert found is not None, path
    found.text = value


def _add(element: etree._Element, path: str, more: int) -> None:
    was = _read(element, path)
    _say(element, path, f"{float(was) + more:.2f}" if "." in was else str(int(was) + more))
