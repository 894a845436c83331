"""The ZIP format, pure: entries of the directory, where each stands, and its bytes. Nothing in the file is believed twice.

Directory and local headers must say the same, the entries must fill the file without gap or overlap, and bytes are
counted while they are inflated, so that no two readers can see two different archives (trust.md A.5, Z1 to Z11).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

STORED, DEFLATED = 0, 8
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
UNKNOWN = 0x0020 | 0x1780
"""Flag bits: password protection in its three forms; patches and bits that have no meaning for us."""

_STREAMED, _UTF8 = 0x0008, 0x0800
_END, _CENTRAL, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_SIZE, _CENTRAL_SIZE, _LOCAL_SIZE = 22, 46, 30
_DESCRIPTORS = {12: 0, 16: 4, 20: 0, 24: 4}
"""Lengths of a data descriptor (32 or 64 bits, without or with its mark) and where its CRC stands."""

_IN_EXTRA = 0xFFFFFFFF
_UNICODE_PATH = 0x7075
_CHUNK = 64 * 1024
FALLBACK = "cp866"
"""The code page of names without the UTF-8 flag that are not UTF-8: what Windows writes in Belarus."""


class Damaged(ValueError):
    """The archive does not hold together."""


class Ambiguous(ValueError):
    """There is something in the file that the directory does not account for."""


class TooMany(ValueError):
    """More entries than are looked at, or more bytes than are allowed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory; ``start`` is the offset of the local header, sizes are in bytes, ``mode`` is Unix's."""

    raw: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int


def entries(data: bytes, most: int) -> list[Entry]:
    """Read the directory. Raises TooMany beyond ``most`` entries, Ambiguous, Damaged; names may still be any trick."""
    end = len(data) - _END_SIZE
    if end < 0 or data[end : end + 4] != _END:
        raise Ambiguous if data.find(_END, 0, max(end, 0) + 4) >= 0 else Damaged
    disk, first, here, count, size, offset, comment = struct.unpack_from("<4H2LH", data, end + 4)
    if count > most:
        raise TooMany(str(count))
    if disk or first or here != count:
        raise Damaged
    if comment or offset + size != end:
        raise Ambiguous
    found = []
    for _ in range(count):
        entry, offset = _central(data, offset, end)
        found.append(entry)
    if offset != end:
        raise Ambiguous
    return found


def _central(data: bytes, at: int, end: int) -> tuple[Entry, int]:
    if at + _CENTRAL_SIZE > end or data[at : at + 4] != _CENTRAL:
        raise Damaged
    flags, method = struct.unpack_from("<2H", data, at + 8)
    crc, packed, size, name, extra, comment = struct.unpack_from("<3L3H", data, at + 16)
    attributes, start = struct.unpack_from("<2L", data, at + 38)
    after = at + _CENTRAL_SIZE + name + extra + comment
    if after > end or _IN_EXTRA in (packed, size, start):
        raise Damaged
    raw = data[at + _CENTRAL_SIZE : at + _CENTRAL_SIZE + name]
    more = data[at + _CENTRAL_SIZE + name : at + _CENTRAL_SIZE + name + extra]
    return Entry(raw, _name(raw, flags, more), flags, method, crc, packed, size, start, attributes >> 16), after


def _name(raw: bytes, flags: int, extra: bytes) -> str:
    """The name as its writer meant it: flagged UTF-8, Info-ZIP's own field, UTF-8 without the flag, at last cp866."""
    try:
        if not flags & _UTF8 and (told := _unicode_path(raw, extra)):
            return told
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & _UTF8:
            raise Damaged from None
        return raw.decode(FALLBACK)


def _unicode_path(raw: bytes, extra: bytes) -> str:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<L", field, 1)[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8")
        at += 4 + size
    return ""


def body_of(entry: Entry, data: bytes) -> tuple[int, int]:
    """Where the packed bytes of an entry stand. Raises Damaged when its local header says other than the directory."""
    at = entry.start
    if data[at : at + 4] != _LOCAL or at + _LOCAL_SIZE > len(data):
        raise Damaged
    flags, method = struct.unpack_from("<2H", data, at + 6)
    crc, packed, size, name, extra = struct.unpack_from("<3L2H", data, at + 14)
    begin = at + _LOCAL_SIZE + name + extra
    same = (data[at + _LOCAL_SIZE : at + _LOCAL_SIZE + name], flags, method) == (entry.raw, entry.flags, entry.method)
    told = ((crc, entry.crc), (packed, entry.packed), (size, entry.size))
    later = (0, _IN_EXTRA) if flags & _STREAMED else (_IN_EXTRA,)
    if not same or any(here != there and here not in later for here, there in told):
        raise Damaged
    return begin, begin + entry.packed


def overlap(found: list[Entry], data: bytes) -> bool:
    """Whether two entries share bytes. Raises Ambiguous for bytes that belong to no entry, Damaged for odd headers."""
    spans = sorted(((entry.start, body_of(entry, data)[1], entry) for entry in found), key=lambda span: span[:2])
    directory = struct.unpack_from("<L", data, len(data) - 6)[0]
    starts = [span[0] for span in spans[1:]] + [directory]
    if any(end > start for (_, end, _), start in zip(spans, starts, strict=False)):
        return True
    if (spans[0][0] if spans else directory) != 0:
        raise Ambiguous
    for (_, end, entry), start in zip(spans, starts, strict=False):
        _judge_gap(data[end:start], entry)
    return False


def _judge_gap(gap: bytes, entry: Entry) -> None:
    """Behind an entry stands nothing, or, where it was written as a stream, its data descriptor."""
    if not entry.flags & _STREAMED:
        if gap:
            raise Ambiguous
        return
    if gap and len(gap) not in _DESCRIPTORS:
        raise Ambiguous
    if gap and struct.unpack_from("<L", gap, _DESCRIPTORS[len(gap)])[0] != entry.crc:
        raise Damaged


def unpacked(entry: Entry, data: bytes, limit: int) -> bytes:
    """Return the bytes of an entry. Raises TooMany beyond ``limit`` bytes, Damaged when size or CRC are not as told."""
    begin, end = body_of(entry, data)
    body = data[begin:end] if entry.method == STORED else _inflated(memoryview(data)[begin:end], min(limit, entry.size))
    if len(body) > limit:
        raise TooMany(entry.name)
    if len(body) != entry.size or zlib.crc32(body) != entry.crc:
        raise Damaged
    return body


def _inflated(packed: memoryview, limit: int) -> bytes:
    """Inflate, stopping one byte beyond the limit; the stream must end exactly where the entry does."""
    stream, chunks, left = zlib.decompressobj(-15), [], limit + 1
    for at in range(0, len(packed), _CHUNK):
        part: bytes | memoryview = packed[at : at + _CHUNK]
        while part and left > 0:
            chunks.append(stream.decompress(part, min(_CHUNK, left)))
            left -= len(chunks[-1])
            part = stream.unconsumed_tail
        if left <= 0 or stream.unused_data:
            break
    if left > 0 and (not stream.eof or stream.unused_data):
        raise Damaged
    return b"".join(chunks)
