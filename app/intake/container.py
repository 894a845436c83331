"""The ZIP container, pure: one declaration.xml and the attachments that it names. Bytes in, files or faults out.

Nothing is ever unpacked to a path. Limits and traps as measured in trust.md A.5 (Z1 to Z14).
"""

from __future__ import annotations

import stat
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Fault
from app.intake import archive
from app.intake.archive import Entry
from app.intake.words import UNSEEN, fault

DECLARATION = "declaration.xml"
MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100
SMALL = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Container:
    """What was in the ZIP: the declaration's bytes and the attachments by their names (Unicode NFC)."""

    declaration: bytes
    attachments: dict[str, bytes]


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def unpack(data: bytes) -> tuple[Container | None, list[Fault]]:
    """Read the container; returns it, or None and the faults that say why not."""
    if not data:
        return None, [fault("FILE-EMPTY")]
    if not is_zip(data):
        return None, [fault("ZIP-NOT-A-ZIP")]
    try:
        entries = archive.entries(data, MOST_FILES)
        faults = list(_refuse_entries(entries))
        if not faults and archive.overlap(entries, data):
            faults = [fault("ZIP-OVERLAP")]
        if faults:
            return None, faults
        files = _read_all(entries, data)
    except archive.TooMany as what:
        return None, [fault("ZIP-BOMB", value=str(what))]
    except archive.Ambiguous:
        return None, [fault("ZIP-AMBIGUOUS")]
    except (archive.Damaged, zlib.error):
        return None, [fault("ZIP-DAMAGED")]
    return _sorted_out(files)


def _refuse_entries(entries: list[Entry]) -> Iterator[Fault]:
    seen: set[str] = set()
    for entry in entries:
        yield from _refuse_entry(entry)
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", entry.name).casefold()).rstrip("/. ")
        if key in seen:
            yield fault("ZIP-DUPLICATE-NAME", value=entry.name)
        seen.add(key)


def _refuse_entry(entry: Entry) -> Iterator[Fault]:
    name = entry.name
    if entry.flags & archive.ENCRYPTED:
        yield fault("ZIP-ENCRYPTED", value=name)
    elif entry.flags & archive.UNKNOWN or entry.method not in (archive.STORED, archive.DEFLATED):
        yield fault("ZIP-METHOD", value=name)
    if _is_path_trick(name):
        yield fault("ZIP-PATH", value=name)
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield fault("ZIP-LINK", value=name)
    if _is_bomb(entry.size, entry):
        yield fault("ZIP-BOMB", value=name)


def _is_bomb(size: int, entry: Entry) -> bool:
    return size > SMALL and size > MOST_RATIO * max(entry.packed, 1)


def _is_path_trick(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    odd = any(unicodedata.category(char) in UNSEEN for char in name)
    dots = any(part and set(part) <= {".", " "} for part in parts)
    return odd or dots or name.startswith("/") or "\\" in name or name[1:2] == ":" or not 0 < len(name) <= 255


def _read_all(entries: list[Entry], data: bytes) -> dict[str, bytes]:
    """Inflate every file, counting bytes while inflating: headers are never trusted."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        body = archive.unpacked(entry, data, left)
        left -= len(body)
        if not entry.name.endswith("/"):
            files[unicodedata.normalize("NFC", entry.name)] = body
    return files


def _sorted_out(files: dict[str, bytes]) -> tuple[Container | None, list[Fault]]:
    declaration = files.pop(DECLARATION, None)
    if declaration is None:
        shown = ", ".join(sorted(files)[:10]) or "—"
        return None, [fault("ZIP-NO-DECLARATION", value=shown)]
    return Container(declaration, files), []
