"""A log of some length for tests: entries recorded, sealed and signed without waiting for the clock."""

from __future__ import annotations

import contextlib
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access import SYSTEM
from app.cli import ledger
from app.database import Database, transaction
from app.ledger import outside, reading, recording, sealing
from app.ledger.examining import Report
from app.ledger.log_models import SignedCheckpoint

ID = uuid.UUID("01900000-0000-7000-8000-00000000000a")
PACKAGE = uuid.UUID("01900000-0000-7000-8000-00000000000b")


class Log:
    """The log of the application at hand, with copies outside that belong to this test alone."""

    def __init__(self, app: Flask, copies: Path) -> None:
        self.app, self.copies = app, copies
        self.database: Database = app.extensions["akno.database"]

    def record(self, many: int = 1, label: str = "A") -> None:
        """Append entries of one transaction."""
        with transaction(self.database):
            happenings = [
                recording.Happening("review.lapsed", "review", ID, {"agency": f"{label}-{n}", "declaration": str(PACKAGE)}, PACKAGE)
                for n in range(many)
            ]  # fmt: skip
            recording.record_all(happenings, by=SYSTEM)

    def seal(self, batch: int = 1000) -> int:
        """Seal everything that was recorded; returns how many entries."""
        total = 0
        while done := self.step(lambda: sealing.seal(limit=batch)):
            total += done
        return total

    def step(self, deed, guarded: bool = False):
        """One turn at the log, in a transaction of its own, as the worker takes it."""
        self.app.extensions[sealing.GUARDED] = guarded
        try:
            with self.app.app_context(), transaction(self.database):
                reading.take_turn(sealing.READER)
                return deed()
        finally:
            self.app.extensions.pop(sealing.GUARDED)

    def sign(self, guarded: bool = False) -> SignedCheckpoint | None:
        """Sign what was sealed, at once."""
        return self.step(lambda: sealing.sign(pause=timedelta(0)), guarded)

    def grow(self, *steps: int) -> list[SignedCheckpoint]:
        """Record, seal and sign, step by step."""
        signed = []
        for many in steps:
            self.record(many)
            self.seal()
            signed.append(self.sign())
        return signed

    def sql(self, *statements: str, **values: object) -> None:
        """What somebody with rights on the database does, with the triggers out of the way."""
        with transaction(self.database) as session:
            for statement in ("off", *statements):
                if statement == "off":
                    _drop_triggers(session)
                else:
                    session.execute(sa.text(statement), values)


def _drop_triggers(session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("DROP TRIGGER IF EXISTS ledger_entries_append_only ON ledger_entries"))
    else:
        for name in ("ledger_entries_no_update", "ledger_entries_no_delete"):
            session.execute(sa.text(f"DROP TRIGGER IF EXISTS {name}"))


@pytest.fixture
def log(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """The log of this test."""
    monkeypatch.setattr(outside, "folder", lambda settings: tmp_path / "copies")
    return Log(app, tmp_path / "copies")


class Undone(Exception):
    """What a test tried in a transaction is taken back."""


def examined(log: Log, *deeds, since: int = 0, **values: object) -> Report:
    """Let somebody with rights on the database do something, examine the ledger, and take it back; nothing done: as it is."""
    report = None
    with log.app.app_context(), contextlib.suppress(Undone), transaction(log.database) as session:
        if deeds:
            _drop_triggers(session)
        for deed in deeds:
            deed(session) if callable(deed) else session.execute(sa.text(deed), values)
        session.expire_all()
        report = ledger.examine(since=since)
        raise Undone
    return report
