"""A package of five goods items: beef, roses, PET and two more lots of beef, so that one agency can hold some of its own."""

from __future__ import annotations

import copy
from decimal import Decimal

from lxml import etree

from app.cli.packing import Packed, pack, sample
from app.clock import today
from app.declarations.schema import NAMESPACE

BEEF = (1, 4, 5)
"""The items that the veterinary inspectorate judges."""
_NS = {"d": NAMESPACE}


def five_items(*, lrn: str | None = None) -> Packed:
    """Our sample of three goods items with its beef in three lots, written for today."""
    packed = sample("beef_flowers_pet", on=today())
    tree = etree.fromstring(packed.xml)
    goods = tree.xpath("//d:GovernmentAgencyGoodsItem", namespaces=_NS)
    for number in BEEF[1:]:
        lot = copy.deepcopy(goods[0])
        lot.find("d:SequenceNumeric", _NS).text = str(number)
        for paper in lot.xpath("d:AdditionalDocument/d:ID", namespaces=_NS):
            if paper.text.startswith(("BY-VET", "UA-VET")):
                paper.text = f"{paper.text}{number}"
        goods[-1].getparent().insert(goods[-1].getparent().index(goods[-1]) + number - 3, lot)
    _add_up(tree)
    again = pack(tree, lrn=lrn)
    return Packed(again.xml, packed.files | again.files)


def _add_up(tree: etree._Element) -> None:
    """The totals of the head follow the goods."""
    for total, parts in (
        ("d:InvoiceAmount", "//d:ItemChargeAmount"),
        ("d:TotalGrossMassMeasure", "//d:GrossMassMeasure"),
        ("d:TotalPackageQuantity", "//d:Packaging/d:QuantityQuantity"),
    ):
        tree.find(total, _NS).text = str(sum(Decimal(one.text) for one in tree.xpath(parts, namespaces=_NS)))
    tree.find("d:GoodsItemQuantity", _NS).text = str(len(tree.xpath("//d:GovernmentAgencyGoodsItem", namespaces=_NS)))
