"""The published schema set is whole, and its faults are told by place and in the reader's words."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from lxml import etree

from app.declarations import parsing, schema
from app.declarations.schema import NAMESPACE, SchemaBroken

FOLDER = schema.FOLDER / schema.DECLARATION
BODY = f"""<?xml version="1.0" encoding="UTF-8"?>
<Declaration xmlns="{NAMESPACE}">
  <FunctionCode>9</FunctionCode>
  <InvoiceAmount currencyID="EUR">10.00</InvoiceAmount>
  <GoodsShipment>
    <GovernmentAgencyGoodsItem>
      <SequenceNumeric>1</SequenceNumeric>
    </GovernmentAgencyGoodsItem>
    <GovernmentAgencyGoodsItem>
      <SequenceNumeric>2</SequenceNumeric>
      <Commodity>
        <Classification>
          <ID>0201300000</ID>
        </Classification>
      </Commodity>
      <Origin><CountryCode>UA</CountryCode></Origin>
    </GovernmentAgencyGoodsItem>
  </GoodsShipment>
</Declaration>
"""
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"
FAULTS = [
    (">9<", ">8<", "SCHEMA-VALUE", "/Declaration/FunctionCode", 3, "42A/017", "8"),
    ("<FunctionCode>9</FunctionCode>", "", "SCHEMA-MISSING", "/Declaration/FunctionCode", 4, "42A/017", ""),
    ("<SequenceNumeric>2</SequenceNumeric>", "", "SCHEMA-MISSING", f"{ITEM}/SequenceNumeric", 11, "42A/67A/68A[2]/006", ""),
    (">10.00<", ">10,00<", "SCHEMA-TYPE", "/Declaration/InvoiceAmount", 4, "42A/109", "10,00"),
    (">10.00<", ">10.0001<", "SCHEMA-LENGTH", "/Declaration/InvoiceAmount", 4, "42A/109", "10.0001"),
    ('"EUR"', '"euro"', "SCHEMA-PATTERN", "/Declaration/InvoiceAmount", 4, "42A/109", "euro"),
    ('currencyID="EUR"', 'unit="EUR"', "SCHEMA-ATTRIBUTE", "/Declaration/InvoiceAmount", 4, "42A/109", ""),
    ("0201300000", "0201300000 0201300000", "SCHEMA-LENGTH", f"{ITEM}/Commodity/Classification[1]/ID", 13,
     "42A/67A/68A[2]/23A/21A/145", "0201300000 0201300000"),
    ("0201300000", " ", "SCHEMA-PATTERN", f"{ITEM}/Commodity/Classification[1]/ID", 13, "42A/67A/68A[2]/23A/21A/145", ""),
    (">UA<", ">Ukraine<", "SCHEMA-LENGTH", f"{ITEM}/Origin[1]/CountryCode", 16, "42A/67A/68A[2]/92A/063", "Ukraine"),
    ("<ID>0201300000</ID>", "<Code>1</Code>", "SCHEMA-ELEMENT", f"{ITEM}/Commodity/Classification[1]/Code", 13,
     "42A/67A/68A[2]/23A/21A/Code", "1"),
    ("<Commodity>", "<Origin/><Commodity>", "SCHEMA-ELEMENT", f"{ITEM}/Commodity", 11, "42A/67A/68A[2]/23A", ""),
    ("<ID>0201300000</ID>", "<ID>1</ID><ID>2</ID>", "SCHEMA-ELEMENT", f"{ITEM}/Commodity/Classification[1]/ID[2]", 13,
     "42A/67A/68A[2]/23A/21A/145[2]", "2"),
    ("<Classification>", "<Classification>text", "SCHEMA-CONTENT", f"{ITEM}/Commodity/Classification[1]", 12,
     "42A/67A/68A[2]/23A/21A", ""),
    ("<FunctionCode>9</FunctionCode>", "<AcceptanceDateTime/><FunctionCode>9</FunctionCode>", "SCHEMA-MISSING",
     "/Declaration/AcceptanceDateTime/DateTimeString", 3, "42A/023/DateTimeString", ""),
    ("<FunctionCode>9</FunctionCode>", "<AcceptanceDateTime><DateTimeString formatCode='102'>22.11.2026</DateTimeString>"
     "</AcceptanceDateTime><FunctionCode>9</FunctionCode>", "SCHEMA-PATTERN", "/Declaration/AcceptanceDateTime", 3,
     "42A/023", "22.11.2026"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "line", "pointer", "value"), FAULTS, ids=[f"{n[1][:30]}" for n in FAULTS]
)
def test_a_fault_says_what_where_and_how_to_mend(
    old: str, new: str, code: str, path: str, line: int, pointer: str, value: str
) -> None:
    found = parsing.parse(BODY.replace(old, new, 1).encode())
    fault = found.faults[0]
    assert (fault.code, fault.path, fault.line, fault.pointer, fault.value) == (code, path, line, pointer, value)
    assert found.tree is not None
    for words in (fault.message, fault.remedy):
        assert all(words[language] and "{" not in words[language] for language in ("be", "ru", "en"))
    assert fault.kind == "schema"


def test_lines_are_those_of_the_file_even_on_one_line_or_many() -> None:
    flat = BODY.replace("\n", "").replace(">UA<", ">Ukraine<").replace("0201300000", "x" * 19)
    assert [fault.path for fault in parsing.parse(flat.encode()).faults] == [
        f"{ITEM}/Commodity/Classification[1]/ID",
        f"{ITEM}/Origin[1]/CountryCode",
    ]
    tall = BODY.replace("<Origin>", "\n\n<!-- a\nb -->\n<Origin\n>").replace(">UA<", ">Ukraine<")
    assert [fault.line for fault in parsing.parse(tall.encode()).faults] == [21]


def test_the_field_is_the_place_in_the_web_form() -> None:
    (fault,) = parsing.parse(BODY.replace(">UA<", ">Ukraine<").encode()).faults
    assert fault.field == "GoodsShipment/GovernmentAgencyGoodsItem[2]/Origin[1]/CountryCode"


def test_one_global_element_and_no_derivation() -> None:
    tops = []
    for file in ("declaration.xsd", "extension.xsd"):
        tree = etree.parse(str(FOLDER / file)).getroot()
        tops += [node.get("name") for node in tree.findall("{http://www.w3.org/2001/XMLSchema}element")]
        assert tree.get("blockDefault") == "#all"
    assert tops == ["Declaration"]


def test_the_set_is_the_published_one() -> None:
    known = schema.schema_set()
    assert sorted(known.files) == ["declaration.xsd", "extension.xsd"]
    assert len(known.digest) == 64


def _copy(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder / "1.0")
    return folder / "1.0"


def _relist(folder: Path) -> None:
    names = sorted(path.name for path in folder.glob("*.xsd"))
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "MANIFEST.sha256").write_text("".join(lines))


def test_a_changed_missing_or_unlisted_file_stops_the_start(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "extra.xsd").write_text("<x/>")
    with pytest.raises(SchemaBroken, match=r"extra\.xsd.*not listed"):
        schema.load(folder, "declaration/1.0")
    (folder / "extra.xsd").unlink()
    (folder / "extension.xsd").write_bytes((folder / "extension.xsd").read_bytes() + b"\n")
    with pytest.raises(SchemaBroken, match=r"extension\.xsd.*SHA-256"):
        schema.load(folder, "declaration/1.0")
    (folder / "extension.xsd").unlink()
    with pytest.raises(SchemaBroken, match=r"extension\.xsd"):
        schema.load(folder, "declaration/1.0")
    (folder / "MANIFEST.sha256").unlink()
    with pytest.raises(SchemaBroken, match="MANIFEST"):
        schema.load(folder, "declaration/1.0")


def test_an_import_that_leaves_the_set_stops_the_start(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "extension.xsd").unlink()
    _relist(folder)
    with pytest.raises(SchemaBroken, match=r"declaration\.xsd.*extension\.xsd"):
        schema.load(folder, "declaration/1.0")
    body = (folder / "declaration.xsd").read_text().replace(' schemaLocation="extension.xsd"', "")
    (folder / "declaration.xsd").write_text(body)
    _relist(folder)
    with pytest.raises(SchemaBroken, match="no file"):
        schema.load(folder, "declaration/1.0")


def test_faults_behind_a_fault_are_told_in_the_same_answer() -> None:
    """libxml2 judges nothing after an element out of place; a trader still learns of everything at once."""
    text = BODY.replace("<FunctionCode>9</FunctionCode>", "<Unknown><a/></Unknown>").replace(">10.00<", ">ten<")
    text = text.replace("<Commodity>", "<Wrong/><Wrong/><Commodity>").replace(">UA<", ">Ukraine<")
    text = text.replace("<SequenceNumeric>2</SequenceNumeric>", "").replace(
        "<ID>0201300000</ID>", "<ID> </ID><ID>1</ID>"
    )
    found = parsing.parse(text.encode())
    assert {(fault.code, fault.path, fault.line) for fault in found.faults} == {
        ("SCHEMA-ELEMENT", "/Declaration/Unknown", 3),
        ("SCHEMA-MISSING", "/Declaration/FunctionCode", 4),
        ("SCHEMA-TYPE", "/Declaration/InvoiceAmount", 4),
        ("SCHEMA-ELEMENT", f"{ITEM}/Wrong[1]", 11),
        ("SCHEMA-ELEMENT", f"{ITEM}/Wrong[2]", 11),
        ("SCHEMA-MISSING", f"{ITEM}/SequenceNumeric", 11),
        ("SCHEMA-PATTERN", f"{ITEM}/Commodity/Classification[1]/ID[1]", 13),
        ("SCHEMA-ELEMENT", f"{ITEM}/Commodity/Classification[1]/ID[2]", 13),
        ("SCHEMA-LENGTH", f"{ITEM}/Origin[1]/CountryCode", 16),
    }
