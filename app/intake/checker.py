"""The checker as a program, pure of the window: files in, verdicts out. ``flask check-package`` and ``akno-check`` are this.

It knows no web framework, no database and no network, so that it travels in the offline bundle as it stands.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app import clock
from app.intake.verdicts import CLEAN, FAULTS, as_bytes, verdict
from app.requirements.compiling import packaged_edition

NOUGHT, FAULTY, NOT_READ = 0, 1, 2
"""Exit codes: clean, faults, not readable as a package. Of several files the worst counts."""

LANGUAGES = ("be", "ru", "en")
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
MANIFEST = "MANIFEST.csv"
FIXTURE_COLUMNS = ("file", "on", "verdict", "codes", "sha256_of_verdict")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files named on the command line; returns the exit code."""
    said = _parser().parse_args(arguments)
    if said.self_test:
        return self_test()
    if not said.files:
        _parser().error("name at least one file, or --self-test")
    return run(said.files, as_json=said.json, on=said.on or clock.today(), lang=said.lang)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="akno-check", description="Check packages (XML or ZIP) as the window would, on this machine alone."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each file")
    parser.add_argument(
        "--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="day of filing; today when left out"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the printed faults")
    parser.add_argument("--self-test", action="store_true", help="check every fixture that came with the program")
    return parser


def run(files: Sequence[Path], *, as_json: bool, on: date, lang: str) -> int:
    """Check some files and print what was found, to standard output; returns the worst exit code."""
    worst = NOUGHT
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            print(f"{file}: {error.strerror}", file=sys.stderr)
            worst = NOT_READ
            continue
        told = verdict(data, edition=packaged_edition(), on=on)
        if as_json:
            sys.stdout.buffer.write(as_bytes(told))
        else:
            sys.stdout.buffer.write(f"{_heading(file, files)}{as_text(told, lang)}\n".encode())
        sys.stdout.buffer.flush()
        worst = max(worst, exit_code(told))
    return worst


def exit_code(told: dict[str, Any]) -> int:
    """Return the exit code that a verdict stands for."""
    return {CLEAN: NOUGHT, FAULTS: FAULTY}.get(told["verdict"], NOT_READ)


def _heading(file: Path, files: Sequence[Path]) -> str:
    return f"== {file}\n" if len(files) > 1 else ""


def as_text(told: dict[str, Any], lang: str) -> str:
    """Return a verdict as lines to read: faults, who will be asked, which files are wanted, what was not asked."""
    lines = [_line(fault, lang) for fault in told["faults"]]
    if told["more"]:
        lines.append(f"… {told['more']} more")
    if told["verdict"] in (CLEAN, FAULTS):
        lines.append(f"{told['count']} faults" if told["count"] else "clean")
        lines += [f"asked: {one['name'][lang]} ({one['agency']})" for one in told["agencies"] if one["signs"]]
        lines += [f"file wanted in the library or the ZIP: {one['documents'][lang]}" for one in told["files_wanted"]]
        lines.append(f"not asked offline: {', '.join(told['not_asked'])}, and what the files named contain")
    lines.append(f"edition {told['edition'][:12]}, day {told['on']}")
    return "\n".join(lines)


def _line(fault: dict[str, Any], lang: str) -> str:
    where = f"line {fault['line']}: " if fault["line"] else ""
    value = f" [{fault['value']}]" if fault["value"] else ""
    return f"{where}{fault['code']} {fault['path']}{value}\n    {fault['message'][lang]}\n    {fault['remedy'][lang]}"


def self_test(folder: Path = FIXTURES) -> int:
    """Check every fixture and compare verdict, codes and digest with the manifest; prints a line for each difference."""
    differences, count = [], 0
    for row in fixtures(folder):
        told = verdict(
            (folder / row["file"]).read_bytes(), edition=packaged_edition(), on=date.fromisoformat(row["on"])
        )
        found = fixture_row(row["file"], row["on"], told)
        differences += [
            f"{row['file']}: {name} is {found[name]}, expected {row[name]}" for name in row if row[name] != found[name]
        ]
        count += 1
    for line in differences:
        print(line)
    print(f"self-test: {count} fixtures, {len(differences)} differences")
    return NOUGHT if count and not differences else FAULTY


def fixtures(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a manifest of fixtures; nothing where there is none."""
    file = folder / MANIFEST
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def fixture_row(file: str, on: str, told: dict[str, Any]) -> dict[str, str]:
    """Return the row of the manifest that a verdict makes."""
    codes = " ".join(sorted({fault["code"] for fault in told["faults"]}))
    values = (file, on, told["verdict"], codes, hashlib.sha256(as_bytes(told)).hexdigest())
    return dict(zip(FIXTURE_COLUMNS, values, strict=True))


if __name__ == "__main__":
    sys.exit(main())
