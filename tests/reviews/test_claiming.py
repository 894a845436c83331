"""A claim is a lease: it ends by itself, one officer holds it, the supervisor may hand it on."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, database
from app.errors import Conflict, NotAllowed, NotFound
from app.identity.models import Membership
from app.ledger.models import Entry
from app.reviews import claiming, extending, finders, queue_finders
from tests.reviews.making import CUSTOMS, VET, file_committed, file_package, get


def events(declaration_id) -> list[str]:
    query = sa.select(Entry.event).where(Entry.declaration_id == declaration_id).order_by(Entry.position)
    return [name for name in database.session().scalars(query) if name != "review.opened"]


def test_claim_and_give_back(session, country):
    filed = file_package(country)
    review = claiming.claim(get(filed, country.olga), by=country.olga, minutes=20)
    assert (review.status, review.claimed_by_name) == ("claimed", "Olga Zaitseva")
    assert timedelta(minutes=19) < review.claimed_until - clock.now() <= timedelta(minutes=20)
    claiming.release(review, by=country.olga)
    assert (review.status, review.claimed_by_id, review.claimed_until) == ("queued", None, None)
    assert events(filed.declaration_id) == ["review.claimed", "review.released"]


def test_the_second_officer_hears_who_and_until_when(session, country):
    filed = file_package(country)
    held = claiming.claim(get(filed, country.olga), by=country.olga)
    with pytest.raises(Conflict) as told:
        claiming.claim(get(filed, country.petr), by=country.petr)
    assert told.value.facts["claimed_by"] == "Olga Zaitseva"
    assert f"{held.claimed_until.astimezone(clock.MINSK):%H:%M}" in str(told.value.message)
    with pytest.raises(NotAllowed):
        claiming.release(get(filed, country.petr), by=country.petr)


def test_a_lapsed_claim_is_as_good_as_none(session, country):
    filed = file_package(country)
    review = claiming.claim(get(filed, country.olga), by=country.olga)
    review.claimed_until = clock.now() - timedelta(seconds=1)
    session.flush()
    review = claiming.claim(get(filed, country.petr), by=country.petr)
    assert review.claimed_by_name == "Petr Ivanou"
    assert events(filed.declaration_id) == ["review.claimed", "review.lapsed", "review.claimed"]


def test_ones_own_claim_is_renewed(session, country):
    filed = file_package(country)
    claiming.claim(get(filed, country.olga), by=country.olga, minutes=1)
    review = claiming.claim(get(filed, country.olga), by=country.olga, minutes=30)
    assert review.claimed_until - clock.now() > timedelta(minutes=29)


def test_the_supervisor_hands_a_case_on(session, country):
    filed = file_package(country)
    claiming.claim(get(filed, country.olga), by=country.olga)
    review = get(filed, country.vera)
    names = [membership.person.full_name for membership in finders.list_officers(review)]
    assert names == ["Olga Zaitseva", "Petr Ivanou", "Vera Lis"]
    petr = finders.get_officer(review, country.memberships["petr"])
    claiming.reassign(review, to=petr, by=country.vera)
    assert (review.status, review.assignee_name, review.claimed_by_id) == ("queued", "Petr Ivanou", None)
    with pytest.raises(NotAllowed):
        claiming.reassign(review, to=petr, by=country.olga)


def test_a_case_is_handed_only_to_an_officer_who_can_decide_it(session, country):
    review = get(file_package(country), country.vera)
    with pytest.raises(NotFound):
        finders.get_officer(review, country.memberships["kira"])
    kira = session.scalars(
        sa.select(Membership)
        .where(Membership.id == country.memberships["kira"])
        .options(sa.orm.joinedload(Membership.person), sa.orm.joinedload(Membership.organisation))
    ).one()
    with pytest.raises(NotAllowed):
        claiming.reassign(review, to=kira, by=country.vera)


def test_the_case_of_another_agency_does_not_exist(session, country):
    filed = file_package(country)
    for name in ("fedor", "kira", "anna"):
        with pytest.raises(NotFound):
            finders.get_review(filed.reviews[VET], actor=getattr(country, name))
    with pytest.raises(NotAllowed):
        claiming.claim(get(filed, country.olga), by=country.fedor)
    assert finders.get_review(filed.reviews[VET], actor=country.ada).agency == VET


def test_another_office_reads_but_does_not_judge(session, country):
    filed = file_package(country)
    brest = country.person(session, "boris", "Boris Bug", CUSTOMS, "customs-officer")
    brest = type(brest)(**{name: getattr(brest, name) for name in brest.__slots__} | {"office": "09131"})
    with pytest.raises(NotAllowed) as told:
        claiming.claim(finders.get_review(filed.reviews[CUSTOMS], actor=brest), by=brest)
    assert "06611" in str(told.value.reason)
    assert not queue_finders.list_queue(brest).page.rows


def test_a_supervisor_rules_over_their_own_office_alone(session, country):
    """The head of the office grants an extension and hands cases on: of the office where the package was filed."""
    filed = file_package(country)
    brest = country.person(session, "boris", "Boris Bug", CUSTOMS, "customs-officer", "supervisor")
    brest = dataclasses.replace(brest, office="09131")
    case, kira = finders.get_review(filed.reviews[CUSTOMS], actor=brest), country.memberships["kira"]
    for act in (
        lambda: claiming.reassign(case, to=finders.get_officer(case, kira), by=brest),
        lambda: extending.extend(case, step="1", cause="AGENCIES", words="", by=brest),
    ):
        with pytest.raises(NotAllowed) as told:
            act()
        assert "06611" in str(told.value.reason)
    assert (case.assignee_id, case.clock["extensions"]) == (None, [])


def test_a_supervisor_with_a_part_in_the_package_rules_nothing_of_it(session, country):
    filed = file_package(country)
    case, kira = get(filed, country.karl), country.memberships["kira"]
    session.add(
        Membership(
            person_id=country.karl.person_id, organisation_id=country.organisations["trader"],
            roles=["trader-clerk"], valid_from=clock.today(),
        )
    )  # fmt: skip
    session.flush()
    for act in (
        lambda: claiming.reassign(case, to=finders.get_officer(case, kira), by=country.karl),
        lambda: extending.extend(case, step="1", cause="AGENCIES", words="", by=country.karl),
    ):
        with pytest.raises(NotAllowed, match="another officer"):
            act()


def test_nobody_judges_a_package_of_a_house_they_work_for(session, country):
    filed = file_package(country)
    session.add(
        Membership(
            person_id=country.olga.person_id, organisation_id=country.organisations["trader"],
            roles=["trader-clerk"], valid_from=clock.today(),
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(NotAllowed) as told:
        claiming.claim(get(filed, country.olga), by=country.olga)
    assert "another officer" in str(told.value.reason)


def test_two_at_once_one_wins(both_engines, country_of_both):
    country = country_of_both
    filed = file_committed(both_engines, country)
    together, results = threading.Barrier(2), {}

    def take(name: str) -> None:
        actor = getattr(country, name)
        together.wait()
        try:
            with database.transaction(both_engines):
                claiming.claim(get(filed, actor), by=actor)
            results[name] = "won"
        except Conflict as told:
            results[name] = told.facts["claimed_by"]

    threads = [threading.Thread(target=take, args=(name,)) for name in ("olga", "petr")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    winner = next(name for name, result in results.items() if result == "won")
    loser = "petr" if winner == "olga" else "olga"
    assert results[loser] == getattr(country, winner).name
    with database.transaction(both_engines, writing=False):
        assert get(filed, country.olga).claimed_by_id == getattr(country, winner).person_id
        assert events(filed.declaration_id) == ["review.claimed"]
