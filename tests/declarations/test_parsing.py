"""Whatever the bytes are, the answer is a tree or faults that say what is wrong and where."""

from __future__ import annotations

import gzip
import time

import pytest

from app.declarations import parsing
from app.declarations.schema import NAMESPACE
from tests.patience import BLOWN_UP

HEAD = f'<Declaration xmlns="{NAMESPACE}">'
GOOD = f"{HEAD}<FunctionCode>9</FunctionCode></Declaration>".encode()
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + GOOD.replace(b">9<", b">&b;<")
OUTER = {
    "empty": (b"", "XML-EMPTY"),
    "blank": (b" \r\n\t ", "XML-EMPTY"),
    "gzip": (gzip.compress(GOOD), "XML-COMPRESSED"),
    "zip": (b"PK\x03\x04rest", "XML-COMPRESSED"),
    "pdf": (b"%PDF-1.7 ...", "XML-NOT-XML"),
    "json": (b'{"a": 1}', "XML-NOT-XML"),
    "utf-16": (GOOD.decode().encode("utf-16"), "XML-ENCODING"),
    "utf-16 without mark": (GOOD.decode().encode("utf-16-le"), "XML-ENCODING"),
    "utf-32": (GOOD.decode().encode("utf-32"), "XML-ENCODING"),
    "declared windows-1251": (b'<?xml version="1.0" encoding="windows-1251"?>' + GOOD, "XML-ENCODING"),
    "utf-7": (b"<?xml version='1.0' encoding='UTF-7'?>" + GOOD, "XML-ENCODING"),
    "bytes of windows-1251": ("<a>\nІўанаў</a>".encode("cp1251", "replace"), "XML-ENCODING"),
    "overlong": (b"<a>\xc0\xbc</a>", "XML-ENCODING"),
    "cut off": (GOOD[:-6], "XML-NOT-WELL-FORMED"),
    "two roots": (GOOD + GOOD, "XML-NOT-WELL-FORMED"),
    "control character": (GOOD.replace(b">9<", b">&#7;<"), "XML-NOT-WELL-FORMED"),
    "nul": (GOOD.replace(b">9<", b">\x00<"), "XML-NOT-WELL-FORMED"),
    "unknown entity": (GOOD.replace(b">9<", b">&x;<"), "XML-NOT-WELL-FORMED"),
    "unbound prefix": (b"<p:a/>", "XML-NOT-WELL-FORMED"),
    "attribute twice": (b'<a b="1" b="2"/>', "XML-NOT-WELL-FORMED"),
    "bare doctype": (b"<!DOCTYPE Declaration>" + GOOD, "XML-DTD"),
    "external subset": (b'<!DOCTYPE Declaration SYSTEM "http://127.0.0.1:9/x.dtd">' + GOOD, "XML-DTD"),
    "external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GOOD, "XML-DTD"),
    "used external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GOOD.replace(b">9<", b">&x;<"),
        "XML-DTD",
    ),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]>' + GOOD, "XML-DTD"),
    "entity bomb": (BOMB, "XML-DTD"),
    "deep": (b"<a>" * 300 + b"</a>" * 300, "XML-LIMIT"),
    "very deep": (b"<a>" * 100_000, "XML-LIMIT"),
    "attributes": (b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>", "XML-LIMIT"),
    "namespaces": (b"<a " + b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(100_000)) + b"/>", "XML-LIMIT"),
    "too large": (GOOD + b" " * parsing.MAX_BYTES, "XML-TOO-LARGE"),
    "another root": (b"<Response/>", "XML-ROOT"),
    "our name, no namespace": (b"<Declaration><FunctionCode>9</FunctionCode></Declaration>", "XML-ROOT"),
    "another version": (GOOD.replace(b":1.0", b":2.0"), "XML-ROOT"),
    "a part of it": (f'<GoodsShipment xmlns="{NAMESPACE}"/>'.encode(), "XML-ROOT"),
    "an extension": (b'<Attachment xmlns="urn:akno:extension:1.0"/>', "XML-ROOT"),
}


@pytest.mark.parametrize("name", OUTER)
def test_a_file_that_is_no_package_is_refused_under_its_own_code(name: str) -> None:
    data, code = OUTER[name]
    started = time.process_time()
    found = parsing.parse(data)
    assert [fault.code for fault in found.faults] == [code]
    assert found.tree is None
    assert time.process_time() - started < BLOWN_UP
    told = found.faults[0]
    for words in (told.message, told.remedy):
        assert set(words) == {"be", "ru", "en"}
        assert all(text and "{" not in text for text in words.values())


