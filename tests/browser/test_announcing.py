"""The pages of what is announced, on a wide and a narrow screen: a carrier fills the form, an officer looks at what comes."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.test_pages import SEEN
from tests.browser.window import Visitor


def test_a_carrier_announces_and_reports(visit: Callable[..., Visitor]) -> None:
    stas = visit("stas")
    for address in ("/advance?lang=en", "/advance/new", "/advance/file", "/movements"):
        stas.go(address)
        stas.look()
    stas.go("/advance/new")
    stas.page.fill("[name=reference]", "KEPT-1")
    stas.page.click("main button.btn-primary")
    assert stas.page.locator(".summary a").count() > 3
    assert stas.page.input_value("[name=reference]") == "KEPT-1"
    stas.look("announce-with-faults")
    stas.go("/advance")
    stas.page.locator("main table a").first.click()
    stas.look("announced")
    SEEN.update({"advance.index", "advance.new", "advance.choose", "movements.new", "advance.show"})


def test_an_officer_sees_what_comes_without_javascript(visit: Callable[..., Visitor]) -> None:
    maria = visit("maria", javascript=False)
    maria.go("/arrivals?lang=en")
    maria.keep("arrivals")
    maria = visit("maria")
    maria.go("/arrivals?lang=en")
    maria.look("arrivals")
    maria.page.locator("#alerts + *").count()
    maria.page.locator("main section ul a").first.click()
    maria.look("arrival")
