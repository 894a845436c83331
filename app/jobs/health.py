"""How the window fares: process, database, store, scanner, workers, jobs; plain values for the page and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import session
from app.errors import Refusal
from app.jobs.engine import COUNTED, JobEngine
from app.jobs.finders import list_workers

LATE_SECONDS = 60
"""A worker that has not been seen for so long counts as away: six missed signs of life."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is up. ``worker_age`` in seconds since the youngest sign of life, None when no worker ever ran."""

    database: bool
    storage: bool
    scanner: str
    worker_age: int | None
    jobs_waiting: int | None
    jobs_failed: int | None

    @property
    def ready(self) -> bool:
        """Whether the window can take a package now: database and store; paper may wait for a worker."""
        return self.database and self.storage

    @property
    def worker(self) -> bool:
        """Whether a worker has been seen lately."""
        return self.worker_age is not None and self.worker_age <= LATE_SECONDS

    def as_dict(self) -> dict[str, Any]:
        """The same for a machine. Nothing here names a person, a path or an address."""
        waiting = self.jobs_waiting
        return {
            "status": "ready" if self.ready else "not ready",
            "process": True,
            "database": self.database,
            "storage": self.storage,
            "scanner": self.scanner,
            "files": "not scanned (no scanner configured)" if self.scanner == "none" else "scanned",
            "worker": {"alive": self.worker, "age_seconds": self.worker_age},
            "jobs": {"waiting": waiting, "at_least": waiting == COUNTED, "failed": self.jobs_failed},
        }


def examine(jobs: JobEngine, store: Any, scanner: str) -> Health:
    """Look at every part; a part that cannot answer is down, and says so, and never takes the page with it."""
    try:
        session().execute(sa.text("SELECT 1"))
        workers = list_workers()
        waiting, failed = jobs.count_waiting(), len(jobs.list_failed())
    except sa.exc.SQLAlchemyError:
        return Health(False, _stores(store), scanner, None, None, None)
    age = int((clock.now() - workers[0].beaten_at).total_seconds()) if workers else None
    return Health(True, _stores(store), scanner, age, waiting, failed)


def _stores(store: Any) -> bool:
    try:
        store.check()
    except Refusal:
        return False
    return True