def test_a_good_file_with_a_mark_and_comments_is_read() -> None:
    data = b"\xef\xbb\xbf" + GOOD.replace(b">9<", b"><!-- original -->9<?x?><")
    found = parsing.parse(data)
    assert found.ok
    assert found.tree is not None
    assert found.tree[0].text == "9"


def test_a_comment_does_not_cut_a_value() -> None:
    data = f"{HEAD}<FunctionCode>9</FunctionCode><InvoiceAmount>100<!--x-->0</InvoiceAmount></Declaration>".encode()
    found = parsing.parse(data)
    assert found.tree is not None
    assert found.tree[1].text == "1000"


def test_hints_fetch_nothing_and_change_nothing() -> None:
    hint = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x http://127.0.0.1:9/x.xsd">'
    assert parsing.parse(GOOD.replace(b'">', b'"' + hint, 1)).ok


def test_a_derived_type_is_refused() -> None:
    data = GOOD.replace(
        b"<FunctionCode>", b'<FunctionCode xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="Code3Type">'
    )
    assert [fault.code for fault in parsing.parse(data).faults] == ["SCHEMA-ATTRIBUTE"]
    nil = GOOD.replace(
        b"<FunctionCode>", b'<FunctionCode xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true">'
    )
    assert parsing.parse(nil).faults


def test_forty_thousand_faults_are_told_fast_and_capped() -> None:
    items = b"<AdditionalDocument><CategoryCode>LONG</CategoryCode></AdditionalDocument>" * 40_000
    data = GOOD.replace(b"</Declaration>", items + b"</Declaration>")
    started = time.process_time()
    found = parsing.parse(data)
    assert time.process_time() - started < BLOWN_UP
    assert len(found.faults) == 101
    assert found.faults[-1].code == "XML-TOO-MANY"
    assert found.more == 39_900
    assert "39900" in found.faults[-1].message["en"]
    assert found.faults[99].path == "/Declaration/AdditionalDocument[100]/CategoryCode"


def test_a_long_value_is_cut_and_an_endless_one_refused() -> None:
    data = GOOD.replace(b"</FunctionCode>", b"</FunctionCode><ID>" + b"x" * 4_000 + b"</ID>")
    (fault,) = parsing.parse(data).faults
    assert (fault.code, len(fault.value)) == ("SCHEMA-LENGTH", 200)


PIECES = {"letters": b"x", "blanks": b" ", "entities": b"&amp;", "blank entities": b"&#32;", "Cyrillic": "ж".encode()}


@pytest.mark.parametrize("name", PIECES)
def test_a_value_without_end_costs_no_time(name: str) -> None:
    """libxml2 gathers a value's pieces in quadratic time while it validates, so such a value never gets there."""
    many = PIECES[name] * (4_800_000 // len(PIECES[name]))
    for data in (b"</FunctionCode><ID>" + many + b"</ID>", b"</FunctionCode><ID>1</ID>" + many):
        started = time.process_time()
        found = parsing.parse(GOOD.replace(b"</FunctionCode>", data))
        assert [fault.code for fault in found.faults] == ["XML-LIMIT"]
        assert time.process_time() - started < BLOWN_UP


def test_a_million_elements_are_refused_before_they_are_read() -> None:
    data = GOOD.replace(b"</Declaration>", b"<a/>" * 1_200_000 + b"</Declaration>")
    assert [fault.code for fault in parsing.parse(data).faults] == ["XML-LIMIT"]


def test_the_size_cap_is_a_setting() -> None:
    assert parsing.parse(GOOD, limit=len(GOOD)).ok
    assert [fault.code for fault in parsing.parse(GOOD, limit=len(GOOD) - 1).faults] == ["XML-TOO-LARGE"]


def test_threads_keep_to_their_own_faults() -> None:
    """The shared compiled schema must not leak one trader's value into another's faults (trust.md finding 1)."""
    from concurrent.futures import ThreadPoolExecutor

    def wrong(number: int) -> bool:
        value = f"LRN-{number:05d}-" + "x" * 40
        data = GOOD.replace(b"</FunctionCode>", f"</FunctionCode><ID>{value * 2}</ID>".encode())
        (fault,) = parsing.parse(data).faults
        return fault.value != value * 2

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(wrong, range(400)))
