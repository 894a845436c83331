"""The ways in beside the password, at a browser: a forgotten password by keyboard, break-glass, sessions and their ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.database import session, transaction
from app.identity import breakglass, links
from app.identity.models import Person
from tests.browser.conftest import Site
from tests.browser.test_pages import SEEN
from tests.browser.window import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
WORDS = "nine boats on the lake"


def _token(site: Site, name: str, kind: str) -> str:
    """A link as the letter holds it."""
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]):
        person = session().scalar(sa.select(Person).where(Person.email.startswith(f"{name}@")))
        assert person is not None
        return links.give_token(links.make(kind, person.id))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_forgotten_password(visit: Visit, site: Site, javascript: bool) -> None:
    """Asked for and set by keyboard alone, with and without scripts."""
    guest = visit(javascript=javascript)
    guest.go("/sign-in?lang=en")
    guest.page.click("a[href='/forgotten']")
    judge = guest.look if javascript else guest.keep
    judge("forgotten" if javascript else "")
    guest.page.focus("[name=email]")
    guest.page.keyboard.type("vera@akno.example")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**/forgotten/sent")
    judge("forgotten-sent" if javascript else "")
    guest.go(f"/reset/{_token(site, 'vera', links.RESET)}?lang=en")
    judge("reset" if javascript else "")
    show = guest.page.locator("input[data-reveal]").first
    assert show.is_visible() is javascript
    guest.page.fill("[name=password]", WORDS)
    if javascript:
        show.check()
        assert guest.page.get_attribute("[name=password]", "type") == "text"
        guest.page.fill("[name=again]", "something else entirely")
        guest.page.click("main form .actions button")
        assert guest.page.locator(".summary a").count() == 1
        judge("reset-refused")
    SEEN.update({"identity.forgotten", "identity.forgotten_sent", "identity.reset"})
    assert guest.go("/reset/x").status == 404
    judge("dead-link" if javascript else "")


def test_break_glass_is_on_every_page(visit: Visit, site: Site) -> None:
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]):
        token = breakglass.break_glass("a browser looks at it", email="admin@akno.example").token
    guest = visit()
    guest.go(f"/break-glass/{token}?lang=en")
    guest.look("glass")
    SEEN.add("identity.glass")
    guest.press(f"/break-glass/{token}")
    assert "Break-glass session." in guest.page.inner_text("body")
    guest.look("glass-broken")
    guest.go("/account")
    assert "Break-glass session." in guest.page.inner_text("body")


def test_sessions_are_seen_and_ended(visit: Visit) -> None:
    here, there = visit("anna"), visit("anna")
    here.go("/account?lang=en")
    here.look("sessions")
    here.press("/account/sessions/end-others")
    assert "has ended" in here.page.inner_text("main") or "have ended" in here.page.inner_text("main")
    there.go("/account")
    assert "/sign-in" in there.page.url
