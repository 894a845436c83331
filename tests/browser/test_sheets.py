"""Goods items from a spreadsheet, everything in the file, lists as files: looked at in both widths, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.window import Visitor
from tests.declarations.test_sheet_reading import workbook

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]

ROWS: list[list[object]] = [
    ["Goods code", "Description", "Country of origin", "Net mass, kg", "Price", "Currency of the price", "Colour"],
    [8712003000, "Bicycles, new, aluminium frame, wheels of 28 inches, model City 28", "CN", 1300, 12500, "EUR", "red"],
    [201300000, "Beef, chilled", "Cina", "heavy", 9.5, "EUR", ""],
    *([8306100000, f"Bells, model {number}", "CN", 1.5, 2, "EUR", ""] for number in range(30)),
]


def test_items_come_from_a_workbook(visit: Visit) -> None:
    trader = visit("vera", javascript=False)
    page = trader.page
    trader.go("/packages/new?lang=en")
    page.check("input[name=direction][value=import]")
    trader.press("/packages")
    page.click("a:has-text('From a spreadsheet')")
    sighted = visit("vera")
    sighted.go(f"{page.url}?lang=en")
    sighted.look("sheet-choose")
    page.set_input_files("#sheet", {"name": "goods.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    trader.press("/sheet")
    assert "This is no table" in page.inner_text("#sheet-error")
    for who in (trader, sighted):
        who.page.set_input_files(
            "#sheet", {"name": "goods.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(ROWS)}
        )
        who.press("/sheet")
        assert who.page.input_value("#cell-3-origin") == "Cina"
    sighted.look("sheet-preview-wrong")
    page.fill("#cell-3-origin", "Poland")
    page.fill("#cell-3-net_kg", "12,5")
    trader.press("/take")
    assert "32 goods items are in the package." in page.inner_text("main")
    trader.keep("sheet-taken")
    sighted.page.fill("#cell-3-origin", "PL")
    sighted.page.fill("#cell-3-net_kg", "12,5")
    sighted.press("/take")
    assert "Somebody changed the goods" in sighted.page.inner_text(".summary")
    sighted.look("sheet-preview-late")


def test_everything_in_the_file_is_shown(visit: Visit) -> None:
    trader = visit("anna")
    trader.go("/packages?lang=en&search=BMT-26-1192")
    trader.look("packages-with-export")
    trader.page.locator("tbody a").first.click()
    trader.keep("package-kept")
    trader.page.click("a:has-text('Everything in the file')")
    trader.page.wait_for_url("**/values")
    trader.look("values")
    officer = visit("olga")
    officer.go("/queue?lang=en&tab=decided")
    officer.page.locator("main a[href*='/cases/']").first.click()
    officer.page.locator("details.everything > summary").click()
    officer.look("case-everything")
