"""The upload page: whatever arrives gets a receipt, a kind answer in little time, and nothing half-done."""

from __future__ import annotations

import hashlib
import io
import re
import time
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree, html

from app.database import Database, transaction
from app.documents import storage
from app.intake.models import Receipt
from tests.factories.world import Someone, World
from tests.intake.arrivals import counted, file_raw, grown, relabelled
from tests.intake.zips import Part, made, streamed, table
from tests.journeys.roads import faults_of, file_bytes, file_xml, packed, state
from tests.patience import BLOWN_UP

ONLY_A_RECEIPT = {"receipts": 1, "blobs": 1, "ledger_entries": 1}
TABLE = table(b"<Declaration/>")
HEAD = b'<Declaration xmlns="urn:akno:declaration:1.0">'


def refused(who: Someone, database: Database, body: bytes, name: str) -> list[dict[str, Any]]:
    """Send bytes that cannot be a package; nothing but a receipt, its bytes and its entry may be stored."""
    who.sign_in()
    before = counted(database)
    begun = time.process_time()
    where = file_raw(who, body, name)
    assert time.process_time() - begun < BLOWN_UP
    assert where.startswith("/receipts/")
    assert grown(before, counted(database)) == ONLY_A_RECEIPT
    assert who.browser.get(f"{where}/received").data == body
    page = who.get(where)
    assert page.status_code == 200
    faults = faults_of(who, where)
    assert faults
    for fault in faults[:3]:
        assert fault["message"]["be"] in html.fromstring(page.text).text_content()
    return faults


@pytest.mark.parametrize("name", [name for name in TABLE if not name.startswith("Z10")])
def test_an_archive_with_a_trick_leaves_nothing_but_its_receipt(world: World, database: Database, name: str) -> None:
    data, code = TABLE[name]
    codes = {fault["code"] for fault in refused(world.vera, database, data, "package.zip")}
    assert code in codes or (code == "ATTACHMENT-UNNAMED" and "XML-ROOT" in codes)


