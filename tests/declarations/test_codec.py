"""Canonical form is one form; the package is a tolerant view of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.declarations import codec, editing, parsing
from app.declarations.codec_reading import day_of, decimal_of, to_package
from app.declarations.package import EXPORT, IMPORT, TRANSIT, Money, Package, Quantity
from app.declarations.schema import EXTENSION, NAMESPACE

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "samples" / "packages").glob("*.xml"))
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


def read(name: str) -> Package:
    (path,) = [sample for sample in SAMPLES if sample.stem == name]
    tree = parsing.parse(path.read_bytes()).tree
    assert tree is not None
    return to_package(tree)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_canonical_is_one_form_and_libxml2_agrees(path: Path) -> None:
    parsed = parsing.parse(path.read_bytes())
    assert parsed.tree is not None
    written = codec.canonical(parsed.tree)
    assert codec.written(parsed.tree) == written
    again = parsing.parse(written)
    assert again.ok
    assert again.tree is not None
    assert codec.canonical(again.tree) == written
    assert etree.tostring(again.tree, method="c14n", exclusive=False, with_comments=False) == written
    assert len(codec.digest(written)) == 64


def test_prefixes_blanks_comments_and_hints_do_not_change_it() -> None:
    plain = (
        f'<Declaration xmlns="{NAMESPACE}"><FunctionCode>9</FunctionCode>'
        '<ID schemeID="a&quot;&#9;b">x &amp; &lt;y&gt;</ID></Declaration>'
    )
    dressed = (
        f'<!-- a --><q:Declaration xmlns:q="{NAMESPACE}" xmlns:z="urn:z" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">\n  '
        "<q:FunctionCode>  9\n</q:FunctionCode>\n<q:ID schemeID='a\"&#x9;b'><![CDATA[x & <y>]]></q:ID></q:Declaration>"
    )
    forms = []
    for text in (plain, dressed):
        tree = parsing.parse(text.encode()).tree
        assert tree is not None
        forms.append(codec.canonical(tree))
    assert forms[0] == forms[1]
    assert forms[0].startswith(f'<Declaration xmlns="{NAMESPACE}" xmlns:ak="{EXTENSION}"><FunctionCode>9<'.encode())


@given(st.text("x <&>\"'\t\n\r?ё", min_size=1, max_size=8), st.text("x <&>\"'\t\n\r?ё", max_size=8))
def test_both_ways_of_writing_agree(text: str, mark: str) -> None:
    tree = etree.Element(f"{{{NAMESPACE}}}Declaration", nsmap={None: NAMESPACE})
    for _ in range(2):
        etree.SubElement(tree, f"{{{NAMESPACE}}}ID", schemeID=mark).text = text
    assert codec.canonical(tree) == codec.written(tree)
    again = etree.fromstring(codec.canonical(tree))
    assert codec.canonical(again) == codec.canonical(tree)


def test_canonical_refuses_what_no_schema_let_through() -> None:
    with pytest.raises(ValueError, match="another namespace"):
        codec.canonical(etree.fromstring("<Declaration/>"))


def test_beef_flowers_and_plastic() -> None:
    package = read("beef_flowers_pet")
    assert (package.lrn, package.direction, package.office, package.owner) == (
        "BMT-26-1187", IMPORT, "06611", "190142358",
    )  # fmt: skip
    assert package.invoice == Money(Decimal("52500.00"), "EUR", "/Declaration/InvoiceAmount")
    assert package.invoice.value == sum(line.price.value for line in package.lines if line.price)
    assert [line.code for line in package.lines] == ["0201300000", "0603110000", "3915901100"]
    assert [line.origin for line in package.lines] == ["UA", "NL", "PL"]
    beef, roses, plastic = package.lines
    assert beef.documents[0].writeoff == Quantity(
        Decimal(8000), "KGM", f"{ITEM}[1]/AdditionalDocument[1]/WriteOff/QuantityQuantity"
    )
    assert (beef.documents[0].type, beef.documents[0].expires_on) == ("01202", date(2027, 1, 12))
    assert {answer.code: answer.value for answer in roses.answers}["PHY-003"] == "Y"
    assert (plastic.codes("BAS"), plastic.waste_operation) == (("B3011",), "R3")
    assert package.border_transport is not None
    assert (package.border_transport.mode, package.border_transport.nationality) == ("3", "BY")
    assert len(package.all_documents) == 4 + 3 + 1 + 3


def test_the_other_samples() -> None:
    assert read("timber_export").direction == EXPORT
    assert read("timber_export").owner == "290345617"
    assert read("timber_export").lines[0].scientific_name == "Pinus sylvestris"
    transit = read("dangerous_transit")
    assert (transit.direction, transit.owner, transit.destination) == (TRANSIT, "191678343", "PL")
    assert [line.undg for line in transit.lines] == [("1202",), ("1263",)]
    assert read("bicycles").seals == ("CN7719342",)
    assert read("solar_panels").lines[0].documents[0].type == "01402"


def test_nothing_odd_raises() -> None:
    empty = to_package(etree.fromstring(f'<Declaration xmlns="{NAMESPACE}"/>'))
    assert (empty.lrn, empty.direction, empty.owner, empty.lines, empty.invoice) == ("", "", "", (), None)
    odd = etree.fromstring(
        f'<Declaration xmlns="{NAMESPACE}"><GoodsItemQuantity>many</GoodsItemQuantity><InvoiceAmount>1e400'
        "</InvoiceAmount><TypeCode>??</TypeCode><AdditionalDocument><EffectiveDateTime>x</EffectiveDateTime>"
        "</AdditionalDocument><GoodsShipment><GovernmentAgencyGoodsItem/></GoodsShipment></Declaration>"
    )
    package = to_package(odd)
    assert (package.item_count, package.invoice, package.direction) == (None, None, "")
    assert package.documents[0].effective_on is None
    assert package.lines[0].sequence is None


@given(st.text(max_size=20))
def test_numbers_and_days_are_read_or_none(text: str) -> None:
    number = decimal_of(text)
    assert number is None or number.is_finite()
    day_of(text)


def test_numbers_that_are_none() -> None:
    for text in ("NaN", "INF", "1e5", "1,5", "1 000", "", "٣", "1" * 41, None):
        assert decimal_of(text) is None
    assert decimal_of(" -0.50 ") == Decimal("-0.50")
    assert day_of("20260230") is None
    assert day_of("20260228010203Z") == date(2026, 2, 28)


def test_foreign_goods_codes_are_put_together() -> None:
    values = {}
    for index, (kind, code) in enumerate((("TRA", "99"), ("TSP", "07093000"), ("TRC", "10")), 1):
        place = f"{ITEM}[1]/Commodity/Classification[{index}]"
        values |= {f"{place}/ID": code, f"{place}/IdentificationTypeCode": kind}
    line = to_package(editing.compose(values)).lines[0]
    assert (line.code, line.code_path) == ("0709300010", f"{ITEM}[1]/Commodity/Classification[2]/ID")
