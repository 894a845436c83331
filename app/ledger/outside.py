"""Copies of every signed checkpoint outside of the database: lines of JSON in a folder, one file a month, waited for.

Whoever puts an old database in the place of this one, or rewrites it, cannot rewrite what stands here (nor what witnesses
hold): the window refuses to start on it (trust.md R24).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app.ledger.notes import Malformed, read_checkpoint, read_note
from config import Settings

_TAIL = 16 * 1024
"""Bytes at the end of a file in which its last whole line is looked for."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A checkpoint as it stands outside."""

    epoch: int
    origin: str
    size: int
    root: bytes
    note: str


class CopiesUnfit(Exception):
    """A line of the copies is not one of ours; the text names the file."""


def folder(settings: Settings) -> Path:
    """Where the copies are."""
    return settings.log_copies_dir or settings.storage_dir / "checkpoints"


def append(place: Path, epoch: int, note: str, at: datetime) -> None:
    """Write a checkpoint behind the others and wait until the disk has it. Raises OSError."""
    place.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"epoch": epoch, "note": note}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    with (place / f"checkpoints-{at:%Y-%m}.jsonl").open("ab+") as file:
        _cut_torn_end(file)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _cut_torn_end(file: BinaryIO) -> None:
    """Take away a line that power or a full disk has cut off: behind it the next one would be part of it, and none could be read."""
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _TAIL)
    file.seek(begin)
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(begin + tail.rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)


def newest(place: Path) -> Copy | None:
    """Return the newest copy, None when there is none. Raises CopiesUnfit."""
    for file in reversed(_files(place)):
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _TAIL))
            lines = opened.read().split(b"\n")
        # A line that power was lost in has no end: it was never acknowledged.
        if len(lines) > 1:
            return _read(lines[-2], file)
    return None


def every(place: Path) -> Iterator[Copy]:
    """Return every copy, oldest first. Raises CopiesUnfit."""
    for file in _files(place):
        with file.open("rb") as opened:
            for line in opened:
                if line.endswith(b"\n"):
                    yield _read(line, file)


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("checkpoints-*.jsonl"))


def _read(line: bytes, file: Path) -> Copy:
    try:
        held = json.loads(line)
        said = read_checkpoint(read_note(held["note"]).text)
        return Copy(int(held["epoch"]), said.origin, said.size, said.root, held["note"])
    except (ValueError, KeyError, TypeError, Malformed) as error:
        raise CopiesUnfit(f"{file}: a line is not a checkpoint") from error
