"""A few rounds of each kind against the served window; ``make races ROUNDS=1000`` runs many."""

from __future__ import annotations

import subprocess
import sys

import pytest

from config import ROOT
from tests.bench.places import engines

pytestmark = pytest.mark.pure
"""It brings its own databases, on every engine that is there: one run is enough."""

ROUNDS = 3
"""Each kind has three plans, taken in turn."""


def test_a_few_rounds() -> None:
    words = [sys.executable, "-m", "tests.races", "--rounds", str(ROUNDS), "--workers", "2"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    there = engines()
    count = f"{len(there)} engine{'s' if len(there) > 1 else ''}"
    assert ran.stdout.splitlines()[-1:] == [f"races: {ROUNDS} rounds x 3 kinds x {count}, 0 wrong"], (
        ran.stdout[-4000:] + ran.stderr[-4000:]
    )
    assert ran.returncode == 0
    if len(there) == 1:
        assert "PostgreSQL is not on this machine" in ran.stdout
