"""The administrator's pages, invitations and keys."""

from __future__ import annotations

import re

import pytest

from app import clock
from app.access import SYSTEM, Permission
from app.errors import Invalid, NotAllowed
from app.identity import accounts, apikeys, finders, passwords, unp
from tests.identity.conftest import Browser


def _actor(country, name):
    return accounts.actor_of(finders.list_memberships(country.people[name], clock.today())[0])


def test_the_administrator_registers_a_trader_and_invites_its_owner(someone, app):
    ada = someone("ada")
    fields = {"kind": "trader", "name": "Палессе Агра", "unp": "198888880", "city": "Пінск"}
    made = ada.send("/organisations/new", fields)
    assert made.status_code == 303
    house = made.headers["Location"].rsplit("/", 1)[1]
    person = {
        "full_name": "Ганна Ў", "email": "hanna@example.by", "language": "be", "organisation": house,
        "roles": ["trader-owner"], "valid_from": "2026-01-01",
    }  # fmt: skip
    page = ada.send("/people/new", person).text
    link = re.search(r"http://[^<\s]+/invitations/[^<\s]+", page)[0]
    path = link.removeprefix("http://127.0.0.1:8000")
    hanna = Browser(app, "10.0.0.5")
    words = "сем ліхтароў над Прыпяццю"
    assert hanna.send(path, {"password": "коратка", "again": "коратка"}).status_code == 422
    assert hanna.send(path, {"password": words, "again": words}).status_code == 303
    assert hanna.open(path).status_code == 404
    assert hanna.sign_in("hanna@example.by", words).status_code == 303
    assert "Палессе Агра" in hanna.open("/account").text


def test_organisation_with_a_wrong_unp_is_refused_with_reasons(someone):
    answer = someone("ada").send("/organisations/new", {"kind": "trader", "name": "", "unp": "190000004"})
    assert answer.status_code == 422
    assert "This is not a UNP." in answer.text
    assert "The name is missing." in answer.text
    assert 'value="190000004"' in answer.text


@pytest.mark.parametrize("name", ["anna", "boris", "olga"])
@pytest.mark.parametrize("path", ["/organisations", "/organisations/new", "/people", "/people/new"])
def test_only_the_administrator_opens_the_registers(someone, name, path):
    assert someone(name).open(path).status_code == 403


def test_the_administrator_disables_a_person(someone, country):
    ada, anna = someone("ada"), someone("anna")
    person = country.people["anna"]
    assert ada.send(f"/people/{person}/disable", page=f"/people/{person}").status_code == 303
    assert anna.open("/account").status_code == 302
    assert "Disabled" in ada.open("/people").text


def test_a_new_link_lets_a_person_set_a_password_and_ends_the_old_one(someone, country, app):
    ada, anna = someone("ada"), someone("anna")
    person = country.people["anna"]
    page = ada.send(f"/people/{person}/link", page=f"/people/{person}").text
    path = re.search(r"/invitations/[^<\s]+", page)[0]
    words = "eleven quiet windmills"
    assert Browser(app, "10.0.0.9").send(path, {"password": words, "again": words}).status_code == 303
    assert anna.open("/account").status_code == 302
    assert Browser(app).sign_in("anna@example.by", words).status_code == 303


def test_places_are_added_and_ended(someone, country):
    ada = someone("ada")
    person, house = country.people["nina"], country.houses["belmyaso"]
    wrong = {"organisation": str(house), "roles": ["officer"], "valid_from": "2026-01-01"}
    refused = ada.send(f"/people/{person}/memberships", wrong, page=f"/people/{person}")
    assert refused.status_code == 422
    assert "no such role" in refused.text
    right = {**wrong, "roles": ["trader-clerk"]}
    assert ada.send(f"/people/{person}/memberships", right, page=f"/people/{person}").status_code == 303
    place = country.do(lambda: finders.list_memberships(person, clock.today())[-1].id)
    assert ada.send(f"/memberships/{place}/end", page=f"/people/{person}").status_code == 303
    assert len(country.do(lambda: finders.list_memberships(person, clock.today()))) == 1


