"""A carrier verifies by phone: the page that was opened once answers for QR codes where there is no network."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.clearance import publishing
from app.clearance.models import Clearance
from app.database import transaction
from app.documents import storage
from app.signing import claims, listing, reading
from tests.browser.conftest import Site
from tests.browser.window import Visitor

DONE = "#offline-answer[data-done]"
KEPT_SERIAL = """async () => {
  const kept = await (await caches.open("akno-verify-1")).match("/verify/list");
  if (!kept) return 0;
  return JSON.parse(atob((await kept.text()).split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).serial;
}"""
PUT = "async (text) => (await caches.open('akno-verify-1')).put('/verify/list', new Response(text))"


def signed_paper(site: Site) -> tuple[bytes, Clearance]:
    """A paper of the country that holds and carries claims; the worker draws them one after another."""
    query = sa.select(Clearance).where(Clearance._status == "issued", Clearance.signed_with.is_not(None))
    deadline = time.monotonic() + 60
    while True:
        with site.app.app_context(), transaction(site.app.extensions["akno.database"], writing=False) as session:
            found = session.scalars(query.order_by(Clearance.number)).first()
            if found is not None:
                return storage.store().read(str(found.sha256)), found
        assert time.monotonic() < deadline, "no paper was drawn"
        time.sleep(0.2)


def verdict(visitor: Visitor) -> str:
    visitor.page.wait_for_selector(DONE)
    return str(visitor.page.locator("#offline-answer").get_attribute("data-done"))


def scan(visitor: Visitor, address: str) -> str:
    """The camera opens an address; a new page each time, as a phone does."""
    visitor.page.goto("about:blank")
    visitor.page.goto(address)
    return verdict(visitor)


def test_a_carrier_verifies_by_phone(site: Site, visit: Callable[..., Visitor]) -> None:
    data, clearance = signed_paper(site)
    link = reading.links_in(data)[0]
    address = f"/verify/{link.code}#c={link.claims}"
    listed_at_last(site)

    carrier = visit()
    carrier.go("/verify/offline?lang=en")
    carrier.look("verify-offline")
    carrier.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    keeps(carrier, newest(site))
    carrier.go(f"/verify/{link.code}")
    carrier.page.wait_for_load_state("networkidle")

    carrier.page.context.set_offline(True)
    assert scan(carrier, address) == "fresh"
    facts = carrier.page.locator("[data-facts]").inner_text()
    assert clearance.number in facts
    assert carrier.page.locator("[data-revocation=fresh]").is_visible()
    carrier.keep("verify-phone")
    assert scan(carrier, address.replace("~BY-CLR-", "~BY-CLA-")) == "signature"
    assert scan(carrier, f"/verify/{link.code[::-1]}#c={link.claims}") == "signature"
    assert scan(carrier, f"/verify/{link.code}") == "no-claims"
    carrier.page.fill("#address", f"https://elsewhere.example{address}")
    carrier.page.click("#offline-form button")
    carrier.page.wait_for_selector("[data-verdict=fresh]:visible")
    carrier.page.context.set_offline(False)

    becomes(site, clearance, "revoked")
    looks_in(site, carrier)
    carrier.page.context.set_offline(True)
    assert scan(carrier, address) == "revoked"
    carrier.page.context.set_offline(False)
    becomes(site, clearance, "issued")
    looks_in(site, carrier)
    carrier.page.context.set_offline(True)
    assert scan(carrier, address) == "fresh"


@pytest.mark.parametrize(
    ("made", "stays"), [("9999-12-31T23:59:59Z", True), ("2001-01-01T00:00:00Z", False), ("", False)]
)
def test_an_older_list_never_takes_the_place_of_a_newer(
    site: Site, visit: Callable[..., Visitor], made: str, stays: bool
) -> None:
    """Two answers may come in another order than they were asked for. What is kept has a number that the window never gives."""
    listed_at_last(site)
    carrier = visit()
    carrier.go("/verify/offline")
    keeps(carrier, newest(site))
    body = base64.urlsafe_b64encode(json.dumps({"serial": 10**6, "made": made}).encode()).decode().rstrip("=")
    carrier.page.evaluate(PUT, f"e30.{body}.e30")
    carrier.page.evaluate("fetch('/verify/list').then(() => true)")
    assert (kept_serial(carrier) == 10**6) is stays


def looks_in(site: Site, carrier: Visitor) -> None:
    """The phone opens the page with network, and has the newest list a moment later."""
    carrier.page.context.set_offline(False)
    carrier.go("/verify/offline")
    keeps(carrier, newest(site))


def keeps(carrier: Visitor, serial: int) -> None:
    """Wait until the phone keeps a list of this number or a later one."""
    deadline = time.monotonic() + 60
    while kept_serial(carrier) < serial:
        assert time.monotonic() < deadline, f"the phone keeps list {kept_serial(carrier)}, not {serial}"
        time.sleep(0.1)


def kept_serial(carrier: Visitor) -> int:
    """The number of the list on the phone, 0 of none. Asked outright: what a page is told to wait for (``wait_for_function``)
    it takes for come when it gets a promise."""
    return int(carrier.page.evaluate(KEPT_SERIAL))


def listed_at_last(site: Site) -> None:
    """The worker makes the first list within a second or two of its start."""
    deadline = time.monotonic() + 60
    while not newest(site):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def newest(site: Site) -> int:
    with site.app.app_context(), transaction(site.app.extensions["akno.database"], writing=False):
        found = publishing.find_list()
        return found.serial if found is not None else 0


def becomes(site: Site, clearance: Clearance, state: str) -> None:
    """As if customs had revoked the paper, or had not; the list that is made next, by whomever, says so."""
    with site.app.app_context(), transaction(site.app.extensions["akno.database"]) as session:
        session.execute(sa.update(Clearance).where(Clearance.id == clearance.id).values(_status=state))
        found = listing.read(publishing.publish().text, publishing.trust_in_force()).find(clearance.code)
        assert (found is not None) == (state == "revoked")


def test_a_file_is_checked_with_and_without_javascript(site: Site, visit: Callable[..., Visitor]) -> None:
    data, _clearance = signed_paper(site)
    for javascript in (True, False):
        visitor = visit(javascript=javascript)
        visitor.go("/verify?lang=en")
        for body, said in ((data, "Genuine"), (data + b"\n", "Altered")):
            visitor.page.set_input_files(
                "#paper", {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": io.BytesIO(body).read()}
            )
            visitor.page.locator("form[enctype] button").click()
            visitor.page.wait_for_load_state()
            assert visitor.page.locator("#verdict strong").inner_text() == said
            if javascript:
                visitor.look(f"verify-{said.lower()}")
    scanned = visit()
    link = reading.links_in(data)[0]
    scanned.go(f"/verify/{link.code}#c={link.claims}")
    scanned.page.locator("[data-claims] a").click()
    assert verdict(scanned) in ("fresh", "sound")
    assert claims.read(link.claims).number in scanned.page.locator("[data-facts]").inner_text()
