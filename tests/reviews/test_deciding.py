"""Decisions: bound to what was seen, one for each goods item, customs last, and the release."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import clock, database
from app.declarations.models import Declaration
from app.errors import Conflict, Invalid, NotAllowed
from app.ledger.models import Entry
from app.reviews import claiming, deciding, finders, signing
from app.reviews.examining import ItemDecision
from app.reviews.models import Decision
from tests.reviews.making import (
    CUSTOMS,
    ENV,
    PHYTO,
    VET,
    approve,
    file_committed,
    file_package,
    get,
    paid,
    race,
    refusal,
    sign,
)


def decide(filed, by, items, **seen):
    review = claiming.claim(get(filed, by), by=by)
    seen = {"version": filed.version, "digest": filed.digest} | seen
    return deciding.decide(review, items=items, note="", by=by, **seen)


def the_others(filed, country):
    """Everyone but customs signs."""
    for agency, name in ((VET, "olga"), (PHYTO, "fedor"), (ENV, "elena")):
        if agency in filed.reviews:
            sign(filed, getattr(country, name))


def status(filed) -> str:
    return database.session().scalar(sa.select(Declaration._status).where(Declaration.id == filed.declaration_id))


def test_the_whole_road_ends_in_a_release(session, country):
    filed = file_package(country)
    the_others(filed, country)
    decision = sign(filed, country.kira)
    assert status(filed) == "released"
    assert (decision.post, decision.personal_number, decision.agency) == ("Chief inspector", "C-7", CUSTOMS)
    events = session.scalars(
        sa.select(Entry.event).where(Entry.declaration_id == filed.declaration_id).order_by(Entry.position)
    ).all()
    assert events[-2:] == ["review.decided", "declaration.released"]


def test_a_decision_needs_a_claim(session, country):
    filed = file_package(country)
    review = get(filed, country.olga)
    with pytest.raises(Conflict) as told:
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)
    assert told.value.facts == {"claim": "needed"}
    claiming.claim(review, by=country.petr)
    with pytest.raises(Conflict) as told:
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)
    assert told.value.facts["claimed_by"] == "Petr Ivanou"


@pytest.mark.parametrize("seen", [{"version": 2}, {"digest": "0" * 64}])
def test_what_was_seen_must_be_what_holds(session, country, seen):
    filed = file_package(country)
    review = get(filed, country.olga)
    with pytest.raises(Conflict) as told:
        decide(filed, country.olga, approve(review), **seen)
    assert (told.value.facts["version"], told.value.facts["digest"]) == (1, filed.digest)
    assert not session.scalars(sa.select(Decision)).all()


def test_a_decided_case_is_not_decided_again(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    review = get(filed, country.olga)
    with pytest.raises(Conflict):
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)
    with pytest.raises(Conflict):
        claiming.claim(review, by=country.olga)


def test_every_item_exactly_once(session, country):
    filed = file_package(country)
    with pytest.raises(Invalid) as told:
        decide(filed, country.olga, [ItemDecision(2, "approved")])
    assert {fault.code for fault in told.value.faults} == {"DECISION-ITEM-MISSING", "DECISION-ITEM-FOREIGN"}
    with pytest.raises(Invalid) as told:
        decide(filed, country.olga, [ItemDecision(1, "approved"), ItemDecision(1, "refused")])
    assert "DECISION-ITEM-TWICE" in {fault.code for fault in told.value.faults}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason_code": ""}, "DECISION-REASON-MISSING"),
        ({"reason_code": "CUS-DATA"}, "DECISION-REASON-MISSING"),
        ({"legal_ground": "  "}, "DECISION-GROUND-MISSING"),
        ({"appeal_office": ""}, "DECISION-APPEAL-OFFICE"),
        ({"appeal_contact": ""}, "DECISION-APPEAL-CONTACT"),
        ({"appeal_days": None}, "DECISION-APPEAL-DAYS"),
        ({"appeal_days": 0}, "DECISION-APPEAL-DAYS"),
        ({"appeal_office": "x" * 161}, "DECISION-TOO-LONG"),
    ],
)
def test_a_refusal_needs_reason_ground_and_appeal(session, country, changed, code):
    filed = file_package(country)
    item = refusal(1, "VET-CERTIFICATE", **changed)
    with pytest.raises(Invalid) as told:
        decide(filed, country.olga, [item])
    assert [fault.code for fault in told.value.faults] == [code]
    assert told.value.faults[0].field.startswith("item-1-")


def test_conditions_need_words_and_an_unknown_outcome_is_named(session, country):
    filed = file_package(country)
    for item, code in (
        (ItemDecision(1, "conditions", conditions=" "), "DECISION-CONDITIONS-MISSING"),
        (ItemDecision(1, "held"), "DECISION-HOLD-WHY"),
        (ItemDecision(1, "later"), "DECISION-OUTCOME"),
    ):
        with pytest.raises(Invalid) as told:
            decide(filed, country.olga, [item])
        assert [fault.code for fault in told.value.faults] == [code]


def test_an_approval_keeps_no_ground_of_a_refusal_that_was_typed_first(session, country):
    filed = file_package(country)
    item = replace(refusal(1, "VET-CERTIFICATE"), outcome="approved")
    kept = decide(filed, country.olga, [item]).items[0]
    assert (kept.legal_ground, kept.appeal_office, kept.appeal_days, kept.reason_code) == ("", "", None, "")


def test_customs_decides_an_item_after_everybody_else(session, country):
    filed = file_package(country)
    sign(filed, country.olga)
    with pytest.raises(Invalid) as told:
        sign(filed, country.kira)
    faults = {fault.field: fault for fault in told.value.faults}
    assert {fault.code for fault in faults.values()} == {"DECISION-ITEM-WAITS"}
    assert set(faults) == {"item-2-outcome", "item-3-outcome"}
    assert "Plant quarantine" in faults["item-2-outcome"].message["en"]
    assert status(filed) == "under-review"


def test_only_an_officer_who_may_release_decides_for_customs(session, country):
    filed = file_package(country)
    the_others(filed, country)
    with pytest.raises(NotAllowed):
        sign(filed, country.nina)


def test_customs_cannot_approve_what_another_agency_refused(session, country):
    filed = file_package(country)
    sign(filed, country.olga, [refusal(1, "VET-CERTIFICATE")])
    sign(filed, country.fedor)
    if ENV in filed.reviews:
        sign(filed, country.elena)
    with pytest.raises(Invalid) as told:
        sign(filed, country.kira)
    assert [(fault.code, fault.field) for fault in told.value.faults] == [("DECISION-AGENCY-REFUSED", "item-1-outcome")]
    assert "Veterinary supervision" in told.value.faults[0].message["en"]
    review = get(filed, country.kira)
    items = [refusal(1, "CUS-AGENCY"), *(one for one in approve(review) if one.number != 1)]
    sign(filed, country.kira, items)
    assert status(filed) == "released"
    results = deciding.results_of(finders.list_reviews(filed.declaration_id, decisions=True))
    assert results == {1: "refused", 2: "approved", 3: "approved"}


def test_the_package_is_refused_when_no_item_may_go(session, country):
    filed = file_package(country, "bicycles")
    review = get(filed, country.kira)
    sign(filed, country.kira, [refusal(number, "CUS-DATA") for number in review.items])
    assert status(filed) == "refused"


def test_a_closed_package_takes_no_decision(session, country):
    filed = file_package(country)
    review = claiming.claim(get(filed, country.olga), by=country.olga)
    review.declaration._status = "withdrawn"
    session.flush()
    with pytest.raises(Conflict) as told:
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)
    assert told.value.facts == {"declaration": "withdrawn"}


def test_the_ledger_knows_outcomes_but_no_words(session, country):
    filed = file_package(country)
    decide(filed, country.olga, [ItemDecision(1, "conditions", conditions="Unload at Minsk-2 only")])
    entry = session.scalars(sa.select(Entry).where(Entry.event == "review.decided")).one()
    assert entry.payload["outcomes"] == {"1": "conditions"}
    assert b"Minsk-2" not in entry.leaf
    assert len(entry.payload["text_digest"]) == 64


def test_issuing_agencies_stand_in_the_customs_decision(session, country):
    filed = file_package(country, "solar_panels")
    sign(filed, country.kira)
    assert status(filed) == "released"


def test_two_agencies_decide_at_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    results = race(
        both_engines, {name: lambda name=name: sign(filed, getattr(country, name)) for name in ("olga", "fedor")}
    )
    assert results == {"olga": None, "fedor": None}
    with database.transaction(both_engines, writing=False):
        decided = {one.agency for one in finders.list_reviews(filed.declaration_id) if one.status == "decided"}
    assert {VET, PHYTO} <= decided


def test_the_last_agency_and_customs_at_once(both_engines, country_of_both):
    """Either customs comes second and releases, or it is told who is missing: never a release without the agency."""
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        sign(filed, country.fedor)
        if ENV in filed.reviews:
            sign(filed, country.elena)
    results = race(
        both_engines, {"vet": lambda: sign(filed, country.olga), "customs": lambda: sign(filed, country.kira)}
    )
    assert results["vet"] is None
    with database.transaction(both_engines, writing=False):
        if results["customs"] is None:
            assert status(filed) == "released"
        else:
            assert isinstance(results["customs"], Invalid)
            assert {fault.code for fault in results["customs"].faults} == {"DECISION-ITEM-WAITS"}
            assert status(filed) == "under-review"


def test_one_officer_sends_twice_at_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        claiming.claim(get(filed, country.olga), by=country.olga)

    def send():
        review = get(filed, country.olga)
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.olga)

    results = race(both_engines, {"first": send, "second": send})
    assert sorted(result is None for result in results.values()) == [False, True]
    assert isinstance(next(result for result in results.values() if result), Conflict)
    with database.transaction(both_engines, writing=False):
        reviews = finders.list_reviews(filed.declaration_id, decisions=True)
        assert sum(len(review.decisions) for review in reviews) == 1


def test_decisions_are_timed_now(session, country):
    filed = file_package(country)
    before = clock.now()
    assert before <= sign(filed, country.olga).decided_at <= clock.now()


# --- in parts -------------------------------------------------------------------------------------------------------


def held(*numbers: int) -> list[ItemDecision]:
    return [ItemDecision(number, "held", conditions="A laboratory result") for number in numbers]


def approved(*numbers: int) -> list[ItemDecision]:
    return [ItemDecision(number, "approved") for number in numbers]


def released_events(filed) -> list[tuple[str, list[int]]]:
    query = sa.select(Entry.event, Entry.payload).where(
        Entry.declaration_id == filed.declaration_id, Entry.event.like("declaration.%released")
    )
    return [(event, payload["items"]) for event, payload in database.session().execute(query.order_by(Entry.position))]


def test_a_held_item_leaves_the_case_with_its_officer(session, country):
    filed = file_package(country, "beef_flowers_pet")
    sign(filed, country.fedor, held(2))
    review = get(filed, country.fedor)
    assert (review.status, review.results, review.result) == ("claimed", {"2": "held"}, "")
    assert review.claimed_by_id == country.fedor.person_id
    sign(filed, country.fedor)
    review = get(filed, country.fedor)
    assert (review.status, review.results, review.result, review.claimed_by_id) == (
        "decided",
        {"2": "approved"},
        "approved",
        None,
    )


def test_what_is_ready_goes_and_the_rest_follows(session, country):
    filed = file_package(country)
    vets = sign(filed, country.olga)
    first = sign(filed, country.kira, [*approved(1), *held(2, 3)])
    assert (first.released, first.rests_on, status(filed)) == ([1], [str(vets.id)], "partly-released")
    assert get(filed, country.kira).status == "claimed"
    plants, nature = sign(filed, country.fedor), sign(filed, country.elena)
    second = sign(filed, country.kira, [*approved(3), *held(2)])
    assert (second.released, second.rests_on, status(filed)) == ([3], [str(nature.id)], "partly-released")
    third = sign(filed, country.kira, approved(2))
    assert (third.released, third.rests_on, status(filed)) == ([2], [str(plants.id)], "released")
    assert released_events(filed) == [
        ("declaration.partly_released", [1]),
        ("declaration.partly_released", [3]),
        ("declaration.released", [2]),
    ]
    assert get(filed, country.kira).result == "approved"


def test_a_decision_that_lets_nothing_go_moves_nothing(session, country):
    filed = file_package(country)
    the_others(filed, country)
    decision = sign(filed, country.kira, held(1, 2, 3))
    assert (decision.released, decision.payment, status(filed)) == ([], "", "under-review")
    assert released_events(filed) == []


def test_the_rest_refused_closes_a_package_of_which_a_part_has_gone(session, country):
    filed = file_package(country)
    the_others(filed, country)
    sign(filed, country.kira, [*approved(1), *held(2, 3)])
    last = sign(filed, country.kira, [refusal(2, "CUS-DATA"), refusal(3, "CUS-DATA")])
    assert (last.released, status(filed)) == ([], "released")
    assert released_events(filed)[-1] == ("declaration.released", [])
    assert get(filed, country.kira).result == "refused"


def test_what_has_gone_is_not_judged_again(session, country):
    filed = file_package(country)
    the_others(filed, country)
    sign(filed, country.kira, [*approved(1), *held(2, 3)])
    with pytest.raises(Invalid) as told:
        sign(filed, country.kira, [refusal(1, "CUS-DATA"), *approved(2, 3)])
    assert [(fault.code, fault.field) for fault in told.value.faults] == [("DECISION-ITEM-RELEASED", "item-1-outcome")]


def test_nothing_goes_unpaid(session, country):
    filed = file_package(country, "bicycles")
    review = claiming.claim(get(filed, country.kira), by=country.kira)
    with pytest.raises(Invalid) as told:
        deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=country.kira)
    assert {fault.code for fault in told.value.faults} == {"DECISION-PAYMENT-MISSING", "DECISION-PAYMENT-REFERENCE"}
    decision = deciding.decide(
        review, version=1, digest=filed.digest, items=approve(review), payment="not-due",
        payment_reference="Мытны кодэкс, арт. 136", by=country.kira,
    )  # fmt: skip
    assert decision.payment == "not-due"
    entry = session.scalars(sa.select(Entry).where(Entry.event == "review.decided")).one()
    assert (entry.payload["payment"], len(entry.payload["payment_digest"])) == ("not-due", 64)


def test_the_last_approvals_at_once_release_once(both_engines, country_of_both):
    """The vets end what they held while customs lets go what is ready: one release of each item, whoever is first."""
    country = country_of_both
    filed = file_committed(both_engines, country)
    with database.transaction(both_engines):
        for name in ("fedor", "elena"):
            sign(filed, getattr(country, name))

    def customs():
        sign(filed, country.kira, [*held(1), *approved(2, 3)])

    results = race(both_engines, {"vet": lambda: sign(filed, country.olga), "customs": customs})
    assert results == {"vet": None, "customs": None}
    with database.transaction(both_engines):
        sign(filed, country.kira, approved(1))
        assert status(filed) == "released"
        assert released_events(filed) == [("declaration.partly_released", [2, 3]), ("declaration.released", [1])]


def test_two_officers_of_customs_release_once(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country, "bicycles")
    results = race(
        both_engines, {name: lambda name=name: sign(filed, getattr(country, name)) for name in ("kira", "karl")}
    )
    assert sorted(result is None for result in results.values()) == [False, True]
    assert isinstance(next(result for result in results.values() if result), Conflict)
    with database.transaction(both_engines, writing=False):
        assert released_events(filed) == [("declaration.released", [1])]


def test_what_customs_rests_on_is_read_afresh(session, country):
    """What the page had read of the other agencies before the package was locked may have changed when it is."""
    filed = file_package(country)
    for name in ("olga", "fedor", "elena"):
        sign(filed, getattr(country, name))
    case = claiming.claim(get(filed, country.kira), by=country.kira)
    read_before = finders.list_reviews(filed.declaration_id, decisions=True)
    # Another process opens the veterinarians' case again: this session has not heard of it.
    session.execute(
        sa.text("UPDATE reviews SET status = 'queued', results = '{}' WHERE id = :id").bindparams(
            sa.bindparam("id", filed.reviews[VET], sa.Uuid())
        )
    )
    with pytest.raises(Invalid) as told:
        deciding.decide(case, version=1, digest=filed.digest, items=approve(case), by=country.kira, **paid(case))
    assert [one.code for one in told.value.faults] == ["DECISION-ITEM-WAITS"]
    assert len(read_before) == 4


def test_one_decides_not_beside_ones_own_recorded_decision(session, country):
    """Two tabs: one decision is about to be signed, the other would be signed now; both would stand."""
    filed = file_package(country)
    case = claiming.claim(get(filed, country.kira), by=country.kira)
    held = [ItemDecision(number, "held") for number in case.items]
    signing.hold(case, version=1, digest=filed.digest, items=held, by=country.kira)
    with pytest.raises(Conflict, match="recorded already"):
        deciding.decide(case, version=1, digest=filed.digest, items=held, by=country.kira)
    assert get(filed, country.kira).decisions == []
