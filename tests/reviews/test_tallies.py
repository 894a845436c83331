"""Counts of the queue: equal to a count over the rows after whatever was done, folded or not, on both engines."""

from __future__ import annotations

import random
import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app import clock, database
from app.reviews import claiming, finders, routing, tallies
from app.reviews.models import OPEN_STATES, Review
from app.reviews.queue_models import QueueTally
from tests.reviews.making import CUSTOMS, VET, file_package, get, refusal, sign


def counted(session, agency: str) -> dict:
    """The open cases of an agency by a count over the rows themselves."""
    place = (Review.office_code, Review._status, Review.due_on)
    query = sa.select(*place, sa.func.count()).where(Review.agency == agency, Review._status.in_(OPEN_STATES))
    return {(office, state, due): many for office, state, due, many in session.execute(query.group_by(*place))}


def told(actor) -> dict:
    return {(one.office, one.status, one.due_on): one.number for one in tallies.list_tallies(actor)}


class Life:
    """One random life of a desk: files, claims, decides, hands on, stops, withdraws, deletes."""

    def __init__(self, session, country, seed: int) -> None:
        self.session, self.country, self.dice = session, country, random.Random(seed)
        self.filed = []

    def step(self) -> None:
        deed = self.dice.choice(
            (
                self.file,
                self.claim,
                self.give_back,
                self.decide,
                self.hand_on,
                self.stop,
                self.withdraw,
                self.move,
                self.fold,
            )
        )
        if deed == self.file or self.filed:
            deed()

    def file(self) -> None:
        self.filed.append(file_package(self.country))

    def _case(self, *states: str):
        review = get(self.dice.choice(self.filed), self.dice.choice((self.country.olga, self.country.petr)))
        return review if review.status in states else None

    def claim(self) -> None:
        if review := self._case("queued"):
            claiming.claim(review, by=self.country.olga)

    def give_back(self) -> None:
        if (review := self._case("claimed")) and review.claimed_by_id == self.country.olga.person_id:
            claiming.release(review, by=self.country.olga)

    def decide(self) -> None:
        one = self.dice.choice(self.filed)
        if get(one, self.country.olga).status == "queued":
            sign(one, self.country.olga, self.dice.choice((None, [refusal(1, "VET-CERTIFICATE")])))

    def hand_on(self) -> None:
        if review := self._case("queued", "claimed"):
            to = finders.get_officer(review, self.country.memberships["petr"])
            claiming.reassign(review, to=to, by=self.country.vera)

    def stop(self) -> None:
        if review := self._case("queued", "claimed"):
            review._status = self.dice.choice(("question", "inspection", "proposed"))
            self.session.flush()

    def move(self) -> None:
        if review := self._case(*OPEN_STATES):
            review.due_at += timedelta(days=self.dice.randrange(3))
            review.due_on = review.due_at.astimezone(clock.MINSK).date()
            self.session.flush()

    def withdraw(self) -> None:
        one = get(self.dice.choice(self.filed), self.country.olga)
        routing.close_reviews(one.declaration, by=self.country.anna)
        self.session.flush()

    def fold(self) -> None:
        tallies.fold(VET)


@pytest.mark.parametrize("seed", range(4))
def test_counts_equal_the_rows_after_whatever_was_done(both_engines, country_of_both, seed):
    with database.transaction(both_engines) as session:
        life = Life(session, country_of_both, seed)
        for _ in range(40):
            life.step()
            assert told(country_of_both.olga) == counted(session, VET)
        assert told(country_of_both.kira) == counted(session, CUSTOMS)
        tallies.fold(VET)
        assert told(country_of_both.olga) == counted(session, VET)
        left = session.scalar(sa.select(sa.func.count()).select_from(QueueTally).where(QueueTally.agency == VET))
        assert left == len(counted(session, VET))


def test_the_tabs_of_an_officer(session, country):
    for _ in range(3):
        file_package(country)
    claimed = file_package(country)
    claiming.claim(get(claimed, country.olga), by=country.olga)
    stopped = get(file_package(country), country.olga)
    stopped._status = "question"
    session.flush()
    counts = tallies.count_tabs(country.olga)
    assert (counts["to-review"], counts["mine"], counts["questions"], counts["second"]) == (4, 1, 1, 0)
    assert tallies.count_tabs(country.petr)["mine"] == 0
    session.execute(sa.update(Review).values(due_on=clock.today() - timedelta(days=1)))
    assert tallies.count_tabs(country.olga)["today"] == 4


def test_folding_is_worth_it_only_when_much_is_loose(session, country, monkeypatch):
    filed = file_package(country)
    assert tallies.list_loose() == []
    monkeypatch.setattr(tallies, "LOOSE", 5)
    for _ in range(4):
        claiming.claim(get(filed, country.olga), by=country.olga)
        claiming.release(get(filed, country.olga), by=country.olga)
    assert tallies.list_loose() == [VET]
    assert tallies.fold(VET) > 5
    assert tallies.list_loose() == []


def test_two_workers_that_fold_at_once_count_nothing_twice(both_engines, country_of_both):
    with database.transaction(both_engines) as session:
        for _ in range(10):
            file_package(country_of_both)
        wanted = counted(session, VET)
    barrier = threading.Barrier(3)

    def fold() -> None:
        barrier.wait()
        for _ in range(5):
            with database.transaction(both_engines):
                tallies.fold(VET)

    def work() -> None:
        barrier.wait()
        for _ in range(5):
            with database.transaction(both_engines):
                filed = file_package(country_of_both)
                claiming.claim(get(filed, country_of_both.olga), by=country_of_both.olga)

    threads = [threading.Thread(target=one) for one in (fold, fold, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(both_engines, writing=False) as session:
        found = counted(session, VET)
        assert told(country_of_both.olga) == found
        assert sum(found.values()) == sum(wanted.values()) + 5


@pytest.mark.pure
def test_by_age():
    day = date(2026, 11, 23)
    rows = [tallies.Tally("1", "queued", day + timedelta(days=days), 2) for days in (-3, 0, 1, 2, 3)]
    assert tallies.by_age(rows, day) == {"queued": {"late": 2, "today": 2, "soon": 4, "later": 2}}
