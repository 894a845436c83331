"""Last of this room: no page of the window was left out by those who walked before."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import Site
from tests.browser.test_pages import NOT_PAGES, SEEN
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser


def test_no_page_was_left_out(site: Site) -> None:
    """Every route that answers a GET was looked at, or is named with its reason."""
    asked = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    assert asked - SEEN - _looked_at(site) - set(NOT_PAGES) == set()


def _looked_at(site: Site) -> set[str]:
    addresses, found = site.app.url_map.bind("127.0.0.1"), set()
    for path in Visitor.looked_at:
        try:
            found.add(str(addresses.match(path, method="GET")[0]))
        except HTTPException:
            continue
    return found
