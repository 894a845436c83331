"""The envelope comes off, the lines stay, and what is not a declaration is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.declarations import codec, parsing, wco

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
PHYTO = SAMPLES / "interop" / "im_phyto.xml"


def test_a_fault_in_a_foreign_message_points_into_the_file_as_received() -> None:
    text = PHYTO.read_text("utf-8").replace("<CountryCode>NL</CountryCode>\n", "<CountryCode>N</CountryCode>\n", 1)
    (fault,) = wco.read(text.encode()).faults
    assert "<CountryCode>N<" in text.split("\n")[(fault.line or 0) - 1]
    assert fault.path == "/Declaration/Exporter/Address/CountryCode"
    assert fault.pointer == "42A/57A/04A/242"


def test_lines_stay_through_comments_long_texts_and_many_lines_in_a_tag() -> None:
    text = PHYTO.read_text("utf-8").replace(
        "<TypeCode>IMA</TypeCode>", "<!-- a\nb\n--><TypeCode\n\n>IM<!-- \n -->A</TypeCode>"
    )
    text = text.replace("Fresh cut roses", "Fresh\ncut\nroses").replace("BYMSQ", "B" * 18)
    (fault,) = wco.read(text.encode()).faults
    assert "B" * 18 in text.split("\n")[(fault.line or 0) - 1]


def test_our_own_package_goes_through_the_same_door() -> None:
    data = (SAMPLES / "packages" / "bicycles.xml").read_bytes()
    one, two = wco.read(data), parsing.parse(data)
    assert one.ok
    assert one.tree is not None
    assert two.tree is not None
    assert codec.canonical(one.tree) == codec.canonical(two.tree)


def test_a_foreign_message_that_mentions_our_namespace_is_still_read() -> None:
    text = PHYTO.read_text("utf-8").replace("Fresh cut roses", "urn:akno:declaration:1.0")
    assert wco.read(text.encode()).ok


REFUSED = {
    "response": '<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"/>',
    "envelope of a response": (
        '<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">'
        '<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"/></m:MetaData>'
    ),
    "envelope of nothing": '<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"/>',
    "envelope of two": (
        '<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">'
        "<Declaration/><Declaration/></m:MetaData>"
    ),
    "another envelope": '<MetaData xmlns="urn:other"><Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"/></MetaData>',
    "no namespace": "<MetaData><Declaration/></MetaData>",
    "html": "<html><body>Declaration</body></html>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_declaration_is_refused(name: str) -> None:
    found = wco.read(REFUSED[name].encode())
    assert [fault.code for fault in found.faults] == ["XML-ROOT"]
    assert found.tree is None


def test_a_message_says_what_it_is() -> None:
    (fault,) = wco.read(REFUSED["envelope of a response"].encode()).faults
    assert fault.message["en"] == "This is not a declaration package but a WCO RES answer from customs."
    assert fault.message["be"] == "Гэта не пакет дэкларацыі, а адказ мытні WCO RES."


def test_elements_of_a_foreign_namespace_are_named() -> None:
    text = PHYTO.read_text("utf-8").replace(
        "<GoodsItemQuantity>", '<x:Extra xmlns:x="urn:x">1</x:Extra><GoodsItemQuantity>'
    )
    (fault,) = wco.read(text.encode()).faults
    assert (fault.code, fault.path) == ("SCHEMA-ELEMENT", "/Declaration/Extra")


def test_a_dtd_is_refused_in_a_foreign_message_too() -> None:
    text = PHYTO.read_text("utf-8").replace("<md:MetaData", "<!DOCTYPE x>\n<md:MetaData", 1)
    assert [fault.code for fault in wco.read(text.encode()).faults] == ["XML-DTD"]
