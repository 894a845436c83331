"""A permit in the viewer: drawn by the real worker, read with a mouse, with the keyboard only, and without JavaScript."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.database import transaction
from app.declarations.models import Attachment
from app.documents.models import Blob
from app.reviews.models import Review
from tests.browser.conftest import Site
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def address(site: Site) -> str:
    """A PDF of a case of the veterinary officer's, in the viewer."""
    query = (
        sa.select(Review.id, Attachment.id)
        .join(Attachment, Attachment.declaration_id == Review.declaration_id)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Review.agency == "BY-DVPN", Blob.media_type == "application/pdf")
        .limit(1)
    )
    with site.app.app_context(), transaction(site.app.extensions["akno.database"], writing=False) as session:
        review, attachment = session.execute(query).one()
    return f"/cases/{review}/files/{attachment}/view"


def until(visitor: Visitor, expression: str) -> None:
    """Wait for something to become true; the page's own policy forbids the driver to wait inside it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if visitor.page.evaluate(expression):
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError(f"it did not come true: {expression}")


DRAWN = "document.querySelector('.sheets img').naturalWidth > 1000"


def test_the_pages_come_by_themselves_and_grow_without_a_new_page(visit: Callable[..., Visitor], address: str) -> None:
    olga = visit("olga")
    assert olga.go(f"{address}?lang=en").status == 200
    olga.page.wait_for_selector(".sheets img")
    until(olga, DRAWN)
    olga.go(address)
    olga.look("viewer")
    olga.page.set_viewport_size({"width": 1280, "height": 900})
    before = olga.page.evaluate("document.querySelector('.sheets img').clientWidth")
    olga.page.evaluate("window.same = true")
    olga.page.click("a[data-zoom='150']")
    assert olga.page.evaluate("document.querySelector('.sheets img').clientWidth") == 1200 > before
    assert olga.page.evaluate("window.same"), "the page was not loaded again"
    assert olga.page.url.endswith("zoom=150")
    assert "zoom=150" in str(olga.page.get_attribute("a[data-keeps-zoom]", "href"))
    olga.keep("viewer-large")
    olga.page.click("a[data-keeps-zoom] >> nth=1")
    olga.page.wait_for_load_state()
    box = olga.page.locator(".sheets svg").bounding_box()
    assert box is not None
    assert box["height"] > box["width"], "the sheet of the example lies on its side; now it stands"
    olga.look("viewer-turned")


def test_the_viewer_without_javascript(visit: Callable[..., Visitor], address: str) -> None:
    ready = visit("olga")
    ready.go(address)
    ready.page.wait_for_selector(".sheets img")
    olga = visit("olga", javascript=False)
    olga.go(f"{address}?lang=en")
    until(olga, DRAWN)
    olga.page.click("a[data-zoom='100']")
    olga.page.wait_for_load_state()
    box = olga.page.locator(".sheets img").first.bounding_box()
    assert box is not None
    assert round(box["width"]) == 800
    olga.keep("viewer-plain")


def test_the_viewer_by_keyboard(visit: Callable[..., Visitor], address: str) -> None:
    olga = visit("olga")
    olga.go(address)
    olga.page.wait_for_selector(".sheets img")
    olga.go(address)
    olga.tab_to("a[data-zoom='150']")
    olga.page.keyboard.press("Enter")
    olga.tab_to(".sheets")
    olga.page.keyboard.press("PageDown")
    until(olga, "document.querySelector('.sheets').scrollTop > 100")
