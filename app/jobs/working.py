"""The worker: one process that takes jobs off the queue, does each in transactions of ours, and shows that it lives.

One DBOS instance per process, launched after any fork. A job that raises is tried again with growing pauses; after
ATTEMPTS it stays visible as failed until an administrator retries it (``flask work`` runs this, ``make run`` starts it).
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from dbos import error as engine_errors
from flask import Flask

from app import clock, database
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from app.jobs import registry
from app.jobs.engine import PATIENT, QUEUE, WORKFLOW
from app.jobs.models import WorkerHeartbeat

log = logging.getLogger("akno.jobs")

ATTEMPTS = 5
RETRY_SECONDS = 2.0
"""Pause before the second attempt; doubled each time, so the fifth begins after about half a minute."""
HEARTBEAT_SECONDS = 10.0
FOLLOW_SECONDS = 1.0
"""Pause between two looks of the ledger's readers."""
AT_ONCE = 2
"""Jobs that one worker does side by side: more only share the two cores."""

# What trying again cannot mend.
_FINAL = (NotFound, NotAllowed, Invalid, Conflict, KeyError)


class JobFailed(Exception):
    """A job gave up; the text is what the administrator reads."""


class Worker:
    """One worker of one application; ``start`` returns when it is taking jobs, ``stop`` when it has put them down."""

    running: Worker | None = None

    def __init__(
        self, app: Flask, *, retry_seconds: float = RETRY_SECONDS, heartbeat_seconds: float = HEARTBEAT_SECONDS
    ) -> None:
        self.app = app
        self.settings = app.extensions["akno.settings"]
        self.engines: database.Database = app.extensions["akno.database"]
        self.retry_seconds = retry_seconds
        self.heartbeat_seconds = heartbeat_seconds
        self._stopping = threading.Event()
        self._beside: list[registry.Started] = []
        self._heart = threading.Thread(target=self._beat_on, name="akno-heartbeat", daemon=True)
        self._reader = threading.Thread(target=self._follow_on, name="akno-readers", daemon=True)

    def start(self) -> None:
        """Launch the engine and the heartbeat. Raises RuntimeError when this process has a worker already."""
        if Worker.running is not None:
            raise RuntimeError("there is one worker per process")
        DBOS(config=self._config())
        Worker.running = self
        _workflow()
        DBOS.listen_queues([QUEUE, PATIENT])
        DBOS.launch()
        for queue, at_once in ((QUEUE, AT_ONCE), (PATIENT, 1)):
            DBOS.register_queue(
                queue,
                worker_concurrency=at_once,
                polling_interval_sec=self.settings.job_poll_seconds,
                on_conflict="always_update",
            )
        self.beat(started=True)
        self._heart.start()
        self._reader.start()
        self._beside = [make(self.app) for make in registry.SERVICES.values()]
        for one in self._beside:
            one.start()
        log.info("worker %s takes jobs: %s", self.settings.executor_id, ", ".join(sorted(registry.JOBS)))

    def stop(self, *, wait_seconds: int = 0) -> None:
        """Stop taking jobs, give those under way some seconds, and end the engine; what is unfinished is done again."""
        self._stopping.set()
        for one in self._beside:
            one.stop()
        DBOS.destroy(workflow_completion_timeout_sec=wait_seconds)
        self._heart.join(timeout=5)
        self._reader.join(timeout=5)
        Worker.running = None

    def _config(self) -> DBOSConfig:
        return {
            "name": "akno",
            "system_database_url": self.app.extensions["akno.jobs"].url(),
            "application_version": self.settings.application_version,
            "executor_id": self.settings.executor_id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
        }

    def attempt(self, name: str, arguments: list[Any]) -> None:
        """Do a job once: each of its steps is one transaction of ours. Whatever a step raises undoes that step."""
        result: Any = None
        with self.app.app_context():
            for number, step in enumerate(registry.JOBS[name].steps):
                with database.transaction(self.engines, writing=step.writing):
                    result = step.function(*arguments) if number == 0 else step.function(result)

    def beat(self, *, started: bool = False) -> None:
        """Write the sign of life of this worker slot."""
        now = clock.now()
        with database.transaction(self.engines) as session:
            row = session.get(WorkerHeartbeat, self.settings.executor_id)
            if row is None:
                row = WorkerHeartbeat(executor_id=self.settings.executor_id, started_at=now)
                session.add(row)
            row.application_version = self.settings.application_version
            row.beaten_at = now
            if started:
                row.started_at = now

    def follow(self) -> None:
        """Let every reader of the ledger take in what is new, batch by batch, each batch one transaction.

        A reader that cannot go on holds up no other one. Raises ExceptionGroup with what was wrong, when all have read.
        """
        _each(partial(self._read_on, read_on) for read_on in registry.FOLLOWERS.values())

    def _read_on(self, read_on: Callable[[], int]) -> None:
        """Read until a batch is smaller than the ones before: the reader has caught up then, and what is written meanwhile
        comes with the next look. To read until nothing is left would not end while people file, each transaction for an
        entry or two, and on SQLite with the only write lock."""
        most = 1
        while not self._stopping.is_set():
            with self.app.app_context(), database.transaction(self.engines):
                taken = read_on()
            if taken < most:
                return
            most = taken

    def watch(self) -> None:
        """Look at everything that a moment brings: each due key is done in a transaction of its own.

        A key that cannot be done holds up no other one. Raises ExceptionGroup with what was wrong, when all were tried.
        """
        _each(partial(self._look, one) for one in registry.WATCHES.values())

    def _look(self, one: registry.Watch) -> None:
        with self.app.app_context(), database.transaction(self.engines, writing=False):
            keys = list(one.due())
        _each(partial(self._act, one, key) for key in keys)

    def _act(self, one: registry.Watch, key: Any) -> None:
        if self._stopping.is_set():
            return
        try:
            with self.app.app_context(), database.transaction(self.engines):
                one.act(key)
        except Refusal as refused:
            # Somebody was first, or it may not be any more: the next look sees what holds then.
            log.info("%s %s: %s", one.name, key, refused)
        except sa.exc.SQLAlchemyError:
            log.exception("%s %s could not be done now; the next look tries again", one.name, key)

    def _follow_on(self) -> None:
        while not self._stopping.wait(FOLLOW_SECONDS):
            for look in (self.follow, self.watch):
                try:
                    look()
                except Exception:
                    # Nothing is lost: a cursor has not moved, a key is still due, and the next round tries again. Whatever it
                    # was, deadlines and signatures must not stand still for it while the worker looks alive.
                    log.exception("a reader of the ledger or a look at the clock could not go on")

    def _beat_on(self) -> None:
        while not self._stopping.wait(self.heartbeat_seconds):
            try:
                self.beat()
            except sa.exc.SQLAlchemyError:
                # A busy database makes one sign of life late; the health page shows the age, so nothing is hidden.
                log.exception("the heartbeat could not be written")


