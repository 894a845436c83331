"""Ten seconds to take a decision back: signed by the worker as the officer, with every check again, or told why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, database
from app.errors import Conflict, Invalid, NotAllowed
from app.identity.models import Membership
from app.ledger.models import Entry
from app.reviews import claiming, deciding, finders, judging, proposal_finders, proposing, signing
from app.reviews.examining import ItemDecision
from app.reviews.models import Proposal
from tests.reviews import making
from tests.reviews.making import VET, approve, file_committed, file_package, get, race, refusal, sign


def hold(filed, by, items=None, **changed):
    review = claiming.claim(get(filed, by), by=by)
    sent = {"version": filed.version, "digest": filed.digest, "items": items or approve(review), **making.paid(review)}
    return signing.hold(review, by=by, **(sent | changed))


def make_due(proposal) -> None:
    proposal.signs_at = clock.now() - timedelta(seconds=1)
    database.session().flush()


def run_watch(review_id) -> None:
    assert review_id in proposal_finders.list_due()
    signing.sign_due(review_id)


def last_event(filed) -> Entry:
    query = sa.select(Entry).where(Entry.declaration_id == filed.declaration_id).order_by(Entry.position.desc())
    return database.session().scalars(query.limit(1)).one()


def test_nothing_is_signed_before_its_time(session, country):
    filed = file_package(country)
    proposal = hold(filed, country.olga)
    assert timedelta(seconds=9) < proposal.signs_at - clock.now() <= timedelta(seconds=10)
    assert last_event(filed).event == "proposal.held"
    assert proposal_finders.list_due() == []
    assert signing.sign_due(filed.reviews[VET]) is None
    review = get(filed, country.olga)
    assert (review.status, review.decisions) == ("claimed", [])


def test_the_worker_signs_as_the_officer(session, country):
    filed = file_package(country)
    proposal = hold(filed, country.olga)
    make_due(proposal)
    run_watch(filed.reviews[VET])
    review = get(filed, country.olga)
    assert (review.status, proposal.status) == ("decided", "signed")
    assert (review.decisions[0].person_name, review.decisions[0].post) == ("Olga Zaitseva", "State inspector")
    entry = session.scalars(sa.select(Entry).where(Entry.event == "review.decided")).one()
    assert entry.person_id == country.olga.person_id
    assert entry.payload["proposal"] == str(proposal.id)
    assert signing.sign_due(filed.reviews[VET]) is None


def test_taken_back_nothing_is_signed_and_the_words_stay(session, country):
    filed = file_package(country)
    proposal = hold(filed, country.olga, [refusal(1, "VET-CERTIFICATE", legal_ground="Own words")], note="Look again")
    with pytest.raises(NotAllowed):
        proposing.take_back(get(filed, country.petr), proposal=proposal.id, by=country.petr, claim_minutes=5)
    proposing.take_back(get(filed, country.olga), proposal=proposal.id, by=country.olga, claim_minutes=5)
    make_due(proposal)
    assert proposal_finders.list_due() == []
    assert signing.sign_due(filed.reviews[VET]) is None
    review = get(filed, country.olga)
    assert (review.status, proposal.status) == ("claimed", "undone")
    laid = judging.lay_out(review, [review], judging_names(), actor=country.olga, language="en")
    assert laid.turned is proposal
    assert (laid.typed["item-1-outcome"], laid.typed["item-1-legal_ground"]) == ("refused", "Own words")
    assert laid.typed["note"] == "Look again"


def judging_names():
    from app.reviews.naming import names

    return names()


def test_signed_now_by_the_one_who_recorded_it(session, country):
    filed = file_package(country)
    proposal = hold(filed, country.olga)
    with pytest.raises(NotAllowed):
        signing.sign_now(get(filed, country.petr), proposal=proposal.id, by=country.petr)
    assert signing.sign_now(get(filed, country.olga), proposal=proposal.id, by=country.olga).how == "decided"
    with pytest.raises(Conflict):
        signing.sign_now(get(filed, country.olga), proposal=proposal.id, by=country.olga)


def test_what_cannot_be_decided_is_not_held(session, country):
    filed = file_package(country)
    with pytest.raises(Invalid):
        hold(filed, country.olga, [ItemDecision(1, "held")])
    with pytest.raises(Conflict):
        hold(filed, country.olga, digest="0" * 64)
    making.four_eyes(filed, VET)
    with pytest.raises(NotAllowed):
        hold(filed, country.olga)


def test_a_case_with_a_recorded_decision_takes_no_second_one(session, country):
    filed = file_package(country)
    hold(filed, country.olga)
    with pytest.raises(Conflict, match="recorded already"):
        hold(filed, country.olga)


def _changed(filed, country):
    get(filed, country.olga).declaration.digest = "1" * 64


def _given_back(filed, country):
    claiming.release(get(filed, country.olga), by=country.olga)


def _withdrawn(filed, country):
    get(filed, country.olga).declaration._status = "withdrawn"


def _dismissed(filed, country):
    membership = database.session().get(Membership, country.memberships["olga"])
    membership.valid_to = clock.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("meanwhile", "because"),
    [(_changed, "version"), (_given_back, "claim"), (_withdrawn, "closed"), (_dismissed, "rights")],
)
def test_what_cannot_be_signed_any_more_is_told(session, country, meanwhile, because):
    filed = file_package(country)
    proposal = hold(filed, country.olga)
    meanwhile(filed, country)
    make_due(proposal)
    run_watch(filed.reviews[VET])
    assert (proposal.status, proposal.reason) == ("failed", because)
    assert get(filed, country.olga).decisions == []
    entry = last_event(filed)
    assert (entry.event, entry.payload["because"]) == ("proposal.failed", because)
    assert because in signing.FAILURES
    assert str(judging.FAILED[because])


def test_the_officer_is_told_until_it_is_decided(session, country):
    filed = file_package(country)
    assert judging.told(country.olga) == []
    proposal = hold(filed, country.olga)
    assert [one.seconds is not None for one in judging.told(country.olga)] == [True]
    _given_back(filed, country)
    make_due(proposal)
    run_watch(filed.reviews[VET])
    assert [(one.seconds, bool(str(one.why))) for one in judging.told(country.olga)] == [(None, True)]
    assert judging.told(country.petr) == []
    sign(filed, country.olga)
    assert judging.told(country.olga) == []


def test_a_release_is_held_too(session, country):
    filed = file_package(country, "bicycles")
    proposal = hold(filed, country.kira)
    assert get(filed, country.kira).declaration.status == "under-review"
    make_due(proposal)
    run_watch(filed.reviews["BY-GTK"])
    review = get(filed, country.kira)
    assert review.declaration.status == "released"
    assert (review.decisions[0].payment, review.decisions[0].payment_reference) == ("paid", "PP-1")


def _held(engines, country):
    filed = file_committed(engines, country)
    with database.transaction(engines):
        proposal = hold(filed, country.olga)
        make_due(proposal)
        return filed, proposal.id


def test_signing_against_undo(both_engines, country_of_both):
    country = country_of_both
    filed, key = _held(both_engines, country)

    def undo():
        proposing.take_back(get(filed, country.olga), proposal=key, by=country.olga, claim_minutes=5)

    results = race(both_engines, {"worker": lambda: signing.sign_due(filed.reviews[VET]), "undo": undo})
    assert results["worker"] is None
    with database.transaction(both_engines, writing=False):
        undone = results["undo"] is None
        assert database.session().get(Proposal, key).status == ("undone" if undone else "signed")
        vet = next(one for one in finders.list_reviews(filed.declaration_id, decisions=True) if one.agency == VET)
        assert (vet.status, len(vet.decisions)) == (("claimed", 0) if undone else ("decided", 1))


def test_two_workers_and_the_officer_sign_once(both_engines, country_of_both):
    country = country_of_both
    filed, key = _held(both_engines, country)

    def now():
        signing.sign_now(get(filed, country.olga), proposal=key, by=country.olga)

    def worker():
        signing.sign_due(filed.reviews[VET])

    results = race(both_engines, {"one": worker, "two": worker, "officer": now})
    assert (results["one"], results["two"]) == (None, None)
    assert results["officer"] is None or isinstance(results["officer"], Conflict)
    with database.transaction(both_engines, writing=False):
        vet = next(one for one in finders.list_reviews(filed.declaration_id, decisions=True) if one.agency == VET)
        assert len(vet.decisions) == 1


def test_a_failure_keeps_nothing_half_done(both_engines, country_of_both):
    country = country_of_both
    filed, key = _held(both_engines, country)
    with database.transaction(both_engines):
        _given_back(filed, country)
    with database.transaction(both_engines):
        signing.sign_due(filed.reviews[VET])
    with database.transaction(both_engines, writing=False):
        review = get(filed, country.olga)
        assert (review.status, review.results, review.decisions) == ("queued", {}, [])
        assert database.session().get(Proposal, key).status == "failed"


# --- leases ---------------------------------------------------------------------------------------------------------


def test_a_lease_that_runs_out_is_told_once(session, country):
    filed = file_package(country)
    review = claiming.claim(get(filed, country.olga), by=country.olga)
    assert claiming.list_lapsed() == []
    review.claimed_until = clock.now() - timedelta(seconds=1)
    session.flush()
    assert claiming.list_lapsed() == [review.id]
    for _ in range(2):
        claiming.lapse(review.id)
    assert (review.status, review.claimed_by_id, review.assignee_name) == ("queued", None, "Olga Zaitseva")
    entries = session.scalars(sa.select(Entry.event).where(Entry.declaration_id == filed.declaration_id)).all()
    assert entries.count("review.lapsed") == 1
    with pytest.raises(Conflict, match="claim the case first"):
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)


def test_lapsing_against_renewing(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        review = claiming.claim(get(filed, country.olga), by=country.olga)
        review.claimed_until = clock.now() - timedelta(seconds=1)

    def renew():
        claiming.claim(get(filed, country.olga), by=country.olga)

    results = race(both_engines, {"lapse": lambda: claiming.lapse(filed.reviews[VET]), "renew": renew})
    assert results == {"lapse": None, "renew": None}
    with database.transaction(both_engines, writing=False):
        assert get(filed, country.olga).status == "claimed"
