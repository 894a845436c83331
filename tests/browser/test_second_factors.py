"""Second factors in a real browser: the door, the account, the proof before signing; passkeys with Chromium's own authenticator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from app import clock
from app.database import session, transaction
from app.identity.models import Person, SignInSession
from tests.browser.conftest import Site
from tests.browser.window import Visitor
from tests.factories.world import PASSWORD

Visit = Callable[..., Visitor]
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def henadz(site: Site, chromium: Browser) -> Iterator[Visitor]:
    """Somebody at the window's name, for browsers give no passkey to an address of numbers."""
    context = chromium.new_context(base_url=site.base_url.replace("127.0.0.1", "localhost"), locale="en-GB")
    context.set_default_timeout(15_000)
    visitor = Visitor(context, "", site.app)
    visitor.name = "henadz"
    yield visitor
    context.close()
    assert visitor.troubles == []


def test_the_pages_of_second_factors(visit: Visit) -> None:
    """The door as the code is asked, the list, the new one, the codes: looked at narrow and wide, with and without scripts."""
    faina = visit(javascript=False)
    faina.name = "faina"
    faina.go("/sign-in?lang=en")
    faina.page.fill("[name=email]", "faina@akno.example")
    faina.page.fill("[name=password]", PASSWORD)
    faina.page.click("main form button:not([type=button])")
    assert faina.page.locator("[name=code]").evaluate("field => field.autofocus")
    faina.page.fill("[name=code]", "000000")
    faina.page.locator("form[action*='/sign-in/code'] button:not([type=button])").click()
    assert "does not fit" in faina.page.locator(".summary").inner_text()
    faina.keep("factor-door")
    faina.show_who()
    tamara = visit("tamara")
    for path, picture in (("/account/factors", "factors"), ("/account/factors/new", "factor-new"), ("/account", "")):
        tamara.go(f"{path}?lang=en")
        tamara.look(picture)
    tamara.go("/account/factors?lang=en")
    tamara.press("/account/factors/codes")
    assert tamara.page.locator("#recovery li").count() == 10
    tamara.look("factor-codes")


def test_an_officer_is_asked_before_she_signs(site: Site, visit: Visit) -> None:
    """The case, an hour after the sign-in: the field stands above the button; left empty, it has the focus and all is kept."""
    taras = visit("taras")
    forget_proof(site, "taras")
    taras.go("/queue?lang=en")
    taras.page.locator("table.queue tbody a").first.click()
    taras.press("/claim")
    taras.page.locator("input[value=approved]").first.check()
    taras.page.fill("[name=note]", "Seen on the road")
    taras.look("step-case")
    taras.page.locator("form[data-decision] button.btn-primary").click()
    taras.page.wait_for_load_state()
    assert taras.page.locator(".summary").is_visible()
    assert taras.page.input_value("[name=note]") == "Seen on the road"
    taras.look("step-asked")


def forget_proof(site: Site, name: str) -> None:
    """Who somebody is was shown an hour ago."""
    database = site.app.extensions["akno.database"]
    with site.app.app_context(), transaction(database):
        who = sa.select(Person.id).where(Person.email == f"{name}@akno.example").scalar_subquery()
        old = sa.update(SignInSession).where(SignInSession.person_id == who)
        session().execute(old.values(proven_at=clock.now() - timedelta(hours=1)))
    database.dispose()


def test_a_passkey_is_made_opens_the_door_and_signs(site: Site, henadz: Visitor) -> None:
    page = henadz.page
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    henadz.sign_in()
    henadz.go("/account/factors/new?lang=en")
    page.fill("[name=label]", "This computer")
    page.click("button[data-passkey=create]")
    page.wait_for_url("**/account/factors")
    assert page.locator("input[value='This computer']").count() == 1
    page.click("details.me summary")
    henadz.press("/sign-out")
    henadz.go("/sign-in?lang=en")
    page.fill("[name=email]", "henadz@akno.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button:not([type=button])")
    page.wait_for_url("**/sign-in/code*")
    henadz.look("factor-door-passkey")
    page.click("button[data-passkey=get]")
    page.wait_for_url("**/queue*")