def test_lists_page_by_name(country, session):
    for number in range(12):
        accounts.register_organisation(kind="auditor", name=f"Auditor {number:02}", by=SYSTEM)
    seen, cursor = [], None
    while True:
        page = finders.list_organisations(cursor, limit=5)
        seen += [house.name for house in page.rows]
        cursor = page.following
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert [name for name in seen if name.startswith("Auditor")] == [f"Auditor {number:02}" for number in range(12)]


def test_activities_ask_for_the_right_themselves(country, session):
    anna = _actor(country, "anna")
    with pytest.raises(NotAllowed):
        accounts.register_organisation(kind="auditor", name="X", by=anna)
    with pytest.raises(NotAllowed):
        accounts.disable(finders.get_person(country.people["olga"]), by=anna)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "PASSWORD-SHORT"),
        ("administrator123", "PASSWORD-COMMON"),
        ("abababababab", "PASSWORD-COMMON"),
        ("my anna@example.by", "PASSWORD-OWN"),
        ("x" * 201, "PASSWORD-LONG"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password, code):
    assert [fault.code for fault in passwords.weaknesses(password, "anna@example.by")] == [code]


def test_a_good_password_is_good_in_any_script():
    assert passwords.weaknesses("сем ліхтароў над ракой", "anna@example.by") == []


def test_unp_check_digit():
    assert unp.holds("190000005")
    assert not unp.holds("190000004")
    assert not unp.holds("19000000")
    assert not unp.holds("800000005")


def test_a_key_is_shown_once_works_and_dies_when_revoked(someone, country):
    anna = someone("anna")
    page = anna.send("/account/keys", {"label": "Warehouse", "scopes": ["file", "read"]}).text
    secret = re.search(r"akno_live_[0-9a-f]{10}_[0-9A-Za-z]{49}", page)[0]
    assert secret not in anna.open("/account/keys").text
    _key, actor = country.do(lambda: apikeys.find_holder(secret))
    assert actor.name == "Anna Kovalenko"
    assert actor.channel == "api"
    assert actor.can(Permission.DECLARATION_SUBMIT)
    assert not actor.can(Permission.MANDATE_GRANT)
    assert country.do(lambda: apikeys.find_holder(secret[:-1] + "!")) is None
    key = country.do(lambda: finders.list_keys(_actor(country, "anna"))[0].id)
    assert anna.send(f"/account/keys/{key}/revoke", page="/account/keys").status_code == 303
    assert country.do(lambda: apikeys.find_holder(secret)) is None


@pytest.mark.parametrize("text", ["", "akno", "akno__", "akno_zz_yy", "other_aa_bb", "akno_" + "x" * 5000])
def test_nonsense_is_no_key(country, session, text):
    assert apikeys.find_holder(text) is None


def test_a_key_dies_with_its_person(country):
    def make():
        return apikeys.create(label="L", scopes=["declaration:read"], by=_actor(country, "boris"))[1]

    secret = country.do(make)
    country.disable("boris")
    assert country.do(lambda: apikeys.find_holder(secret)) is None


def test_a_key_cannot_do_more_than_its_maker(country, session):
    with pytest.raises(Invalid):
        apikeys.create(label="L", scopes=["review:decide"], by=_actor(country, "boris"))
    with pytest.raises(NotAllowed):
        apikeys.create(label="L", scopes=["declaration:read"], by=_actor(country, "nina"))


def test_nobody_revokes_another_houses_key(someone, country):
    key = country.do(lambda: apikeys.create(label="L", scopes=["declaration:read"], by=_actor(country, "boris"))[0].id)
    assert someone("anna").send(f"/account/keys/{key}/revoke", page="/account").status_code == 404
