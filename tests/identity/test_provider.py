"""Signing in by an agency's provider (OpenID Connect): the whole way, and each thing that must not hold (ASVS 10.5)."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from app import clock
from app.access import SYSTEM
from app.database import session
from app.identity import accounts, factors, finders, provider, provider_views
from app.identity.account_models import ProviderTie
from app.identity.models import Organisation, SignInSession
from app.ledger.models import Entry
from config import Settings
from tests.factories.world import code_of
from tests.identity import oidc
from tests.identity.conftest import Browser

OLGA = "subject-of-olga"


@pytest.fixture(scope="module")
def one_provider():
    with oidc.serving() as made:
        yield made


@pytest.fixture
def idp(one_provider, app, country, settings, monkeypatch, tmp_path):
    """The provider of the agency BY-TEST, with nothing wrong about it yet."""
    secret = tmp_path / "secret"
    secret.write_text(oidc.SECRET)
    named = {
        "oidc_issuer": one_provider.issuer, "oidc_client_id": oidc.CLIENT, "oidc_client_secret_file": secret,
        "oidc_agency": "BY-TEST", "oidc_name": "Agency ID",
    }  # fmt: skip
    monkeypatch.setitem(app.extensions, "akno.settings", settings.model_copy(update=named))
    one_provider.claims, one_provider.broken, one_provider.signs_with = {}, "", one_provider.key
    one_provider.asked.clear()
    provider.forget()
    provider_views._secret.cache_clear()
    yield one_provider
    provider.forget()


@pytest.fixture
def linked(country, someone, idp):
    """Olga is linked by the administrator."""
    ada = someone("ada")
    path = f"/people/{country.people['olga']}/provider"
    assert ada.send(path, {"subject": f" {OLGA} "}, page=path).status_code == 303
    return ada


def leave(browser):
    answer = browser.open("/sign-in/provider")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(browser, brought):
    """The page after the provider, and its one press."""
    page = browser.open("/sign-in/provider/back", query_string=brought)
    assert page.status_code == 200
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    return browser.client.post("/sign-in/provider/back", data=fields)


def test_olga_signs_in_by_her_agencys_provider(app, country, idp, linked):
    browser = Browser(app)
    assert "Sign in by Agency ID" in browser.open("/sign-in").text
    address = leave(browser)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{idp.issuer}/authorise?")
    assert (sent["response_type"], sent["scope"], sent["code_challenge_method"]) == ("code", "openid", "S256")
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert sent["redirect_uri"] == "http://127.0.0.1:8000/sign-in/provider/back"
    answer = come_back(browser, idp.authorise(address))
    assert answer.status_code == 303, answer.text
    assert "Olga Zaitseva" in browser.open("/account").text
    (row,) = country.do(
        lambda: session().scalars(
            sa.select(SignInSession).where(SignInSession.person_id == country.people["olga"])
        ).all()
    )  # fmt: skip
    assert row.proven_by == "provider"


def test_without_a_second_factor_there_the_second_factor_is_asked_here(app, idp, linked):
    idp.claims = {"amr": ["pwd"]}
    browser = Browser(app)
    answer = come_back(browser, idp.authorise(leave(browser)))
    assert answer.headers["Location"].startswith("/sign-in/code")
    assert browser.open("/queue").status_code == 302


BROKEN = (
    "alg none", "alg HS256 with the public key", "another key", "a changed claim",
    {"iss": "https://evil.example"}, {"iss": None}, {"aud": "somebody-else"}, {"aud": None},
    {"aud": ["akno", "other"], "azp": "other"}, {"exp": int(time.time()) - 3600}, {"exp": None},
    {"iat": int(time.time()) - 3600}, {"iat": None}, {"nonce": "x"}, {"nonce": None}, {"sub": None}, {"sub": ""},
    {"sub": 7}, {"sub": "x" * 256},
)  # fmt: skip


def test_a_token_that_does_not_hold_signs_nobody_in(app, idp, linked):
    """Algorithm, key, issuer, audience, times, nonce, subject: each alone."""
    browser = Browser(app)
    for broken in BROKEN:
        idp.claims, idp.broken = (broken, "") if isinstance(broken, dict) else ({}, broken)
        answer = come_back(browser, idp.authorise(leave(browser)))
        assert answer.status_code == 422, broken
        assert "You are not signed in" in answer.text
        assert browser.open("/account").status_code == 302, broken


def test_state_of_another_browser_and_a_second_use_of_a_code(app, idp, linked):
    """Login CSRF: what somebody else brought back from the provider opens nothing here; nor does one's own, twice."""
    thief, victim = Browser(app), Browser(app, "10.0.0.2")
    brought = idp.authorise(leave(thief))
    assert come_back(victim, brought).status_code == 422
    leave(victim)
    assert come_back(victim, brought).status_code == 422
    assert come_back(thief, brought).status_code == 303
    assert come_back(Browser(app, "10.0.0.3"), brought).status_code == 422


