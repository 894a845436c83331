"""Inspections in a browser: ordered with the keyboard, answered without JavaScript, every page judged at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_ordered_with_the_keyboard_and_answered_without_javascript(visit: Visit) -> None:
    officer = visit("oleg")
    page = officer.page
    officer.go("/queue?lang=en")
    for case in [link.get_attribute("href") for link in page.locator("a[href*='/cases/']").all()]:
        officer.go(str(case))
        if page.locator("#inspect").count():
            break
    officer.tab_to("#inspect")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inspect")
    officer.look("inspection-order")
    officer.tab_to("[name=agencies][value=BY-GTK]")
    page.keyboard.press("Space")
    officer.tab_to("[name=slot]")
    page.keyboard.press("Space")
    officer.tab_to("button[name=order]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inspections/*")
    where = page.url
    officer.look("inspection")
    officer.go("/inspections")
    officer.look("inspection-agenda")
    officer.go("/inspections/places")
    officer.look("inspection-places")
    officer.go("/inspections/places/06611-1")
    officer.look("inspection-calendar")
    officer.go("/inspections/places/BP-KOZ-1")
    officer.look("inspection-calendar-border")

    customs = visit("mikola", javascript=False)
    customs.go(f"{where}?lang=en")
    customs.press("/accept")
    customs.keep("inspection-agreed")
    assert "Agreed" in customs.page.inner_text("main")
    customs.page.locator("#calls summary").click()
    customs.page.locator("form[action*='/call'] button").click()
    customs.page.wait_for_load_state()
    customs.keep("inspection-faults")
    assert "The reason is missing" in customs.page.inner_text(".summary")
