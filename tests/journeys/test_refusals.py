"""Packages that do not go through, and what people are told."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import html

from tests.factories.world import World
from tests.journeys.roads import (
    PAID,
    approve,
    faults_of,
    file_bytes,
    file_xml,
    open_case,
    packed,
    state,
    upload_documents,
)

TWELVE = (
    (b"<TypeCode>IM</TypeCode>", b"<TypeCode>EX</TypeCode>"),
    (b"<DeclarationOfficeID>06611<", b"<DeclarationOfficeID>99999<"),
    (b">52500.00<", b">52500.50<"),
    (b'unitCode="KGM">8240<', b'unitCode="KGM">7000<'),
    (b"<TotalPackageQuantity>530<", b"<TotalPackageQuantity>531<"),
    (b"<GoodsItemQuantity>3<", b"<GoodsItemQuantity>4<"),
    (b"<ID>0603110000</ID>", b"<ID>0699110000</ID>"),
    (b"<CountryCode>NL</CountryCode>", b"<CountryCode>ZZ</CountryCode>"),
    (b"<ConditionCode>DAP<", b"<ConditionCode>XYZ<"),
    (b"<TypeCode>L-WDEC</TypeCode>", b"<TypeCode>01999</TypeCode>"),
    (b"<ID>190142358</ID>", b"<ID>190142359</ID>"),
    (b"<RegistrationNationalityCode>BY<", b"<RegistrationNationalityCode>QQ<"),
)


def test_piotr_sends_twelve_faults_mends_them_and_files_the_same_reference(world: World) -> None:
    """(c) All at once, each with a code, a place and a way to mend it; the reference is not used up."""
    package = packed("beef_flowers_pet")
    broken = package.xml
    for right, wrong in TWELVE:
        assert right in broken, right
        broken = broken.replace(right, wrong)
    upload_documents(world.piotr, package)
    where = file_bytes(world.piotr, broken, "package.xml")
    assert where.startswith("/receipts/")
    faults = faults_of(world.piotr, where)
    assert len({fault["code"] for fault in faults}) >= 12, sorted({fault["code"] for fault in faults})
    for fault in faults:
        assert fault["path"].startswith("/Declaration"), fault
        assert fault["pointer"].startswith("42A"), fault
        assert all(fault["message"][lang] and fault["remedy"][lang] for lang in ("be", "ru", "en")), fault
    page = world.piotr.get(where).text
    assert all(fault["code"] in page for fault in faults)
    assert world.piotr.browser.get(f"{where}/received").data == broken
    assert file_bytes(world.piotr, package.xml, "package.xml").startswith("/packages/")


def test_olga_refuses_and_anna_is_told_where_to_appeal(world: World) -> None:
    """(d) A refusal names its ground, the office to appeal to, the contact and the time limit."""
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    open_case(world.olga, number)
    answer = world.olga.submit("/decide", **{"item-1-outcome": "refused"})
    assert answer.status_code == 422
    reasons = [
        o.get("value")
        for o in html.fromstring(answer.text).xpath("//*[@name='item-1-reason_code']//option")
        if o.get("value")
    ]
    answer = world.olga.submit("/decide", **{"item-1-outcome": "refused", "item-1-reason_code": reasons[0]})
    assert answer.status_code == 200
    for officer in (world.fyodar, world.nina):
        approve(officer, number)
    open_case(world.maria, number)
    ground = {"item-1-outcome": "refused", "item-2-outcome": "approved", "item-3-outcome": "approved"}
    page = world.maria.submit("/decide", **ground)
    reasons = [
        o.get("value")
        for o in html.fromstring(page.text).xpath("//*[@name='item-1-reason_code']//option")
        if o.get("value")
    ]
    world.maria.submit("/decide", **ground, **PAID, **{"item-1-reason_code": reasons[0]})
    assert state(world.anna, where)["status"] == "released"
    page = re.sub(r"\s+", " ", html.fromstring(world.anna.get(where).text).text_content())
    assert "30" in page
    lanes = {lane["agency"]: lane for lane in state(world.anna, where)["lanes"]}
    assert lanes["BY-DVPN"]["decisions"][0]["items"] == [{"number": 1, "outcome": "refused"}]


def test_bogdan_files_for_vera_after_his_mandate_has_ended(world: World) -> None:
    """(e) The mandate is asked at every act; the answer says what to do, and nothing is registered."""
    where = file_xml(world.bogdan, packed("bicycles"))
    assert where.startswith("/receipts/")
    assert "MANDATE-NEEDED" in {fault["code"] for fault in faults_of(world.bogdan, where)}
    assert world.vera.get(where).status_code == 404


def test_maria_and_mikola_open_the_same_review(world: World) -> None:
    """(f) One wins; the other is told who and what."""
    where = file_xml(world.vera, packed("bicycles"))
    number = state(world.vera, where)["number"]
    case = open_case(world.maria, number)
    world.mikola.get(case)
    token = world.mikola.token()
    answer = world.mikola.browser.post(f"{case}/claim", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Марыя Мытнік" in answer.text
    world.maria.get(case)
    world.maria.submit("/decide", rest="yes", **PAID)
    assert state(world.vera, where)["status"] == "released"
    answer = world.mikola.browser.post(f"{case}/decide", data={"csrf_token": token, "rest": "yes"})
    assert answer.status_code in (403, 409)
    assert len(state(world.vera, where)["lanes"][0]["decisions"]) == 1


def test_anna_sends_a_zip_without_one_of_its_attachments(world: World) -> None:
    """(g) The missing file is named."""
    package = packed("beef_flowers_pet")
    out = io.BytesIO()
    left_out = sorted(package.files)[0]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("declaration.xml", package.xml)
        for name, data in package.files.items():
            if name != left_out:
                archive.writestr(name, data)
    where = file_bytes(world.anna, out.getvalue(), "package.zip")
    faults = faults_of(world.anna, where)
    assert [fault["value"] for fault in faults if fault["code"] == "ATTACHMENT-MISSING"] == [left_out]


def test_no_officer_touches_the_review_of_another_agency(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    case = open_case(world.maria, state(world.vera, where)["number"])
    world.olga.get("/queue")
    assert world.olga.browser.get(case).status_code == 404
    assert (
        world.olga.browser.post(f"{case}/decide", data={"csrf_token": world.olga.token(), "rest": "yes"}).status_code
        == 404
    )
    world.vera.get("/packages")
    assert world.vera.browser.get(case).status_code in (403, 404)


def test_a_package_of_somebody_else_looks_like_one_that_is_not_there(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    world.anna.get("/packages")
    foreign = world.anna.browser.get(where)
    nothing = world.anna.browser.get("/packages/00000000-0000-7000-8000-000000000000")
    assert foreign.status_code == nothing.status_code == 404
    strip = re.compile(r'value="[^"]+"|[0-9a-f-]{36}')
    assert strip.sub("", foreign.text) == strip.sub("", nothing.text)
