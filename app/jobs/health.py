"""How the window fares: process, database, store, scanner, workers, jobs; plain values for the page and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    """What is up. ``worker_age`` in seconds since the youngest sign of life, None when no worker ever ran.
    ``unsigned_since``: since when nothing can be signed, with the code of the reason; None while it can.
    ``scan``: how the scanner fares (``documents.scanner.STATES``; off: the demonstration needs none), since when, whether its
    signatures should be looked at, its engine and set; ``files_waiting``: how many files wait for it."""

    database: bool
    storage: bool
    scanner: str
    worker_age: int | None
    jobs_waiting: int | None
    jobs_failed: int | None
    unsigned_since: datetime | None = None
    unsigned_because: str = ""
    scan: str = "off"
    scan_since: datetime | None = None
    scan_stale: bool = False
    scan_engine: str = ""
    files_waiting: int = 0

    @property
    def ready(self) -> bool:
        """Whether the window can take a package now: database and store; paper may wait for a worker."""
        return self.database and self.storage

    @property
    def worker(self) -> bool:
        """Whether a worker has been seen lately."""
        return self.worker_age is not None and self.worker_age <= LATE_SECONDS

    @property
    def files(self) -> str:
        """What becomes of files, in one word for machines."""
        if self.scan == "off":
            return "not scanned (no scanner configured)"
        return "scanned" if self.scan == "works" else "held until they are scanned"

    def as_dict(self) -> dict[str, Any]:
        """The same for a machine. Nothing here names a person, a path or an address."""
        waiting = self.jobs_waiting
        return {
            "status": "ready" if self.ready else "not ready",
            "process": True,
            "database": self.database,
            "storage": self.storage,
            "scanner": self.scanner,
            "files": self.files,
            "scanning": {
                "state": self.scan,
                "since": self.scan_since.isoformat() if self.scan_since else None,
                "engine": self.scan_engine,
                "signatures_stale": self.scan_stale,
                "files_waiting": self.files_waiting,
            },
            "signing": {
                "works": self.unsigned_since is None,
                "since": self.unsigned_since.isoformat() if self.unsigned_since else None,
                "because": self.unsigned_because,
            },
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
