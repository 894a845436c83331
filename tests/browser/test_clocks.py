"""The clock on the pages of both sides: at both widths, extended by keyboard, and extended without JavaScript."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app import clock
from app.database import transaction
from app.reviews import clocks
from app.reviews.calendars import calendar_of
from app.reviews.models import OPEN, Review
from tests.browser.conftest import Site
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def releases(site: Site) -> list[uuid.UUID]:
    """Releases that wait and call for an extension, not granted yet."""
    with site.app.app_context(), transaction(site.app.extensions["akno.database"], writing=False) as session:
        rows = session.scalars(sa.select(Review).where(sa.text(OPEN), Review.releases).order_by(Review.id)).all()
        return [row.id for row in rows if "proposed" in row.clock and not clocks.extensions(row.clock)]


@pytest.fixture
def paused(site: Site) -> uuid.UUID:
    """A package whose veterinary clock stands still."""
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]) as session:
        waiting = sa.select(Review).where(sa.text(OPEN), Review.agency == "BY-DVPN")
        review = session.scalars(waiting.order_by(Review.id)).first()
        assert review is not None
        calendar, now = calendar_of(review.agency), clock.now()
        if not clocks.is_paused(review.clock):
            review.clock = clocks.pause(review.clock, review.due_at, calendar, now, "question-1")
            review.paused_at = now
        return review.declaration_id


def press_enter(head: Visitor) -> None:
    head.page.locator("#clock form").last.locator("button").focus()
    with head.page.expect_navigation():
        head.page.keyboard.press("Enter")


def test_the_head_extends_by_keyboard_and_the_page_says_until_when(
    visit: Callable[..., Visitor], releases: list[uuid.UUID]
) -> None:
    review = releases[0]
    head = visit("mikola")
    assert head.go(f"/cases/{review}?lang=en").status == 200
    head.page.locator("#clock summary").click()
    head.look("case-clock")
    head.page.fill("#extend-words", "The expert comes on Monday.")
    press_enter(head)
    assert "Choose a reason from the list." in head.page.inner_text("main")
    assert head.page.input_value("#extend-words") == "The expert comes on Monday."
    head.look("case-clock-wrong")
    head.page.check("#extend-step-1")
    head.page.select_option("#extend-reason", "EXPERTISE")
    press_enter(head)
    assert "The release is extended until" in head.page.inner_text("body")
    assert "The expert comes on Monday." in head.page.inner_text("#clock")
    head.look("case-clock-extended")


def test_the_proposed_extension_is_one_press_without_javascript(
    visit: Callable[..., Visitor], releases: list[uuid.UUID]
) -> None:
    review = releases[-1]
    head = visit("mikola", javascript=False)
    head.go(f"/cases/{review}?lang=en")
    head.page.locator("#clock .notice button").click()
    head.page.wait_for_load_state()
    assert "The release is extended until" in head.page.inner_text("body")


def test_the_trader_sees_whose_time_runs(visit: Callable[..., Visitor], paused: uuid.UUID) -> None:
    anna = visit("anna")
    assert anna.go(f"/packages/{paused}?lang=en").status == 200
    assert "Its time stands still since" in anna.page.inner_text("#who")
    assert "Only working time counts" in anna.page.inner_text("#who")
    anna.look("package-clocks")
