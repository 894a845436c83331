"""Vera writes a package of bicycles by hand, from the first page to the registration."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from lxml import html

from app.clock import today
from app.database import Database
from tests.declarations.drafts import GOODS, SHIPMENT, begin, tree_of
from tests.factories.world import Someone, World
from tests.journeys.roads import state

ITEM = f"{GOODS}[1]"
PARTIES = {
    "FunctionalReferenceID": "VELO-26-0001",
    "DeclarationOfficeID": "06611",
    "InvoiceAmount": "12 500,00",
    "InvoiceAmount@currencyID": "EUR",
    "TotalGrossMassMeasure": "1450,5",
    "TotalPackageQuantity": "100",
    "Exporter/Name": "Giant Light Metal Co.",
    "Exporter/Address/CityName": "Kunshan",
    "Exporter/Address/CountryCode": "Кітай",
    f"{SHIPMENT}/TradeTerms/ConditionCode": "FCA",
    f"{SHIPMENT}/TradeTerms/LocationName": "Kunshan",
}
TRANSPORT = {
    "BorderTransportMeans/ModeCode": "3",
    "BorderTransportMeans/ID": "AE 4417-7",
    "BorderTransportMeans/RegistrationNationalityCode": "BY",
    f"{SHIPMENT}/Consignment/ArrivalTransportMeans/ModeCode": "3",
    f"{SHIPMENT}/Consignment/ArrivalTransportMeans/ID": "AE 4417-7",
    f"{SHIPMENT}/Consignment/GoodsLocation/Name": "Склад часовага захоўвання, Мінск",
    f"{SHIPMENT}/ExportCountry/ID": "CN",
    f"{SHIPMENT}/Destination/CountryCode": "BY",
}
BICYCLES = {
    f"{ITEM}/Commodity/Description": "Веласіпеды гарадскія без матора, новыя",
    f"{ITEM}/Commodity/Classification[1]/ID": "8712 00 300 0",
    f"{ITEM}/Origin[1]/CountryCode": "CN",
    f"{ITEM}/GovernmentProcedure[1]/CurrentCode": "40",
    f"{ITEM}/GovernmentProcedure[1]/PreviousCode": "00",
    f"{ITEM}/Commodity/GoodsMeasure/GrossMassMeasure": "1450.5",
    f"{ITEM}/Commodity/GoodsMeasure/NetNetWeightMeasure": "1300",
    f"{ITEM}/Commodity/GoodsMeasure/TariffQuantity": "100",
    f"{ITEM}/Commodity/GoodsMeasure/TariffQuantity@unitCode": "NAR",
    f"{ITEM}/Packaging[1]/TypeCode": "CT",
    f"{ITEM}/Packaging[1]/QuantityQuantity": "100",
    f"{ITEM}/Packaging[1]/MarksNumbersID": "GLM 1-100",
    f"{ITEM}/Commodity/InvoiceLine/ItemChargeAmount": "12500",
    f"{ITEM}/Commodity/InvoiceLine/ItemChargeAmount@currencyID": "eur",
    f"{ITEM}/StatisticalValueAmount": "12500",
    f"{ITEM}/StatisticalValueAmount@currencyID": "EUR",
    f"{ITEM}/CustomsValuation/MethodCode": "1",
}


def save(who: Someone, page: str, **fields: str) -> Any:
    who.get(page)
    return who.submit(page.rsplit("/", 2)[-1] if "items" not in page else "/items/1", follow=False, **fields)


def add_document(who: Someone, address: str, item: int, code: str, number: str) -> None:
    """Attach a paper by its number, dated last week."""
    who.get(f"{address}/documents/{item}/0")
    assert who.page is not None
    form = next(one for one in html.fromstring(who.page.text).forms if "/documents/" in (one.action or ""))
    base = next(name for name in form.fields if name.endswith("/TypeCode")).removesuffix("/TypeCode")
    week_ago = (today() - timedelta(days=7)).strftime("%d.%m.%Y")
    fields = {f"{base}/TypeCode": code, f"{base}/ID": number, f"{base}/IssueDateTime": week_ago}
    answer = who.submit("/documents/", follow=False, **fields)
    assert answer.status_code == 303, answer.text


def faults(who: Someone, address: str) -> list[str]:
    """Codes of what the check page wants mended."""
    page = html.fromstring(who.get(f"{address}/check").text)
    return [one.text_content() for one in page.xpath("//ol[@class='faults']//span[@class='code']")]


def test_a_package_of_bicycles_by_hand(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    assert save(vera, f"{address}/parties", **PARTIES).status_code == 303
    assert save(vera, f"{address}/transport", **TRANSPORT).status_code == 303
    assert save(vera, f"{address}/items/1", **BICYCLES).status_code == 303
    assert "/questions" not in " ".join(faults(vera, address))
    asked = html.fromstring(vera.page.text).xpath("//section[@id='who']//strong")
    assert [one.text_content() for one in asked] == ["Мытня"]
    missing = vera.get(f"{address}/documents").text
    assert "Мытня" in missing or "мытн" in missing
    for code, number in (
        ("10060", "BY/211126/000018733"),
        ("03011", "VM-2026/3"),
        ("04021", "INV-7"),
        ("02015", "CMR 1"),
    ):
        add_document(vera, address, 0, code, number)
    left = faults(vera, address)
    assert left == [], vera.page.text
    vera.submit("/send")
    found = state(vera, address)
    assert found["status"] == "under-review"
    assert re.fullmatch(r"\d{8}/\d{6}/\d{7}", found["number"])
    page = vera.page.text
    assert found["number"] in page
    assert "Мытня" in page
    assert vera.get(f"{address}/parties").status_code == 403
    assert "filename" in vera.get(f"{address}/received").headers["Content-Disposition"]


def test_what_cannot_be_stored_is_said_at_the_field_and_kept(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    answer = save(vera, f"{address}/parties", **PARTIES | {"InvoiceAmount": "дванаццаць", "Exporter/Name": "Я" * 71})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='InvoiceAmount']/@value") == ["дванаццаць"]
    assert page.xpath("//input[@name='Exporter/Name']/@value") == ["Я" * 71]
    assert page.xpath("//input[@name='FunctionalReferenceID']/@value") == ["VELO-26-0001"]
    links = page.xpath("//div[@class='summary']//a/@href")
    assert links == ["#f-exporter-name", "#f-invoiceamount"]
    assert all(page.xpath(f"//*[@id='{link[1:]}']") for link in links)
    assert "VELO" not in tree_of(database, address).xpath("string()")


def test_two_at_one_page(world: World, database: Database) -> None:
    """Who comes second is told, and what was typed is still in the boxes."""
    address = begin(world.anna)
    world.anna.get(f"{address}/transport")
    world.piotr.get(f"{address}/transport")
    assert world.piotr.submit("/transport", follow=False, **TRANSPORT).status_code == 303
    answer = world.anna.submit("/transport", follow=False, **{"BorderTransportMeans/ID": "BA 1111-1"})
    assert answer.status_code == 409
    assert html.fromstring(answer.text).xpath("//input[@name='BorderTransportMeans/ID']/@value") == ["BA 1111-1"]
    assert "AE 4417-7" in tree_of(database, address).xpath("string()")
    answer = world.anna.submit("/transport", follow=False)
    assert answer.status_code == 303
    assert "BA 1111-1" in tree_of(database, address).xpath("string()")


def test_goods_are_found_by_words_and_nothing_typed_is_lost(world: World) -> None:
    address = begin(world.vera)
    world.vera.get(f"{address}/items/1")
    typed = {f"{ITEM}/Commodity/Description": "нешта", "words": "bicycles", "search": "1"}
    found = world.vera.submit("/items/1", follow=False, **typed)
    assert found.status_code == 200
    assert "871200" in found.text
    assert "нешта" in found.text
    used = world.vera.submit("/items/1", follow=False, use="871200")
    assert "8712000000" in used.text
    assert "нешта" in used.text


def test_a_copy_names_its_origin_and_needs_a_reference_of_its_own(world: World, database: Database) -> None:
    address = begin(world.vera)
    save(world.vera, f"{address}/parties", **PARTIES)
    world.vera.get(address)
    made = world.vera.submit("/copy", follow=False)
    page = world.vera.get(made.location).text
    assert address in page
    assert "VELO-26-0001" in page
    copied = tree_of(database, made.location)
    assert "VELO-26-0001" not in copied.xpath("string()")
    assert "Giant Light Metal Co." in copied.xpath("string()")


def test_a_draft_belongs_to_its_house(world: World) -> None:
    address = begin(world.vera)
    assert world.anna.get(address).status_code == 404
    assert world.anna.get(f"{address}/parties").status_code == 404


def test_a_mistyped_unp_shows_the_draft_to_nobody(world: World) -> None:
    """Anna types the UNP of another trader: that trader learns nothing, and Anna keeps her draft."""
    address = begin(world.anna)
    answer = save(world.anna, f"{address}/parties", **{f"{SHIPMENT}/Importer/ID": "192381579"})
    assert answer.status_code == 303
    assert world.anna.get(f"{address}/parties").status_code == 200
    assert world.vera.get(address).status_code == 404


def test_discarded(world: World) -> None:
    address = begin(world.vera)
    world.vera.get(address)
    world.vera.submit("/discard")
    assert world.vera.get(f"{address}/parties").status_code == 403
    assert world.vera.get(address).status_code == 200
