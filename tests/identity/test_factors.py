"""Second factors at the door and in the account: what is asked of whom, what is good once, what is told (ASVS 6.3-6.6, S-BRUTE)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from app import clock
from app.access import SYSTEM
from app.cli import founding
from app.database import Database, session, transaction
from app.identity import accounts, codes, factors, finders, halfway, invitations, passkeys, sessions, vault
from app.identity.factor_models import Factor, RecoveryCode
from app.identity.finders import list_memberships
from app.identity.models import Person, SignInSession
from app.ledger.models import Entry
from tests.factories.authenticator import PRESENT, Authenticator
from tests.factories.world import PASSWORD, Someone, World, code_of

GUARDED = ("/queue", "/account", "/account/factors", "/account/factors/new", "/account/keys", "/hats", "/notices")


def at_the_door(app: Flask, name: str, address: str = "127.0.0.1") -> Someone:
    """Somebody who has given a right password, and nothing more."""
    who = Someone(app, name)
    who.browser.environ_base["REMOTE_ADDR"] = address
    who.get("/sign-in?lang=en", signing_in=True)
    answer = who.post("/sign-in", email=who.email, password=PASSWORD, signing_in=True)
    assert answer.headers["Location"].startswith("/sign-in/code"), answer.text
    who.get("/sign-in/code", signing_in=True)
    return who


def person_of(name: str) -> Person:
    return session().scalars(sa.select(Person).where(Person.email == f"{name}@akno.example")).one()


def happened(database: Database, name: str, event: str) -> list[dict[str, Any]]:
    """What was recorded of somebody."""
    with transaction(database, writing=False):
        of = sa.select(Entry).where(Entry.subject_id == person_of(name).id, Entry.event == event)
        return [dict(entry.payload) for entry in session().scalars(of.order_by(Entry.position))]


def without_factors(app: Flask, database: Database, name: str) -> None:
    with app.app_context(), transaction(database):
        session().execute(sa.delete(Factor).where(Factor.person_id == person_of(name).id))


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(answer.text).text_content())


# --- at the door -----------------------------------------------------------------------------------------------------------


def test_half_a_session_is_nobody_everywhere(app: Flask, world: World, database: Database) -> None:
    """ASVS 6.3.3: with the password alone an officer is nobody, whatever is asked and wherever the token is put."""
    nina = at_the_door(app, "nina")
    for path in GUARDED:
        assert nina.browser.get(path).status_code == 302, path
    with nina.browser.session_transaction() as cookie:
        token = cookie["half"]
        cookie["_user_id"] = token
    for path in GUARDED:
        assert nina.browser.get(path).status_code == 302, path
    with app.app_context(), transaction(database, writing=False):
        assert sessions.find(token) is None
        assert halfway.find(token) is not None
    assert happened(database, "nina", "person.signed_in") == []


def test_a_whole_session_of_an_officer_without_a_factor_is_nobody(app: Flask, world: World, database: Database) -> None:
    """However it came about: the guard is where sessions are found."""
    with app.app_context(), transaction(database):
        place = list_memberships(person_of("nina").id, clock.today())[0]
        opened = sessions.start(place, hours=1, proven_by="password")
        assert sessions.find(opened.token) is not None
        assert sessions.find(opened.token, required_of=("agency",)) is None


def test_the_code_opens_and_the_session_is_another(app: Flask, world: World, database: Database) -> None:
    nina = at_the_door(app, "nina")
    with nina.browser.session_transaction() as cookie:
        half = cookie["half"]
    assert nina.post("/sign-in/code", code=nina.code(), signing_in=True).status_code == 303
    with nina.browser.session_transaction() as cookie:
        assert "half" not in cookie
        assert cookie["_user_id"] != half
    assert nina.browser.get("/queue").status_code == 200
    with app.app_context(), transaction(database, writing=False):
        assert halfway.find(half) is None


def test_a_trader_needs_none_and_may_have_one(world: World, app: Flask) -> None:
    anna = world.anna
    page = anna.get("/account/factors/new?lang=en")
    secret = re.sub(r"\s", "", html.fromstring(page.text).xpath("//code[@id='offered']/text()")[0])
    wrong = anna.submit("/account/factors/new", code="000000", label="Phone")
    assert wrong.status_code == 422
    assert secret in re.sub(r"\s", "", words(wrong)), "the same secret is offered again"
    done = anna.submit("/account/factors/new", code=pyotp.TOTP(secret).at(clock.now()), label="Phone")
    shown = html.fromstring(done.text).xpath("//ol[@id='recovery']//code/text()")
    assert len(shown) == codes.RECOVERY_CODES
    again = at_the_door(app, "anna")
    refused = again.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now()), signing_in=True)
    assert refused.status_code == 422, "the code that added it is used up"
    assert again.post("/sign-in/code", code=shown[3].upper(), signing_in=True).status_code == 303
    assert "9 codes are left" in words(again.browser.get("/account/factors?lang=en"))
    thief = at_the_door(app, "anna")
    assert thief.post("/sign-in/code", code=shown[3], signing_in=True).status_code == 422, "each is good once"


def test_a_code_is_good_once_at_the_door(app: Flask, world: World) -> None:
    nina, thief = at_the_door(app, "nina"), at_the_door(app, "nina", "203.0.113.9")
    code = nina.code()
    assert nina.post("/sign-in/code", code=code, signing_in=True).status_code == 303
    assert thief.post("/sign-in/code", code=code, signing_in=True).status_code == 422


def test_brute_the_sixth_wrong_code_is_429_and_nobody_is_locked_out(
    app: Flask, world: World, database: Database
) -> None:
    """S-BRUTE: 5 in 5 minutes; a recovery code lets the owner in even then; she inside goes on signing."""
    inside = world.nina.sign_in()
    with app.app_context(), transaction(database):
        person = person_of("nina")
        mine = factors.make_codes(person, by=founding.actor("nina"))
    thief = at_the_door(app, "nina")
    told = [thief.post("/sign-in/code", code=f"00000{number}", signing_in=True) for number in range(5)]
    assert {answer.status_code for answer in told} == {422}
    sixth = thief.post("/sign-in/code", code=thief.code(), signing_in=True)
    assert sixth.status_code == 429
    assert 0 < int(sixth.headers["Retry-After"]) <= 301
    assert [one["kind"] for one in happened(database, "nina", "person.factor_refused")] == ["totp"] * 5
    owner = at_the_door(app, "nina")
    assert owner.post("/sign-in/code", code=mine[0], signing_in=True).status_code == 303
    assert happened(database, "nina", "person.recovery_code_used") == [{"left": 9}]
    assert inside.browser.get("/queue").status_code == 200


def test_an_abandoned_threshold_is_told_to_its_owner(app: Flask, world: World, database: Database, worker: Any) -> None:
    for _try in range(3):
        at_the_door(app, "nina").post("/sign-in/leave", signing_in=True)
    with transaction(database):
        late = clock.now() - timedelta(seconds=1)
        session().execute(sa.update(SignInSession).where(SignInSession.waits_for.is_not(None)).values(expires_at=late))
    worker.watch()
    worker.watch()
    assert happened(database, "nina", "person.factor_refused") == [{"kind": "missing"}]
    worker.follow()
    assert "was not given" in words(world.nina.get("/notices?lang=en"))


def test_a_threshold_is_too_late_after_ten_minutes(app: Flask, world: World, database: Database) -> None:
    """A right password of this morning and a right code of now let nobody in."""
    late = at_the_door(app, "nina")
    with transaction(database):
        waiting = session().scalar(sa.select(SignInSession).where(SignInSession.waits_for.is_not(None)))
        assert waiting is not None
        assert waiting.expires_at - waiting.created_at == timedelta(minutes=10)
        waiting.expires_at = clock.now() - timedelta(seconds=1)
    answer = late.post("/sign-in/code", code=late.code(), signing_in=True)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert late.browser.get("/queue").status_code == 302


def test_the_demonstration_shows_codes_of_made_up_people_alone(app: Flask, world: World, database: Database) -> None:
    shown = at_the_door(app, "nina").page
    assert shown is not None
    assert "Demonstration: the code is" in words(shown)
    without_factors(app, database, "nina")
    with app.app_context(), transaction(database):
        factors.add_known_app(person_of("nina"), pyotp.random_base32(), label="", by=SYSTEM)
    assert "Demonstration" not in words(at_the_door(app, "nina").page)


# --- a first factor ----------------------------------------------------------------------------------------------------------


def test_a_password_alone_adds_no_first_factor(app: Flask, world: World, database: Database) -> None:
    without_factors(app, database, "nina")
    thief = at_the_door(app, "nina")
    assert "Ask the administrator" in words(thief.page)
    assert thief.browser.get("/sign-in/factor").status_code == 303
    sent = thief.post("/sign-in/factor", code="123456", offer="x", signing_in=True)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/sign-in")
    assert thief.post("/sign-in/code", code="123456", signing_in=True).status_code == 422
    assert happened(database, "nina", "person.factor_added")[1:] == []


def test_a_fresh_link_leads_to_the_first_factor_and_in(app: Flask, world: World, database: Database) -> None:
    """The road of somebody new: the link, a password, an app, recovery codes, the queue."""
    without_factors(app, database, "nina")
    with app.app_context(), transaction(database):
        token = invitations.hand_over(person_of("nina"), by=SYSTEM)
    nina, new = Someone(app, "nina"), "eleven geese over Pinsk"
    nina.get(f"/invitations/{token}", signing_in=True)
    answer = nina.post(f"/invitations/{token}", password=new, again=new, signing_in=True)
    assert answer.headers["Location"].startswith("/sign-in/factor"), answer.text
    page = nina.get("/sign-in/factor?lang=en", signing_in=True)
    assert nina.browser.get("/queue").status_code == 302
    assert nina.browser.get("/sign-in/code").status_code == 303
    secret = re.sub(r"\s", "", html.fromstring(page.text).xpath("//code[@id='offered']/text()")[0])
    wrong = nina.submit("/sign-in/factor", code="12345")
    assert wrong.status_code == 422
    done = nina.submit("/sign-in/factor", code=pyotp.TOTP(secret).at(clock.now()), label="Phone")
    assert len(html.fromstring(done.text).xpath("//ol[@id='recovery']//code")) == codes.RECOVERY_CODES
    assert nina.browser.get("/queue").status_code == 200
    assert happened(database, "nina", "person.factor_added")[-1:] == [{"kind": "totp"}]


def test_secrets_are_sealed_and_bound_to_their_person(app: Flask, world: World, database: Database) -> None:
    with app.app_context(), transaction(database, writing=False):
        rows = session().scalars(sa.select(Factor)).all()
        assert rows
        for row in rows:
            secret = vault.opened(row.sealed, row.person_id)
            assert secret
            assert secret not in row.sealed
        assert vault.opened(rows[0].sealed, rows[1].person_id) is None
        assert vault.opened("x", rows[0].person_id) is None


# --- in the account -----------------------------------------------------------------------------------------------------------


def test_the_last_one_stays_where_one_is_needed(world: World) -> None:
    nina = world.nina
    page = nina.get("/account/factors?lang=en")
    assert "The only one" in words(page)
    with transaction(world.app.extensions["akno.database"], writing=False):  # type: ignore[union-attr]
        own = factors.list_factors(person_of("nina").id)[0].id
    refused = nina.post(f"/account/factors/{own}/remove")
    assert refused.status_code == 409
    assert nina.post(f"/account/factors/{own}/name", label="Old phone").status_code == 303
    assert 'value="Old phone"' in nina.get("/account/factors").text
    assert nina.post(f"/account/factors/{own}/name", label="x" * 81).status_code == 422
    assert world.maria.post(f"/account/factors/{own}/remove").status_code == 404


def test_new_recovery_codes_end_the_older_ones(world: World, app: Flask, database: Database) -> None:
    nina = world.nina
    nina.get("/account/factors")
    first = html.fromstring(nina.post("/account/factors/codes").text).xpath("//ol[@id='recovery']//code/text()")
    nina.get("/account/factors")
    assert nina.post("/account/factors/codes").status_code == 200
    thief = at_the_door(app, "nina")
    assert thief.post("/sign-in/code", code=first[0], signing_in=True).status_code == 422
    with transaction(database, writing=False):
        kept = session().scalars(sa.select(RecoveryCode.code_digest)).all()
    assert len(kept) == codes.RECOVERY_CODES
    assert not {codes.plain(one) for one in first} & set(kept)


def test_an_administrator_resets_a_lost_one_and_never_his_own(app: Flask, world: World, database: Database) -> None:
    nina, admin = world.nina.sign_in(), world.admin
    with transaction(database, writing=False):
        hers, his = person_of("nina").id, person_of("admin").id
    admin.get(f"/people/{hers}")
    assert admin.post(f"/people/{hers}/factors/reset").status_code == 303
    assert nina.browser.get("/queue").status_code == 302, "her sessions are dead at once"
    assert happened(database, "nina", "person.factors_reset") == [{}]
    assert "you have none yet" in words(at_the_door(app, "nina").page)
    assert admin.post(f"/people/{his}/factors/reset").status_code == 403
    assert world.maria.post(f"/people/{hers}/factors/reset").status_code == 404


# --- passkeys ------------------------------------------------------------------------------------------------------------------


def challenge(who: Someone, path: str) -> dict[str, Any]:
    token = who.token()
    answer = who.browser.post(path, data={"csrf_token": token})
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text))


def with_passkey(who: Someone, key: Authenticator) -> None:
    who.get("/account/factors/new")
    made = key.make(challenge(who, "/account/factors/new/passkey"))
    answer = who.submit("/account/factors/new", passkey=made, label="Laptop")
    assert answer.status_code == 200, words(answer)


def test_a_passkey_is_made_and_opens(app: Flask, world: World) -> None:
    key = Authenticator()
    with_passkey(world.nina, key)
    again = at_the_door(app, "nina")
    options = challenge(again, "/sign-in/passkey")
    assert options["userVerification"] == "required"
    answer = key.prove(options)
    assert again.post("/sign-in/code", passkey=answer, signing_in=True).status_code == 303
    thief = at_the_door(app, "nina")
    assert thief.post("/sign-in/code", passkey=answer, signing_in=True).status_code == 422, "a replay"


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"count": -1},
        {"credential": b"x" * 32},
    ],
)
def test_a_passkey_that_was_bent_proves_nothing(app: Flask, world: World, bent: dict[str, Any]) -> None:
    """Another site (phishing), nobody shown to the key, a copy whose count stands behind, somebody else's key."""
    key = Authenticator(count=7)
    with_passkey(world.nina, key)
    for name, value in bent.items():
        setattr(key, name, value)
    thief = at_the_door(app, "nina")
    answer = key.prove(challenge(thief, "/sign-in/passkey"))
    assert thief.post("/sign-in/code", passkey=answer, signing_in=True).status_code == 422
    assert thief.browser.get("/queue").status_code == 302


