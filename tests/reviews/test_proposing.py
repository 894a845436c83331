"""Four eyes: one proposes, another signs or returns; never the same person; a blind look compares first."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from app import database
from app.access import permissions_of
from app.errors import Conflict, Invalid, NotAllowed, Stale
from app.ledger.models import Entry
from app.reviews import claiming, deciding, finders, four_eyes, proposal_finders, proposing
from app.reviews.examining import ItemDecision
from app.reviews.models import Proposal
from tests.reviews import making
from tests.reviews.making import (
    CUSTOMS,
    ENV,
    PHYTO,
    VET,
    approve,
    file_committed,
    file_package,
    get,
    propose,
    race,
    refusal,
)


@pytest.fixture
def filed(session, country):
    made = file_package(country)
    making.four_eyes(made, VET)
    return made


def countersign(filed, by, proposal, **more):
    return proposing.countersign(
        get(filed, by), proposal=proposal.id, version=filed.version, digest=filed.digest, by=by, **more
    )


def events(filed) -> list[str]:
    query = sa.select(Entry.event).where(Entry.declaration_id == filed.declaration_id).order_by(Entry.position)
    return [name for name in database.session().scalars(query) if name != "review.opened"]


def test_the_table_asks_narrowly_and_says_why():
    looks = four_eyes.second_looks(ENV, ["CITES permit or certificate", "scrap control", "CITES permit or certificate"])
    assert [(look.blind, look.confidence) for look in looks] == [(True, "recalled")]
    assert set(looks[0].act) == {"be", "ru", "en"}
    assert four_eyes.second_looks(VET, ["veterinary control"]) == []


def test_a_case_for_two_is_not_decided_by_one(filed, country):
    review = claiming.claim(get(filed, country.olga), by=country.olga)
    with pytest.raises(NotAllowed, match="second officer"):
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)


def test_a_case_for_one_is_not_proposed(session, country):
    with pytest.raises(NotAllowed, match="needs no second officer"):
        propose(file_package(country), country.olga)


def test_two_sign_and_both_are_named(filed, country):
    proposal = propose(filed, country.olga)
    waiting = get(filed, country.olga)
    assert (waiting.status, waiting.claimed_by_id, waiting.assignee_name) == ("proposed", None, "Olga Zaitseva")
    decision = countersign(filed, country.petr, proposal)
    assert (decision.how, decision.person_name, decision.post) == ("countersigned", "Olga Zaitseva", "State inspector")
    assert decision.second_person_name == "Petr Ivanou"
    assert (get(filed, country.olga).status, proposal.status) == ("decided", "signed")
    assert events(filed) == ["review.claimed", "review.proposed", "review.decided", "proposal.signed"]
    entry = database.session().scalars(sa.select(Entry).where(Entry.event == "review.decided")).one()
    assert entry.payload["second"] == str(country.petr.person_id)
    assert entry.payload["proposal"] == str(proposal.id)


def test_the_words_of_a_proposal_are_the_words_of_the_decision(filed, country):
    proposal = propose(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    countersign(filed, country.petr, proposal)
    digests = database.session().scalars(
        sa.select(Entry.payload["text_digest"].as_string()).where(
            Entry.event.in_(("review.proposed", "review.decided"))
        )
    )
    assert len(set(digests)) == 1


def test_the_same_person_never_signs_twice_whatever_roles(filed, country):
    proposal = propose(filed, country.olga)
    with pytest.raises(NotAllowed, match="yourself"):
        countersign(filed, country.olga, proposal)
    roles = ("officer", "supervisor")
    elsewhere = making.replace(country.olga, roles=roles, permissions=permissions_of(roles), post="Head")
    with pytest.raises(NotAllowed, match="yourself"):
        countersign(filed, elsewhere, proposal)
    with pytest.raises(NotAllowed, match="yourself"):
        proposing.send_back(get(filed, elsewhere), proposal=proposal.id, reason="No", by=elsewhere)


def test_nobody_of_another_house_or_with_a_part_signs(session, filed, country):
    proposal = propose(filed, country.olga)
    with pytest.raises(NotAllowed):
        proposing.countersign(
            get(filed, country.olga), proposal=proposal.id, version=1, digest=filed.digest, by=country.fedor
        )
    session.add(
        making.Membership(
            person_id=country.petr.person_id, organisation_id=country.organisations["trader"],
            roles=["trader-clerk"], valid_from=making.clock.today(),
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(NotAllowed, match="another officer"):
        countersign(filed, country.petr, proposal)


def test_a_proposal_stands_only_while_its_maker_could_decide(session, filed, country):
    """A second signature alone is not two: whoever proposed was dismissed, or works for the trader now."""
    proposal = propose(filed, country.olga)
    assert proposal.membership_id is not None
    person = session.get(making.Person, country.olga.person_id)
    person.disabled_at = making.clock.now()
    session.flush()
    with pytest.raises(Conflict, match="Return the proposal"):
        countersign(filed, country.petr, proposal)
    person.disabled_at = None
    session.add(
        making.Membership(
            person_id=country.olga.person_id, organisation_id=country.organisations["trader"],
            roles=["trader-clerk"], valid_from=making.clock.today(),
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(Conflict, match="Return the proposal"):
        countersign(filed, country.petr, proposal)
    proposing.send_back(get(filed, country.petr), proposal=proposal.id, reason="No longer ours", by=country.petr)


def test_a_returned_proposal_is_the_proposers_case_again(filed, country):
    proposal = propose(filed, country.olga)
    with pytest.raises(Invalid) as told:
        proposing.send_back(get(filed, country.petr), proposal=proposal.id, reason=" ", by=country.petr)
    assert told.value.faults[0].field == "return-reason"
    proposing.send_back(get(filed, country.petr), proposal=proposal.id, reason="Look at the seal", by=country.petr)
    review = get(filed, country.olga)
    assert (review.status, review.assignee_name) == ("queued", "Olga Zaitseva")
    assert (proposal.status, proposal.reason, proposal.closed_by_name) == (
        "returned",
        "Look at the seal",
        "Petr Ivanou",
    )
    assert events(filed).count("review.proposal_returned") == 1
    assert "seal" not in str(database.session().scalars(sa.select(Entry.payload)).all())
    with pytest.raises(Conflict):
        countersign(filed, country.petr, proposal)


def test_an_edit_voids_the_proposal(filed, country):
    first = propose(filed, country.olga)
    with pytest.raises(NotAllowed, match="Olga Zaitseva"):
        proposing.take_back(get(filed, country.petr), proposal=first.id, by=country.petr, claim_minutes=5)
    proposing.take_back(get(filed, country.olga), proposal=first.id, by=country.olga, claim_minutes=5)
    assert (get(filed, country.olga).status, first.status) == ("claimed", "undone")
    second = propose(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    with pytest.raises(Conflict, match="no longer waits"):
        countersign(filed, country.petr, first)
    assert countersign(filed, country.petr, second).items[0].outcome == "refused"


def test_nobody_decides_while_a_proposal_waits(filed, country):
    propose(filed, country.olga)
    with pytest.raises(Conflict):
        propose(filed, country.petr)
    with pytest.raises(Conflict):
        claiming.claim(get(filed, country.petr), by=country.petr)


def test_the_second_officer_signs_what_is_on_the_screen(filed, country):
    proposal = propose(filed, country.olga)
    with pytest.raises(Stale):
        proposing.countersign(
            get(filed, country.petr), proposal=proposal.id, version=1, digest="0" * 64, by=country.petr
        )
    review = get(filed, country.petr)
    review.declaration.digest = "1" * 64
    database.session().flush()
    with pytest.raises(Stale):
        proposing.countersign(review, proposal=proposal.id, version=1, digest="1" * 64, by=country.petr)


def test_a_part_that_stays_held_comes_back_to_the_queue(session, country):
    filed = file_package(country)
    making.four_eyes(filed, CUSTOMS)
    for name in ("olga", "fedor", "elena"):
        making.sign(filed, getattr(country, name))
    held = [ItemDecision(1, "approved"), ItemDecision(2, "approved"), ItemDecision(3, "held", conditions="A paper")]
    decision = countersign(filed, country.karl, propose(filed, country.kira, held))
    review = get(filed, country.kira)
    assert (decision.released, review.status, review.claimed_by_id) == ([1, 2], "queued", None)
    assert review.declaration.status == "partly-released"


# --- blind --------------------------------------------------------------------------------------------------------


def test_a_blind_look_that_agrees_signs(session, country):
    filed = file_package(country)
    making.four_eyes(filed, VET, blind=True)
    proposal = propose(filed, country.olga)
    with pytest.raises(Invalid):
        countersign(filed, country.petr, proposal)
    assert countersign(filed, country.petr, proposal, outcomes={1: "approved"}).how == "countersigned"


def test_a_blind_look_that_differs_returns_it_to_both(session, country):
    filed = file_package(country)
    making.four_eyes(filed, VET, blind=True)
    proposal = propose(filed, country.olga)
    assert countersign(filed, country.petr, proposal, outcomes={1: "refused"}) is None
    assert (get(filed, country.olga).status, proposal.status) == ("queued", "returned")
    assert proposal.second_outcomes == {"1": "refused"}
    assert not finders.list_reviews(filed.declaration_id, decisions=True)[0].decisions


# --- at once ------------------------------------------------------------------------------------------------------


def _proposed(engines, country):
    filed = file_committed(engines, country)
    with database.transaction(engines):
        making.four_eyes(filed, VET)
        return filed, propose(filed, country.olga).id


def _sign(filed, country, name, key):
    by = getattr(country, name)
    proposing.countersign(get(filed, by), proposal=key, version=1, digest=filed.digest, by=by)


def test_two_second_officers_at_once_sign_once(both_engines, country_of_both):
    country = country_of_both
    filed, key = _proposed(both_engines, country)
    results = race(
        both_engines, {name: lambda name=name: _sign(filed, country, name, key) for name in ("petr", "vera")}
    )
    assert sorted(result is None for result in results.values()) == [False, True]
    assert isinstance(next(result for result in results.values() if result), Conflict)
    with database.transaction(both_engines, writing=False):
        vet = next(one for one in finders.list_reviews(filed.declaration_id, decisions=True) if one.agency == VET)
        assert len(vet.decisions) == 1


def test_signing_against_taking_back(both_engines, country_of_both):
    country = country_of_both
    filed, key = _proposed(both_engines, country)

    def take_back():
        proposing.take_back(get(filed, country.olga), proposal=key, by=country.olga, claim_minutes=5)

    results = race(both_engines, {"sign": lambda: _sign(filed, country, "petr", key), "back": take_back})
    assert sorted(result is None for result in results.values()) == [False, True]
    with database.transaction(both_engines, writing=False):
        signed = results["sign"] is None
        assert get(filed, country.olga).status == ("decided" if signed else "claimed")
        assert database.session().get(Proposal, key).status == ("signed" if signed else "undone")


def test_the_pending_one_is_found_by_its_review(filed, country):
    assert proposal_finders.find_pending(get(filed, country.olga)) is None
    proposal = propose(filed, country.olga)
    assert proposal_finders.find_pending(get(filed, country.olga)) is proposal
    with pytest.raises(Conflict):
        proposing.countersign(
            get(filed, country.petr), proposal=uuid.uuid4(), version=1, digest=filed.digest, by=country.petr
        )
    assert PHYTO in filed.reviews
