"""``make teeth``: switches the guards off, one after another, in copies of the tree, and runs the tests that must miss each.

A guard bites when its tests fail with it switched off. A run that breaks before a test has failed counts as no bite: a
guard that cannot be imported proves nothing. The tests themselves are green before: ``make test`` says so, and ``--sound`` runs
them in the copy with every guard on.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
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
    options.add_argument("--at-once", type=int, default=AT_ONCE, help="how many guards are tried side by side")
    options.add_argument("--sound", action="store_true", help="run the tests with the guards on instead: all must pass")
    asked = options.parse_args()
    known = guards()
    strange = sorted(set(asked.names) - {one.name for one in known})
    if strange:
        options.error(f"no such guard: {', '.join(strange)}")
    listed = [one for one in known if not asked.names or one.name in asked.names]
    with tempfile.TemporaryDirectory(prefix="akno-teeth-") as folder:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(asked.at_once):
            copies.put(_copy(Path(folder) / str(number) / "main"))
        with ThreadPoolExecutor(asked.at_once) as hands:
            well = list(hands.map(lambda guard: (_sound if asked.sound else _try)(guard, copies), listed))
    print(f"teeth: {len(well)} guards, {sum(well)} {'sound' if asked.sound else 'bite'}")
    return 0 if all(well) else 1


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


def _sound(guard: Guard, copies: queue.Queue[Path]) -> bool:
    place = copies.get()
    try:
        return _say("sound", guard, _run(guard, place), well=0)
    finally:
        copies.put(place)


def _bites(guard: Guard, place: Path) -> bool:
    return _say("bites", guard, _run(guard, place), well=1)


def _run(guard: Guard, place: Path) -> tuple[int, str, float]:
    """Run the tests of a guard; returns the exit code (124: too slow), what was said, and the seconds."""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "--no-header", *guard.tests]
    began = time.monotonic()
    try:
        told = subprocess.run(
            words,
            cwd=place,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env=os.environ | {"PYTHONPATH": str(place)},
        )
    except subprocess.TimeoutExpired:
        return 124, f"still running after {SECONDS} s", float(SECONDS)
    return told.returncode, told.stdout + told.stderr, time.monotonic() - began


def _say(word: str, guard: Guard, told: tuple[int, str, float], *, well: int) -> bool:
    """Print how it went; True for the wished exit code, and, where that means a failure, with a test that failed."""
    code, said, seconds = told
    failed = [line[7:140] for line in said.splitlines() if line.startswith("FAILED ")]
    if code == well and bool(failed) == bool(well):
        print(f"{word:8} {guard.name} ({seconds:.0f} s){': ' if failed else ''}{''.join(failed[:1])}", flush=True)
        return True
    print(f"{'NOT ' + word.upper()} {guard.name} ({seconds:.0f} s): exit code {code}", flush=True)
    if code != 0:
        print(said[-1500:], flush=True)
    return False


if __name__ == "__main__":
    raise SystemExit(main())
