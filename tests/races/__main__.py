"""``make races ROUNDS=n``: so many rounds of each kind on each engine, the engines side by side; every wrong is printed."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.postgresql import binaries
from tests.races import apart

WORKERS = 4
"""Processes that serve: as many as press at once."""


def main() -> int:
    """Run, print, and return 1 when a round went wrong, else 0."""
    parser = argparse.ArgumentParser(prog="make races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="of each kind on each engine")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that serve")
    asked = parser.parse_args()
    engines = ["sqlite", "postgresql"] if binaries() else ["sqlite"]
    if len(engines) == 1:
        print("PostgreSQL is not on this machine: its races are left out")
    with ProcessPoolExecutor(len(engines), mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [pool.submit(apart.run, engine, asked.rounds, asked.workers) for engine in engines]
        wrongs = [run.result() for run in runs]
    count = f"{len(engines)} engine{'s' if len(engines) > 1 else ''}"
    wrong = sum(sum(one) for one in wrongs)
    print(f"races: {asked.rounds} rounds x {len(wrongs[0])} kinds x {count}, {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
