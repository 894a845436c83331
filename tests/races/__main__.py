"""``make races ROUNDS=n``: so many rounds of each kind on each engine, the engines side by side; every wrong is printed."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.bench.places import engines
from tests.races.field import WORKERS
from tests.races.running import KINDS, run


def main() -> int:
    """Run, print, and return how many rounds went wrong (as an exit status: 0 or 1)."""
    parser = argparse.ArgumentParser(prog="make races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="of each kind on each engine")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that serve")
    asked = parser.parse_args()
    there = engines()
    if "postgresql" not in there:
        print("PostgreSQL is not on this machine: its races are left out")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(there), mp_context=spawn) as pool:
        wrong = sum(pool.map(run, there, [asked.rounds] * len(there), [asked.workers] * len(there)))
    count = f"{len(there)} engine{'s' if len(there) > 1 else ''}"
    print(f"races: {asked.rounds} rounds x {len(KINDS)} kinds x {count}, {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
