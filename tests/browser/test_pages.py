"""Every page of every role: no grave finding of axe, no policy broken, nothing in the console, nothing too wide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tests.browser import roads
from tests.browser.conftest import Site
from tests.browser.window import PASSWORD, Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]

SHARED = {"requirements.measures", "rules.catalogue", "clearance.verify_form", "jobs.health", "identity.home", "identity.hats", "identity.account",
          "checking.show", "problems.show"}  # fmt: skip
"""The same page for everybody: looked at once."""
FILES = {
    "clearance.download", "declarations.attachment", "declarations.canonical", "declarations.received",
    "documents.download", "intake.faults", "intake.received", "queue.export", "reviews.file", "rules.sample",
    "rules.mended", "checking.bundle", "api_document.show", "api_reference.show_reference", "sheets.export",
    "sheets.template", "exports.deliveries", "exports.document_list", "exports.given_rulings", "exports.key_requests",
    "exports.mandate_list", "exports.organisation_list", "exports.own_rulings", "exports.package_list", "exports.people",
    "exports.receipt_list", "ledger.checkpoint", "ledger.entry_file", "ledger.receipt_file", "ledger.clearance_file",
    "clearance.key_file", "clearance.ended_list", "clearance.tool", "privacy.fetch", "accreditations.export", "traders.file",
}  # fmt: skip
"""Addresses that hand out a file: asked for, not looked at."""
NOT_PAGES = {
    "static": "files of the pages themselves", "bootstrap.static": "files of the pages themselves",
    "jobs.alive": "for machines, two words", "jobs.ready": "for machines, two words",
    "status.show": "data of the package's page, for programs",
    "viewer.page": "a picture on the page of the viewer",
    **dict.fromkeys(
        ("developers.quick_start", "developers.reference", "developers.resource", "developers.schema", "developers.webhooks",
         "developers.test_mode", "developers.offline", "developers.changes", "developers.status", "problems.index"),
        "looked at in test_developers.py",
    ),
    **dict.fromkeys(
        ("developers.changes_as_json", "developers.changes_as_atom", "developers.status_as_json"),
        "for machines: tests/api/test_developer_pages.py",
    ),
    "rehearsal.requests": "the second window's: tests/rehearsal/test_isolation.py",
    **dict.fromkeys(
        ("exports.key_requests", "exports.deliveries", "exports.own_rulings", "exports.given_rulings"),
        "a file of a list that is empty in the demonstration: tests/exports/test_views.py",
    ),
    **dict.fromkeys(
        ("identity.provider_start", "identity.provider_back", "identity.provider_ties"),
        "where an identity provider is set up: tests/identity/test_provider.py",
    ),
    "identity.first_factor": "behind a fresh link, for who has none yet: tests/identity/test_factors.py",
    "ledger.consistency": "for machines: tests/ledger/test_views.py",
    "clearance.worker": "the part of the phone's page that needs no network: tests/browser/test_verifying.py",
    "privacy.fetch": "a copy of one's data, made by a job: tests/privacy/test_erasing.py",
    "anomalies.export": "a file: tests/risk/test_anomaly_views.py",
    "cases.file": "a file at an answer: tests/cases/test_post_clearance.py",
    "traders.file": "a file of an application: tests/traders",
    "asking.file": "a file at a thread: tests/journeys/test_questions.py",
    "answering.file": "a file at a thread: tests/journeys/test_questions.py",
}  # fmt: skip
NOT_THERE = ("/verify/NO-SUCH-CODE", "/nothing-here")
OFTEN = {"declarations.show": 4, "intake.receipt": 2, "reviews.queue": 3}
"""Pages with several states: how many of them one role looks at."""
SEEN: set[str] = set()
"""Endpoints looked at so far in this room."""
BEYOND = {
    "": [
        "/measures?hs=0201300000&direction=import&origin=UA&procedure=40",
        "/verify/NO-SUCH-CODE",
        "/nothing-here",
        "/problems/stale",
    ],
    "anna": ["/packages", "/packages?search=nothing-like-that"],
}
"""Pages that no link leads to, by who looks at them."""


class Walk:
    """A role's walk along the links of its pages, each kind of page once (or as often as it has states)."""

    def __init__(self, visitor: Visitor, site: Site) -> None:
        self.visitor, self.addresses = visitor, site.app.url_map.bind("127.0.0.1")
        self.counted: Counter[str] = Counter()

    def walk(self, start: list[str]) -> None:
        waiting, met = list(start), set(start)
        self.visitor.go("/?lang=en")
        while waiting:
            address = waiting.pop(0)
            endpoint = self._endpoint(address)
            if endpoint in FILES:
                self._fetch(address, endpoint)
                continue
            if endpoint in NOT_PAGES or self._enough(address, endpoint, start):
                continue
            answer = self.visitor.go(address)
            assert answer.status == (404 if address in NOT_THERE else 200), f"{answer.status} {address}"
            self.visitor.look()
            self.counted[endpoint] += 1
            SEEN.add(endpoint)
            for link in self._links():
                if link not in met:
                    met.add(link)
                    waiting.append(link)

    def _enough(self, address: str, endpoint: str, start: list[str]) -> bool:
        if address in start:
            return False
        if endpoint in SHARED:
            return endpoint in SEEN
        return self.counted[endpoint] >= OFTEN.get(endpoint, 1)

    def _fetch(self, address: str, endpoint: str) -> None:
        if not self.counted[endpoint]:
            self.counted[endpoint] += 1
            answer = self.visitor.page.request.get(address)
            assert answer.status == 200, f"{answer.status} {address}"
            assert "text/html" not in answer.headers["content-type"], address
            SEEN.add(endpoint)

    def _endpoint(self, address: str) -> str:
        try:
            return str(self.addresses.match(urlsplit(address).path, method="GET")[0])
        except HTTPException:
            return "nothing"

    def _links(self) -> Iterator[str]:
        for href in self.visitor.page.eval_on_selector_all(
            "a[href]", "all => all.map(one => one.getAttribute('href'))"
        ):
            if href.startswith("/") and "lang=" not in href:
                yield href.partition("#")[0]