FILES = {
    "empty": (b"", "XML-EMPTY"),
    "blanks": (b" \n\t ", "XML-EMPTY"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "XML-NOT-XML"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "XML-ENCODING"),
    "a RAR": (b"Rar!\x1a\x07\x00" + bytes(100), "XML-COMPRESSED"),
    "a gzip": (b"\x1f\x8b\x08" + bytes(100), "XML-COMPRESSED"),
    "an old Excel": (b"\xd0\xcf\x11\xe0" + bytes(100), "XML-ENCODING"),
    "HTML": (b"<html><body>hello</body></html>", "XML-ROOT"),
    "UTF-16": (("<Declaration/>").encode("utf-16"), "XML-ENCODING"),
    "windows-1251": ('<?xml version="1.0" encoding="windows-1251"?><Декларация/>'.encode("cp1251"), "XML-ENCODING"),
    "DTD": (b"<!DOCTYPE Declaration>" + HEAD + b"</Declaration>", "XML-DTD"),
    "X1 a file of the server": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD + b"<ID>&x;</ID></Declaration>", "XML-DTD",
    ),
    "X6 a billion laughs": (
        b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        + b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(9))
        + b"]>" + HEAD + b"<ID>&k;</ID></Declaration>", "XML-DTD",
    ),
    "X10 a thousand deep": (HEAD + b"<a>" * 1_000 + b"</a>" * 1_000 + b"</Declaration>", "XML-LIMIT"),
    "X11 a text of 12 MB": (HEAD + b"<ID>" + b"x" * 12_000_000 + b"</ID></Declaration>", "XML-TOO-LARGE"),
    "X11 a text of 4 MB": (HEAD + b"<ID>" + b"x" * 4_000_000 + b"</ID></Declaration>", "XML-LIMIT"),
    "cut off": (HEAD + b"<FunctionCode>9</FunctionCode><Goods", "XML-NOT-WELL-FORMED"),
    "not well-formed": (HEAD + b"<ID></Declaration>", "XML-NOT-WELL-FORMED"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_package_leaves_nothing_but_its_receipt(world: World, database: Database, name: str) -> None:
    body, code = FILES[name]
    faults = refused(world.vera, database, body, "package.xml")
    assert [fault["code"] for fault in faults] == [code]
    assert "root:" not in str(faults)


def test_forty_thousand_faults_are_answered_with_a_hundred(world: World) -> None:
    item = b"<GovernmentAgencyGoodsItem><SequenceNumeric>x</SequenceNumeric></GovernmentAgencyGoodsItem>"
    start = (
        HEAD
        + b"<FunctionCode>9</FunctionCode><FunctionalReferenceID>A-1</FunctionalReferenceID><TypeCode>IM</TypeCode>"
    )
    body = start + b"<GoodsShipment>" + item * 40_000 + b"</GoodsShipment></Declaration>"
    world.vera.sign_in()
    begun = time.process_time()
    where = file_raw(world.vera, body, "package.xml")
    assert time.process_time() - begun < BLOWN_UP
    faults = faults_of(world.vera, where)
    assert len(faults) == 100
    assert all(fault["kind"] == "schema" for fault in faults)
    page = html.fromstring(world.vera.get(where).text).text_content()
    assert re.search(r"\b9\d\d\b", page), "how many more were counted is said"


def test_no_file_chosen_keeps_the_page(world: World, database: Database) -> None:
    world.vera.get("/file")
    before = counted(database)
    for fields in ({}, {"package": (io.BytesIO(b""), "")}, {"package": "not a file"}):
        answer = world.vera.post("/file", **fields)
        assert answer.status_code == 422
        assert 'name="package"' in answer.text
        assert 'id="package-error"' in answer.text
    assert grown(before, counted(database)) == {}


ITEM = b"<GovernmentAgencyGoodsItem><SequenceNumeric>%d</SequenceNumeric></GovernmentAgencyGoodsItem>"
BEGINNING = (
    HEAD + b"<FunctionCode>9</FunctionCode><FunctionalReferenceID>A-1</FunctionalReferenceID><TypeCode>IM</TypeCode>"
)


@pytest.mark.parametrize(("many", "code"), [(40_000, "ITEMS-TOO-MANY"), (999, "CODE-MISSING")])
def test_a_flood_of_goods_items_does_not_blow_up(world: World, many: int, code: str) -> None:
    """Every rule looks at every item: beyond what a package may hold nothing is judged at all."""
    items = b"".join(ITEM % (n + 1) for n in range(many))
    world.vera.sign_in()
    begun = time.process_time()
    where = file_raw(world.vera, BEGINNING + b"<GoodsShipment>" + items + b"</GoodsShipment></Declaration>", "a.xml")
    assert time.process_time() - begun < BLOWN_UP
    assert code in {fault["code"] for fault in faults_of(world.vera, where)}
    assert world.vera.get(where).status_code == 200


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile.*:pytest.PytestUnraisableExceptionWarning")
def test_an_upload_that_breaks_off_does_nothing(world: World, database: Database) -> None:
    """The line is cut in the middle of the multipart body: no page of ours can be wrong about it."""
    world.vera.get("/file")
    token = world.vera.token()
    before = counted(database)
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="package"; filename="a.xml"\r\n\r\n<Decl'
    )
    answer = world.vera.browser.post("/file", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 422)
    assert grown(before, counted(database)) == {}


def test_names_are_kept_in_cyrillic_without_unseen_signs(world: World, database: Database) -> None:
    where = file_bytes(world.vera, b"x", "Пакет №5 ў.xml")
    answer = world.vera.browser.get(f"{where}/received")
    assert "filename*=UTF-8''%D0%9F" in answer.headers["Content-Disposition"]
    where = file_bytes(world.vera, b"y", "inv\u202efdp\u0007.xml")
    with transaction(database, writing=False) as session:
        names = session.scalars(sa.select(Receipt.body_name)).all()
    assert set(names) == {"Пакет №5 ў.xml", "invfdp.xml"}
    assert world.vera.browser.get(f"{where}/received").status_code == 200


def test_what_was_sent_is_only_ever_a_download(world: World) -> None:
    page = b"<html><script>alert(1)</script></html>"
    where = file_bytes(world.vera, page, "page.html")
    answer = world.vera.browser.get(f"{where}/received")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype in ("application/xml", "application/octet-stream")


def test_faults_are_the_same_as_page_json_and_xml(world: World) -> None:
    broken = packed("bicycles").xml.replace(b"<TypeCode>IM</TypeCode>", b"<TypeCode>QQ</TypeCode>")
    broken = broken.replace(b"<ID>192381579</ID>", b"<ID>&lt;b&gt;1</ID>")
    where = file_bytes(world.vera, broken, "package.xml")
    as_json = faults_of(world.vera, where)
    root = etree.fromstring(world.vera.browser.get(f"{where}/faults.xml").data)
    assert [one.get("code") for one in root] == [one["code"] for one in as_json]
    assert [one.findtext("path") or "" for one in root] == [one["path"] for one in as_json]
    assert [one.findtext("message[@lang='be']") for one in root] == [one["message"]["be"] for one in as_json]
    page = world.vera.get(where).text
    text = re.sub(r"\s+", " ", html.fromstring(page).text_content())
    for one in as_json:
        assert one["code"] in text
        assert re.sub(r"\s+", " ", one["message"]["be"]) in text
    assert "<b>1" not in page
    assert world.vera.browser.get(f"{where}/faults.csv").status_code == 404


