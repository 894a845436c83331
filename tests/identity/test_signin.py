"""Signing in and out: what holds, what is dead at once, what tells nothing (S-SESS, S-BRUTE, S-ENUM, S-CSRF, S-REDIR)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.database import new_id, session, transaction
from app.identity import accounts, finders, guessing
from app.identity.models import Membership, Person, SignInAttempt, SignInSession
from app.identity.signin_views import safe_next
from app.ledger.models import Entry
from app.notifications.models import Notice
from config import ROOT
from tests.identity.conftest import PASSWORD, Browser


def test_anna_signs_in_sees_her_name_and_signs_out(browser):
    answer = browser.sign_in("Anna@Example.by")
    assert answer.status_code == 303
    page = browser.open("/account").text
    assert "Anna Kovalenko" in page
    assert "Belmyaso Trade" in page
    gone = browser.sign_out()
    assert gone.status_code == 303
    assert "cache" in gone.headers["Clear-Site-Data"]
    assert browser.open("/account").status_code == 302


def test_sess_cookie_replayed_after_sign_out_is_dead(someone, app):
    anna = someone("anna")
    old = anna.client.get_cookie("akno").value
    anna.sign_out()
    thief = app.test_client()
    thief.set_cookie("akno", old)
    assert thief.get("/account").status_code == 302


def test_sess_cookie_is_renewed_at_sign_in_and_marked(browser):
    browser.open("/sign-in")
    before = browser.client.get_cookie("akno").value
    answer = browser.sign_in("anna@example.by")
    marks = answer.headers["Set-Cookie"]
    assert "HttpOnly" in marks
    assert "SameSite=Lax" in marks
    assert browser.client.get_cookie("akno").value != before


def test_sess_two_sign_ins_are_two_sessions_and_one_can_end_the_other(someone):
    first, second = someone("anna"), someone("anna", "10.0.0.2")
    page = first.open("/account").text
    ending = re.search(r"/account/sessions/([0-9a-f-]{36})/end", page)[1]
    assert first.send(f"/account/sessions/{ending}/end", page="/account").status_code == 303
    assert second.open("/account").status_code == 302
    assert first.open("/account").status_code == 200


def test_sess_nobody_ends_somebody_elses_session(someone, country):
    someone("anna")
    boris = someone("boris")
    of_anna = country.do(lambda: finders.list_sessions(country.people["anna"])[0].id)
    assert boris.send(f"/account/sessions/{of_anna}/end", page="/account").status_code == 404


def test_sess_disabled_person_is_dead_at_once_and_cannot_come_back(someone, country, app):
    anna = someone("anna")
    country.disable("anna")
    assert anna.open("/account").status_code == 302
    assert Browser(app).sign_in("anna@example.by").status_code == 422


def test_sess_a_session_left_open_by_whatever_mistake_dies_with_its_person(someone, country, database):
    anna = someone("anna")
    with transaction(database):
        session().execute(sa.update(Person).values(disabled_at=clock.now()))
    assert anna.open("/account").status_code == 302


def test_sess_ended_membership_is_dead_at_once(someone, country):
    olga = someone("olga")

    def end():
        place = session().scalar(sa.select(Membership).where(Membership.person_id == country.people["olga"]))
        accounts.end_membership(place, by=SYSTEM)

    country.do(end)
    assert olga.open("/account").status_code == 302


def test_sess_absolute_end(someone, country):
    anna = someone("anna")

    def age():
        row = session().scalar(sa.select(SignInSession).where(SignInSession.person_id == country.people["anna"]))
        assert row.expires_at - row.created_at == timedelta(hours=12)
        row.expires_at = clock.now() - timedelta(seconds=1)

    country.do(age)
    assert anna.open("/account").status_code == 302


def test_sess_idle_end(someone, app):
    anna = someone("anna")
    assert anna.open("/account").status_code == 200
    app.permanent_session_lifetime, usual = timedelta(seconds=-1), app.permanent_session_lifetime
    try:
        assert anna.open("/account").status_code == 302
    finally:
        app.permanent_session_lifetime = usual


def test_sess_new_password_ends_the_other_sessions(someone):
    here, there = someone("anna"), someone("anna", "10.0.0.2")
    new = "nine boats on the lake"
    words = {"current": PASSWORD, "password": new, "again": new}
    assert here.send("/account/password", words, page="/account").status_code == 303
    assert here.open("/account").status_code == 200
    assert there.open("/account").status_code == 302


def test_enum_wrong_password_and_unknown_address_get_the_same_answer(browser):
    known = browser.sign_in("anna@example.by", "wrong words entirely")
    unknown = browser.sign_in("nobody@example.by", "wrong words entirely")
    assert known.status_code == unknown.status_code == 422

    def plain(answer):
        text = answer.text.replace("anna@example.by", "x").replace("nobody@example.by", "x")
        return [line for line in text.splitlines() if "csrf_token" not in line]

    assert plain(known) == plain(unknown)
    assert "<title>Error: Sign in" in known.text


def test_brute_eleventh_wrong_password_is_429_with_retry_after(browser):
    codes = [browser.sign_in("anna@example.by", "wrong words entirely").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    refused = browser.sign_in("anna@example.by")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 301


def test_brute_one_address_against_many_accounts_is_429(browser):
    codes = [browser.sign_in(f"p{number}@example.by", "wrong words").status_code for number in range(11)]
    assert codes[-1] == 429


def test_brute_the_owner_still_gets_in_from_a_quiet_address(app, country):
    for number in range(2):
        guesser = Browser(app, f"10.9.9.{number}")
        for _ in range(6):
            last = guesser.sign_in("anna@example.by", "wrong words entirely")
    assert last.status_code == 429
    assert Browser(app, "10.0.0.7").sign_in("anna@example.by").status_code == 303


def test_brute_failed_attempts_are_kept_and_recorded_without_names(browser, country):
    browser.sign_in("anna@example.by", "wrong words entirely")

    def look():
        attempts = session().scalars(sa.select(SignInAttempt)).all()
        leaves = b"".join(session().scalars(sa.select(Entry.leaf).where(Entry.event == "person.sign_in_refused")))
        return len(attempts), leaves

    count, leaves = country.do(look)
    assert count == 1
    assert leaves
    assert b"anna" not in leaves
    assert b"10.0.0.1" not in leaves


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password", "/mandates/new"])
def test_csrf_a_post_without_its_token_changes_nothing(someone, path):
    anna = someone("anna")
    assert anna.client.post(path, data={"email": "anna@example.by"}).status_code in (400, 403)
    assert anna.open("/account").status_code == 200


def test_csrf_token_of_before_sign_in_is_refused_after_it(browser):
    old = browser.token("/sign-in")
    browser.sign_in("anna@example.by")
    assert browser.client.post("/sign-out", data={"csrf_token": old}).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https:evil", "\thttps://evil", "/\t/evil.example", "https://ok@evil", "evil", "",
     "/\n/evil.example", "javascript:alert(1)"],
)  # fmt: skip
def test_redir_next_never_leaves_this_host(app, country, address):
    assert safe_next(address) is None
    browser = Browser(app)
    answer = browser.send(
        "/sign-in", {"email": "anna@example.by", "password": PASSWORD}, query_string={"next": address}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("address", ["/account", "/packages?status=draft", "/%2f%2fevil", "/mandates?шукаць=мяса"])
def test_redir_next_goes_on_where_one_wanted_to_go(address):
    assert safe_next(address).startswith("/")


def test_a_page_that_asks_to_sign_in_comes_back_after_it(browser):
    asked = browser.open("/mandates")
    assert asked.status_code == 302
    answer = browser.sign_in("anna@example.by", path=asked.headers["Location"])
    assert answer.headers["Location"].startswith("/mandates")


def test_a_person_with_two_hats_chooses_and_changes(browser, country):
    def second_hat():
        anna = finders.get_person(country.people["anna"])
        nyoman = finders.get_organisation(country.houses["nyoman"])
        return accounts.add_membership(anna, nyoman, roles=["trader-reader"], valid_from=date(2026, 2, 1), by=SYSTEM).id

    other = country.do(second_hat)
    answer = browser.sign_in("anna@example.by")
    assert answer.headers["Location"].startswith("/hats")
    assert "Nyoman Foods" in browser.open("/hats").text
    old = browser.client.get_cookie("akno").value
    assert browser.send(f"/hats/{other}", page="/hats").status_code == 303
    assert "Nyoman Foods" in browser.open("/account").text
    browser.client.set_cookie("akno", old)
    assert browser.open("/account").status_code == 302


def test_nobody_wears_somebody_elses_hat(someone, country):
    boris = someone("boris")
    place = country.do(lambda: finders.list_memberships(country.people["olga"], clock.today())[0].id)
    assert boris.send(f"/hats/{place}", page="/account").status_code == 404


# --- S-BRUTE in its whole width ------------------------------------------------------------------------------------------


def _fails(country, count, **digests):
    """Wrong passwords of the last minute, written as the window writes them."""
    row = {"at": clock.now(), "account_digest": "a" * 64, "address_digest": "b" * 64} | digests
    many = [row | {"id": new_id()} for _ in range(count)]
    country.do(lambda: session().execute(sa.insert(SignInAttempt), many))


def test_brute_twenty_addresses_against_one_account(app, country):
    """The eleventh and every later one is told to wait, wherever it comes from; the owner from a quiet address is let in."""
    codes = [Browser(app, f"198.51.100.{n}").sign_in("anna@example.by", "wrong words").status_code for n in range(20)]
    assert codes == [422] * 10 + [429] * 10
    assert Browser(app, "10.0.0.7").sign_in("anna@example.by").status_code == 303


def test_brute_one_address_against_a_thousand_accounts(app, country):
    """After ten wrong ones nothing from there is weighed any more: no password, right or wrong."""
    guesser = Browser(app, "198.51.100.9")
    token = guesser.token("/sign-in")

    def guess(number):
        data = {"csrf_token": token, "email": f"p{number}@example.by", "password": "wrong words"}
        return guesser.client.post("/sign-in", data=data).status_code

    assert [guess(number) for number in range(40)] == [422] * 10 + [429] * 30
    assert guesser.sign_in("anna@example.by").status_code == 429
    count = country.do(lambda: session().scalar(sa.select(sa.func.count()).select_from(SignInAttempt)))
    assert count == 10


def test_brute_the_thousand_and_first_of_all(app, country):
    _fails(country, 999)
    assert Browser(app, "10.0.0.8").sign_in("x@example.by", "wrong words").status_code == 422
    answer = Browser(app, "10.0.0.9").sign_in("y@example.by", "wrong words")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert Browser(app, "10.0.0.7").sign_in("anna@example.by").status_code == 303


def test_brute_what_is_older_than_five_minutes_is_forgiven(app, country):
    _fails(country, 2000, at=clock.now() - timedelta(minutes=5, seconds=1))
    assert Browser(app, "10.0.0.8").sign_in("x@example.by", "wrong words").status_code == 422


@pytest.mark.pure
def test_time_no_secret_is_compared_sign_by_sign():
    """S-TIME: what is secret is found in the table by its hash, or compared in constant time; ``==`` stands beside none.

    The one exception compares two secrets that both belong to the same person, and tells nobody what came out.
    """
    name = r"(?:token|secret|nonce|state|signature|password|digest|\w+_hash)"
    beside = re.compile(rf"\b{name}\s*[!=]=\s|\s[!=]=\s*{name}\b")
    by_the_table = re.compile(
        r"(?:AccountLink|SignInSession|SignInAttempt|ApiKey|SignInPlace|ProviderTie|\.c)\.\w+\s*=="
    )
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted((ROOT / "app" / "identity").glob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if beside.search(line) and not by_the_table.search(line)
    ]
    assert [one for one in found if "vault.opened(one.sealed" not in one] == []


def test_brute_the_owner_is_told_once_a_day_and_nobody_else(app, country, worker):
    """The worker looks, so that a request works alike for an account and for none."""
    guessing._Looked.at.clear()
    for account in ("anna@example.by", "nobody@example.by"):
        for number in range(12):
            Browser(app, f"198.51.100.{number}").sign_in(account, "wrong words")
    with app.app_context():
        for _ in range(2):
            worker.watch()
            guessing._Looked.at.clear()
    worker.follow()

    def look():
        entries = session().scalars(sa.select(Entry).where(Entry.event == "person.guessed_at")).all()
        told = session().scalars(sa.select(Notice.person_id).where(Notice.event == "person.guessed_at")).all()
        return [entry.subject_id for entry in entries], list(told)

    assert country.do(look) == ([country.people["anna"]], [country.people["anna"]])


@pytest.mark.parametrize("address", ["%2f%2fevil.example", "/../..//evil.example", "/.//evil.example", "/a\r\nX: y"])
def test_redir_what_a_browser_would_resolve_stays_on_this_host(address):
    """S-REDIR: refused, or a path that a browser reads as one of this host."""
    kept = safe_next(address)
    assert kept is None or urljoin("https://akno.example/sign-in", kept).startswith("https://akno.example/")
