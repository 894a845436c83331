"""Questions in a browser: asked with the keyboard, answered without JavaScript, every page judged at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_asked_with_the_keyboard_and_answered_without_javascript(visit: Visit) -> None:
    officer = visit("fyodar")
    page = officer.page
    officer.go("/queue?lang=en")
    officer.go(str(page.locator("a[href*='/cases/']").first.get_attribute("href")))
    case = page.url
    officer.look("case-to-ask")
    officer.tab_to("#ask")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask")
    officer.look("question-form")
    officer.tab_to(".actions button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".summary")
    officer.look("question-faults")
    page.select_option("#path", index=2)
    page.select_option("#sign", index=1)
    page.fill("#text", "The stamp on the certificate cannot be read.")
    officer.tab_to("#wanted-0")
    page.keyboard.press("Space")
    page.check("#on_silence-1")
    officer.tab_to(".actions button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    officer.look("case-asked")
    number = page.inner_text("h1").strip()
    page.click("a[href$='#withdraw']")
    page.wait_for_url("**/questions/*")
    officer.look("question-thread")

    trader = visit("anna", javascript=False)
    trader.go(f"/packages?lang=en&search={number}")
    trader.go(str(trader.page.locator(f"a:has-text('{number}')").first.get_attribute("href")))
    trader.keep("package-asked")
    trader.page.locator("a[href*='/questions/']").first.click()
    trader.keep("question-answer")
    sighted = visit("anna")
    sighted.go(trader.page.url)
    sighted.look("question-answer-axe")
    trader.page.fill("[name=paper-1-issued]", "31.02.2026")
    trader.page.fill("[name=paper-1-number]", "X-1")
    trader.page.fill("[name=text]", "It is on the back.")
    trader.page.click(".actions button")
    assert "as day.month.year" in trader.page.inner_text(".summary")
    trader.keep("question-answer-faults")
    assert trader.page.input_value("[name=text]").strip() == "It is on the back."
    trader.page.fill("[name=paper-1-issued]", "")
    trader.page.fill("[name=paper-1-number]", "")
    trader.page.click(".actions button")
    assert "Your answer is with the agency." in trader.page.inner_text("main")
    trader.keep("package-answered")

    officer.go(case)
    assert "It is on the back." in page.inner_text("#questions")
    officer.look("case-answered")
    sighted.go(trader.page.url.partition("#")[0])
    sighted.look("package-answered-axe")
    sighted.page.locator("a[href*='/questions/']").first.click()
    sighted.look("question-read")
