"""Mandates: offered by the trader, accepted by the broker, asked on the day."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import clock
from app.database import session
from app.errors import Conflict, Invalid, NotAllowed
from app.identity import accounts, finders, mandates, policy
from app.identity.models import Mandate
from tests.identity.conftest import days


def _actor(country, name):
    return accounts.actor_of(finders.list_memberships(country.people[name], clock.today())[0])


def _offer(country, scope=("import",), start=0, end=None):
    return mandates.offer(
        finders.get_organisation(country.houses["belmyaso"]),
        finders.get_organisation(country.houses["brok"]),
        scope=scope,
        valid_from=days(start),
        valid_to=None if end is None else days(end),
        by=_actor(country, "anna"),
    )


def _may(country, direction="import"):
    owner = finders.get_organisation(country.houses["belmyaso"])
    return policy.may_act_for(_actor(country, "boris"), owner, direction)


def test_a_broker_may_act_only_after_accepting_and_only_in_scope(country, session):
    mandate = _offer(country)
    assert not _may(country)
    mandates.accept(mandate, by=_actor(country, "boris"))
    assert _may(country)
    assert not _may(country, "export")


def test_an_expired_mandate_is_no_mandate(country, session):
    mandate = _offer(country, start=-10, end=0)
    mandates.accept(mandate, by=_actor(country, "boris"))
    refusal = _may(country)
    assert not refusal
    assert "Belmyaso Trade" in str(refusal.reason)


def test_a_mandate_of_tomorrow_does_not_hold_today(country, session):
    mandates.accept(_offer(country, start=1), by=_actor(country, "boris"))
    assert not _may(country)


def test_an_ended_mandate_stops_at_once_and_cannot_be_accepted_again(country, session):
    mandate = _offer(country)
    mandates.accept(mandate, by=_actor(country, "boris"))
    mandates.end(mandate, by=_actor(country, "anna"))
    assert not _may(country)
    with pytest.raises(Conflict):
        mandates.accept(mandate, by=_actor(country, "boris"))


def test_own_organisation_needs_no_mandate_and_a_stranger_has_none(country, session):
    owner = finders.get_organisation(country.houses["belmyaso"])
    assert policy.may_act_for(_actor(country, "anna"), owner, "import")
    assert not policy.may_act_for(_actor(country, "nina"), owner, "import")
    assert not policy.may_act_for(_actor(country, "olga"), owner, "import")
    assert not policy.may_act_for(_actor(country, "boris"), None, "import")


def test_a_trader_cannot_accept_its_own_offer(country, session):
    mandate = _offer(country)
    with pytest.raises(NotAllowed):
        mandates.accept(mandate, by=_actor(country, "anna"))


def test_a_mandate_names_a_broker_directions_and_days_in_order(country, session):
    with pytest.raises(Invalid) as refused:
        _offer(country, scope=(), start=3, end=1)
    assert {fault.code for fault in refused.value.faults} == {"SCOPE-MISSING", "DATES-ORDER"}


def test_anna_offers_boris_accepts_anna_ends_through_the_pages(someone, country):
    anna, boris = someone("anna"), someone("boris")
    fields = {"broker_unp": "397777775", "scope": ["import", "transit"], "valid_from": "2026-01-01"}
    assert anna.send("/mandates/new", fields).status_code == 303
    assert "Offered" in anna.open("/mandates").text
    mandate = country.do(lambda: session().scalar(sa.select(Mandate.id).order_by(Mandate.id.desc())))
    assert boris.send(f"/mandates/{mandate}/accept", page="/mandates").status_code == 303
    assert "Accepted" in boris.open("/mandates").text
    assert anna.send(f"/mandates/{mandate}/end", page="/mandates").status_code == 303
    assert "Ended" in boris.open("/mandates").text


def test_a_faulty_offer_keeps_what_was_typed_and_says_everything(someone):
    anna = someone("anna")
    fields = {"broker_unp": "123", "valid_from": "yesterday", "valid_until": "01.02.2026"}
    answer = anna.send("/mandates/new", fields)
    assert answer.status_code == 422
    for words in (
        'value="123"',
        'value="yesterday"',
        "No broker here has this UNP",
        "Enter a day such as",
        "<title>Error: ",
    ):
        assert words in answer.text


def test_a_stranger_does_not_find_a_mandate(someone, country):
    def build():
        return _offer(country).id

    mandate = country.do(build)
    nina = someone("nina")
    assert nina.send(f"/mandates/{mandate}/end", page="/account").status_code == 404
    assert "Brokservis" not in nina.open("/mandates").text


def test_an_officer_has_no_mandates_page(someone):
    assert someone("olga").open("/mandates").status_code == 403