def test_an_answer_that_names_another_issuer_or_an_error(app, idp, linked):
    for changed in ({"iss": "https://evil.example"}, {"code": ""}, {"code": "", "error": "access_denied"}):
        browser = Browser(app)
        assert come_back(browser, idp.authorise(leave(browser)) | changed).status_code == 422


@pytest.mark.parametrize(
    "broken",
    ["redirects /.well-known/openid-configuration", "huge /.well-known/openid-configuration", "another issuer",
     "an address inside"],
)  # fmt: skip
def test_a_provider_that_is_not_as_it_should_be_is_away(app, idp, broken):
    idp.broken = broken
    answer = Browser(app).open("/sign-in/provider")
    assert answer.status_code == 503
    assert "Sign in with e-mail and password" in answer.text
    assert "/elsewhere" not in idp.asked


@pytest.mark.parametrize("broken", ["redirects /token", "huge /token", "redirects /keys"])
def test_a_provider_that_breaks_on_the_way_is_away_too(app, idp, linked, broken):
    browser = Browser(app)
    brought = idp.authorise(leave(browser))
    idp.broken = broken
    assert come_back(browser, brought).status_code == 503
    assert "/elsewhere" not in idp.asked


def test_a_key_that_was_changed_is_found(app, idp, linked):
    browser = Browser(app)
    assert come_back(browser, idp.authorise(leave(browser))).status_code == 303
    idp.signs_with = oidc.RSAKey.generate_key(2048, {"kid": "two"})
    other = Browser(app, "10.0.0.2")
    assert come_back(other, idp.authorise(leave(other))).status_code == 303
    assert idp.asked.count("/.well-known/openid-configuration") == 1


def test_nobody_is_linked_by_an_address_alone(app, country, idp):
    idp.claims = {"email": "olga@example.by", "email_verified": True}
    browser = Browser(app)
    answer = come_back(browser, idp.authorise(leave(browser)))
    assert answer.status_code == 403
    assert OLGA in answer.text
    assert browser.open("/account").status_code == 302


def test_a_link_opens_places_in_the_providers_agency_only(app, country, someone, idp):
    ada = someone("ada")
    path = f"/people/{country.people['anna']}/provider"
    assert ada.send(path, {"subject": OLGA}, page=path).status_code == 303
    browser = Browser(app)
    assert come_back(browser, idp.authorise(leave(browser))).status_code == 403


def test_a_provider_opens_no_other_house_by_a_change_of_hats(app, country, idp, linked):
    """The agency speaks for its own places: elsewhere Olga shows a factor of ours."""

    def also_elsewhere():
        house = session().get(Organisation, country.houses["operator"])
        olga = finders.get_person(country.people["olga"])
        return accounts.add_membership(olga, house, roles=["administrator"], valid_from=clock.today(), by=SYSTEM).id

    place = country.do(also_elsewhere)
    browser = Browser(app)
    assert come_back(browser, idp.authorise(leave(browser))).status_code == 303
    answer = browser.send(f"/hats/{place}", page="/hats")
    assert answer.headers["Location"].startswith("/sign-in/code")
    assert browser.open("/people").status_code == 302
    assert browser.send("/sign-in/code", {"code": code_of(app, "olga@example.by")}).status_code == 303
    assert browser.open("/people").status_code == 200


