"""Packages that are not what they seem, or too much (trust.md A.5, X and Z): each with the code it must be answered with,
and why. Made, not kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.cli.packing import sample
from tests.hostile.documents import CALLED
from tests.intake.zips import Part, honest, made, table

PACKAGES = Path(__file__).resolve().parents[1] / "samples" / "packages"
BICYCLES = (PACKAGES / "bicycles.xml").read_bytes()
LRN = b"<FunctionalReferenceID>VM-26-0342</FunctionalReferenceID>"
HIT = CALLED.encode()

ON = date(2026, 11, 22)
"""The day on which everything is judged."""

LACKING = BICYCLES.replace(LRN, b"")
"""Clean but for its reference: what is ignored must leave exactly this fault behind, and nothing is ever registered."""

HEAD, BODY = LACKING.split(b"<Declaration ", 1)
BODY = b"<Declaration " + BODY


@dataclass(frozen=True, slots=True)
class Case:
    """One file: what must stand among its faults (``alone``: nothing else may), why, and the ASVS requirement."""

    data: bytes
    code: str
    why: str
    asvs: str = "1.5.1"
    alone: bool = False


def _put(element: str, value: bytes) -> bytes:
    """The package with another value in its first element of a name."""
    begin = LACKING.index(b"<" + element.encode())
    begin = LACKING.index(b">", begin) + 1
    return LACKING[:begin] + value + LACKING[LACKING.index(b"</" + element.encode(), begin) :]


def _dtd(inside: bytes, value: bytes = b"") -> bytes:
    return HEAD + b"<!DOCTYPE Declaration" + inside + b">" + (_used(value) if value else BODY)


def _used(value: bytes) -> bytes:
    return BODY.replace(b">CMR<", b">" + value + b"<", 1)


def _before_root(added: bytes) -> bytes:
    return HEAD + added + BODY


def _attribute(added: bytes, to: bytes = b"<FunctionCode") -> bytes:
    return LACKING.replace(to, to + b" " + added, 1)


def _laughs() -> bytes:
    steps = b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(9))
    return _dtd(b' [<!ENTITY b "ha">' + steps + b"]", b"&k;")


_SIGNED = (
    b'<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo/><s:Object></s:Object></s:Signature>'
)
_XS = b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
_DEEP = "nesting beyond what the reader follows"
_NO_DTD = "a document type is refused whatever it says"

XML: Mapping[str, Callable[[], Case]] = {
    "X1 a file of the server": lambda: Case(_dtd(b' [<!ENTITY x SYSTEM "file:///etc/passwd">]', b"&x;"), "XML-DTD", _NO_DTD),
    "X2 an address of elsewhere": lambda: Case(_dtd(b' [<!ENTITY x SYSTEM "' + HIT + b'">]', b"&x;"), "XML-DTD", _NO_DTD),
    "X3 a parameter entity": lambda: Case(_dtd(b' [<!ENTITY % x SYSTEM "' + HIT + b'">%x;]'), "XML-DTD", _NO_DTD),
    "X4 an external subset": lambda: Case(_dtd(b' SYSTEM "' + HIT + b'x.dtd"'), "XML-DTD", _NO_DTD),
    "X5 a bare document type": lambda: Case(_dtd(b""), "XML-DTD", _NO_DTD),
    "X5 behind a mark": lambda: Case(b"\xef\xbb\xbf<!DOCTYPE Declaration>" + BODY, "XML-DTD", _NO_DTD),
    "X5 behind 8 KB of comments": lambda: Case(_before_root(b"<!--" + b"x" * 8192 + b"--><!DOCTYPE Declaration>"), "XML-DTD", _NO_DTD),
    **{
        f"X5 in {name}": (lambda name=name: Case(("<!DOCTYPE Declaration>" + BODY.decode()).encode(name), "XML-ENCODING", "UTF-8 alone is read"))
        for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
    },
    "X6 a billion laughs": lambda: Case(_laughs(), "XML-DTD", "no entity is ever put in"),
    "X6 fifty thousand times 50 KB": lambda: Case(_dtd(b' [<!ENTITY x "' + b"x" * 50_000 + b'">]', b"&x;" * 50_000), "XML-DTD", "no entity is ever put in"),
    "X6 in an attribute": lambda: Case(HEAD + b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 9_000 + b'">]>' + BODY.replace(b'"EUR"', b'"' + b"&x;" * 900 + b'"', 1), "XML-DTD", "no entity is ever put in"),
    "X7 ninety times 10 KB": lambda: Case(_dtd(b' [<!ENTITY x "' + b"x" * 10_000 + b'">]', b"&x;" * 90), "XML-DTD", "no entity is ever put in"),
    "X8 XInclude of a file": lambda: Case(LACKING.replace(b"<FunctionCode>", b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/passwd"/><FunctionCode>'), "SCHEMA-ELEMENT", "an element like any other that has no place"),
    "X9 a stylesheet of elsewhere": lambda: Case(_before_root(b'<?xml-stylesheet type="text/xsl" href="' + HIT + b'"?>'), "LRN-MISSING", "instructions are dropped", alone=True),
    "X10 257 deep": lambda: Case(LACKING.replace(b"<FunctionCode>", b"<a>" * 257 + b"</a>" * 257 + b"<FunctionCode>"), "XML-LIMIT", _DEEP),
    "X10 2 100 deep": lambda: Case(b"<a>" * 2_100 + b"</a>" * 2_100, "XML-LIMIT", _DEEP),
    "X10 100 000 deep": lambda: Case(b"<a>" * 100_000 + b"</a>" * 100_000, "XML-LIMIT", _DEEP),
    "X11 a text of 10.1 MB": lambda: Case(_used(b"x" * 10_600_000), "XML-TOO-LARGE", "documents over 5 MB go into the ZIP"),
    "X11 a text of 4.9 MB": lambda: Case(_used(b"x" * 4_900_000), "XML-LIMIT", "no value is that long"),
    "X11 an attribute of 4.9 MB": lambda: Case(LACKING.replace(b'"EUR"', b'"' + b"x" * 4_900_000 + b'"', 1), "SCHEMA-PATTERN", "no value is that long"),
    "X11 a comment of 4.9 MB": lambda: Case(_before_root(b"<!--" + b"x" * 4_900_000 + b"-->"), "LRN-MISSING", "comments are dropped", alone=True),
    "X11 a name of 60 KB": lambda: Case(LACKING.replace(b"<FunctionCode>", b"<" + b"a" * 60_000 + b"/><FunctionCode>"), "XML-LIMIT", "no name is that long"),
    "X12 100 000 attributes": lambda: Case(_attribute(b" ".join(b'a%d=""' % n for n in range(100_000))), "XML-LIMIT", "at most 200"),
    "X12 100 000 namespaces": lambda: Case(_attribute(b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(100_000))), "XML-LIMIT", "at most 64"),
    "X13 a schema of elsewhere": lambda: Case(_attribute(_XS + b'i:schemaLocation="urn:akno:declaration:1.0 ' + HIT + b'x.xsd"', b"<Declaration"), "LRN-MISSING", "hints are not followed", alone=True),
    "X13 a schema without namespace": lambda: Case(_attribute(_XS + b'i:noNamespaceSchemaLocation="' + HIT + b'x.xsd"', b"<Declaration"), "LRN-MISSING", "hints are not followed", alone=True),
    "X14 a derived type": lambda: Case(_attribute(_XS + b'i:type="Code3Type"'), "SCHEMA-ATTRIBUTE", "no derivation"),
    "X14 nil": lambda: Case(_attribute(_XS + b'i:nil="true"'), "SCHEMA-ATTRIBUTE", "no nil"),
    "X15 a wrong root": lambda: Case(b"<Package/>", "XML-ROOT", "the root is pinned"),
    "X15 a part as the root": lambda: Case(b'<GoodsShipment xmlns="urn:akno:declaration:1.0"/>', "XML-ROOT", "the root is pinned"),
    "X15 another message": lambda: Case(b'<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"/>', "XML-ROOT", "the root is pinned"),
    "X15 another version": lambda: Case(LACKING.replace(b"declaration:1.0", b"declaration:2.0"), "XML-ROOT", "the root is pinned"),
    "X16 a comment in a number": lambda: Case(_put("TotalGrossMassMeasure", b"48<!--0-->60"), "LRN-MISSING", "the value is the whole text", alone=True),
    "X16 an instruction in a code": lambda: Case(_put("DeclarationOfficeID", b"065<?x y?>33"), "LRN-MISSING", "the value is the whole text", alone=True),
    "X16 CDATA in a number": lambda: Case(_put("TotalGrossMassMeasure", b"48<![CDATA[60]]>"), "LRN-MISSING", "the value is the whole text", alone=True),
    "X17 an entity in a number": lambda: Case(_dtd(b' [<!ENTITY x "90">]').replace(b">4860<", b">4&x;0<", 1), "XML-DTD", "no entity is ever put in"),
    "X17 an entity nobody declared": lambda: Case(_put("TotalGrossMassMeasure", b"4&x;0"), "XML-NOT-WELL-FORMED", "no entity is ever put in"),
    "X18 40 000 faults": lambda: Case(LACKING.replace(b"<BorderTransportMeans>", b"<AdditionalDocument><CategoryCode>LONG</CategoryCode></AdditionalDocument>" * 40_000 + b"<BorderTransportMeans>"), "SCHEMA-LENGTH", "a hundred are told"),
    "X18 200 000 faults": lambda: Case(LACKING.replace(b"</GoodsShipment>", b"<a/>" * 200_000 + b"</GoodsShipment>"), "SCHEMA-ELEMENT", "a hundred are told"),
    "X19 one value of 1 MB": lambda: Case(_put("DeclarationOfficeID", b"1" * 1_000_000), "XML-LIMIT", "a value shown is cut at 200"),
    "X19 one value of 4 000": lambda: Case(_put("DeclarationOfficeID", b"1" * 4_000), "SCHEMA-LENGTH", "a value shown is cut at 200"),
    "X20 a text for greedy patterns": lambda: Case(_put("TotalGrossMassMeasure", b"a" * 4_000), "SCHEMA-TYPE", "our patterns do not look back"),
    "X22 a stylesheet": lambda: Case(b'<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"><x:template match="/"><x:copy-of select="document(\'file:///etc/passwd\')"/></x:template></x:stylesheet>', "XML-ROOT", "nobody's rules are run"),
    "X22 a Schematron": lambda: Case(b'<s:schema xmlns:s="http://purl.oclc.org/dsdl/schematron"/>', "XML-ROOT", "nobody's rules are run"),
    "S-XSW a signature around the package": lambda: Case(LACKING.replace(b"<FunctionCode>", _SIGNED + b"<FunctionCode>", 1), "SCHEMA-ELEMENT", "no signature in XML is read, so none is taken"),
    "S-XSW the package inside a signature": lambda: Case(_SIGNED.replace(b"</s:Object>", LACKING.partition(b"?>")[2] + b"</s:Object>"), "XML-ROOT", "no signature in XML is read, so none is taken"),
    "X23 a path in a code": lambda: Case(_put("DeclarationOfficeID", b"' or 1=1 or '"), "OFFICE-UNKNOWN", "codes are looked up, never put into a path", "1.2.7"),
    "X24 gzip": lambda: Case(gzip.compress(LACKING), "XML-COMPRESSED", "UTF-8 alone is read"),
    "X24 UTF-7": lambda: Case(b"<?xml version='1.0' encoding='UTF-7'?>" + BODY, "XML-ENCODING", "UTF-8 alone is read"),
    "X24 EBCDIC": lambda: Case(LACKING.decode().encode("cp037", "replace"), "XML-ENCODING", "UTF-8 alone is read"),
    "X24 UTF-16 without its mark": lambda: Case(BODY.decode().encode("utf-16-le"), "XML-ENCODING", "UTF-8 alone is read"),
    "X24 another encoding than it says": lambda: Case(BICYCLES.decode().encode("cp1251", "replace"), "XML-ENCODING", "UTF-8 alone is read"),
    "X24 bytes that are no UTF-8": lambda: Case(_used(b"\xc3\x28"), "XML-ENCODING", "UTF-8 alone is read"),
    "X24 overlong": lambda: Case(_used(b"\xc0\xbc"), "XML-ENCODING", "UTF-8 alone is read"),
    "X25 NUL": lambda: Case(_used(b"a\x00b"), "XML-NOT-WELL-FORMED", "no letter of any language"),
    "X25 a bell": lambda: Case(_used(b"&#7;"), "XML-NOT-WELL-FORMED", "no letter of any language"),
    "X25 U+FFFF": lambda: Case(_used(b"\xef\xbf\xbf"), "XML-NOT-WELL-FORMED", "no letter of any language"),
    "X25 a lone surrogate": lambda: Case(_used(b"\xed\xa0\x80"), "XML-ENCODING", "no letter of any language"),
    "X25 a sign that turns the line": lambda: Case(_put("DeclarationOfficeID", "06\u202e533".encode()), "OFFICE-UNKNOWN", "shown as the sign it is"),
    "X25 a sign without width in a goods code": lambda: Case(BICYCLES.replace(b"8712003000", "8712\u200b3000".encode()), "CODE-LENGTH", "a code is digits"),
    "X25 a letter like another in a goods code": lambda: Case(BICYCLES.replace(b"8712003000", "8712О03000".encode()), "CODE-LENGTH", "a code is digits"),
    "X26 the same xml:id twice": lambda: Case(LACKING.replace(b"<AdditionalDocument>", b'<AdditionalDocument xml:id="a">'), "XML-NOT-WELL-FORMED", "an id stands once"),
    "X26 xml:base": lambda: Case(_attribute(b'xml:base="' + HIT + b'"', b"<Declaration"), "SCHEMA-ATTRIBUTE", "attributes are those of the schema"),
    "X26 xml:space": lambda: Case(_attribute(b'xml:space="preserve"', b"<Declaration"), "SCHEMA-ATTRIBUTE", "attributes are those of the schema"),
    **{
        f"X27 the number {name}": (lambda value=value, code=code: Case(_put("TotalGrossMassMeasure", value), code, "a decimal of the schema, judged by rules", "2.2.1"))
        for name, value, code in (
            ("1e400", b"1e400", "SCHEMA-TYPE"), ("NaN", b"NaN", "SCHEMA-TYPE"), ("INF", b"INF", "SCHEMA-TYPE"),
            ("1,5", b"1,5", "SCHEMA-TYPE"), ("10^18", b"1000000000000000000", "SCHEMA-LENGTH"),
            ("with 200 decimals", b"0." + b"3" * 200, "SCHEMA-LENGTH"), ("-0", b"-0", "GROSS-TOTAL"), ("-5", b"-5", "NUMBER-NEGATIVE"),
            ("of another sum", b"4861", "GROSS-TOTAL"),
        )
    },
    "X27 00012 as a count": lambda: Case(_put("GoodsItemQuantity", b"00012"), "ITEM-COUNT", "read as the number it is"),
    **{
        f"X28 the day {name}": (lambda name=name: Case(LACKING.replace(b">20260511<", b">" + name.encode() + b"<"), "SCHEMA-PATTERN" if len(name) != 8 else "DATE-IMPOSSIBLE", "a day of the calendar", "2.2.1"))
        for name in ("20260230", "20261301", "00000101", "2026-02-30", "20260511240000", "20260511T240000+1401", "100000101")
    },
}  # fmt: skip
"""By the row of the table; X21 and X29 have nothing to be sent (no keys in the schema; a set on disk), X30 is a property."""


@cache
def archives() -> dict[str, Case]:
    """The ZIP table: each trick around a package that lacks its reference, so that nothing is ever registered."""
    found = {name: Case(data, code, "trust.md A.5, ZIP", "5.2.3") for name, (data, code) in table(LACKING).items()}
    extra = {
        "Z12 two of them": (made([Part(b"declaration.xml", LACKING), Part(b"a/declaration.xml", LACKING)]), "ATTACHMENT-UNNAMED"),
        "Z13 nothing at all": (b"", "XML-EMPTY"),
        "Z13 not a ZIP": (b"PK\x07\x08 and more", "XML-NOT-XML"),
    }  # fmt: skip
    packed = sample("beef_flowers_pet", on=ON, lrn="Z14")
    files = {name: data + b"altered" for name, data in packed.files.items()}
    altered = honest({"declaration.xml": packed.xml, **files})
    extra["Z14 a file that is not the one named"] = (altered, "ATTACHMENT-HASH")
    return found | {name: Case(data, code, "trust.md A.5, ZIP", "5.2.3") for name, (data, code) in extra.items()}