@pytest.mark.parametrize(
    "answer",
    [
        "{",
        "[]",
        "{}",
        '{"id": 1}',
        '{"id": "x", "response": {}}',
        '{"id": "x", "rawId": 1, "response": []}',
        "[" * 19_000,
        "x" * 30_000,
    ],
)
def test_what_is_no_answer_of_a_passkey_is_refused(app: Flask, world: World, answer: str) -> None:
    thief = at_the_door(app, "nina")
    assert thief.post("/sign-in/code", passkey=answer, signing_in=True).status_code == 422
    nina = world.nina
    nina.get("/account/factors/new")
    assert nina.submit("/account/factors/new", passkey=answer).status_code == 422


def test_race_a_challenge_is_spent_once(app: Flask, world: World, database: Database) -> None:
    """Two requests bring one answer: both have read the row, the first has spent the challenge meanwhile."""
    with_passkey(world.nina, Authenticator())
    challenge(at_the_door(app, "nina"), "/sign-in/passkey")
    with app.app_context(), transaction(database):
        row = session().scalars(sa.select(SignInSession).where(SignInSession.challenge.is_not(None))).one()
        first = sa.update(SignInSession).where(SignInSession.id == row.id).values(challenge=None, challenge_at=None)
        session().execute(first.execution_options(synchronize_session=False))
        assert row.challenge
        with pytest.raises(passkeys.NoPasskey):
            passkeys._used(row)


