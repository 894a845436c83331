"""A broker brings 400 goods items from a workbook, three of its cells wrong, mends them on the page and files the package."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from lxml import etree, html

from app.declarations import codec, editing, wco
from app.declarations.sheet_columns import COLUMNS
from tests.declarations.test_sheet_reading import workbook
from tests.factories.world import World
from tests.journeys.roads import agencies_asked, faults_of, file_bytes, packed, state

COUNT = 400
PRICE, GROSS, PIECES = Decimal("120.50"), Decimal("15.5"), 2
WRONG = {(7, "origin"): "Cina", (123, "net_kg"): "about 12", (400, "package_count"): "two"}
"""What stands in the workbook where something else should: row of the sheet and column."""


def sheet() -> bytes:
    """The broker's workbook: its own title, headings in Russian, numbers as numbers, goods codes as a spreadsheet has them."""
    rows: list[list[object]] = [["Спецификация к инвойсу TJ26110417"], [], [column.heading["ru"] for column in COLUMNS]]
    for number in range(1, COUNT + 1):
        cells = {
            "description": f"Велосипед двухколёсный без мотора, модель {number}", "goods_code": 8712003000, "origin": "Китай",
            "procedure": "40", "previous_procedure": "00", "gross_kg": float(GROSS), "net_kg": 12.25, "quantity": PIECES,
            "quantity_unit": "PCE", "package_kind": "CT", "package_count": PIECES, "package_marks": f"VM {number}",
            "price": float(PRICE), "currency": "EUR", "statistical_value": float(PRICE), "statistical_currency": "EUR",
            "valuation_method": "1",
        }  # fmt: skip
        cells |= {column: value for (row, column), value in WRONG.items() if row == number}
        rows.append([cells.get(column.id, "") for column in COLUMNS])
    return workbook(rows)


def without_goods() -> bytes:
    """A package of bicycles for the trader whose mandate the broker holds, with the totals of the workbook and no goods."""
    xml = packed("bicycles").xml.replace(b"192381579", b"190142358")
    tree = wco.read(xml.replace("ТАА «Вела Мінск»".encode(), "ТАА «Белмяса Трэйд»".encode())).tree
    assert tree is not None
    editing.remove_item(tree, 1)
    editing.add_item(tree)
    totals = {
        "InvoiceAmount": COUNT * PRICE, "TotalGrossMassMeasure": COUNT * GROSS, "TotalPackageQuantity": COUNT * PIECES,
        "GoodsItemQuantity": 1,
    }  # fmt: skip
    for leaf, value in totals.items():
        editing.set_leaf(tree, f"/Declaration/{leaf}", str(value))
    return codec.canonical(tree)


@pytest.mark.timeout(300)
def test_a_broker_brings_400_items_mends_three_cells_and_files(world: World) -> None:
    bogdan = world.bogdan
    receipt = file_bytes(bogdan, without_goods(), "package.xml")
    assert receipt.startswith("/receipts/"), receipt
    assert faults_of(bogdan, receipt)
    bogdan.get(receipt)
    package = bogdan.submit("/open", follow=False).headers["Location"]
    assert "/items/sheet" in bogdan.get(package).text
    bogdan.get(f"{package}/items/sheet")
    shown = bogdan.post(f"{package}/items/sheet", sheet=(io.BytesIO(sheet()), "Спецификация.xlsx"))
    assert shown.status_code == 200
    page = html.fromstring(shown.text)
    boxes = page.xpath("//input[starts-with(@name, 'cell-')]/@name")
    assert boxes == ["cell-10-origin", "cell-126-net_kg", "cell-403-package_count"]
    bogdan.page = shown
    half = bogdan.submit("/items/sheet/take", follow=False, **{"cell-10-origin": "Китай", "cell-126-net_kg": "12,25"})
    assert half.status_code == 422
    assert html.fromstring(half.text).xpath("//input[starts-with(@name, 'cell-')]/@value") == ["two"]
    bogdan.page = half
    assert bogdan.submit("/items/sheet/take", follow=False, **{"cell-403-package_count": "2"}).status_code == 303
    check = html.fromstring(bogdan.get(f"{package}/check").text)
    assert check.xpath("//ol[@class='faults']//span[@class='code']") == [], [
        one.text_content() for one in check.xpath("//ol[@class='faults']/li")
    ][:5]
    sent = bogdan.submit("/send", follow=False)
    assert sent.status_code == 303
    filed = state(bogdan, package)
    assert (filed["status"], agencies_asked(filed)) == ("under-review", {"BY-GTK"})
    tree = etree.fromstring(bogdan.browser.get(f"{package}/declaration.xml").data)
    lines = codec.to_package(tree).lines
    assert [line.sequence for line in lines] == list(range(1, COUNT + 1))
    assert {(line.code, line.origin) for line in lines} == {("8712003000", "CN")}
    assert lines[122].net is not None
    assert lines[122].net.value == Decimal("12.25")
    out = bogdan.browser.get(f"{package}/items/export.csv")
    assert len(out.data.decode("utf-8-sig").splitlines()) == COUNT + 1
