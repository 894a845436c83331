"""The keys of one's software in a real browser: made, looked at, used, rotated."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable

from app.identity.apikeys import PATTERN
from tests.browser.conftest import Site
from tests.browser.window import Visitor


def test_a_key_is_made_used_and_rotated(site: Site, visit: Callable[..., Visitor]) -> None:
    visitor = visit("vera")
    page = visitor.page
    visitor.go("/account/keys")
    visitor.press("/account/keys")
    assert page.locator(".summary").is_visible(), "what is missing is said"
    visitor.look("keys-faults")
    page.fill("[name=label]", "Warehouse system with a rather long name that wraps on a small screen")
    page.check("[name=scopes][value=read]")
    page.check("[name=scopes][value=file]")
    page.select_option("[name=days]", "90")
    visitor.press("/account/keys")
    visitor.look("keys-made")
    found = re.search(PATTERN, page.locator("#secret").inner_text())
    assert found
    for address, body in (("/api/openapi.json", None), ("/api/v1/nothing", None), ("/api/v1/declarations", b"<x/>")):
        _ask(f"{site.base_url}{address}", found[0], body)
    visitor.go("/account/keys")
    visitor.look("keys")
    page.locator("main .tasks a").first.click()
    page.wait_for_load_state()
    visitor.look("key")
    page.locator("main .page-links a").first.click()
    page.wait_for_load_state()
    page.locator(".requests summary").nth(0).click()
    page.locator(".requests summary").nth(2).click()
    assert page.locator(".requests li").count() == 3
    visitor.look("key-requests")
    page.get_by_role("link", name="Failed on our side").click()
    page.wait_for_load_state()
    visitor.look("key-requests-none")
    page.locator(".back a").click()
    page.wait_for_load_state()
    visitor.press("/rotate")
    assert re.search(PATTERN, page.locator("#secret").inner_text())
    visitor.look("key-rotated")


def _ask(address: str, key: str, body: bytes | None) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}
    try:
        urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30).close()
    except urllib.error.HTTPError as answer:
        answer.close()
