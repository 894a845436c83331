"""The pages of webhooks in a real browser: add one, see its secret, its log, what it missed, and what was sent."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from app import clock
from app.cli.founding import actor
from app.database import session, transaction
from app.webhooks import attempting, feeding, managing, replaying
from app.webhooks.delivering import Outcome
from app.webhooks.models import Delivery
from tests.browser.conftest import Site
from tests.browser.window import Visitor


def told(site: Site) -> uuid.UUID:
    """An endpoint of Belmyaso's that was told of some events, failed, and is gone; returns its id."""
    engines = site.app.extensions["akno.database"]
    with site.app.app_context(), transaction(engines):
        while feeding.follow():
            pass
        endpoint = managing.register(url="https://hooks.example.by/akno/events?of=window", by=actor("anna"))
        # It was there when everything happened.
        endpoint.created_at = clock.now().replace(year=2020)
        session().flush()
        replaying.replay_range(endpoint, after=0, until=10**9, by=actor("anna"))
    for outcome in (Outcome(500, "", 120, "<h1>out of order</h1>"), Outcome(200, "", 84, "ok"), Outcome(410, "", 9)):
        # The worker of the window tries too, in vain: whoever holds the delivery lets it go after some seconds.
        while not answered(site, outcome):
            time.sleep(0.2)
    return endpoint.id


def answered(site: Site, outcome: Outcome) -> bool:
    """Whether the delivery that is due was taken up here, and answered so."""
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]):
        for one in session().query(Delivery).filter(Delivery._status == "pending"):
            one.next_at = clock.now()
        session().flush()
        taken = attempting.claim(free=9, patient=9)
        attempting.settle([(task, outcome) for task in taken])
    return bool(taken)


def test_the_pages_of_webhooks(site: Site, visit: Callable[..., Visitor]) -> None:
    endpoint = told(site)
    anna = visit("anna")
    anna.go("/account/webhooks")
    anna.look("webhooks")
    anna.go("/account/webhooks/new")
    anna.look("webhook-new")
    anna.page.fill("[name=url]", "http://10.0.0.1/")
    anna.page.click("main form .actions button")
    anna.look("webhook-refused")
    assert anna.page.locator(".summary a[href='#url']").count() == 1
    anna.page.fill("[name=url]", "https://hooks.example.by/second")
    anna.page.click("main form .actions button")
    anna.page.wait_for_load_state()
    anna.look("webhook-added")
    anna.go(f"/account/webhooks/{endpoint}")
    anna.look("webhook-gone")
    anna.press("/secret")
    anna.look("webhook-secret")
    assert anna.page.locator("#secret-1").inner_text().startswith("whsec_")
    anna.go(f"/account/webhooks/{endpoint}/change")
    anna.look("webhook-change")
    anna.go(f"/account/webhooks/{endpoint}?status=delivered")
    anna.page.locator("#log td a").first.click()
    anna.page.wait_for_load_state()
    anna.look("webhook-delivery")
