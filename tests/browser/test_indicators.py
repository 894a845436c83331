"""Indicators in a real browser: composing one without scripts of ours, its page, the list, what a condition can ask; pages fit and
are accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_an_analyst_composes_an_indicator_and_customs_answers(visit: Visit) -> None:
    nina = visit("nina")
    nina.go("/risk/indicators/new?lang=en")
    nina.page.click("main form button.btn-primary")
    nina.page.wait_for_load_state()
    nina.look("indicator-refused")
    for box, value in {
        "title": "Plastic waste for a newcomer", "reason": "Nowhere to recycle it", "basis": "INTERPOL 2020",
        "prefixes": "3915", "valid_until": (clock.today() + timedelta(days=300)).strftime("%d.%m.%Y"), "weight": "30",
        "b1-1-of": "3915 24", "b1-1-value": "0",
    }.items():  # fmt: skip
        nina.page.fill(f"#{box}", value)
    nina.page.select_option("#confidence", "seen")
    nina.page.select_option("#direction", "import")
    nina.page.select_option("#b1-1-fact", "trader.prior_packages")
    nina.page.select_option("#b1-1-op", "is")
    nina.page.check("input[name=agencies][value=BY-GTK]")
    nina.page.click("button[name=do][value=row-1]")
    nina.page.wait_for_load_state()
    assert "packages of 3915 that the trader filed" in nina.page.inner_text("main [role=status]")
    nina.page.select_option("#b1-2-fact", "item.origin_groups")
    nina.page.select_option("#b1-2-op", "contains_none")
    nina.page.fill("#b1-2-value", "OECD")
    nina.look("indicator-form")
    nina.page.click("main form button.btn-primary")
    nina.page.wait_for_load_state()
    here = nina.page.url
    nina.look("indicator")
    mikola = visit("mikola")
    mikola.go("/risk/indicators?lang=ru&waiting=1")
    mikola.look("indicators")
    mikola.go(here)
    mikola.page.click("button[name=answer][value=agreed]")
    mikola.page.wait_for_load_state()
    mikola.look("indicator-agreed")
    mikola.go("/risk/facts?lang=be")
    mikola.look("indicator-facts")
