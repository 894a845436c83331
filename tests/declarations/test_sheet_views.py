"""The pages of the spreadsheet: who may, what is shown before anything changes, that nothing typed is lost."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook

from app.database import Database
from app.declarations import codec
from app.declarations.sheet_columns import COLUMNS
from tests.declarations.drafts import begin, tree_of
from tests.declarations.test_sheet_reading import workbook
from tests.factories.world import Someone, World

GOOD = [
    ["description", "goods_code", "origin", "net_kg"],
    ["Bicycles", "8712003000", "CN", "1300"],
    ["Bells", "8306100000", "CN", "12,5"],
]


def bring(who: Someone, address: str, body: bytes, name: str = "goods.xlsx") -> Any:
    who.get(f"{address}/items/sheet")
    answer = who.post(f"{address}/items/sheet", sheet=(io.BytesIO(body), name))
    who.page = answer
    return answer


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


def lines(database: Database, address: str) -> list[tuple[int | None, str, str]]:
    return [(one.sequence, one.description, one.code) for one in codec.to_package(tree_of(database, address)).lines]


def test_two_items_come_in_after_they_were_shown(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    answer = bring(vera, address, workbook(GOOD))  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "8306100000" in answer.text
    assert lines(database, address) == [(1, "", "")]
    done = vera.submit("/items/sheet/take", follow=False)
    assert done.status_code == 303
    assert lines(database, address) == [(1, "Bicycles", "8712003000"), (2, "Bells", "8306100000")]
    bring(vera, address, workbook(GOOD))  # type: ignore[arg-type]
    assert vera.submit("/items/sheet/take", follow=False).status_code == 303
    assert [line[0] for line in lines(database, address)] == [1, 2, 3, 4]
    bring(vera, address, workbook(GOOD[:2]))  # type: ignore[arg-type]
    assert vera.submit("/items/sheet/take", follow=False, mode="replace").status_code == 303
    assert lines(database, address) == [(1, "Bicycles", "8712003000")]


def test_wrong_cells_are_mended_on_the_page_and_nothing_typed_is_lost(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    wrong = [*GOOD, ["Saddles", "8714950000", "Cina", "heavy"]]
    answer = bring(vera, address, "\n".join(";".join(row) for row in wrong).encode(), "goods.csv")
    boxes = {box.get("name"): box.get("value") for box in html.fromstring(answer.text).xpath("//input[@type='text']")}
    assert {name: value for name, value in boxes.items() if name.startswith("cell-")} == {
        "cell-4-origin": "Cina", "cell-4-net_kg": "heavy",
    }  # fmt: skip
    again = vera.submit("/items/sheet/take", follow=False, **{"cell-4-origin": "Кітай", "cell-4-net_kg": "very heavy"})
    assert again.status_code == 422
    assert "<title>Памылка" in again.text or "<title>Error" in again.text
    page = html.fromstring(again.text)
    assert page.xpath("//input[@name='cell-4-net_kg']/@value") == ["very heavy"]
    assert page.xpath("//a[@href='#cell-4-net_kg']")
    assert lines(database, address) == [(1, "", "")]
    vera.page = again
    assert vera.submit("/items/sheet/take", follow=False, **{"cell-4-net_kg": "7"}).status_code == 303
    assert [line[1] for line in lines(database, address)] == ["Bicycles", "Bells", "Saddles"]
    tree = tree_of(database, address)
    assert codec.to_package(tree).lines[2].origin == "CN"


def test_somebody_changed_the_goods_in_between(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    bring(vera, address, workbook(GOOD))  # type: ignore[arg-type]
    shown = vera.page
    vera.get(address)
    assert vera.submit("/items", follow=False).status_code == 303
    vera.page = shown
    late = vera.submit("/items/sheet/take", follow=False)
    assert late.status_code == 409
    assert "8306100000" in late.text
    assert len(lines(database, address)) == 2
    vera.page = late
    assert vera.submit("/items/sheet/take", follow=False, mode="replace").status_code == 303
    assert len(lines(database, address)) == 2


@pytest.mark.parametrize(
    "rows", ["", "x", "[]", "[1,2,3,4]", '[["origin"],[["a","b"]],[],0]', '[["nothing"],[[1,"b"]],[],0]',
             '[["origin","origin"],[[1,"b","c"]],[],0]', '[["origin"],[[1]],[],0]', '[["origin"],[],[],0]', '[[[]],[[1,2]],[],0]',
             '[["origin"],{"a":1},[],0]'],
)  # fmt: skip
def test_a_page_that_was_tampered_with_is_refused_in_words(world: World, rows: str) -> None:
    vera = world.vera
    address = begin(vera)
    vera.get(f"{address}/items/sheet")
    assert vera.post(f"{address}/items/sheet/take", rows=rows, mode="append", revision="x").status_code == 422


def test_bad_files_are_said_at_the_box_in_every_language(world: World) -> None:
    vera = world.vera
    address = begin(vera)
    for language in ("be", "ru", "en"):
        vera.get(f"{address}/items/sheet?lang={language}")
        answer = bring(vera, address, b"\x89PNG\r\n\x1a\n\0\0")
        assert answer.status_code == 422
        assert html.fromstring(answer.text).xpath("//*[@id='sheet-error']")
        assert html.fromstring(answer.text).xpath("//*[@class='summary']//a[@href='#sheet']")
    vera.get(f"{address}/items/sheet")
    assert vera.post(f"{address}/items/sheet").status_code == 422


def test_the_template_is_understood_and_the_items_of_a_package_go_out_and_in(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    bring(vera, address, workbook(GOOD))  # type: ignore[arg-type]
    vera.submit("/items/sheet/take", follow=False)
    before = lines(database, address)
    for kind in ("csv", "xlsx"):
        for language in ("be", "en"):
            vera.get(f"/account?lang={language}")
            template = vera.browser.get(f"{address}/items/template.{kind}")
            assert template.status_code == 200
            assert f".{kind}" in template.headers["Content-Disposition"]
            out = vera.browser.get(f"{address}/items/export.{kind}").data
            assert bring(vera, address, out, f"out.{kind}").status_code == 200
            assert vera.submit("/items/sheet/take", follow=False, mode="replace").status_code == 303
            assert lines(database, address) == before
    book = load_workbook(io.BytesIO(vera.browser.get(f"{address}/items/template.xlsx").data))
    assert len(book.sheetnames) == 2
    assert [cell.value for cell in book.worksheets[0][1]] == [column.heading["en"] for column in COLUMNS]


def test_strangers_and_readers_bring_nothing(world: World) -> None:
    vera = world.vera
    address = begin(vera)
    assert world.anna.browser.get(f"{address}/items/sheet").status_code in (302, 404)
    assert world.anna.get(f"{address}/items/sheet").status_code == 404
    assert world.audit.get(f"{address}/items/sheet").status_code == 403
    assert world.olga.get(f"{address}/items/export.csv").status_code in (403, 404)


def test_999_items_at_most(world: World, database: Database) -> None:
    vera = world.vera
    address = begin(vera)
    body = "description\n" + "Bell\n" * 999
    assert bring(vera, address, body.encode(), "many.csv").status_code == 200
    hidden = html.fromstring(vera.page.text).xpath("//input[@name='rows']/@value")[0]  # type: ignore[union-attr]
    assert len(json.loads(hidden)[1]) == 999
    assert vera.submit("/items/sheet/take", follow=False).status_code == 303
    assert len(lines(database, address)) == 999
    bring(vera, address, b"description\nOne more")
    assert vera.submit("/items/sheet/take", follow=False, mode="append").status_code == 409
    assert bring(vera, address, b"description\n" + b"Bell\n" * 1000).status_code == 422
