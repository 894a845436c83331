"""A window whose files wait for a real clamd."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask

from app.cli.work import import_jobs
from app.database import Database, transaction
from app.documents.watchman import Watchman
from app.ledger.models import Entry
from tests.conftest import Drain
from tests.factories.world import World
from tests.scanning import guard


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """The socket of a clamd of this process's own; a short path, for a socket's name has 108 signs at most."""
    with TemporaryDirectory(prefix="akno-clamd-") as folder, guard.running(Path(folder)) as place:
        yield place


@dataclass
class Scene:
    """A window with a scanner: ``look`` does what the watchman and the watches of the worker do."""

    app: Flask
    monkeypatch: pytest.MonkeyPatch

    def set(self, **update: Any) -> None:
        settings = self.app.extensions["akno.settings"]
        self.monkeypatch.setitem(self.app.extensions, "akno.settings", settings.model_copy(update=update))

    def scan(self) -> int:
        """One round of the watchman."""
        return Watchman(self.app).round()

    def look(self) -> None:
        """Everything that waits goes to the scanner; then the worker's watches look."""
        while self.scan():
            pass
        Drain(self.app).watch()

    def rows(self, model: Any) -> list[Any]:
        """All rows of a table."""
        with self.app.app_context(), transaction(self.app.extensions["akno.database"], writing=False) as session:
            found = session.query(model).all()
            session.expunge_all()
            return list(found)

    def events(self, *names: str) -> list[dict[str, Any]]:
        """The payloads of the entries with these names, in order."""
        database: Database = self.app.extensions["akno.database"]
        with self.app.app_context(), transaction(database, writing=False) as session:
            found = session.query(Entry).filter(Entry.event.in_(names)).order_by(Entry.position)
            return [dict(entry.payload) for entry in found]


@pytest.fixture
def scene(app: Flask, world: World, clamd: str, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Scanner clamd, in the demonstration: our own signatures count."""
    import_jobs()
    made = Scene(app, monkeypatch)
    # The words of the pages are asked for, and the people of the country read three languages.
    for name in ("anna", "vera"):
        who = getattr(world, name)
        who.get("/account")
        assert who.post("/account/language", language="en").status_code == 303
    made.set(scanner="clamd", clamd_socket=clamd, scanner_seconds=10.0)
    return made
