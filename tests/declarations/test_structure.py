"""The schema as data: complete, ordered, and pointing both ways."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from lxml import etree

from app.declarations import editing, parsing, pointers, structure
from app.errors import Fault

FACTS = Path(__file__).resolve().parents[3] / "shared" / "interop" / "facts" / "wco_dec_tree.csv"
SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "packages"
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


def test_every_wco_path_is_there_with_its_identifier_order_and_cardinality() -> None:
    if not FACTS.exists():
        pytest.skip("no ../shared: the WCO facts to compare with are not on this machine")
    nodes = structure.nodes()
    with FACTS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 460
    for row in rows:
        node = nodes[row["path"]]
        most = structure.MANY if row["max"] == "unbounded" else int(row["max"])
        assert (node.least, node.most) == (int(row["min"]), most), row["path"]
        assert node.wco_id == (row["wco_id"] or "337"), row["path"]
        assert node.is_leaf == (row["kind"] == "element"), row["path"]
    order = [path for path in nodes if path in {row["path"] for row in rows}]
    assert order == [row["path"] for row in rows]


def test_every_element_says_its_name_and_identifier() -> None:
    for node in structure.nodes().values():
        assert node.title, node.path
        assert node.wco_id or node.namespace == structure.EXTENSION, node.path
        assert node.format or not node.is_leaf, node.path


def test_pointer_and_xpath_say_the_same_place() -> None:
    path = f"{ITEM}[2]/Commodity/Classification[1]/ID"
    assert pointers.pointer(path) == "42A/67A/68A[2]/23A/21A/145"
    assert pointers.pointer("/Declaration/AdditionalDocument[3]/Attachment/SHA256") == "42A/02A[3]/Attachment/SHA256"
    tree = editing.compose({path: "0201300000", f"{ITEM}[2]/Origin/CountryCode": "UA"})
    element = pointers.locate(tree, path)
    assert element is not None
    assert (element.text, pointers.xpath_of(element)) == ("0201300000", path)
    assert pointers.locate(tree, f"{ITEM}[7]/Origin") is tree[-1]
    assert pointers.locate(tree, "/Response/ID") is None


def test_a_fault_that_knows_only_its_path_is_completed_from_the_file() -> None:
    data = (SAMPLES / "beef_flowers_pet.xml").read_bytes()
    tree = parsing.parse(data).tree
    told = {"be": "а", "ru": "а", "en": "a"}
    path = f"{ITEM}[2]/Origin[1]/CountryCode"
    fault = pointers.placed(Fault("X", told, told, path=path), tree)
    assert fault.line is not None
    assert "<CountryCode>NL<" in data.decode().split("\n")[fault.line - 1]
    assert (fault.value, fault.pointer) == ("NL", "42A/67A/68A[2]/92A/063")
    assert fault.field == "GoodsShipment/GovernmentAgencyGoodsItem[2]/Origin[1]/CountryCode"


def test_indexes_count_all_siblings_of_a_name_not_only_neighbours() -> None:
    tree = etree.fromstring("<Declaration><A/><B/><A/><C><D/></C></Declaration>")
    assert [pointers.xpath_of(child) for child in tree] == [
        "/Declaration/A[1]",
        "/Declaration/B",
        "/Declaration/A[2]",
        "/Declaration/C",
    ]


def test_leaves_name_every_value_and_attribute() -> None:
    tree = editing.compose(
        {
            "/Declaration/AcceptanceDateTime": "20261122",
            "/Declaration/InvoiceAmount": ("10.00", {"currencyID": "EUR"}),
            f"{ITEM}[2]/Origin/CountryCode": "UA",
        }
    )
    assert structure.leaves(tree) == [
        ("/Declaration/AcceptanceDateTime", "20261122"),
        ("/Declaration/AcceptanceDateTime/@formatCode", "102"),
        ("/Declaration/FunctionCode", "9"),
        ("/Declaration/InvoiceAmount", "10.00"),
        ("/Declaration/InvoiceAmount/@currencyID", "EUR"),
        (f"{ITEM}[1]/SequenceNumeric", "1"),
        (f"{ITEM}[2]/SequenceNumeric", "2"),
        (f"{ITEM}[2]/Origin[1]/CountryCode", "UA"),
    ]
