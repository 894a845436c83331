"""Places of a package by their names: XPath, WCO pointer, and what is no place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import markup
from app.declarations import places
from app.declarations.pointers import pointer
from app.declarations.structure import leaves

pytestmark = pytest.mark.pure
TREE = markup.read((Path(__file__).parent.parent / "samples/packages/beef_flowers_pet.xml").read_bytes())
LEAVES = [path for path, _value in leaves(TREE) if "/@" not in path]
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


@given(st.sampled_from(LEAVES))
def test_every_value_is_found_by_its_path_and_by_its_pointer(path: str) -> None:
    assert places.resolve(TREE, path) == path
    found = places.resolve(TREE, pointer(path))
    assert pointer(found) == pointer(path)
    assert places.is_value(path)
    assert places.value_at(TREE, path)


@given(st.text(max_size=60))
def test_any_text_is_a_place_of_the_package_or_none(text: str) -> None:
    found = places.resolve(TREE, text)
    assert found == "" or found.startswith("/Declaration")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/Declaration", "/Declaration"),
        (f"{ITEM}", f"{ITEM}[1]"),
        (f"{ITEM}[2]/AdditionalDocument", f"{ITEM}[2]/AdditionalDocument[1]"),
        (f"  {ITEM}[1]/AdditionalDocument[2]/ ", f"{ITEM}[1]/AdditionalDocument[2]"),
        ("/Declaration/InvoiceAmount/@currencyID", "/Declaration/InvoiceAmount"),
        (f"{ITEM}[1]/AdditionalDocument[2]/ExpirationDateTime", f"{ITEM}[1]/AdditionalDocument[2]/ExpirationDateTime"),
        ("42A/67A/68A[1]/02A[2]", f"{ITEM}[1]/AdditionalDocument[2]"),
        (f"{ITEM}[4]", ""),
        (f"{ITEM}[0]", ""),
        (f"{ITEM}[1]/AdditionalDocument[2]/ExpirationDateTime[5]", ""),
        (
            f"{ITEM}[1]/AdditionalDocument[2]/ExpirationDateTime[1]",
            f"{ITEM}[1]/AdditionalDocument[2]/ExpirationDateTime",
        ),
        ("/Declaration/DutyTaxFee[7]/ID", ""),
        ("/Declaration/ExitOffice/ID", ""),
        ("/Nothing", ""),
        ("42A/99Z", ""),
        ("", ""),
        ("/Declaration" + "/GoodsShipment" * 200, ""),
    ],
)
def test_what_somebody_names(said: str, meant: str) -> None:
    assert places.resolve(TREE, said) == meant


def test_goods_items_documents_and_units() -> None:
    assert places.item_of(f"{ITEM}[3]/Commodity") == 3
    assert places.item_of(ITEM) == 1
    assert places.item_of("/Declaration/InvoiceAmount") is None
    assert places.is_document(f"{ITEM}[1]/AdditionalDocument[2]")
    assert not places.is_document(f"{ITEM}[1]/AdditionalDocument[2]/ID")
    assert places.value_at(TREE, "/Declaration/InvoiceAmount") == "52500.00 EUR"
    assert places.value_at(TREE, f"{ITEM}[1]/AdditionalDocument[2]/IssueDateTime") == "20261118"