def test_faults_with_unseen_signs_are_still_xml(world: World) -> None:
    data = made([Part(b"a\x00\x07\r\n.pdf")])
    where = file_bytes(world.vera, data, "package.zip")
    root = etree.fromstring(world.vera.browser.get(f"{where}/faults.xml").data)
    assert root[0].get("code") == "ZIP-PATH"


def test_receipts_of_others_look_like_receipts_that_are_not_there(world: World) -> None:
    where = file_bytes(world.vera, b"x", "x.xml")
    nothing = "/receipts/00000000-0000-7000-8000-000000000000"
    for who in (world.anna, world.sofia, world.maria, world.bogdan):
        who.get("/account")
        for end in ("", "/faults.json", "/faults.xml", "/received"):
            assert who.browser.get(where + end).status_code == who.browser.get(nothing + end).status_code == 404
        for end in ("/confirm", "/open"):
            answer = who.browser.post(where + end, data={"csrf_token": who.token()})
            assert answer.status_code == 404
    assert "x.xml" not in world.anna.get("/receipts").text
    assert "x.xml" in world.vera.get("/receipts").text


def test_a_refused_file_opens_as_a_draft_with_all_it_had(world: World) -> None:
    broken = packed("bicycles").xml.replace(b">IM</TypeCode>", b">QQ</TypeCode>", 1)
    where = file_bytes(world.vera, broken, "package.xml")
    world.vera.get(where)
    answer = world.vera.submit("/open", follow=False)
    assert answer.status_code == 303
    draft = answer.headers["Location"]
    assert state(world.vera, draft)["status"] == "draft"
    page = world.vera.get(draft).text
    assert "192381579" in page or "Вела" in page


def test_what_cannot_be_read_is_not_opened(world: World) -> None:
    where = file_bytes(world.vera, b"no package at all", "x.xml")
    page = world.vera.get(where).text
    assert "/open" not in page
    answer = world.vera.browser.post(f"{where}/open", data={"csrf_token": world.vera.token()})
    assert answer.status_code == 409


def test_the_same_again_is_the_first_receipt(world: World, database: Database) -> None:
    package = packed("bicycles")
    where = file_xml(world.vera, package)
    before = counted(database)
    assert file_bytes(world.vera, package.xml, "package.xml") == where
    assert file_bytes(world.vera, b"\n" + package.xml, "again.xml") == where
    assert set(grown(before, counted(database))) <= {"blobs"}


def test_the_same_reference_with_other_content_is_a_fault(world: World, database: Database) -> None:
    package = packed("bicycles")
    file_xml(world.vera, package)
    other = re.sub(rb"(<InvoiceAmount[^>]*>)(\d)", rb"\g<1>9\2", package.xml, count=1)
    where = file_bytes(world.vera, other, "package.xml")
    assert where.startswith("/receipts/")
    assert "LRN-USED" in {fault["code"] for fault in faults_of(world.vera, where)}
    assert counted(database)["declarations"] == 1


def test_a_refused_reference_is_not_used_up(world: World) -> None:
    package = packed("bicycles")
    broken = package.xml.replace(b"<TypeCode>IM</TypeCode>", b"<TypeCode>QQ</TypeCode>")
    assert file_xml(world.vera, type(package)(broken, package.files)).startswith("/receipts/")
    assert file_bytes(world.vera, package.xml, "package.xml").startswith("/packages/")


def test_equal_content_under_another_reference_waits_for_a_word(world: World, database: Database) -> None:
    package = packed("bicycles")
    first = file_xml(world.vera, package)
    number = state(world.vera, first)["number"]
    where = file_bytes(world.vera, relabelled(package.xml, "SECOND-1"), "second.xml")
    (fault,) = faults_of(world.vera, where)
    assert fault["code"] == "DUPLICATE-CONTENT"
    assert number in fault["value"]
    assert re.search(r"R-\d{6}-", fault["value"])
    assert counted(database)["declarations"] == 1
    world.vera.get(where)
    answer = world.vera.submit("/confirm", follow=False)
    second = answer.headers["Location"]
    assert second.startswith("/packages/")
    assert second != first
    assert state(world.vera, second)["number"] > number
    assert counted(database)["declarations"] == 2
    again = world.vera.browser.post(f"{where}/confirm", data={"csrf_token": world.vera.token()})
    assert again.headers["Location"] == second