def _each(deeds: Iterable[Callable[[], object]]) -> None:
    """Do every deed, whatever became of those before. Raises ExceptionGroup with what was wrong, at the end."""
    wrong = []
    for deed in deeds:
        try:
            deed()
        except Exception as error:
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("not everything could be done", wrong)


def _workflow() -> None:
    """Register the one workflow with the engine; its name is what enqueued jobs carry, so it stays for ever."""

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=20)
    def run_job(name: str, arguments: list[Any]) -> None:
        worker = Worker.running
        if worker is None:
            raise RuntimeError("no worker is running in this process")
        try:
            DBOS.run_step(
                {
                    "name": name,
                    "retries_allowed": True,
                    "max_attempts": ATTEMPTS,
                    "interval_seconds": worker.retry_seconds,
                    "backoff_rate": 2.0,
                    "should_retry": lambda error: not isinstance(error, _FINAL),
                },
                worker.attempt,
                name,
                arguments,
            )
        except engine_errors.DBOSMaxStepRetriesExceeded as gave_up:
            raise _failed(name, gave_up.errors[-1] if gave_up.errors else gave_up) from gave_up
        except Exception as error:
            raise _failed(name, error) from error


def _failed(name: str, error: BaseException) -> JobFailed:
    log.error("job %s gave up", name, exc_info=error)
    return JobFailed(f"{type(error).__name__}: {error}"[:500])


def work(app: Flask) -> None:
    """Run the worker of this process until it is told to end (SIGTERM, SIGINT)."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    worker = Worker(app)
    worker.start()
    ending.wait()
    worker.stop(wait_seconds=10)
