"""A small package that registers: bicycles by road from China, in the name of whoever asks, with a fresh reference. Pure.

For the quick start of an integrator: it needs no document, goes to customs alone, and no two of them are equal.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from lxml import etree

from app.declarations import editing
from app.declarations.schema import NAMESPACE

FILE = Path(__file__).parent / "data" / "sample.xml"
WRITTEN_ON = date(2026, 11, 22)
"""The day for which the file was written; its dates move with the day asked for."""

_SHIPMENT = "/Declaration/GoodsShipment"
_OWN = ("/Declaration/Declarant", f"{_SHIPMENT}/Consignee", f"{_SHIPMENT}/Importer")
_DAY = re.compile(r"20\d{6}")


def sample(*, unp: str, name: str, lrn: str, mark: str, on: date) -> bytes:
    """Return the XML of a package whose importer has this UNP and name, under a reference (LRN of at most 35 characters).

    ``mark``: letters and digits that stand on its seal and its waybill, so that two samples are not the same consignment.
    """
    tree = etree.fromstring(FILE.read_bytes())
    for element in tree.iter(f"{{{NAMESPACE}}}DateTimeString"):
        element.text = _moved(element.text or "", (on - WRITTEN_ON).days)
    editing.set_leaf(tree, "/Declaration/FunctionalReferenceID", lrn)
    for party in _OWN:
        editing.set_leaf(tree, f"{party}/ID", unp)
        editing.set_leaf(tree, f"{party}/Name", name)
    editing.set_leaf(tree, f"{_SHIPMENT}/Consignment/TransportEquipment[1]/Seal[1]/ID", f"CN{mark}")
    editing.set_leaf(tree, "/Declaration/AdditionalDocument[4]/ID", f"CMR {mark}")
    etree.indent(tree, "  ")
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _moved(text: str, days: int) -> str:
    if not _DAY.match(text):
        return text
    return f"{datetime.strptime(text[:8], '%Y%m%d').date() + timedelta(days=days):%Y%m%d}{text[8:]}"
