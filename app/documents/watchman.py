"""The watchman: beside the jobs of a worker it takes what waits to the scanner, several files at once, and writes down what it
said. While the scanner works no transaction is open."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from flask import Flask

from app import clock, database
from app.documents import gate, scanner, scanning, storage
from app.documents.clamd import Clamd, NotScanned
from app.documents.models import ScannerState
from app.documents.scanner import STATES, WORKS, Demands
from app.documents.scanning import Result
from app.errors import NotFound, Unavailable
from app.jobs import registry
from config import Settings

log = logging.getLogger("akno.scanning")

THREADS = 4
"""Files at the scanner at once."""
LOOK_SECONDS = 0.5
"""Pause between two looks when nothing waits."""
KNOWN = "Found.Before"
"""What is said of bytes that lie in quarantine already."""
ASK_SECONDS = 10.0
"""Pause between two questions how the scanner fares."""


class Watchman:
    """The watchman of one worker; ``start`` returns at once, ``stop`` when nothing is at the scanner any more."""

    def __init__(self, app: Flask, *, look_seconds: float = LOOK_SECONDS, ask_seconds: float = ASK_SECONDS) -> None:
        self.app = app
        self.engines: database.Database = app.extensions["akno.database"]
        self.settings: Settings = app.extensions["akno.settings"]
        self.look_seconds, self.ask_seconds = look_seconds, ask_seconds
        self._clamd = clamd_of(self.settings)
        self._counts, self._trouble, self._engine, self._asked = False, "", "", 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="akno-watchman", daemon=True)

    def start(self) -> None:
        """Begin; where the gate stands open there is nothing to watch."""
        with self.app.app_context():
            stands = gate.stands()
        if stands:
            self._thread.start()

    def stop(self) -> None:
        """End when the files at the scanner have come back."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self.settings.scanner_seconds + 10)

    def round(self) -> int:
        """Ask how the scanner fares when it is time, and have one page of what is due scanned; returns how many were settled.

        Where the scanner does not count, nothing is scanned: what it would say counts for nothing.
        """
        self._ask()
        if not self._counts:
            return 0
        with self.app.app_context(), database.transaction(self.engines, writing=False):
            due = scanning.list_due()
        if not due:
            return 0
        with ThreadPoolExecutor(THREADS, thread_name_prefix="akno-scan") as pool:
            results = list(pool.map(self._scan, due))
        with self.app.app_context(), database.transaction(self.engines):
            infected = scanning.settle(results)
        with self.app.app_context():
            scanning.lock_up(infected)
        self._learn([one.problem for one in results])
        return len(results)

    def _learn(self, problems: list[str]) -> None:
        """A scanner that answers questions about itself and scans nothing is in trouble all the same."""
        failed = [one for one in problems if one in STATES]
        before, self._trouble = self._trouble, failed[0] if failed and len(failed) == len(problems) else ""
        if before != self._trouble:
            self._asked = 0.0

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            try:
                settled = self.round()
            except Exception:
                # Nothing is lost: what was not written is still due, and stays closed until it is.
                log.exception("files could not be scanned now; the next look tries again")
                settled = 0
            if not settled:
                self._stopping.wait(self.look_seconds)

    def _ask(self) -> None:
        if self._asked and time.monotonic() - self._asked < self.ask_seconds:
            return
        note = self._how_it_fares()
        with self.app.app_context(), database.transaction(self.engines):
            note()
        self._asked = time.monotonic()

    def _how_it_fares(self) -> partial[ScannerState]:
        self._counts = False
        if self._clamd is None:
            return partial(scanning.note, "none")
        try:
            self._clamd.ping()
            signatures = self._clamd.signatures()
        except NotScanned as told:
            return partial(scanning.note, told.because)
        self._engine = signatures.label
        demands = Demands(self.settings.demonstration, self.settings.scanner_oldest_days)
        state = scanner.state_of(signatures, demands, clock.now())
        self._counts = state == WORKS
        if self._counts and self._trouble:
            state = self._trouble
        return partial(scanning.note, state, engine=signatures.label, signatures_at=signatures.made_at)

    def _scan(self, sha256: str) -> Result:
        """One look, in a thread of its own: whatever happens, something comes back."""
        if self._clamd is None:
            return Result(sha256, problem="down")
        try:
            with self.app.app_context():
                if storage.store().quarantined(sha256):
                    # Brought again after a database was put back, or by somebody else in test mode: the bytes are the same.
                    return Result(sha256, self._engine, KNOWN)
                data = storage.store().read(sha256)
            return Result(sha256, self._engine, self._clamd.scan(data).found)
        except NotScanned as told:
            return Result(sha256, problem=told.because)
        except (NotFound, Unavailable, OSError):
            return Result(sha256, problem="unreadable")


def clamd_of(settings: Settings) -> Clamd | None:
    """Return the daemon that the settings name, None where no scanner is set."""
    if settings.scanner == "none":
        return None
    return Clamd(settings.clamd_socket, settings.scanner_seconds, settings.scanner_max_bytes)


registry.alongside("documents.scanning", Watchman)
