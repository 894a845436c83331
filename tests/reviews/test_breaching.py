"""A deadline that passes is one event, whoever looks and however often; what stands still is never late."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock, database
from app.database import Database
from app.ledger.models import Entry
from app.reviews import breaching
from app.reviews.models import Review
from tests.reviews.making import VET, Country, Filed, file_committed


def late(engines: Database, filed: Filed, **values: object) -> None:
    """Let the veterinary deadline have passed a minute ago."""
    values = {"due_at": clock.now() - timedelta(minutes=1)} | values
    with database.transaction(engines) as session:
        session.execute(sa.update(Review.__table__).where(Review.id == filed.reviews[VET]).values(values))


def look(engines: Database) -> list[object]:
    """What a worker does: read what is due, then act on each in a transaction of its own."""
    with database.transaction(engines, writing=False):
        keys = list(breaching.list_overdue())
    done = []
    for key in keys:
        with database.transaction(engines):
            done.append(breaching.breach(key))
    return done


def events(engines: Database) -> list[Entry]:
    with database.transaction(engines, writing=False) as session:
        return list(session.scalars(sa.select(Entry).where(Entry.event == "review.breached")))


def test_one_event_however_often_the_worker_looks(both_engines: Database, country_of_both: Country) -> None:
    filed = file_committed(both_engines, country_of_both)
    assert look(both_engines) == []
    late(both_engines, filed)
    assert look(both_engines) == [True]
    assert look(both_engines) == []
    (entry,) = events(both_engines)
    assert entry.subject_id == filed.reviews[VET]
    assert entry.payload["agency"] == VET
    assert entry.person_id is None


def test_a_clock_that_stands_still_breaks_nothing(both_engines: Database, country_of_both: Country) -> None:
    filed = file_committed(both_engines, country_of_both)
    late(both_engines, filed, paused_at=clock.now())
    assert look(both_engines) == []
    late(both_engines, filed, paused_at=None)
    assert look(both_engines) == [True]


def test_what_was_late_once_is_not_late_again(both_engines: Database, country_of_both: Country) -> None:
    filed = file_committed(both_engines, country_of_both)
    late(both_engines, filed)
    assert look(both_engines) == [True]
    late(both_engines, filed, due_at=clock.now() + timedelta(hours=1))
    late(both_engines, filed)
    assert look(both_engines) == []
    assert len(events(both_engines)) == 1


@pytest.mark.parametrize("status", ["decided", "superseded"])
def test_what_is_over_is_not_late(both_engines: Database, country_of_both: Country, status: str) -> None:
    filed = file_committed(both_engines, country_of_both)
    late(both_engines, filed, status=status)
    assert look(both_engines) == []


def test_two_workers_at_once_record_it_once(both_engines: Database, country_of_both: Country) -> None:
    filed = file_committed(both_engines, country_of_both)
    late(both_engines, filed)
    key, together = filed.reviews[VET], threading.Barrier(4)
    done: list[bool] = []

    def work() -> None:
        together.wait()
        with database.transaction(both_engines):
            done.append(breaching.breach(key))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(timeout=30)
    assert sorted(done) == [False, False, False, True]
    assert len(events(both_engines)) == 1


def test_the_worker_walks_the_index_of_running_clocks(both_engines: Database, country_of_both: Country) -> None:
    file_committed(both_engines, country_of_both)
    query = breaching._overdue(sa.select(Review.id)).order_by(Review.due_at, Review.id).limit(breaching.PAGE)
    sql = str(query.compile(both_engines.writing, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if both_engines.name == "sqlite" else "EXPLAIN "
    with both_engines.writing.connect() as connection:
        if both_engines.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))
        plan = "\n".join(str(row) for row in connection.execute(sa.text(explain + sql)))
    assert "ix_reviews_running" in plan
