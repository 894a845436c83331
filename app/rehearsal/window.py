"""The second window: made at first use, once per process; whether it is ready; and a transaction on its database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app

from app import database
from app.database import Database
from app.identity.models import Organisation
from app.jobs.models import WorkerHeartbeat
from config import ROOT, Settings

WINDOW = "akno.rehearsal"
"""Where the live application keeps its ``Rehearsal``."""
LIVE = "akno.live"
"""Where the application of test mode keeps the live database, of which it only reads who is who."""
NAMES = ("akno_test_",)
"""How the keys of test mode begin."""


class Rehearsal:
    """The window of test mode beside a live one. Making it costs a second, so nobody who does not use it pays."""

    def __init__(self, settings: Settings, live: Database, make: Callable[[Settings], Flask]) -> None:
        self.settings, self.live, self._make = settings, live, make
        self._app: Flask | None = None
        self._ready = False
        self._turn = threading.Lock()

    @property
    def set_up(self) -> bool:
        """Whether a database is named for it."""
        return self.settings.rehearses_at not in ("", self.settings.database_url)

    @property
    def app(self) -> Flask:
        """The application of the second window. Raises ValueError when it is not set up."""
        with self._turn:
            if self._app is None:
                made = self._make(self.settings.for_rehearsal())
                made.extensions[LIVE] = self.live
                self._app = made
            return self._app

    @property
    def database(self) -> Database:
        """The database of the second window."""
        found: Database = self.app.extensions["akno.database"]
        return found

    @property
    def ready(self) -> bool:
        """Whether its worker has prepared the database: tables of this release, reference data, the robot's agencies."""
        if not self._ready and self.set_up:
            self._ready = is_prepared(self.database)
        return self._ready

    def forget(self) -> None:
        """Look again next time whether it is ready: for a database that was put in the place of another one."""
        self._ready = False

    @contextmanager
    def opened(self, *, writing: bool = True) -> Iterator[None]:
        """Act in the second window: its application, its database, a transaction of its own inside the one at hand.

        Locks are taken live first, then here, by everybody.
        """
        with self.app.app_context(), database.transaction(self.database, writing=writing):
            yield


def rehearsal() -> Rehearsal:
    """Return the second window of the live application at hand."""
    found: Rehearsal = current_app.extensions[WINDOW]
    return found


def is_prepared(engines: Database) -> bool:
    """Whether a database carries this release's tables and somebody who decides. A file that is not there is not made."""
    if engines.name == "sqlite" and not Path(engines.url.database or "").is_file():
        return False
    with database.transaction(engines, writing=False) as session:
        try:
            release = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
            agencies = session.scalar(sa.select(Organisation.id).where(Organisation.agency.is_not(None)).limit(1))
            worked = session.scalar(sa.select(WorkerHeartbeat.executor_id).limit(1))
        except (sa.exc.OperationalError, sa.exc.ProgrammingError):
            return False  # no such table, no such database: the worker of test mode has not been there yet
        return release == newest_release() and agencies is not None and worked is not None


@cache
def newest_release() -> str:
    """Return the number of the newest migration that travels with the program."""
    return max(file.stem.partition("_")[0] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
