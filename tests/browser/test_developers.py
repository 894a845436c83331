"""The pages for developers in a real browser: nothing grave, nothing too wide, found by keyboard, copied by a button."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]

PAGES = {
    "/developers": "developers", "/developers/api": "developers-api", "/developers/api/declarations": "developers-resource",
    "/developers/schema": "developers-schema", "/developers/schema?q=code": "developers-schema-found",
    "/developers/schema?at=/Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID": "developers-element",
    "/developers/webhooks": "developers-webhooks", "/developers/test-mode": "developers-test-mode",
    "/developers/offline": "developers-offline", "/developers/changelog": "developers-changelog", "/status": "status",
    "/rules": "developers-rules", "/problems": "developers-problems",
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_looked_at(visit: Visit, address: str) -> None:
    stranger = visit()
    assert stranger.go(f"{address}{'&' if '?' in address else '?'}lang=en").status == 200
    stranger.look(PAGES[address])


@pytest.mark.parametrize("language", ["be", "ru"])
def test_other_languages_fit_too(visit: Visit, language: str) -> None:
    stranger = visit()
    for address in ("/developers", "/developers/api", "/status", "/developers/schema"):
        stranger.go(f"{address}{'&' if '?' in address else '?'}lang={language}")
        stranger.look()


def test_the_keyboard_leads_from_the_head_to_an_operation_and_its_lines(visit: Visit) -> None:
    stranger = visit()
    stranger.go("/developers?lang=en")
    stranger.tab_to("a[href='/developers/api']")
    stranger.page.keyboard.press("Enter")
    stranger.page.wait_for_url("**/developers/api")
    stranger.tab_to("a[href$='#file_declaration']")
    stranger.page.keyboard.press("Enter")
    stranger.page.wait_for_url("**/developers/api/declarations#file_declaration")
    stranger.tab_to(".snippet pre")


def test_a_link_to_a_shape_unfolds_it(visit: Visit) -> None:
    stranger = visit()
    stranger.go("/developers/api/documents?lang=en")
    assert not stranger.page.locator("#shape-DocumentShape").evaluate("one => one.open")
    stranger.page.locator("a[href='#shape-DocumentShape']").first.click()
    assert stranger.page.locator("#shape-DocumentShape").evaluate("one => one.open")


def test_lines_are_copied_by_a_button(visit: Visit) -> None:
    stranger = visit()
    stranger.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stranger.go("/developers?lang=en")
    first = stranger.page.locator(".snippet").first
    first.locator("button").click()
    stranger.page.wait_for_function("document.querySelector('.snippet .copy').textContent === 'Copied'")
    copied = stranger.page.evaluate("navigator.clipboard.readText()")
    assert copied == first.locator("code").inner_text()
    stranger.look()


def test_without_javascript_everything_is_there(visit: Visit) -> None:
    stranger = visit(javascript=False)
    stranger.go("/developers/schema?lang=en")
    stranger.page.fill("#q", "145")
    stranger.page.click("form[role=search] button")
    stranger.page.click("table.schema-rows tbody a >> nth=0")
    assert "145" in stranger.page.inner_text("section[aria-labelledby=element]")
