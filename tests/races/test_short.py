"""A few rounds of each kind against the served window; ``make races ROUNDS=1000`` runs many."""

from __future__ import annotations

import subprocess
import sys

import pytest

from config import ROOT
from tests.postgresql import binaries

pytestmark = pytest.mark.pure
"""It brings its own databases, on every engine that is there: one run is enough."""

ROUNDS = 3
"""Each kind has three plans, taken in turn. About 40 s of CPU, most of it for starting; waiting is what a busy machine adds."""


@pytest.mark.timeout(300)
def test_a_few_rounds() -> None:
    words = [sys.executable, "-m", "tests.races", "--rounds", str(ROUNDS), "--workers", "2"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    count = "2 engines" if binaries() else "1 engine"
    assert ran.stdout.splitlines()[-1:] == [f"races: {ROUNDS} rounds x 3 kinds x {count}, 0 wrong"], (
        ran.stdout[-4000:] + ran.stderr[-4000:]
    )
    assert ran.returncode == 0
    if not binaries():
        assert "PostgreSQL is not on this machine" in ran.stdout
