"""Jobs: enqueued with the cause, done once, visible when they fail, started again by hand."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from app import clock, database
from app.errors import Conflict, NotFound
from app.jobs import finders, registry
from app.jobs.engine import ENGINE_TABLES, root_of
from app.jobs.models import WorkerHeartbeat
from app.jobs.registry import Step
from app.jobs.working import ATTEMPTS, Worker


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def note(name: str) -> None:
    """A job's mark in the database: idempotent, as jobs must be."""
    now = clock.now()
    database.session().merge(
        WorkerHeartbeat(executor_id=name, application_version="test", started_at=now, beaten_at=now)
    )


def marks(engines) -> set[str]:
    with database.transaction(engines, writing=False):
        return {row.executor_id for row in finders.list_workers() if row.application_version == "test"}


def test_rollback_leaves_nothing_commit_leaves_both(engines, jobs):
    def cause():
        with database.transaction(engines):
            note("lost")
            jobs.enqueue("test.note", "lost", key="lost")
            raise RuntimeError("the cause did not happen")

    with pytest.raises(RuntimeError, match="did not happen"):
        cause()
    assert jobs.find("lost") is None
    assert marks(engines) == set()
    with database.transaction(engines):
        note("kept")
        jobs.enqueue("test.note", "kept", key="kept")
        jobs.enqueue("test.note", "kept", key="kept")
    assert jobs.find("kept").status == "ENQUEUED"
    assert marks(engines) == {"kept"}
    assert jobs.count_waiting() == 1


def test_worker_does_a_job_once(engines, jobs, register, worker):
    done = []
    register("test.note", Step(lambda name: (note(name), done.append(name))))
    with database.transaction(engines):
        jobs.enqueue("test.note", "Ў", key="once")
    assert wait_for(lambda: jobs.find("once").status == "SUCCESS"), jobs.find("once")
    with database.transaction(engines):
        jobs.enqueue("test.note", "Ў", key="once")
    time.sleep(0.3)
    assert done == ["Ў"]
    assert marks(engines) == {"Ў"}
    assert jobs.count_waiting() == 0


def test_steps_are_transactions_of_their_own(engines, jobs, register, worker):
    seen = []

    def look(value):
        note("written while reading")
        with pytest.raises(sa.exc.OperationalError):
            database.session().flush()
        database.session().rollback()
        return value + 1

    register("test.steps", Step(lambda value: value + 1), Step(look, writing=False), Step(seen.append))
    with database.transaction(engines):
        jobs.enqueue("test.steps", 1, key="steps")
    assert wait_for(lambda: jobs.find("steps").status == "SUCCESS"), jobs.find("steps")
    assert seen == [3]


def test_failing_job_is_tried_again_then_visible_then_retried(engines, jobs, register, worker):
    tries, mended = [], []

    def fragile(name):
        note(name)
        tries.append(name)
        if not mended:
            raise OSError("the printer is on fire")

    register("test.fragile", Step(fragile))
    with database.transaction(engines):
        jobs.enqueue("test.fragile", "paper", key="fragile")
    assert wait_for(lambda: jobs.find("fragile").status == "ERROR")
    assert len(tries) == ATTEMPTS
    assert marks(engines) == set()
    (failed,) = jobs.list_failed()
    assert (failed.key, failed.name, failed.arguments) == ("fragile", "test.fragile", ("paper",))
    assert "the printer is on fire" in failed.error
    assert "OSError" in failed.error
    mended.append(True)
    with database.transaction(engines):
        again = jobs.retry("fragile")
    assert root_of(again) == "fragile"
    assert wait_for(lambda: jobs.find("fragile").status == "SUCCESS")
    assert jobs.list_failed() == []
    assert marks(engines) == {"paper"}
    assert jobs.find("fragile").attempt == 2
    with pytest.raises(Conflict), database.transaction(engines):
        jobs.retry("fragile")


