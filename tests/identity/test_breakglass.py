"""Break-glass: one link from the machine's console, one administrator, one hour, and everybody who watches is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.cli.account import group
from app.database import session, transaction
from app.identity import accounts, finders, links
from app.identity.account_models import AccountLink
from app.identity.models import Membership, Organisation, SignInSession
from app.ledger.models import Entry
from app.notifications.models import Notice
from tests.identity.conftest import Browser, _person

REASON = "The only administrator lost the phone"


@pytest.fixture
def run(app):
    """``flask account …`` as at the machine; its exit code and what it printed."""

    def command(*words):
        result = app.test_cli_runner().invoke(group, words)
        return result.exit_code, result.output

    return command


@pytest.fixture
def alone(app, country):
    """Only Ada administers, in the country of these tests: the demonstration's own administrator is elsewhere."""

    def watchers():
        audit = accounts.register_organisation(kind="auditor", name="Control", by=SYSTEM)
        _person("Inga Auditor", "inga@example.by", audit, ["auditor"])
        operator = session().get(Organisation, country.houses["operator"])
        return _person("Second Admin", "second@example.by", operator, ["administrator"]).id

    with app.app_context():
        country.people["second"] = country.do(watchers)
    return country


def path_in(output):
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", output)[1]


def test_the_link_opens_one_hour_once_and_every_page_says_so(app, alone, run):
    code, output = run("break-glass", "--reason", REASON, "--email", "ada@example.by")
    assert code == 0, output
    browser = Browser(app)
    page = browser.open(path_in(output)).text
    assert "Ada Admin" in page
    assert browser.send(path_in(output)).status_code == 303
    for path in ("/people", "/account", "/organisations"):
        assert "Break-glass session." in browser.open(path).text
    assert browser.open(path_in(output)).status_code == 404

    def look():
        row = session().scalar(sa.select(SignInSession).where(SignInSession.glass))
        return row.expires_at - row.created_at, session().scalars(
            sa.select(Entry).order_by(Entry.position.desc())
        ).first()

    lasts, entry = alone.do(look)
    assert lasts == timedelta(hours=1)
    assert entry.event == "person.signed_in"
    assert b'"channel":"glass"' in entry.leaf
    assert "Break-glass session." not in Browser(app).open("/sign-in").text


def test_broken_glass_opens_the_administrators_house_alone(app, alone, run):
    """Ada judges nothing behind broken glass: in another house than the operator's she shows a factor."""

    def also_elsewhere():
        house = session().get(Organisation, alone.houses["vet"])
        ada = finders.get_person(alone.people["ada"])
        return accounts.add_membership(ada, house, roles=["officer"], valid_from=clock.today(), by=SYSTEM).id

    place = alone.do(also_elsewhere)
    _code, output = run("break-glass", "--reason", REASON, "--email", "ada@example.by")
    browser = Browser(app)
    assert browser.send(path_in(output)).status_code == 303
    answer = browser.send(f"/hats/{place}", page="/hats")
    assert answer.headers["Location"].startswith("/sign-in/code")
    assert browser.open("/queue").status_code == 302


def test_all_administrators_and_auditors_are_told(app, alone, run, worker):
    run("break-glass", "--reason", REASON, "--email", "ada@example.by")
    worker.follow()

    def look():
        event = Notice.event == "person.glass_broken"
        told = set(session().scalars(sa.select(Notice.person_id).where(event)))
        entry = session().scalar(sa.select(Entry).where(Entry.event == "person.glass_broken"))
        watching = sa.select(Membership.person_id, Membership.roles)
        watchers = {who for who, roles in session().execute(watching) if set(roles) & {"administrator", "auditor"}}
        return told, watchers, entry

    told, watchers, entry = alone.do(look)
    assert alone.people["second"] in told
    assert told == watchers
    assert entry.subject_id == alone.people["ada"]
    assert set(entry.payload) == {"reason_digest", "until"}
    assert b"phone" not in entry.leaf


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--reason", "short"], "fewer than 10 characters"),
        (["--reason", REASON, "--email", "anna@example.by"], "no such administrator"),
        (["--reason", REASON, "--email", "nobody@example.by"], "no such administrator"),
        ([], "reason"),
    ],
)
def test_the_console_refuses_with_words(alone, run, words, said):
    code, output = run("break-glass", *words)
    assert code != 0
    assert said in output
    assert alone.do(lambda: session().scalar(sa.select(sa.func.count()).select_from(AccountLink))) == 0


def test_a_link_of_a_quarter_of_an_hour_ago_is_dead(app, alone, run):
    _code, output = run("break-glass", "--reason", REASON)
    kept = alone.do(lambda: session().scalar(sa.select(AccountLink)))
    assert (kept.kind, kept.expires_at - kept.at) == ("glass", timedelta(minutes=15))
    alone.do(lambda: session().execute(sa.update(AccountLink).values(expires_at=clock.now())))
    assert Browser(app).open(path_in(output)).status_code == 404


@pytest.mark.parametrize("elsewhere", [False, True], ids=["no place left", "an officer now"])
def test_who_is_no_administrator_any_more_does_not_come_in(app, alone, run, elsewhere):
    """Nor does somebody who has a place of another kind: broken glass opens the administrator's house alone."""
    _code, output = run("break-glass", "--reason", REASON, "--email", "second@example.by")

    def end():
        place = session().scalar(sa.select(Membership).where(Membership.person_id == alone.people["second"]))
        accounts.end_membership(place, by=SYSTEM)
        if elsewhere:
            person, vet = finders.get_person(alone.people["second"]), finders.get_organisation(alone.houses["vet"])
            accounts.add_membership(person, vet, roles=["officer"], valid_from=clock.today(), by=SYSTEM)

    with app.app_context():
        alone.do(end)
    browser = Browser(app)
    assert browser.send(path_in(output)).status_code == 404
    assert browser.open("/account").status_code == 302


def test_a_fresh_window_has_no_account_until_the_console_makes_the_first(app, database, run):
    """ASVS 6.3.2: no default accounts."""
    with transaction(database):
        session().execute(sa.update(Membership).values(valid_to=clock.today()))
    code, output = run(
        "first-administrator", "--email", "root@example.by", "--name", "Ірына Першая", "--language", "en"
    )
    assert code == 0, output
    path, words = path_in(output), "seven lanterns by the river"
    browser = Browser(app)
    assert browser.send(path, {"password": words, "again": words}).status_code == 303
    again, refused = run("first-administrator", "--email", "two@example.by", "--name", "Two")
    assert again != 0
    assert "There is an administrator already" in refused
    assert links.LIVES["invitation"] == timedelta(hours=72)
