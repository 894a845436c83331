"""Asking before filing, rulings and what-if in a real browser: pages fit, are accessible, print and copy where they say so."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
RULING = {
    "number": "PR-112/26-0044", "holder_unp": "192381579", "valid_from": "01.01.2026", "valid_until": "31.12.2029",
    "goods": "Веласіпеды двухколавыя без рухавіка, рама алюміній", "goods_code": "8712003000",
    "reasons": "Асноўныя правілы інтэрпрэтацыі 1 і 6.", "published_goods": "City bicycles, aluminium frame",
    "published_reasons": "General rules 1 and 6",
}  # fmt: skip


def test_a_stranger_asks_by_words_and_shares_the_answer(visit: Visit) -> None:
    someone = visit("")
    someone.go("/measures?lang=en")
    someone.page.fill("#hs", "beef")
    someone.page.fill("#origin", "Ukraine")
    someone.page.click("main form button")
    someone.look("needs-words")
    someone.page.click("main a.code >> nth=0")
    someone.look("needs-answer")
    assert someone.page.locator("button[data-print]").is_visible()
    assert someone.page.locator("#share").inner_text().startswith("http://127.0.0.1")
    printed = someone.page.pdf(format="A4", prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(printed)) as sheet:
        assert len(sheet.pages) == 1, "one clean A4"
    someone.go("/measures?lang=be&hs=9303100000&direction=import&origin=Narnia")
    someone.look("needs-refused")


def test_customs_enters_a_ruling_and_its_holder_supposes_otherwise(visit: Visit) -> None:
    mikola = visit("mikola")
    mikola.go("/rulings/new?lang=en")
    mikola.look("ruling-new")
    mikola.page.click("main form button.btn-primary")
    mikola.page.wait_for_load_state()
    mikola.look("ruling-refused")
    mikola.page.check("input[name=kind][value=classification]")
    for box, value in RULING.items():
        mikola.page.fill(f"#{box}", value)
    mikola.page.click("main form button.btn-primary")
    mikola.page.wait_for_load_state()
    mikola.look("ruling")
    mikola.go("/rulings/given")
    mikola.look("rulings-given")
    stranger = visit("")
    stranger.go("/rulings?lang=ru&q=bicycle")
    assert "PR-112/26-0044" in stranger.page.inner_text("main")
    stranger.look("rulings-public")
    vera = visit("vera")
    vera.go("/rulings/own?lang=en")
    vera.look("rulings-own")
    vera.go("/packages/new")
    vera.page.check("input[name=direction][value=import]")
    vera.page.click("main form button")
    vera.page.wait_for_load_state()
    draft = vera.page.url
    vera.go(f"{draft}/items/1")
    vera.page.fill("[name$='Commodity/Description']", "Веласіпеды гарадскія")
    vera.page.fill("[name$='Classification[1]/ID']", "8712009000")
    vera.page.click("button[value=stay].btn, button[value=check]")
    vera.go(f"{draft}/items/1")
    vera.page.fill("#words", "ровар")
    vera.page.click("button[name=search]")
    vera.page.wait_for_load_state()
    vera.look("item-offers")
    vera.go(f"{draft}/what-if")
    vera.look("what-if")
    vera.page.fill("#hs", "0201300000")
    vera.page.fill("#origin", "Ukraine")
    vera.page.click("main form button")
    vera.page.wait_for_load_state()
    vera.look("what-if-changed")
