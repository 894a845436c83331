"""Counts the real published messages that were judged as published, over all workers, for the last line of a run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

TOTAL = 103
"""Messages in ../shared/interop/messages/MANIFEST.csv."""

MESSAGES = Path(__file__).resolve().parents[3] / "shared" / "interop" / "messages"
_FOLDER = "AKNO_JUDGED"
_judged: set[str] = set()


def _folder() -> Path:
    """Return the folder where workers leave their counts; made once, by whoever starts the others."""
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="akno-judged-")
        atexit.register(shutil.rmtree, os.environ[_FOLDER], ignore_errors=True)
    return Path(os.environ[_FOLDER])


_folder()


def judged(file: str) -> None:
    """Remember that a real message got the judgement it was published with."""
    _judged.add(file)


def skipped() -> int:
    """Return how many real messages are not on this machine."""
    return 0 if MESSAGES.exists() else TOTAL


def collect(session: pytest.Session) -> None:
    """Leave what this process judged where the first process finds it."""
    if _judged:
        (_folder() / f"{os.getpid()}.txt").write_text("\n".join(sorted(_judged)), "utf-8")


def line() -> str:
    """Return the last line of a test run."""
    found = set(_judged)
    for left in _folder().glob("*.txt"):
        found.update(left.read_text("utf-8").split("\n"))
    reason = f" ({skipped()} skipped: no ../shared)" if skipped() else ""
    return f"interop: {len(found)} of {TOTAL} real messages judged as published{reason or ' (0 skipped)'}"