def test_only_an_equal_package_can_be_confirmed(world: World, database: Database) -> None:
    where = file_bytes(world.vera, b"no package", "x.xml")
    before = counted(database)
    world.vera.get(where)
    assert world.vera.browser.post(f"{where}/confirm", data={"csrf_token": world.vera.token()}).status_code == 403
    assert grown(before, counted(database)) == {}


def test_a_zip_with_schema_faults_does_not_miss_the_files_it_brought(world: World) -> None:
    package = packed("beef_flowers_pet")
    broken = package.xml.replace(b"</FunctionCode>", b"</FunctionCode><Nonsense/>", 1)
    where = file_bytes(world.anna, type(package)(broken, package.files).as_zip(), "package.zip")
    codes = [fault["code"] for fault in faults_of(world.anna, where)]
    assert "SCHEMA-ELEMENT" in codes
    assert "DOC-MISSING" not in codes


def test_a_file_in_the_zip_that_is_not_taken_keeps_the_others_out_too(world: World, database: Database) -> None:
    """All files of a ZIP or none: the fault names the file, and its place in the package."""
    package = packed("beef_flowers_pet")
    name = sorted(package.files)[-1]
    evil = b"MZ this is a program"
    xml = package.xml.replace(
        hashlib.sha256(package.files[name]).hexdigest().encode(), hashlib.sha256(evil).hexdigest().encode()
    )
    world.anna.sign_in()
    before = counted(database)
    where = file_bytes(world.anna, type(package)(xml, package.files | {name: evil}).as_zip(), "package.zip")
    faults = faults_of(world.anna, where)
    assert name in {fault["value"] for fault in faults}
    assert all(fault["path"] for fault in faults)
    assert grown(before, counted(database)) == ONLY_A_RECEIPT


def test_z14_a_file_that_is_not_what_the_package_says(world: World, database: Database) -> None:
    package = packed("beef_flowers_pet")
    name = sorted(package.files)[0]
    world.anna.sign_in()
    before = counted(database)
    changed = package.files | {name: package.files[name] + b"\n"}
    where = file_bytes(world.anna, type(package)(package.xml, changed).as_zip(), "package.zip")
    faults = [fault for fault in faults_of(world.anna, where) if fault["code"] == "ATTACHMENT-HASH"]
    assert [fault["value"] for fault in faults] == [name]
    assert grown(before, counted(database)) == ONLY_A_RECEIPT


def test_extra_files_are_named(world: World) -> None:
    package = packed("bicycles")
    out = io.BytesIO(package.as_zip())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Ліст.pdf", b"%PDF-1.4")
    where = file_bytes(world.vera, out.getvalue(), "package.zip")
    faults = faults_of(world.vera, where)
    assert [fault["value"] for fault in faults if fault["code"] == "ATTACHMENT-UNNAMED"] == ["Ліст.pdf"]


def test_a_package_as_a_stream_written_zip_is_filed(world: World) -> None:
    package = packed("beef_flowers_pet")
    where = file_bytes(world.anna, streamed({"declaration.xml": package.xml} | package.files), "package.zip")
    assert where.startswith("/packages/"), faults_of(world.anna, where)


def test_unknown_fields_of_the_form_have_no_effect(world: World) -> None:
    """S-FIELD, S-HPP: neither status nor owner can be sent along; the first file counts."""
    package = packed("bicycles")
    world.vera.get("/file")
    answer = world.vera.post(
        "/file", package=[(io.BytesIO(package.xml), "a.xml"), (io.BytesIO(b"x"), "b.xml")], status="released",
        owner_id="1", number="1", channel="api", outcome="registered",
    )  # fmt: skip
    found = state(world.vera, answer.headers["Location"])
    assert found["status"] == "under-review"


def test_every_receipt_keeps_its_bytes(world: World, database: Database) -> None:
    bodies = [b"", b"x", packed("bicycles").xml]
    for body in bodies:
        file_bytes(world.vera, body, "x.xml")
    with transaction(database, writing=False) as session:
        kept = session.scalars(sa.select(Receipt.body_sha256)).all()
    assert sorted(storage.store().read(one) for one in kept) == sorted(bodies)
