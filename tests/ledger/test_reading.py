"""Reading by cursor: none twice, none lost, also where an older transaction commits last; reactions live and die with
their transaction."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import database as rows
from app.access import SYSTEM
from app.database import Database, transaction
from app.jobs.engine import JobEngine
from app.ledger import reading, recording
from app.ledger.models import Entry

READER = "tests.reader"
ID = uuid.UUID("01900000-0000-7000-8000-000000000002")


def record(label: str) -> None:
    recording.record("review.lapsed", "review", ID, by=SYSTEM, agency=label)


def labels(found: Iterator[Entry] | list[Entry]) -> list[str]:
    return [entry.payload["agency"] for entry in found if entry.subject_id == ID]


def read_on(database: Database, limit: int = 200) -> list[str]:
    """One batch, taken in and remembered in one transaction."""
    with transaction(database):
        found = list(reading.read(READER, limit=limit))
        if found:
            reading.advance(READER, found[-1])
    return labels(found)


def undone(database: Database, deed: Callable[[], object]) -> None:
    """Do something in a transaction that fails behind it."""
    with transaction(database):
        deed()
        raise RuntimeError("undone")


def drained(database: Database) -> None:
    """Pass over what the country's founding left."""
    with transaction(database):
        while found := reading.read(READER):
            reading.advance(READER, found[-1])


def test_batches_hold_each_entry_once(database: Database) -> None:
    drained(database)
    for start in range(0, 25, 5):
        with transaction(database):
            for n in range(start, start + 5):
                record(f"N-{n}")
    seen: list[str] = []
    while batch := read_on(database, limit=4):
        assert len(batch) <= 4
        seen += batch
    assert seen == [f"N-{n}" for n in range(25)]
    assert read_on(database) == []


def test_reading_moves_nothing_and_a_failure_moves_nothing(database: Database) -> None:
    drained(database)
    with transaction(database):
        record("A")
    for _ in range(2):
        with transaction(database, writing=False):
            assert labels(list(reading.read(READER))) == ["A"]
    with pytest.raises(RuntimeError):
        undone(database, lambda: reading.advance(READER, reading.read(READER)[-1]))
    assert read_on(database) == ["A"]


def test_readers_read_for_themselves(database: Database) -> None:
    with transaction(database):
        record("A")
    with transaction(database):
        reading.advance("another", reading.read("another", limit=10_000)[-1])
    with transaction(database, writing=False):
        assert "A" in labels(list(reading.read(READER, limit=10_000)))
        assert reading.read("another") == []


def test_a_cursor_never_goes_back(database: Database) -> None:
    drained(database)
    with transaction(database):
        record("A")
        record("B")
    with transaction(database):
        first, second = reading.read(READER)
        reading.advance(READER, second)
        reading.advance(READER, first)
    assert read_on(database) == []


def test_what_was_rolled_back_is_never_read(database: Database) -> None:
    drained(database)
    with pytest.raises(RuntimeError):
        undone(database, lambda: record("GONE"))
    with transaction(database):
        record("KEPT")
    assert read_on(database) == ["KEPT"]


postgresql_only = pytest.mark.skipif(
    os.environ.get("AKNO_TEST_ENGINE", "sqlite") != "postgresql", reason="one writer: the trap needs PostgreSQL"
)


class Writer:
    """A transaction of somebody else, step by step."""

    def __init__(self, database: Database) -> None:
        self.session = Session(database.writing, expire_on_commit=False)

    def touch(self) -> Writer:
        """Be given a transaction id now."""
        self.session.execute(sa.text("SELECT pg_current_xact_id()"))
        return self

    def record(self, label: str) -> Writer:
        """Write an entry: take a position."""
        outer = rows._current.set(self.session)
        try:
            record(label)
        finally:
            rows._current.reset(outer)
        return self

    def end(self, *, keep: bool = True) -> None:
        """Commit or roll back."""
        self.session.commit() if keep else self.session.rollback()
        self.session.close()


@postgresql_only
def test_a_lower_position_that_commits_later_is_not_lost(database: Database) -> None:
    drained(database)
    first = Writer(database).record("FIRST")
    second = Writer(database).record("SECOND")
    second.end()
    assert read_on(database) == [], "an older transaction is open: nothing behind it is settled"
    first.end()
    assert read_on(database) == ["FIRST", "SECOND"]


@postgresql_only
def test_a_lower_position_of_a_younger_transaction_is_not_lost(database: Database) -> None:
    """The trap behind the trap: the older transaction takes the higher position and commits first."""
    drained(database)
    older = Writer(database).touch()
    younger = Writer(database).touch().record("LOW")
    older.record("HIGH").end()
    seen = read_on(database)
    assert seen == ["HIGH"]
    younger.end()
    seen += read_on(database)
    assert sorted(seen) == ["HIGH", "LOW"]
    assert read_on(database) == []


@postgresql_only
def test_a_transaction_that_is_given_up_holds_nobody_for_ever(database: Database) -> None:
    drained(database)
    first = Writer(database).record("GONE")
    Writer(database).record("KEPT").end()
    assert read_on(database) == []
    first.end(keep=False)
    assert read_on(database) == ["KEPT"]


def test_a_reaction_lives_and_dies_with_its_transaction(app: Flask, database: Database) -> None:
    jobs: JobEngine = app.extensions["akno.jobs"]
    before = jobs.count_waiting()
    with pytest.raises(RuntimeError):
        undone(database, _release)
    assert jobs.count_waiting() == before
    with transaction(database):
        _release()
    assert jobs.count_waiting() == before + 1


def _release() -> None:
    recording.record(
        "declaration.released", "declaration", uuid.uuid4(), by=SYSTEM, version=1, digest="0" * 64,
        decision=str(uuid.uuid4()), items=[1],
    )  # fmt: skip


def test_reactions_are_to_events_that_there_are() -> None:
    with pytest.raises(KeyError):
        recording.react("declaration.forgotten", lambda entry: None)
