"""What a fresh process is told to do. Imports nothing of the application: who starts the processes need not load it."""

from __future__ import annotations

import importlib


def run(engine: str, rounds: int, workers: int) -> list[int]:
    """Run every kind on one engine; returns how many rounds of each went wrong."""
    wrong: list[int] = importlib.import_module("tests.races.running").run(engine, rounds, workers)
    return wrong
