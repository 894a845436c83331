"""A change of a filed package in a browser: written without JavaScript, looked at by both sides at both widths."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.cli.packing import sample, stand_in
from app.clock import today
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
FLAKES = "[name='GoodsShipment/GovernmentAgencyGoodsItem[3]/Commodity/Description']"


def filed(trader: Visitor) -> tuple[str, str]:
    """File a package of one's own; returns its address and number."""
    packed = sample("beef_flowers_pet", on=today(), lrn="BMT-CHANGE-1")
    page = trader.page
    trader.go("/documents?lang=en")
    papers = [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in packed.files.items()]
    page.set_input_files("input[type=file]", papers)
    trader.press("/documents")
    trader.go("/file")
    xml = packed.xml.replace(b"vul. Promyslova 4", b"vul. Promyslova 5")
    page.set_input_files("#package", {"name": "package.xml", "mimeType": "text/xml", "buffer": xml})
    trader.press("/file")
    assert re.search(r"/packages/[0-9a-f-]{36}$", page.url), page.inner_text("main")[:500]
    return page.url, page.inner_text("h1").strip()


def test_a_change_is_written_seen_and_sent(visit: Visit) -> None:
    trader = visit("anna", javascript=False)
    page = trader.page
    where, number = filed(trader)
    trader.keep("change-package")
    page.get_by_role("link", name="Change something").click()
    trader.keep("change-begin")
    trader.press("/change")
    trader.keep("change-tasks")
    trader.go(f"{where}/items/3")
    page.fill(FLAKES, "PET flakes, washed, clear")
    page.click("button[value=list]")
    trader.go(f"{where}/documents/1/2")
    better = {"name": "better.pdf", "mimeType": "application/pdf", "buffer": stand_in("01201", "better")}
    page.set_input_files("input[type=file]", better)
    page.locator("main form .actions button").first.click()
    trader.keep("change-documents")
    trader.go(f"{where}/change/preview")
    trader.keep("change-preview")
    sighted = visit("anna")
    for address in ("change", "change/preview", "items/3", "withdraw"):
        sighted.go(f"{where}/{address}?lang=en")
        sighted.look(f"change-{address.replace('/', '-')}-axe")
    trader.press("/change/send")
    assert "Version 2 is sent." in page.inner_text("body")
    trader.keep("change-sent")
    page.get_by_role("link", name="What changed").first.click()
    assert "PET flakes, washed, clear" in page.inner_text("main")
    trader.keep("change-differences")

    officer = visit("nina")
    officer.go(f"/queue?lang=en&q={number}")
    officer.page.locator("main a[href*='/cases/']").first.click()
    officer.look("change-case")
    officer.tab_to("main .notice a[href*='/changes']")
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/changes?*")
    assert "PET flakes, washed, clear" in officer.page.inner_text("main")
    officer.look("change-differences-officer")
