"""The two sides: the installed wheel in a process of its own, and the served check; and where they differ."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml

from app.intake import bundling
from tests.parity.generating import ON, Made

MOST_FILES = 250
"""Files of one call of the checker: a command line has an end."""


def installed(folder: Path) -> dict[str, str]:
    """Install the wheel alone into a folder, without a network; return the environment in which only it and lxml are found."""
    made = bundling.bundle()
    wheel = folder / made.file_name
    wheel.write_bytes(made.data)
    site, libraries = folder / "site", folder / "lxml-only"
    uv = [Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--offline", "--no-cache", "--no-deps"]
    words = [*uv, "--python", sys.executable, "--target", site, wheel]
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120)
    libraries.mkdir()
    (libraries / "lxml").symlink_to(Path(lxml.__file__).parent)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": f"{site}{os.pathsep}{libraries}", "PYTHONDONTWRITEBYTECODE": "1"}


def run(environment: dict[str, str], *arguments: object, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run ``akno-check`` as it was installed; ``-S`` keeps this environment's own packages out of sight."""
    words = [sys.executable, "-S", "-m", bundling.PACKAGE, *map(str, arguments)]
    return subprocess.run(words, env=environment, cwd=cwd, capture_output=True, timeout=300)


def offline(environment: dict[str, str], packages: Sequence[Made], folder: Path) -> list[bytes]:
    """Return the verdicts of the installed checker, one line of bytes for each package."""
    lines: list[bytes] = []
    for begin in range(0, len(packages), MOST_FILES):
        files = []
        for number, one in enumerate(packages[begin : begin + MOST_FILES]):
            files.append(folder / f"{begin + number}.bin")
            files[-1].write_bytes(one.data)
        told = run(environment, "--json", "--on", ON.isoformat(), *files, cwd=folder)
        if told.returncode not in (0, 1, 2) or told.stderr:
            raise RuntimeError(f"akno-check ended with {told.returncode}: {told.stderr[-2000:]!r}")
        lines += told.stdout.splitlines(keepends=True)
    return lines


def differences(
    packages: Sequence[Made], told: Sequence[bytes], ask: Callable[[bytes], tuple[int, bytes]], keep: Path
) -> list[str]:
    """Ask the served check about each package and return what differs; such a package is kept in a folder."""
    if len(told) != len(packages):
        return [f"{len(packages)} packages, {len(told)} verdicts offline"]
    found = []
    for number, (one, line) in enumerate(zip(packages, told, strict=True)):
        status, body = ask(one.data)
        expected = 422 if b'"verdict":"unreadable"' in line[:80] else 200
        if (status, body) == (expected, line):
            continue
        keep.mkdir(parents=True, exist_ok=True)
        for name, data in (("package", one.data), ("offline.json", line), ("served.json", body)):
            (keep / f"{number}.{name}").write_bytes(data)
        found.append(f"{number} ({one.family}): served {status}, {len(body)} bytes; offline {len(line)} bytes")
    return found
