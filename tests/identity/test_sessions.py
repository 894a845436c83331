"""S-SESS: a session lives on the server, knows when it was used, and is dead at once when it should be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, create_app
from app.access import SYSTEM
from app.cli.account import group
from app.database import session
from app.identity import accounts, finders, places
from app.identity.account_models import SignInPlace
from app.identity.devices import device, family
from app.identity.models import Membership, SignInSession
from app.ledger.models import Entry
from app.notifications.models import Notice
from tests.identity.conftest import Browser

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def rows_of(country, name="anna"):
    def look():
        mine = sa.select(SignInSession).where(SignInSession.person_id == country.people[name])
        return session().scalars(mine.order_by(SignInSession.id)).all()

    return country.do(look)


def change(country, **values):
    mine = sa.update(SignInSession).where(SignInSession.person_id == country.people["anna"]).values(**values)
    country.do(lambda: session().execute(mine))


def events_of(country, event):
    def look():
        return session().scalars(sa.select(Entry).where(Entry.event == event).order_by(Entry.position)).all()

    return country.do(look)


def test_sess_idle_session_is_dead_on_the_server_whatever_the_cookie_says(someone, country):
    anna = someone("anna")
    change(country, seen_at=clock.now() - timedelta(minutes=30))
    assert anna.open("/account").status_code == 200
    change(country, seen_at=clock.now() - timedelta(minutes=31))
    assert anna.open("/account").status_code == 302


def test_sess_the_last_use_is_known_to_the_minute_and_written_once_a_minute(someone, country):
    anna = someone("anna")
    first = rows_of(country)[0].seen_at
    anna.open("/account")
    assert rows_of(country)[0].seen_at == first
    for deed in (
        lambda: anna.open("/account"),
        lambda: anna.send("/account/language", {"language": "en"}, page="/account"),
    ):
        change(country, seen_at=first - timedelta(minutes=5))
        deed()
        assert rows_of(country)[0].seen_at > first - timedelta(minutes=1)


def test_sess_a_page_that_keeps_itself_fresh_does_not_keep_its_session(someone, country):
    anna = someone("anna")
    before = clock.now() - timedelta(minutes=20)
    change(country, seen_at=before)
    assert anna.open("/account", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    assert rows_of(country)[0].seen_at == before


def test_sess_a_cookie_set_beforehand_is_not_taken_over(app, country):
    """Fixation: neither a stranger's cookie nor one that a stranger signed in with goes on after sign-in."""
    planted = Browser(app)
    planted.open("/sign-in")
    fixed = planted.client.get_cookie("akno").value
    victim = Browser(app, "10.0.0.2")
    victim.client.set_cookie("akno", fixed)
    assert victim.sign_in("anna@example.by").status_code == 303
    assert victim.open("/account").status_code == 200
    assert planted.open("/account").status_code == 302
    thief = app.test_client()
    thief.set_cookie("akno", fixed)
    assert thief.get("/account").status_code == 302


def test_sess_all_others_end_at_once_and_it_is_recorded(someone, country):
    here, there, elsewhere = someone("anna"), someone("anna", "10.0.0.2"), someone("anna", "10.0.0.3")
    answer = here.send("/account/sessions/end-others", page="/account")
    assert answer.headers["Location"].endswith("/account#sessions")
    assert "2 other sessions have ended" in here.open("/account").text
    assert [one.open("/account").status_code for one in (here, there, elsewhere)] == [200, 302, 302]
    assert len(events_of(country, "session.ended")) == 2


def test_sess_one_session_ended_by_its_owner_is_recorded(someone, country):
    here, there = someone("anna"), someone("anna", "10.0.0.2")
    ending = re.search(r"/account/sessions/([0-9a-f-]{36})/end", here.open("/account").text)[1]
    here.send(f"/account/sessions/{ending}/end", page="/account")
    assert there.open("/account").status_code == 302
    assert [entry.payload["session"] for entry in events_of(country, "session.ended")] == [ending]


def test_sess_a_place_that_ends_takes_its_sessions_along(someone, country):
    someone("anna")

    def end():
        place = session().scalar(sa.select(Membership).where(Membership.person_id == country.people["anna"]))
        accounts.end_membership(place, by=SYSTEM)

    country.do(end)
    assert rows_of(country)[0].ended_at is not None


def test_sess_changing_hats_gives_a_new_token_and_not_another_twelve_hours(someone, country, app):
    def second_hat():
        anna = finders.get_person(country.people["anna"])
        nyoman = finders.get_organisation(country.houses["nyoman"])
        return accounts.add_membership(anna, nyoman, roles=["trader-reader"], valid_from=clock.today(), by=SYSTEM).id

    anna, other = someone("anna"), country.do(second_hat)
    change(country, expires_at=clock.now() + timedelta(hours=2))
    before = rows_of(country)[0]
    assert anna.send(f"/hats/{other}", page="/hats").status_code == 303
    old, new = rows_of(country)
    assert old.ended_at is not None
    assert new.token_hash != old.token_hash
    assert new.expires_at == before.expires_at