@pytest.mark.parametrize(
    ("name", "start"),
    [("", "/"), ("anna", "/packages?status=draft"), ("fyodar", "/queue"), ("mikola", "/queue"), ("stas", "/advance"), ("admin", "/people"), ("audit", "/packages?status=refused")],
)  # fmt: skip
def test_every_page_of_a_role(visit: Visit, site: Site, name: str, start: str) -> None:
    Walk(visit(name), site).walk([start, *BEYOND.get(name, [])])


def test_an_invitation_and_a_broker_s_pages(visit: Visit, site: Site) -> None:
    """The page behind the link that an administrator hands over; a broker's mandates."""
    admin = visit("admin")
    admin.go("/people?lang=en")
    admin.page.click("a:has-text('Вера Велікановіч')")
    admin.press("/link")
    link = admin.page.inner_text("#link")
    guest = visit()
    guest.go(f"{urlsplit(link).path}?lang=en")
    guest.look()
    SEEN.add("identity.invitation")
    guest.page.fill("[name=password]", "kept")
    guest.page.click("main form button:not([type=button])")
    assert guest.page.locator(".summary a").count()
    guest.look()
    broker = visit("bogdan")
    broker.go("/mandates?lang=en")
    broker.look()


def test_pages_that_say_no(visit: Visit) -> None:
    """A refused form keeps what was typed; a refusal and a conflict say what is the matter."""
    stranger = visit()
    stranger.go("/sign-in?lang=en")
    stranger.page.fill("[name=email]", "anna@akno.example")
    stranger.page.fill("[name=password]", PASSWORD[::-1])
    stranger.page.click("main form button:not([type=button])")
    assert stranger.page.input_value("[name=email]") == "anna@akno.example"
    stranger.look()
    SEEN.add("identity.sign_in")
    maria, mikola = visit("maria"), visit("mikola")
    for officer in (maria, mikola):
        officer.go("/queue?lang=en")
        officer.page.locator("table.queue tbody a").first.click()
    mikola.press("/claim")
    maria.press("/claim")
    assert "Мікола Мытнік" in maria.page.inner_text("main")
    maria.look("conflict")
    assert maria.go("/people").status == 403
    maria.look("refusal")
    assert maria.go("/sign-out").status == 405
    maria.look()


def test_a_decision_with_faults_keeps_what_was_typed(visit: Visit) -> None:
    nazar = visit("nazar")
    nazar.go("/queue?lang=en")
    number = nazar.page.locator("table.queue tbody a").first.inner_text()
    roads.open_case(nazar, number)
    nazar.press("/claim")
    nazar.page.locator("input[value=refused]").first.check()
    nazar.page.fill("[name=note]", "The sample was split.")
    nazar.page.click("#decision button.btn-primary")
    assert nazar.page.locator(".summary a").count()
    assert nazar.page.input_value("[name=note]") == "The sample was split."
    nazar.look("decision-with-faults")
