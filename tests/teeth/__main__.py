"""``make teeth``: switches the guards off, one after another, in copies of the tree, and runs the tests that must miss each.

A guard bites when its tests fail with it switched off. A run that breaks before a test has failed counts as no bite: a
guard that cannot be imported proves nothing. The tests themselves are green before: ``make test`` says so, and ``--sound`` runs
the listed ones once, in a copy, with every guard on.
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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config import ROOT
from tests.teeth.guards import Guard, guards

AT_ONCE = 2
SECONDS = 300
_LEFT_OUT = shutil.ignore_patterns(".venv", "instance", ".git", "__pycache__", ".hypothesis", ".*_cache")


def main() -> int:
    """Run the command; returns the exit code."""
    asked = _asked()
    listed = [one for one in guards() if not asked.names or one.name in asked.names]
    with tempfile.TemporaryDirectory(prefix="akno-teeth-") as folder:
        if asked.sound:
            return _sound(listed, _copy(Path(folder) / "sound" / "main"))
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(asked.at_once):
            copies.put(_copy(Path(folder) / str(number) / "main"))
        with ThreadPoolExecutor(asked.at_once) as hands:
            bites = list(hands.map(lambda guard: _try(guard, copies), listed))
    print(f"teeth: {len(bites)} guards, {sum(bites)} bite")
    return 0 if all(bites) else 1


def _asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="teeth", description=__doc__)
    options.add_argument("names", nargs="*", help="only these guards")
    options.add_argument("--at-once", type=int, default=AT_ONCE, help="how many guards are tried side by side")
    options.add_argument("--sound", action="store_true", help="run the tests once with the guards on: all must pass")
    asked = options.parse_args()
    strange = sorted(set(asked.names) - {one.name for one in guards()})
    if strange:
        options.error(f"no such guard: {', '.join(strange)}")
    return asked


def _sound(listed: Sequence[Guard], place: Path) -> int:
    tests = list(dict.fromkeys(test for guard in listed for test in guard.tests))
    code, said, seconds = _run(tests, place, seconds=len(tests) * SECONDS)
    if code != 0:
        print(said[-6000:])
    print(
        f"teeth: {len(tests)} places of tests, {'all green' if code == 0 else 'RED'} with every guard on ({seconds:.0f} s)"
    )
    return code


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
    code, said, seconds = _run(["-x", *guard.tests], place, seconds=SECONDS)
    failed = [line[7:140] for line in said.splitlines() if line.startswith("FAILED ")]
    if code == 1 and failed:
        print(f"bites    {guard.name} ({seconds:.0f} s): {failed[0]}", flush=True)
        return True
    print(f"NO BITE  {guard.name} ({seconds:.0f} s): exit code {code}", flush=True)
    if code != 0:
        print(said[-3000:], flush=True)
    return False


def _run(words: Sequence[str], place: Path, *, seconds: int) -> tuple[int, str, float]:
    """Run tests in a copy; returns the exit code (124: not done within the time), what was said, and the seconds it took."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "--no-header", *words]
    own, began = os.environ | {"PYTHONPATH": str(place)}, time.monotonic()
    try:
        told = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=seconds, env=own)
    except subprocess.TimeoutExpired:
        return 124, f"still running after {seconds} s", float(seconds)
    return told.returncode, told.stdout + told.stderr, time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
