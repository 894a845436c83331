"""The ZIP container, pure: one declaration.xml and the attachments that it names. Bytes in, files or faults out.

Nothing is ever unpacked to a path. Limits and traps as measured in trust.md A.5 (Z1 to Z14).
"""

from __future__ import annotations

import io
import itertools
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Fault
from app.intake.words import fault

DECLARATION = "declaration.xml"
MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100
SMALL = 1024 * 1024
_END = b"PK\x05\x06"


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
    early = _refuse_early(data)
    if early:
        return None, [early]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            faults = list(_refuse_entries(archive.infolist(), data))
            if faults:
                return None, faults
            files = _read_all(archive)
    except _Refused as refused:
        return None, [refused.fault]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError):
        return None, [fault("ZIP-DAMAGED")]
    return _sorted_out(files)


class _Refused(Exception):
    def __init__(self, found: Fault) -> None:
        super().__init__(found.code)
        self.fault = found


def _refuse_early(data: bytes) -> Fault | None:
    """What can be said before the directory is listed: 60 000 empty entries must not even be looped over."""
    if not data:
        return fault("FILE-EMPTY")
    if not is_zip(data):
        return fault("ZIP-NOT-A-ZIP")
    end = data.rfind(_END)
    if end < 0 or data[:4] != b"PK\x03\x04":
        return fault("ZIP-DAMAGED")
    if len(data) < end + 22:
        return fault("ZIP-DAMAGED")
    count, comment = struct.unpack_from("<H", data, end + 10)[0], struct.unpack_from("<H", data, end + 20)[0]
    if count > MOST_FILES:
        return fault("ZIP-BOMB", value=str(count))
    if comment or end + 22 != len(data) or data.count(_END) != 1:
        # Something before, behind or twice: two readers could see two different archives.
        return fault("ZIP-AMBIGUOUS")
    return None


def _refuse_entries(entries: list[zipfile.ZipInfo], data: bytes) -> Iterator[Fault]:
    seen: set[str] = set()
    spans: list[tuple[int, int]] = []
    for entry in entries:
        yield from _refuse_entry(entry)
        key = unicodedata.normalize("NFC", entry.filename).casefold().rstrip(". ")
        if key in seen:
            yield fault("ZIP-DUPLICATE-NAME", value=entry.filename)
        seen.add(key)
        spans.append(_span(entry, data))
    spans.sort()
    for (_start, end), (start, _end) in itertools.pairwise(spans):
        if start < end:
            yield fault("ZIP-OVERLAP")
            return


def _span(entry: zipfile.ZipInfo, data: bytes) -> tuple[int, int]:
    """Where the entry stands in the file, by its own local header; the directory alone can lie."""
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise _Refused(fault("ZIP-DAMAGED"))
    name, extra = struct.unpack_from("<HH", data, start + 26)
    return start, start + 30 + name + extra + entry.compress_size


def _refuse_entry(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    name = entry.filename
    if entry.flag_bits & 0x1:
        yield fault("ZIP-ENCRYPTED", value=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield fault("ZIP-METHOD", value=name)
    if _is_path_trick(name) or entry.orig_filename != name:
        yield fault("ZIP-PATH", value=entry.orig_filename)
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield fault("ZIP-LINK", value=name)
    if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        yield fault("ZIP-BOMB", value=name)


def _is_path_trick(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    odd = any(ord(char) < 32 or 127 <= ord(char) < 160 or unicodedata.category(char) == "Cf" for char in name)
    dots = any(part and set(part) <= {".", " "} for part in parts)
    return odd or dots or name.startswith(("/", "\\")) or "\\" in name or name[1:2] == ":" or len(name) > 255


def _read_all(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Inflate every file, counting bytes while inflating: headers are never trusted."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        chunks: list[bytes] = []
        size = 0
        with archive.open(entry) as stream:
            while chunk := stream.read(64 * 1024):
                size += len(chunk)
                if size > left or (size > SMALL and size > MOST_RATIO * max(entry.compress_size, 1)):
                    raise _Refused(fault("ZIP-BOMB", value=entry.filename))
                chunks.append(chunk)
        left -= size
        files[unicodedata.normalize("NFC", entry.filename)] = b"".join(chunks)
    return files


def _sorted_out(files: dict[str, bytes]) -> tuple[Container | None, list[Fault]]:
    declaration = files.pop(DECLARATION, None)
    if declaration is None:
        shown = ", ".join(sorted(files)[:10]) or "—"
        return None, [fault("ZIP-NO-DECLARATION", value=shown)]
    return Container(declaration, files), []
