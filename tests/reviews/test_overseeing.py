"""The supervisor: deciding over a proposal, opening a decided case again, each with a reason and on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import database
from app.access import permissions_of
from app.errors import Conflict, Invalid, NotAllowed
from app.ledger.models import Entry
from app.reviews import claiming, judging, naming, overseeing, proposing
from app.reviews.examining import ItemDecision
from tests.reviews import making
from tests.reviews.making import CUSTOMS, VET, approve, file_committed, file_package, get, propose, race, refusal, sign

ROLES = ("customs-officer", "supervisor")


def override(filed, by, items=None, reason="The second officer is ill", **changed):
    review = get(filed, by)
    sent = {"version": filed.version, "digest": filed.digest, "items": items or approve(review), **making.paid(review)}
    return overseeing.override(review, reason=reason, by=by, **(sent | changed))


@pytest.fixture
def filed(session, country):
    made = file_package(country)
    making.four_eyes(made, VET)
    return made


def test_a_supervisor_decides_over_a_proposal(session, filed, country):
    proposal = propose(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    decision = override(filed, country.vera)
    assert (decision.how, decision.person_name, decision.items[0].outcome) == ("overridden", "Vera Lis", "approved")
    assert decision.override_reason == "The second officer is ill"
    assert (get(filed, country.vera).status, proposal.status) == ("decided", "void")
    entry = session.scalars(sa.select(Entry).where(Entry.event == "review.decided")).one()
    assert (entry.payload["how"], entry.payload["proposal"]) == ("overridden", str(proposal.id))
    assert b"ill" not in entry.leaf


def test_a_returned_proposal_can_be_decided_over_too(filed, country):
    proposal = propose(filed, country.olga)
    proposing.send_back(get(filed, country.petr), proposal=proposal.id, reason="I would refuse", by=country.petr)
    assert override(filed, country.vera).how == "overridden"


def test_nobody_decides_over_what_nobody_proposed(filed, country):
    with pytest.raises(NotAllowed, match="Nobody has proposed"):
        override(filed, country.vera)


def test_what_was_signed_is_no_proposal_any_more(filed, country):
    """Opening a case again is one deed and deciding over a proposal another: one person does not undo what two signed."""
    proposal = propose(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    proposing.countersign(
        get(filed, country.petr), proposal=proposal.id, version=1, digest=filed.digest, by=country.petr
    )
    review = overseeing.reopen(get(filed, country.vera), reason="The importer wrote", by=country.vera)
    with pytest.raises(NotAllowed, match="Nobody has proposed"):
        override(filed, country.vera)
    names = naming.names()
    assert not judging.lay_out(
        get(filed, country.vera), [review], names, actor=country.vera, language="en"
    ).may_override
    propose(filed, country.olga)
    assert judging.lay_out(get(filed, country.vera), [review], names, actor=country.vera, language="en").may_override
    assert override(filed, country.vera).how == "overridden"


def test_never_over_ones_own_proposal_also_when_it_was_taken_back(filed, country):
    proposal = propose(filed, country.vera)
    with pytest.raises(NotAllowed, match="yourself"):
        override(filed, country.vera)
    proposing.take_back(get(filed, country.vera), proposal=proposal.id, by=country.vera, claim_minutes=5)
    with pytest.raises(NotAllowed, match="yourself"):
        override(filed, country.vera)


def test_only_a_supervisor_and_only_with_a_reason(filed, country):
    propose(filed, country.olga)
    with pytest.raises(NotAllowed):
        override(filed, country.petr)
    with pytest.raises(Invalid) as told:
        override(filed, country.vera, [ItemDecision(1, "held")], reason=" ")
    assert {(one.code, one.field) for one in told.value.faults} == {
        ("DECISION-HOLD-WHY", "item-1-hold"),
        ("REASON-MISSING", "override-reason"),
    }
    with pytest.raises(Conflict):
        override(filed, country.vera, digest="0" * 64)


def test_a_decided_case_is_opened_again(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    with pytest.raises(NotAllowed):
        overseeing.reopen(get(filed, country.olga), reason="A new letter", by=country.olga)
    with pytest.raises(Invalid) as told:
        overseeing.reopen(get(filed, country.vera), reason="", by=country.vera)
    assert told.value.faults[0].field == "reopen-reason"
    review = overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera)
    assert (review.status, review.results, review.result, review.decided_at) == ("queued", {}, "", None)
    assert review.assignee_name == "Olga Zaitseva"
    sign(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    review = get(filed, country.olga)
    assert (review.status, review.results, len(review.decisions)) == ("decided", {"1": "refused"}, 2)


def test_customs_waits_again_for_a_case_that_was_opened_again(session, country):
    filed = file_package(country)
    for name in ("olga", "fedor", "elena"):
        sign(filed, getattr(country, name))
    overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera)
    with pytest.raises(Invalid) as told:
        sign(filed, country.kira)
    assert [(one.code, one.field) for one in told.value.faults] == [("DECISION-ITEM-WAITS", "item-1-outcome")]


def test_what_has_gone_is_not_opened_again(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    part = [ItemDecision(1, "approved"), ItemDecision(2, "held"), ItemDecision(3, "held")]
    sign(filed, country.kira, part)
    with pytest.raises(Conflict, match="released"):
        overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera)
    for name in ("fedor", "elena"):
        sign(filed, getattr(country, name))
    sign(filed, country.kira)
    with pytest.raises(Conflict, match="closed"):
        overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera)


def test_customs_opens_a_refused_item_again_while_others_wait(session, country):
    """A mistake on one item must not wait for every other agency to be mended."""
    filed = file_package(country)
    sign(filed, country.olga)
    sign(filed, country.kira, [refusal(1, "CUS-DATA"), ItemDecision(2, "held"), ItemDecision(3, "held")])
    chief = making.replace(country.kira, roles=ROLES, permissions=permissions_of(ROLES))
    assert get(filed, country.kira).open
    review = overseeing.reopen(get(filed, chief), reason="The invoice was read wrongly", by=chief)
    assert review.open
    assert review.results.get("1") is None
    with pytest.raises(Conflict, match="nothing to open"):
        overseeing.reopen(get(filed, chief), reason="Again", by=chief)


def test_an_open_case_is_not_opened_again(session, country):
    filed = file_package(country)
    claiming.claim(get(filed, country.olga), by=country.olga)
    with pytest.raises(Conflict):
        overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera)


def test_opening_again_against_the_release(both_engines, country_of_both):
    """Either the package is released and the case stays decided, or customs is told that it waits: never both."""
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        for name in ("olga", "fedor", "elena"):
            sign(filed, getattr(country, name))
    results = race(
        both_engines,
        {
            "open": lambda: overseeing.reopen(get(filed, country.vera), reason="A new letter", by=country.vera),
            "customs": lambda: sign(filed, country.kira),
        },
    )
    assert sorted(result is None for result in results.values()) == [False, True]
    with database.transaction(both_engines, writing=False):
        released = results["customs"] is None
        assert get(filed, country.vera).status == ("decided" if released else "queued")
        assert get(filed, country.kira).declaration.status == ("released" if released else "under-review")
    assert CUSTOMS in filed.reviews
