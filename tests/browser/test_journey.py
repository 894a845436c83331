"""One package in the browser, from an unfinished file to the clearance; the same by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from tests.browser import roads
from tests.browser.window import PICTURES, Visitor
from tests.factories.world import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_anna_finishes_a_package_in_the_form_and_every_agency_signs(visit: Visit) -> None:
    """(a) in Chromium: file, mend, permits, questions, check, send; four agencies sign; paper; verification."""
    anna = visit("anna")
    address = roads.finish_and_send(anna, roads.unfinished(), picturing=True)
    assert anna.page.locator(".window.large i").count() == 4
    number = anna.page.locator("h1").inner_text()
    _decide_by_keyboard(visit(), number)
    for name in ("fyodar", "nina", "maria"):
        officer = visit(name)
        roads.approve(officer, number)
    officer.keep("case-decided")
    roads.wait_for_paper(anna, address)
    assert anna.page.locator(".window.large i.lit").count() == 4
    anna.keep("package-released")
    _print(anna, "package")
    with anna.page.expect_download() as download:
        anna.page.click("a.btn[href$='/paper']")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    paper = anna.page.locator("a.number", has_text="BY-CLR-").first.inner_text()
    stranger = visit()
    stranger.go(str(anna.page.locator("a[href*='/verify/']").get_attribute("href")) + "?lang=en")
    assert paper in stranger.page.locator("main").inner_text()
    assert stranger.page.locator(".notice.success").count() == 1
    stranger.keep("verify-genuine")


def _decide_by_keyboard(olga: Visitor, number: str) -> None:
    """Sign in, find the case with j and k, claim it and approve it: no mouse."""
    page, keys = olga.page, olga.page.keyboard
    olga.go("/sign-in?lang=en")
    olga.tab_to("[name=email]")
    keys.type("olga@akno.example")
    olga.tab_to("[name=password]")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/sign-in/code*")
    # The field has the focus already.
    keys.type(page.locator(".made-up-code").inner_text())
    keys.press("Enter")
    page.wait_for_url("**/queue*")
    olga.keep("queue")
    rows = page.locator("table.queue tbody tr")
    at = next(place for place in range(rows.count()) if number in rows.nth(place).inner_text())
    for _ in range(rows.count()):
        keys.press("j")
    for _ in range(rows.count() - 1 - at):
        keys.press("k")
    assert rows.nth(at).get_attribute("aria-selected") == "true"
    keys.press("Enter")
    page.wait_for_url("**/cases/*")
    olga.keep("case")
    olga.tab_to("form[action$='/claim'] button")
    keys.press("Enter")
    page.wait_for_selector("#decision form")
    olga.keep("case-claimed")
    olga.tab_to("[value=approved]")
    keys.press("Space")
    olga.tab_to("#decision button.btn-primary")
    keys.press("Enter")
    page.wait_for_selector(".case-head .tag.ok")


def _print(visitor: Visitor, name: str) -> None:
    """On paper the page is one clean A4."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    sheet = PICTURES / f"{name}.pdf"
    visitor.page.pdf(path=sheet, prefer_css_page_size=True)
    with pikepdf.open(sheet) as opened:
        assert len(opened.pages) == 1


def test_the_same_package_is_filed_without_javascript(visit: Visit) -> None:
    anna = visit("anna", javascript=False)
    roads.finish_and_send(anna, roads.unfinished())
    assert anna.page.locator(".window.large i").count() == 4
    assert anna.page.locator("h1").inner_text().startswith("112")