def test_a_challenge_is_old_after_five_minutes(app: Flask, world: World, database: Database) -> None:
    key = Authenticator()
    with_passkey(world.nina, key)
    again = at_the_door(app, "nina")
    answer = key.prove(challenge(again, "/sign-in/passkey"))
    with transaction(database):
        then = clock.now() - timedelta(minutes=5, seconds=1)
        session().execute(
            sa.update(SignInSession).where(SignInSession.challenge.is_not(None)).values(challenge_at=then)
        )
    assert again.post("/sign-in/code", passkey=answer, signing_in=True).status_code == 422


def test_the_code_helper_gives_each_code_once(app: Flask, world: World) -> None:
    for _ in range(5):
        who = at_the_door(app, "nina")
        assert who.post("/sign-in/code", code=code_of(app, who.email), signing_in=True).status_code == 303


def test_a_new_hat_that_needs_a_factor_leads_to_the_door(app: Flask, world: World, database: Database) -> None:
    """Anna, a trader with a password alone, becomes an officer too: that place is worn with a factor only."""
    anna = world.anna.sign_in()
    with app.app_context(), transaction(database):
        house = finders.find_organisation_of_agency("BY-MPR")
        assert house is not None
        place = accounts.add_membership(
            person_of("anna"), house, roles=("officer",), valid_from=clock.today(), by=SYSTEM
        ).id
    anna.get("/hats")
    answer = anna.post(f"/hats/{place}")
    assert answer.headers["Location"].startswith("/sign-in/code")
    assert anna.browser.get("/queue").status_code == 302
    assert "you have none yet" in words(anna.browser.get("/sign-in/code?lang=en"))


def test_brute_wrong_recovery_codes_flood_neither_the_record_nor_its_owner(
    app: Flask, world: World, database: Database
) -> None:
    """They cannot be guessed, so they are always looked at; but the sixth wrong one is written down no more."""
    nina = world.nina.sign_in()
    nina.get("/account/factors")
    good = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){5}", nina.post("/account/factors/codes").text)
    thief = at_the_door(app, "nina")
    for number in range(8):
        wrong = "-".join(["abcd"] * 5 + [f"abc{'23456789'[number]}"])
        answer = thief.post("/sign-in/code", code=wrong, signing_in=True)
        assert answer.status_code == (422 if number < 5 else 429)
    assert len(happened(database, "nina", "person.factor_refused")) == 5
    assert thief.post("/sign-in/code", code=good[0], signing_in=True).status_code == 303
