"""A verdict made ready to be read, pure: equal faults together with their places, lines of the file, a table of faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Text

KINDS = ("container", "schema", "rule", "requirement")
"""Groups in the order they are mended: what cannot be opened, what the form forbids, what contradicts itself, what the law asks."""

SHOWN_AROUND = 60
"""Characters of a line shown on each side of the marked place."""

COLUMNS = ("code", "kind", "line", "xpath", "pointer", "value", "message", "remedy")
MISPLACED = "SCHEMA-ELEMENT"
"""Here the element itself is what is wrong, not what it says."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of the file as received: what stands before the place, at it, and behind. ``mark`` may be empty."""

    before: str
    mark: str
    after: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands: the fault as data, and its line of the file where it can be shown."""

    fault: Mapping[str, Any]
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to mend, in every place where it is."""

    code: str
    message: Text
    remedy: Text
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Group:
    """What has to be mended of one kind."""

    kind: str
    entries: Sequence[Entry]


def groups(faults: Sequence[Mapping[str, Any]], xml: bytes) -> list[Group]:
    """Return the faults by kind; those with equal words stand together."""
    lines = xml.split(b"\n")
    found: dict[str, dict[tuple[str, str, str], list[Place]]] = {}
    for fault in faults:
        same = (fault["code"], fault["message"]["en"], fault["remedy"]["en"])
        place = Place(fault, excerpt(lines, fault))
        found.setdefault(fault["kind"], {}).setdefault(same, []).append(place)
    order = [*KINDS, *(kind for kind in found if kind not in KINDS)]
    return [Group(kind, [_entry(places) for places in found[kind].values()]) for kind in order if kind in found]


def _entry(places: Sequence[Place]) -> Entry:
    first = places[0].fault
    return Entry(first["code"], first["message"], first["remedy"], places)


def excerpt(lines: Sequence[bytes], fault: Mapping[str, Any]) -> Excerpt | None:
    """Return the line of a fault with its place marked: the value where it stands there, else the element's tag."""
    number = fault["line"]
    if not number or number > len(lines):
        return None
    line = lines[number - 1].decode("utf-8", "replace").strip()
    at, length = _mark(line, fault)
    begin, end = max(0, at - SHOWN_AROUND), at + length + SHOWN_AROUND
    before = ("…" if begin else "") + line[begin:at]
    after = line[at + length : end] + ("…" if end < len(line) else "")
    return Excerpt(before, line[at : at + length], after) if line else None


def _mark(line: str, fault: Mapping[str, Any]) -> tuple[int, int]:
    """Where to mark, and how much. In a file of one line an element stands many times: then nothing is marked."""
    tag = f"<{fault['path'].rpartition('/')[2].partition('[')[0].removeprefix('@')}"
    begins = line.find(tag) if len(tag) > 1 else -1
    if fault["value"] and fault["code"] != MISPLACED and line.count(f">{fault['value']}<") == 1:
        return line.find(f">{fault['value']}<") + 1, len(fault["value"])
    if begins >= 0 and line.count(tag) == 1:
        closes = line.find(">", begins)
        return begins, (closes + 1 if closes >= 0 else len(line)) - begins
    return 0, 0


def as_csv(faults: Sequence[Mapping[str, Any]], language: str) -> bytes:
    """Return the faults as a table for a spreadsheet (UTF-8 with its mark), safe from formulas."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for fault in faults:
        said = {
            **fault,
            "xpath": fault["path"],
            "message": fault["message"][language],
            "remedy": fault["remedy"][language],
        }
        table.writerow([_cell(said[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
