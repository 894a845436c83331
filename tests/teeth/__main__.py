"""``make teeth``: switches the guards off, one after another, in copies of the tree, and runs the tests that must miss each.

A guard bites when its tests fail with it switched off. A run that breaks before a test has failed counts as no bite: a
guard that cannot be imported proves nothing. The tests themselves are green before: ``make test`` says so.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config import ROOT
from tests.teeth.guards import Guard, guards

AT_ONCE = 2
SECONDS = 300
_LEFT_OUT = shutil.ignore_patterns(".venv", "instance", ".git", "__pycache__", ".hypothesis", ".*_cache")


def main() -> int:
    """Run the command; returns the exit code."""
    options = argparse.ArgumentParser(prog="teeth", description=__doc__)
    options.add_argument("names", nargs="*", help="only these guards")
    chosen = options.parse_args().names
    listed = [one for one in guards() if not chosen or one.name in chosen]
    with tempfile.TemporaryDirectory(prefix="akno-teeth-") as folder:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(AT_ONCE):
            copies.put(_copy(Path(folder) / str(number) / "main"))
        with ThreadPoolExecutor(AT_ONCE) as hands:
            bites = list(hands.map(lambda guard: _try(guard, copies), listed))
    print(f"teeth: {len(bites)} guards, {sum(bites)} bite")
    return 0 if all(bites) else 1


def _copy(place: Path) -> Path:
    shutil.copytree(ROOT, place, ignore=_LEFT_OUT, symlinks=True)
    (place / ".venv").symlink_to(ROOT / ".venv")
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        (place.parent / "shared").symlink_to(shared)
    return place


def _try(guard: Guard, copies: queue.Queue[Path]) -> bool:
    place = copies.get()
    file = place / guard.file
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(guard.switched_off(before), encoding="utf-8")
        return _bites(guard, place)
    finally:
        file.write_text(before, encoding="utf-8")
        copies.put(place)


def _bites(guard: Guard, place: Path) -> bool:
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "--no-header", *guard.tests]
    told = subprocess.run(
        words, cwd=place, capture_output=True, text=True, timeout=SECONDS, env=os.environ | {"PYTHONPATH": str(place)}
    )
    failed = [line for line in told.stdout.splitlines() if line.startswith("FAILED ")]
    if told.returncode == 1 and failed:
        print(f"bites    {guard.name}: {failed[0][7:140]}", flush=True)
        return True
    print(f"NO BITE  {guard.name}: exit code {told.returncode}", flush=True)
    if told.returncode != 0:
        print(told.stdout[-1500:] + told.stderr[-1500:], flush=True)
    return False


if __name__ == "__main__":
    raise SystemExit(main())
