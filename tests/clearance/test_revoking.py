"""A revocation takes two supervisors; a new paper for the same goods takes the place of the old one when it is issued."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app import clock
from app.access import SYSTEM
from app.clearance import finders, issuing, revoking, verification
from app.clearance.models import Clearance
from app.cli import founding
from app.database import transaction
from app.errors import Conflict, Invalid, NotAllowed
from app.identity import accounts
from app.identity.models import Organisation, Person
from app.ledger.models import Entry
from tests.clearance import parts

WHY = "Сертыфікат падроблены"


@pytest.fixture
def issued(app, database) -> Clearance:
    with app.app_context(), transaction(database):
        declaration = parts.filed()
        return issuing.issue(declaration.id, parts.first_release(declaration).id)


def act(app, database, deed, clearance: Clearance, who: str, **more) -> Clearance:
    with app.test_request_context(), transaction(database):
        actor = founding.actor(who)
        return deed(finders.get_clearance(clearance.id, actor=actor), by=actor, **more)


def test_two_supervisors_revoke(app, database, client, issued):
    asked = act(app, database, revoking.ask_revocation, issued, "mikola", reason=f" {WHY} ")
    assert (asked.status, asked.revocation_reason, asked.revocation_by_name) == ("issued", WHY, "Мікола Мытнік")
    page = client.get(f"/verify/{issued.code}?lang=en").text
    assert "Genuine" in page
    assert "evocation" not in page
    with pytest.raises(NotAllowed):
        act(app, database, revoking.confirm_revocation, issued, "mikola")
    revoked = act(app, database, revoking.confirm_revocation, issued, "ihar")
    assert revoked.status == "revoked"
    assert revoked.revoked_at is not None
    page = client.get(f"/verify/{issued.code}?lang=en").text
    assert "Customs has revoked this clearance" in page
    assert "Revoked on" in page
    assert WHY not in page
    with pytest.raises(Conflict):
        act(app, database, revoking.confirm_revocation, issued, "ihar")


def test_a_dropped_revocation_leaves_everything_as_it_was(app, database, client, issued):
    act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    dropped = act(app, database, revoking.drop_revocation, issued, "ihar")
    assert (dropped.status, dropped.revocation_reason, dropped.revocation_asked_at) == ("issued", "", None)
    with pytest.raises(Conflict):
        act(app, database, revoking.confirm_revocation, issued, "ihar")
    act(app, database, revoking.ask_revocation, issued, "ihar", reason=WHY)
    assert act(app, database, revoking.confirm_revocation, issued, "mikola").status == "revoked"


def test_whoever_asked_takes_it_back(app, database, issued):
    """The only supervisor on duty must not be held to a mistake until another one comes."""
    act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    dropped = act(app, database, revoking.drop_revocation, issued, "mikola")
    assert (dropped.status, dropped.revocation_asked_at, dropped.revocation_by_id) == ("issued", None, None)
    act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    with pytest.raises(NotAllowed):
        act(app, database, revoking.drop_revocation, issued, "maria")


@pytest.mark.parametrize("who", ["maria", "oleg", "olga"])
def test_only_supervisors_of_customs_revoke_and_replace(app, database, issued, who):
    for deed in (revoking.ask_revocation, revoking.replace):
        with pytest.raises(NotAllowed):
            act(app, database, deed, issued, who, reason=WHY)


def test_nobody_revokes_for_a_trader_she_works_for(app, database, issued):
    """Whatever hat the supervisor wears: one who also works for the owner has a part in the package."""
    with app.test_request_context(), transaction(database) as session:
        anna, ihar = founding.actor("anna"), founding.actor("ihar")
        person, house = session.get_one(Person, ihar.person_id), session.get_one(Organisation, anna.organisation_id)
        since = clock.today() - timedelta(days=1)
        accounts.add_membership(person, house, roles=("trader-reader",), valid_from=since, by=SYSTEM)
        with pytest.raises(NotAllowed, match="дзельнічаеце"):
            revoking.ask_revocation(issued, reason=WHY, by=ihar)


@pytest.mark.parametrize("reason", ["", "  ", "..!", "x" * (revoking.REASON_LENGTH + 1)])
def test_a_reason_is_needed(app, database, issued, reason):
    for deed in (revoking.ask_revocation, revoking.replace):
        with pytest.raises(Invalid) as refusal:
            act(app, database, deed, issued, "mikola", reason=reason)
        fault = refusal.value.faults[0]
        assert fault.field == "reason"
        assert set(fault.message) == set(fault.remedy) == {"be", "ru", "en"}


def test_a_new_paper_takes_the_place_of_the_old_one(app, database, client, issued, worker):
    fresh = act(app, database, revoking.replace, issued, "mikola", reason="Памылка ў паперы")
    assert (fresh.serial, fresh.items, fresh.decision_id) == (issued.serial, issued.items, issued.decision_id)
    assert "Genuine" in client.get(f"/verify/{issued.code}?lang=en").text
    assert client.get(f"/verify/{fresh.code}").status_code == 404
    worker.drain()
    old, new = client.get(f"/verify/{issued.code}?lang=en").text, client.get(f"/verify/{fresh.code}?lang=en").text
    assert "Superseded" in old
    assert fresh.number in old
    assert "Genuine" in new
    with app.app_context(), transaction(database, writing=False) as session:
        facts = issuing.facts_of(session.get_one(Clearance, fresh.id), issued_at=clock.now())
        assert (facts.replaces, facts.released, facts.earlier) == (issued.number, (1, 2, 3), ())


def test_a_paper_replaced_twice_names_the_one_that_holds(app, database, issued, worker):
    fresh = act(app, database, revoking.replace, issued, "mikola", reason=WHY)
    worker.drain()
    newest = act(app, database, revoking.replace, fresh, "ihar", reason=WHY)
    worker.drain()
    with app.app_context(), transaction(database, writing=False):
        assert verification.verify(issued.code).successor == newest.number
        assert verification.verify(newest.code).state == "genuine"


def test_a_later_release_names_the_paper_that_held(app, database, issued, worker):
    fresh = act(app, database, revoking.replace, issued, "mikola", reason=WHY)
    worker.drain()
    with app.app_context(), transaction(database) as session:
        declaration = finders.get_package(session.get_one(Clearance, issued.id))
        two = issuing.issue(declaration.id, parts.second_release(declaration).id)
        facts = issuing.facts_of(two, issued_at=clock.now())
    assert [one.number for one in facts.earlier] == [fresh.number]


def test_one_thing_at_a_time(app, database, issued):
    """A clearance whose revocation is asked for is not replaced, and one that is being replaced is not revoked."""
    act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    with pytest.raises(Conflict):
        act(app, database, revoking.replace, issued, "ihar", reason=WHY)
    with pytest.raises(Conflict):
        act(app, database, revoking.ask_revocation, issued, "ihar", reason=WHY)
    act(app, database, revoking.drop_revocation, issued, "ihar")
    act(app, database, revoking.replace, issued, "ihar", reason=WHY)
    with pytest.raises(Conflict):
        act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    with pytest.raises(Conflict):
        act(app, database, revoking.replace, issued, "mikola", reason=WHY)


def test_asked_for_at_the_same_moment(app, database, issued):
    """Two supervisors press the button together: one asks, the other is told so; never a revocation by one."""

    def ask(who: str) -> str:
        try:
            act(app, database, revoking.ask_revocation, issued, who, reason=WHY)
        except Conflict:
            return "conflict"
        return "asked"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(ask, ("mikola", "ihar"))) == ["asked", "conflict"]


def test_the_ledger_holds_each_step_without_words(app, database, issued, worker):
    act(app, database, revoking.ask_revocation, issued, "mikola", reason=WHY)
    act(app, database, revoking.drop_revocation, issued, "ihar")
    fresh = act(app, database, revoking.replace, issued, "mikola", reason=WHY)
    worker.drain()
    act(app, database, revoking.ask_revocation, fresh, "mikola", reason=WHY)
    act(app, database, revoking.confirm_revocation, fresh, "ihar")
    with app.app_context(), transaction(database, writing=False) as session:
        entries = session.query(Entry).filter(Entry.subject == "clearance").order_by(Entry.position).all()
    assert [entry.event.partition(".")[2] for entry in entries] == [
        "requested", "signing_intended", "signing_intended", "issued", "revocation_asked", "revocation_dropped",
        "replacement_asked", "requested", "signing_intended", "signing_intended", "superseded",
        "issued", "revocation_asked", "revoked",
    ]  # fmt: skip
    assert not any(WHY in str(entry.payload) for entry in entries)
    assert len({str(entry.person_id) for entry in entries if entry.event.startswith("clearance.rev")}) == 2


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_and_its_deeds(world, issued):
    path = f"/clearances/{issued.id}"
    page = world.mikola.get(f"{path}?lang=en").text
    assert "partial release 1" in page
    assert "waited for" in page
    answer = world.mikola.submit("/revoke", reason=" ")
    assert answer.status_code == 422
    assert "The reason is not written" in answer.text
    answer = world.mikola.submit("/revoke", reason=WHY)
    assert WHY in answer.text
    assert "/confirm-revocation" not in answer.text
    assert "another supervisor of customs confirms it" in answer.text
    assert world.mikola.post(f"{path}/confirm-revocation").status_code == 403
    trader = world.anna.get(f"{path}?lang=en").text
    assert "Revocation asked for" in trader
    assert WHY not in trader
    assert "Мікола" not in trader
    assert "/revoke" not in trader
    assert "/confirm-revocation" in world.ihar.get(f"{path}?lang=en").text
    answer = world.ihar.submit("/confirm-revocation")
    assert "Customs revoked this clearance" in answer.text
    trader = world.anna.get(f"{path}?lang=en").text
    assert WHY in trader
    assert "must not be moved" in trader
    assert "revoked" in world.anna.get(f"/packages/{issued.declaration_id}?lang=en").text
    assert WHY in world.audit.get(f"{path}?lang=en").text


def test_what_was_typed_stays_when_it_cannot_be_taken(world, issued):
    long = "Ш" * (revoking.REASON_LENGTH + 1)
    world.mikola.get(f"/clearances/{issued.id}?lang=en")
    answer = world.mikola.submit("/replace", reason=long)
    assert answer.status_code == 422
    assert long in answer.text


def test_who_opens_the_page(world, issued):
    path = f"/clearances/{issued.id}"
    for name in ("anna", "piotr", "maria", "olga", "audit"):
        answer = getattr(world, name).get(f"{path}?lang=en")
        assert answer.status_code == 200, name
        assert issued.number in answer.text
        assert "/replace" not in answer.text
    for name in ("vera", "taras", "bogdan"):
        assert getattr(world, name).get(path).status_code == 404, name
    for name in ("maria", "olga", "anna"):
        for deed in ("revoke", "replace", "confirm-revocation", "drop-revocation"):
            assert getattr(world, name).post(f"{path}/{deed}", reason=WHY).status_code == 403, (name, deed)