def test_a_provider_makes_no_factors_of_ours(app, country, idp, linked):
    """Whoever speaks for the agency could else add a factor for Olga, and open every other house of hers with it."""
    browser = Browser(app)
    assert come_back(browser, idp.authorise(leave(browser))).status_code == 303
    for path in ("/account/factors/codes", "/account/factors/new"):
        assert browser.send(path, page="/account/factors/new").status_code == 403
    assert country.do(lambda: factors.count_codes(country.people["olga"])) == 0
    code = {"step_code": code_of(app, "olga@example.by")}
    assert browser.send("/account/factors/codes", code, page="/account/factors/new").status_code == 200
    assert country.do(lambda: factors.count_codes(country.people["olga"])) == 10


def test_links_are_made_once_taken_away_and_recorded_without_the_subject(app, country, idp, linked):
    olga, boris = (f"/people/{country.people[name]}/provider" for name in ("olga", "boris"))
    assert linked.send(boris, {"subject": OLGA}, page=boris).status_code == 422
    assert linked.send(boris, {"subject": ""}, page=boris).status_code == 422
    browser = Browser(app)
    come_back(browser, idp.authorise(leave(browser)))
    assert linked.send(f"{olga}/end", page=olga).status_code == 303
    assert browser.open("/account").status_code == 302
    assert come_back(browser, idp.authorise(leave(browser))).status_code == 403

    def look():
        events = sa.select(Entry).where(Entry.event.in_(("person.provider_linked", "person.provider_unlinked")))
        return session().scalars(events.order_by(Entry.position)).all(), session().scalars(sa.select(ProviderTie)).all()

    entries, ties = country.do(look)
    assert [entry.event for entry in entries] == ["person.provider_linked", "person.provider_unlinked"]
    assert not [entry for entry in entries if OLGA.encode() in entry.leaf]
    assert ties == []


def test_nobody_links_oneself(country, idp, linked):
    ada = f"/people/{country.people['ada']}/provider"
    assert linked.send(ada, {"subject": "me"}, page=f"/people/{country.people['olga']}/provider").status_code == 403


def test_where_no_provider_is_named_there_is_none(app, country):
    browser = Browser(app)
    assert browser.open("/sign-in/provider").status_code == 404
    assert "/sign-in/provider" not in browser.open("/sign-in").text


@pytest.mark.pure
@pytest.mark.parametrize(
    ("address", "loopback", "may"),
    [("https://id.example/x", False, True), ("http://id.example/x", True, False), ("http://127.0.0.1:9/x", True, True),
     ("http://127.0.0.1:9/x", False, False), ("http://[::1]/x", True, True), ("http://localhost/x", True, True),
     ("file:///etc/passwd", True, False), ("https://user@id.example/", False, False), ("https:///x", False, False),
     ("ftp://127.0.0.1/", True, False), ("", True, False)],
)  # fmt: skip
def test_which_addresses_are_asked(address, loopback, may):
    assert provider.may_be_asked(address, loopback=loopback) is may


@pytest.mark.pure
@pytest.mark.parametrize(
    "named",
    [{"oidc_issuer": "https://id.example"}, {"oidc_issuer": "http://id.example", "oidc_client_id": "a", "oidc_agency": "BY-GTK",
                                             "oidc_client_secret_file": "/x"}],
)  # fmt: skip
def test_half_a_provider_is_refused_at_the_start(named):
    with pytest.raises(ValidationError, match="AKNO_OIDC_ISSUER"):
        Settings(secret_key="x" * 40, **named)