def test_what_trying_cannot_mend_is_tried_once(engines, jobs, register, worker):
    tries = []

    def gone():
        tries.append(1)
        raise NotFound("no such package")

    register("test.gone", Step(gone))
    with database.transaction(engines):
        jobs.enqueue("test.gone", key="gone")
        jobs.enqueue("test.nobody", key="nobody")
    assert wait_for(lambda: len(jobs.list_failed()) == 2)
    assert len(tries) == 1
    with pytest.raises(NotFound), database.transaction(engines):
        jobs.retry("never-was")


def test_job_waits_for_a_worker(engines, jobs, app, register):
    from app.jobs.working import Worker

    register("test.note", Step(note))
    with database.transaction(engines):
        jobs.enqueue("test.note", "patient", key="patient")
    worker = Worker(app, retry_seconds=0.02)
    worker.start()
    try:
        with pytest.raises(RuntimeError):
            Worker(app).start()
        assert wait_for(lambda: marks(engines) == {"patient"})
    finally:
        worker.stop()


def test_heartbeat_is_seen(engines, worker):
    def beaten():
        with database.transaction(engines, writing=False):
            return finders.list_workers()[0].beaten_at

    first = beaten()
    assert wait_for(lambda: beaten() > first, seconds=3)


def test_engine_tables_are_the_ones_we_leave_alone(engines, jobs):
    there = set(sa.inspect(engines.reading).get_table_names()) - {"worker_heartbeats"}
    assert there == ENGINE_TABLES


def test_a_name_means_one_job(register):
    register("test.one", Step(note))
    with pytest.raises(ValueError):
        register("test.one", Step(marks))
    with pytest.raises(KeyError):
        registry.run("test.unknown")


# --- what a moment brings ------------------------------------------------------------------------------------------------


def broken(*_key):
    raise ValueError("this one breaks, and not by the database")


def test_a_key_that_breaks_holds_up_no_other(engines, app, moments):
    moments.watch("test.broken", broken, note)
    moments.watch("test.one", lambda: ["breaks", "does"], lambda key: broken() if key == "breaks" else note(key))
    moments.watch("test.last", lambda: ["last"], note)
    with pytest.raises(ExceptionGroup):
        Worker(app).watch()
    assert marks(engines) == {"does", "last"}


def test_a_reader_that_breaks_holds_up_no_other(engines, app, moments):
    moments.follower("test.broken")(broken)
    moments.follower("test.reads")(lambda: note("read") or 0)
    with pytest.raises(ExceptionGroup):
        Worker(app).follow()
    assert marks(engines) == {"read"}


@pytest.mark.parametrize(("batches", "read"), [
    ([200, 200, 70, 0], 3), ([30, 4, 4, 4, 4, 4], 2), ([0, 9], 1), ([5, 200, 200, 12, 200], 4),
])  # fmt: skip
def test_a_reader_that_has_caught_up_rests_although_people_go_on_filing(app, moments, batches, read):
    """Reading for an entry or two at a time without end would take the write lock from those who file."""
    left = iter(batches)
    moments.follower("test.reads")(lambda: next(left))
    Worker(app).follow()
    assert len(batches) - len(list(left)) == read


def test_the_worker_looks_on_whatever_breaks(engines, moments, monkeypatch, request, caplog):
    """A worker that shows life but no longer signs, warns or tells would be worse than one that is gone."""
    monkeypatch.setattr("app.jobs.working.FOLLOW_SECONDS", 0.05)
    seen = []
    moments.follower("test.broken")(broken)
    moments.watch("test.broken", lambda: seen.append(1) or ["key"], broken)
    request.getfixturevalue("worker")
    assert wait_for(lambda: len(seen) > 2)
    assert "could not go on" in caplog.text


def test_what_runs_beside_the_worker_starts_and_ends_with_it(app, beside):
    told = []

    class Beside:
        def __init__(self, made_of):
            told.append(made_of)

        def start(self):
            told.append("start")

        def stop(self):
            told.append("stop")

    beside("something", Beside)
    with pytest.raises(ValueError, match="something"):
        beside("something", lambda _app: Beside(app))
    running = Worker(app)
    running.start()
    assert told == [app, "start"]
    running.stop()
    assert told == [app, "start", "stop"]
