"""Acts at once, each in a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from app import database
from app.database import Database


def race(engines: Database, acts: Mapping[str, Callable[[], object]]) -> dict[str, Exception | None]:
    """Start the acts at the same moment; returns what each raised, or None."""
    together: threading.Barrier = threading.Barrier(len(acts))
    told: dict[str, Exception | None] = {}

    def run(name: str, act: Callable[[], object]) -> None:
        together.wait()
        try:
            with database.transaction(engines):
                act()
            told[name] = None
        except Exception as raised:
            told[name] = raised

    threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told
