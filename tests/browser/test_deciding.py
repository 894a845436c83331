"""Deciding in the browser: by keyboard, with seconds to take it back, by two officers; the same without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.cli.packing import sample
from app.clock import today
from tests.browser import roads
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def file_panels(sofia: Visitor) -> str:
    """File solar panels, which only customs judges; return the number."""
    packed = sample("solar_panels", on=today())
    sofia.go("/file?lang=en")
    sofia.page.set_input_files("#package", {"name": "package.xml", "mimeType": "text/xml", "buffer": packed.xml})
    sofia.press("/file")
    if "/receipts/" in sofia.page.url:  # the same goods as a package of the demonstration
        sofia.page.locator("button", has_text="second consignment").click()
        sofia.page.wait_for_url("**/packages/*")
    return sofia.page.locator("h1").inner_text()


def open_case(officer: Visitor, number: str) -> str:
    """Find the case of a package by its number; return its address."""
    officer.go(f"/queue?lang=en&q={number}")
    officer.page.locator("table.queue a", has_text=number).first.click()
    officer.page.wait_for_url("**/cases/*")
    return officer.page.url


def test_keys_mark_and_the_seconds_run(visit: Visit) -> None:
    sofia = visit("sofia")
    number = file_panels(sofia)
    maria = visit("maria")
    case = open_case(maria, number)
    maria.page.keyboard.press("m")
    maria.page.wait_for_selector("#decision form")
    maria.page.keyboard.press("r")
    assert maria.page.evaluate("document.activeElement.id") == "item-1-reason_code"
    maria.page.locator("#decision h2").click()
    maria.page.keyboard.press("a")
    assert maria.page.locator("input[name=item-1-outcome]:checked").get_attribute("value") == "approved"
    roads.pay(maria)
    maria.look("case-deciding")
    maria.page.click("button[value=next]")
    maria.page.wait_for_selector("[data-undo]:not([hidden])")
    assert re.fullmatch(r"\d+ s", maria.page.locator("[data-undo]").inner_text())
    maria.look("next-case")
    maria.page.locator(".notice.held form[action$='/undo'] button").click()
    maria.page.wait_for_url(f"**{case[case.index('/cases') :].split('?')[0]}*")
    assert maria.page.locator("input[name=item-1-outcome]:checked").get_attribute("value") == "approved"
    assert maria.page.locator("#payment_reference").input_value() == "PP-17/2026"
    maria.look("case-taken-back")
    maria.page.click("#decision button.btn-primary")
    maria.page.wait_for_load_state()
    assert "Your decision is recorded" in maria.page.locator("main").inner_text()


def test_the_seconds_without_javascript(visit: Visit) -> None:
    number = file_panels(visit("sofia", javascript=False))
    maria = visit("maria", javascript=False)
    case = open_case(maria, number)
    maria.press("/claim")
    maria.go(case)
    maria.page.locator("input[value=approved]").first.check()
    roads.pay(maria)
    maria.page.click("button[value=next]")
    maria.page.wait_for_load_state()
    told = maria.page.locator(".notice.held")
    assert "is signed at" in told.inner_text()
    told.locator("form[action$='/sign'] button").click()
    maria.page.wait_for_load_state()
    assert "Your decision is signed" in maria.page.locator("main").inner_text()


def test_two_officers_on_a_cites_permit(visit: Visit) -> None:
    """The demonstration country has a proposal of Nina's: Natallia looks at it blind, then signs."""
    nina = visit("nina")
    nina.go("/queue?tab=second&lang=en")
    nina.go("/queue?tab=mine&lang=en")
    nina.page.locator("table.queue a[href*='/cases/']", has_text="112").first.click()
    nina.page.wait_for_selector("#proposal")
    nina.look("proposal-own")
    natallia = visit("natallia")
    natallia.go(nina.page.url.split("?")[0] + "?lang=en")
    assert natallia.page.locator("#proposal input[value=approved]").count() == 1
    natallia.look("proposal-blind")
    natallia.page.locator("#proposal input[value=refused]").check()
    natallia.page.click("#proposal button")
    natallia.page.wait_for_selector("#differing")
    natallia.look("proposal-differing")
    nazar = visit("nazar")
    nazar.go(nina.page.url.split("?")[0] + "/override?lang=en")
    nazar.look("override")
