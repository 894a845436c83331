"""A trader follows a package: the page looks again by itself and takes nothing away; whose turn it is, at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Site
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def _ask(officer: Visitor, number: str) -> None:
    page = officer.page
    officer.go("/queue?lang=en")
    page.click(f"a:has-text('{number}')")
    officer.press("/claim")
    page.click("#ask")
    page.wait_for_url("**/ask")
    page.select_option("#path", index=2)
    page.select_option("#sign", index=1)
    page.fill("#text", "Which of the two lines is meant?")
    page.check("#wanted-0")
    page.check("#on_silence-1")
    page.click("main .actions button")
    page.wait_for_url("**/cases/*")


def test_a_question_appears_by_itself_and_nothing_that_was_opened_closes(visit: Visit, site: Site) -> None:
    trader = visit("anna")
    page = trader.page
    trader.go("/packages?lang=en&search=BMT-26-1192")
    page.locator("tbody a").first.click()
    assert "Partly released." in page.inner_text("#head")
    number = page.inner_text("h1").strip()
    page.locator("details.not-asked summary").focus()
    page.keyboard.press("Enter")
    _ask(visit("nina"), number)
    page.wait_for_selector("#to-answer .thread", timeout=60_000)
    assert "Your turn: answer 1 question by" in page.inner_text("#head")
    assert "Question: answer by" in page.inner_text("#who")
    assert page.evaluate("document.querySelector('details.not-asked').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    trader.look("package-parts-asked")
    page.set_viewport_size({"width": 390, "height": 844})
    where = page.locator("#to-answer").bounding_box()
    below = page.locator("#who").bounding_box()
    assert where
    assert below
    assert where["y"] < below["y"], "what wants an answer comes first on a small screen too"
    trader.go("/packages?status=your-turn")
    trader.look("packages-your-turn")
    assert number in page.inner_text("tbody")
    plain = visit("anna", javascript=False)
    plain.go("/packages?lang=en&status=your-turn")
    plain.page.click(f"a:has-text('{number}')")
    assert "Your turn: answer 1 question by" in plain.page.inner_text("#head")
    plain.page.click("#head a:has-text('Answer question')")
    assert plain.page.url.endswith("/questions/1")


def test_what_is_selected_is_left_alone(visit: Visit, site: Site) -> None:
    trader = visit("anna")
    page = trader.page
    trader.go("/packages?lang=en&search=BMT-26-1187")
    page.locator("tbody a").first.click()
    page.clock.install()
    page.reload()
    later = page.content().replace("What happened", "Something new").replace("<h1", "<p>Something new</p><h1")
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('#head h1'))")
    page.route("**/packages/*", lambda route: route.fulfill(body=later, content_type="text/html"))
    page.clock.run_for(10_500)
    page.locator("#happened:has-text('Something new')").wait_for()
    assert "Something new" not in page.inner_text("#head")
    page.evaluate("document.getSelection().removeAllRanges()")
    page.clock.run_for(10_500)
    page.locator("#head:has-text('Something new')").wait_for()