def test_sess_cookie_attributes_behind_tls(settings, app, country):
    """ASVS 3.3.1-3.3.4: __Host-, Secure, HttpOnly, SameSite; no Domain, path /."""
    secure = create_app(settings.model_copy(update={"secure_cookies": True}))
    try:
        browser = secure.test_client()
        answer = browser.get("/sign-in", base_url="https://localhost")
        mark = answer.headers["Set-Cookie"]
        assert mark.startswith("__Host-akno=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in mark.split(";")}
        assert "Domain" not in mark
        assert "max-age" in answer.headers["Strict-Transport-Security"]
    finally:
        secure.extensions["akno.database"].dispose()


def test_the_list_says_which_session_is_which_in_plain_words(app, country):
    firefox, chrome = Browser(app), Browser(app, "203.0.113.9")
    firefox.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    chrome.client.environ_base["HTTP_USER_AGENT"] = CHROME
    firefox.sign_in("anna@example.by")
    chrome.sign_in("anna@example.by")
    page = firefox.open("/account").text
    assert "Firefox · Windows" in page
    assert "Chrome · Linux" in page
    assert page.count("New place") == 1
    assert "203.0.113" not in page


# --- new places --------------------------------------------------------------------------------------------------------


def told(country, name="anna"):
    def look():
        mine = sa.select(Notice.event).where(Notice.person_id == country.people[name]).order_by(Notice.entry_position)
        return list(session().scalars(mine))

    return country.do(look)


def test_a_new_place_is_told_once_and_the_letter_leads_to_the_sessions(app, country, worker, settings):
    Browser(app).sign_in("anna@example.by")
    Browser(app, "10.0.0.99").sign_in("anna@example.by")
    worker.follow()
    assert told(country) == []
    for _ in range(2):
        Browser(app, "203.0.113.9").sign_in("anna@example.by")
    for letter in settings.mail_dir.glob("*.eml"):
        letter.unlink()
    worker.follow()
    assert told(country) == ["person.signed_in_from_new_place"]
    worker.drain()
    letters = [file.read_text() for file in settings.mail_dir.glob("*.eml")]
    assert len(letters) == 1
    assert "To: anna@example.by" in letters[0]
    assert "/account#sessions" in letters[0]
    assert "203.0.113" not in letters[0]


def test_another_kind_of_browser_is_a_new_place_and_a_newer_one_is_not(app, country):
    for agent in (FIREFOX, FIREFOX.replace("140", "141"), CHROME):
        browser = Browser(app)
        browser.client.environ_base["HTTP_USER_AGENT"] = agent
        browser.sign_in("anna@example.by")
    assert [row.place for row in rows_of(country)] == ["known", "known", "new"]


def test_no_address_is_kept_anywhere(app, country):
    Browser(app, "203.0.113.9").sign_in("anna@example.by")
    Browser(app, "203.0.113.9").sign_in("anna@example.by", "wrong words entirely")

    def look():
        found = []
        for table in ("sign_in_sessions", "sign_in_places", "sign_in_attempts", "account_links", "ledger_entries"):
            found += [str(tuple(row)) for row in session().execute(sa.text(f"SELECT * FROM {table}"))]
        return found

    rows = country.do(look)
    assert len(rows) > 3
    assert not [row for row in rows if "203.0.113" in row]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.1.2.3", "10.1.2.250", True), ("10.1.2.3", "10.1.3.3", False), ("::ffff:10.1.2.3", "10.1.2.9", True),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True), ("2001:db8:1::1", "2001:db8:2::1", False), ("", "x", False),
    ],
)  # fmt: skip
def test_a_network_is_a_24_or_a_48(app, one, other, same):
    with app.app_context():
        assert (places.network_digest(one) == places.network_digest(other)) is same


def test_two_sign_ins_at_once_from_a_new_place_are_one_place(country):
    def twice():
        person, network = country.people["anna"], "n" * 64
        assert places.remember(person, network, FIREFOX) == "known"
        assert places.remember(person, network, CHROME) == "new"
        assert places.remember(person, network, CHROME) == "known"
        return session().scalar(
            sa.select(sa.func.count()).select_from(SignInPlace).where(SignInPlace.person_id == person)
        )

    assert country.do(twice) == 2


@pytest.mark.pure
@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox · Windows"), (CHROME, "Chrome · Linux"), ("curl/8.9.1", "curl/8.9.1"), ("", "")],
)
def test_devices_in_plain_words(agent, words):
    assert device(agent) == words
    assert not re.search(r"\d", family(agent))


# --- the administrator ---------------------------------------------------------------------------------------------------


def test_an_administrator_ends_the_sessions_of_one_person(someone, country):
    """ASVS 7.4.5; one's own are ended on one's own page."""
    ada, anna, boris = someone("ada"), someone("anna"), someone("boris")
    path = f"/people/{country.people['anna']}"
    assert ada.send(f"{path}/sessions/end", page=path).status_code == 303
    assert "1 session has ended" in ada.open(path).text
    assert [one.open("/account").status_code for one in (ada, anna, boris)] == [200, 302, 200]
    own = f"/people/{country.people['ada']}"
    assert ada.send(f"{own}/sessions/end", page=own).status_code == 403
    assert anna.client.post(f"{path}/sessions/end").status_code in (302, 400)


def test_everybody_is_signed_out_from_the_console(app, someone):
    ada, anna = someone("ada"), someone("anna")
    done = app.test_cli_runner().invoke(group, ["end-sessions", "--everybody"])
    assert done.exit_code == 0, done.output
    assert [one.open("/account").status_code for one in (ada, anna)] == [302, 302]
    assert app.test_cli_runner().invoke(group, ["end-sessions"]).exit_code != 0


def test_brute_the_old_password_is_not_guessed_at_in_a_session_left_open(someone, country):
    """S-BRUTE: five wrong ones, then 429; the session goes on, and nothing is changed."""
    anna = someone("anna")
    token = anna.token("/account")
    new = "nine boats on the lake"
    fields = {"csrf_token": token, "current": "wrong words entirely", "password": new, "again": new}
    answers = [anna.client.post("/account/password", data=fields) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "not the password you have now" in answers[0].text
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert anna.open("/account").status_code == 200
    assert Browser(anna.client.application).sign_in("anna@example.by").status_code == 303
