"""Forgotten passwords and invitations: nothing is told of who has an account (S-ENUM), each link is good once (S-RACE)."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.database import new_id, session, transaction
from app.errors import NotAllowed, NotFound
from app.identity import accounts, finders, invitations, links, passwords, resetting
from app.identity.account_models import AccountLink
from app.jobs import registry
from app.ledger.models import Entry
from app.notifications import link_letters
from tests.identity.conftest import PASSWORD, Browser

WORDS = "nine boats on the lake"


@pytest.fixture
def post(app, country, settings):
    """Ask for a letter as a stranger does, post what waits, and return the path in the letter (or None)."""

    def posted(email, address="10.0.0.1"):
        assert Browser(app, address).send("/forgotten", {"email": email}).status_code == 303
        return letter(app, country)

    return posted


def letter(app, country):
    """Write the letter of the newest link, as the worker does; the path in it, or None when nobody is written to."""
    newest = country.do(lambda: session().scalar(sa.select(AccountLink).order_by(AccountLink.id.desc()).limit(1)))
    with app.app_context(), transaction(country.database):
        written = link_letters.write(str(newest.id))
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", written.get("text", ""))
    return found[1] if found else None


def test_a_forgotten_password_is_set_anew_and_every_session_ends(app, country, someone, worker, settings):
    """The whole way, with the worker: ask, read the letter, set it, sign in; a second time the link leads nowhere."""
    anna = someone("anna")
    stranger = Browser(app, "10.0.0.8")
    asked = stranger.send("/forgotten", {"email": "Anna@Example.by"})
    assert asked.headers["Location"] == "/forgotten/sent"
    assert "If there is an account" in stranger.open("/forgotten/sent").text
    for old in settings.mail_dir.glob("*.eml"):
        old.unlink()
    worker.drain()
    (file,) = settings.mail_dir.glob("*.eml")
    path = re.search(r"http://127\.0\.0\.1:8000(/reset/[\w-]+)", file.read_text().replace("=\n", ""))[1]
    assert "anna@example.by" in stranger.open(path).text
    assert stranger.send(path, {"password": "short", "again": "short"}).status_code == 422
    assert stranger.send(path, {"password": WORDS, "again": WORDS}).status_code == 303
    assert anna.open("/account").status_code == 302
    assert stranger.open(path).status_code == 404
    assert Browser(app).sign_in("anna@example.by").status_code == 422
    assert Browser(app).sign_in("anna@example.by", WORDS).status_code == 303
    for old in settings.mail_dir.glob("*.eml"):
        old.unlink()
    worker.follow()
    worker.drain()
    told = [one.read_text() for one in settings.mail_dir.glob("*.eml") if "notices-" in one.name]
    assert len(told) == 1
    assert "/account#sessions" in told[0]


def test_enum_a_reset_tells_nothing_of_who_has_an_account(app, country, post):
    """Same status, text, size and statements; no password is weighed; no letter for nobody."""
    answers, seen = [], []
    statements = []

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement.split()[0])

    sa.event.listen(country.database.writing, "before_cursor_execute", count)
    try:
        for email in ("anna@example.by", "nobody@example.by"):
            browser = Browser(app)
            token = browser.token("/forgotten")
            statements.clear()
            answer = browser.client.post("/forgotten", data={"csrf_token": token, "email": email})
            answers.append((answer.status_code, answer.headers["Location"], answer.data))
            seen.append(list(statements))
    finally:
        sa.event.remove(country.database.writing, "before_cursor_execute", count)
    assert answers[0] == answers[1]
    assert seen[0] == seen[1]
    assert post("anna@example.by")
    assert post("nobody@example.by") is None


def test_enum_a_wrong_password_is_weighed_once_for_anybody(app, country, monkeypatch):
    """S-ENUM without a clock: as many weighings for an address that nobody has as for a true one."""
    weighed = []
    real = passwords._hashing.hasher.verify

    class Counting:
        def verify(self, stored, password):
            weighed.append(stored[:9])
            return real(stored, password)

    monkeypatch.setattr(passwords._hashing, "hasher", Counting())
    answers = [Browser(app).sign_in(email, "wrong words entirely") for email in ("anna@example.by", "x@example.by")]
    assert len(weighed) == 2
    assert {answer.status_code for answer in answers} == {422}
    assert abs(len(answers[0].data) - len(answers[1].data)) < 20


def test_enum_links_that_never_were_and_links_that_were_used_look_alike(app, country, post):
    browser = Browser(app)
    path = post("anna@example.by")
    browser.send(path, {"password": WORDS, "again": WORDS})
    browser = Browser(app)
    pages = [browser.open(one) for one in (path, "/reset/x", "/reset/" + "y" * 43, "/invitations/x", "/break-glass/x")]
    assert {page.status_code for page in pages} == {404}
    plain = {re.sub(r'(csrf_token" value="|lang=|href=")[^"]*', "", page.text) for page in pages}
    assert len(plain) == 1
    assert "This link leads nowhere" in pages[0].text


def test_three_letters_an_hour_to_one_account(app, country, post):
    paths = [post("anna@example.by", f"10.0.0.{number}") for number in range(5)]
    assert [path is not None for path in paths] == [True, True, True, False, False]
    assert len(set(paths[:3])) == 3


def test_brute_one_address_asks_twenty_times_an_hour(app, country):
    browser = Browser(app)
    token = browser.token("/forgotten")

    def ask(number):
        return browser.client.post("/forgotten", data={"csrf_token": token, "email": f"p{number}@example.by"})

    codes = [ask(number).status_code for number in range(21)]
    assert codes == [303] * 20 + [429]
    assert 0 < int(ask(99).headers["Retry-After"]) <= 3601
    assert Browser(app, "10.0.0.2").send("/forgotten", {"email": "anna@example.by"}).status_code == 303


def test_brute_all_addresses_together_ask_a_thousand_times_an_hour(app, country):
    """Many addresses, each with few askings: the thousand and first of an hour waits, of whomever it is."""
    one = {"kind": links.RESET, "at": clock.now(), "expires_at": clock.now(), "account_digest": ""}

    def asked(count, place):
        rows = [one | {"id": new_id(), "address_digest": f"{place}{number}"} for number in range(count)]
        country.do(lambda: session().execute(sa.insert(AccountLink), rows))

    asked(resetting.OF_ALL - 1, "a")
    assert Browser(app, "10.0.0.1").send("/forgotten", {"email": "anna@example.by"}).status_code == 303
    answer = Browser(app, "10.0.0.2").send("/forgotten", {"email": "anna@example.by"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3601


def test_a_link_is_old_after_half_an_hour_and_its_token_is_nowhere(app, country, post):
    path = post("anna@example.by")
    token = path.rpartition("/")[2]
    assert len(token) >= 43

    def look():
        rows = [str(tuple(row)) for row in session().execute(sa.text("SELECT * FROM account_links"))]
        jobs = session().execute(sa.text("SELECT * FROM workflow_status")) if country.database.name == "sqlite" else ()
        return rows + [str(tuple(row)) for row in jobs]

    assert not [row for row in country.do(look) if token in row]
    country.do(lambda: session().execute(sa.update(AccountLink).values(expires_at=clock.now() - timedelta(seconds=1))))
    assert Browser(app).open(path).status_code == 404


def test_a_new_password_makes_the_other_letters_worthless(app, country, post):
    first, second = post("anna@example.by"), post("anna@example.by", "10.0.0.2")
    assert Browser(app).send(first, {"password": WORDS, "again": WORDS}).status_code == 303
    assert Browser(app).open(second).status_code == 404


def test_nobody_is_written_to_who_was_disabled_meanwhile(app, country):
    Browser(app).send("/forgotten", {"email": "anna@example.by"})
    country.disable("anna")
    assert letter(app, country) is None


def test_race_of_two_who_use_one_link_one_wins(app, country):
    """S-RACE: both looked at the link before either used it."""
    with app.app_context():
        token = country.do(lambda: links.give_token(links.make(links.RESET, country.people["anna"])))
    looked, results = threading.Barrier(2), []

    def use(words):
        with app.app_context():
            try:
                with transaction(country.database, writing=False):
                    resetting.get_asking(token)
                looked.wait(5)
                with transaction(country.database):
                    resetting.accept(token, words)
                results.append(words)
            except NotFound:
                results.append(None)

    threads = [threading.Thread(target=use, args=(words,)) for words in (WORDS, "eleven quiet windmills")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(results) == 2
    assert results.count(None) == 1
    winner = next(words for words in results if words)
    stored = country.do(lambda: finders.get_person(country.people["anna"]).password_hash)
    assert passwords.verified(stored, winner)


def test_what_is_typed_wrong_is_said_at_the_field(app, country, post):
    browser = Browser(app)
    assert browser.send("/forgotten", {"email": ""}).status_code == 422
    path = post("anna@example.by")
    page = browser.send(path, {"password": "Anna Kovalenko 2026", "again": "Anna Kovalenko 2026"})
    assert page.status_code == 422
    assert "made of your name" in page.text


def test_a_reset_is_recorded_without_an_address(app, country, post):
    post("anna@example.by")
    post("nobody@example.by")

    def look():
        return session().scalars(sa.select(Entry).where(Entry.event == "person.reset_asked")).all()

    (entry,) = country.do(look)
    assert entry.subject_id == country.people["anna"]
    assert b"anna" not in entry.leaf


# --- invitations ---------------------------------------------------------------------------------------------------------


def _actor(country, name):
    return accounts.actor_of(finders.list_memberships(country.people[name], clock.today())[0])


def test_an_invitation_goes_to_the_person_and_never_to_the_administrator(app, country, someone, monkeypatch, settings):
    """ASVS 6.4.6: outside of the demonstration an administrator starts a reset and sees no link."""
    ada = someone("ada")
    person = country.people["anna"]
    serious = settings.model_copy(update={"demonstration": False})
    monkeypatch.setitem(app.extensions, "akno.settings", serious)
    answer = ada.send(f"/people/{person}/link", page=f"/people/{person}")
    assert answer.status_code == 303
    page = ada.open(answer.headers["Location"]).text
    assert "A letter with a link goes to anna@example.by" in page
    assert "/invitations/" not in page
    path = letter(app, country)
    assert Browser(app, "10.0.0.5").send(path, {"password": WORDS, "again": WORDS}).status_code == 303
    assert Browser(app).sign_in("anna@example.by", WORDS).status_code == 303
    with app.app_context(), pytest.raises(NotAllowed):
        country.do(lambda: invitations.hand_over(finders.get_person(person), by=SYSTEM))


def test_an_invitation_bent_or_too_old_leads_nowhere(app, country):
    def invited():
        return invitations.hand_over(finders.get_person(country.people["anna"]), by=_actor(country, "ada"))

    with app.app_context():
        token = country.do(invited)
    assert country.do(lambda: invitations.get_invited(token).id) == country.people["anna"]
    for bent in (token[:-1], "x", token + "x", "", "y" * 5000):
        with pytest.raises(NotFound):
            country.do(lambda bent=bent: invitations.get_invited(bent))
    with pytest.raises(NotFound):
        country.do(lambda: resetting.get_asking(token))
    lived = country.do(lambda: session().scalar(sa.select(AccountLink)))
    assert lived.expires_at - lived.at == timedelta(hours=72)
    country.do(lambda: session().execute(sa.update(AccountLink).values(expires_at=clock.now())))
    with pytest.raises(NotFound):
        country.do(lambda: invitations.get_invited(token))


def test_only_who_manages_people_invites(app, country):
    with app.app_context(), pytest.raises(NotAllowed):
        country.do(lambda: invitations.invite(finders.get_person(country.people["nina"]), by=_actor(country, "anna")))


def test_the_job_of_letters_is_known_to_the_worker(app):
    assert len(registry.JOBS[links.LETTER].steps) == 2
    assert PASSWORD


def test_log_a_token_is_in_no_log(app, country, post, caplog):
    """S-LOG: neither when the link opens, nor when the new password is refused, nor when it is used twice."""
    path = post("anna@example.by")
    browser = Browser(app)
    with caplog.at_level("DEBUG"):
        browser.send(path, {"password": "short", "again": "short"})
        browser.send(path, {"password": WORDS, "again": WORDS})
        browser.open(path)
    assert "refused POST /reset/<token>" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text
    assert WORDS not in caplog.text
