"""Where a picture ends: what stands behind its end is a second file, and one that moves is more than one picture. Pure.

Only marks are read here, no pixel; whether the picture is whole, the library says that decodes it, apart.
"""

from __future__ import annotations

from app.documents.wording import NotTaken

_PNG_HEAD = 8
_MOST_CHUNKS = 100_000
_PADDING = b"\0\t\r\n "
_JPEG = b"\xff\xd8"
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Marks of a JPEG that no length follows: TEM, RST0 to RST7, SOI."""
_END = 0xD9
_RUNS = (b"<!doctype", b"<html", b"<script", b"<svg ", b"<svg>", b"<?php", b"%pdf-")
"""Looked for at any place, so none is so short that chance writes it into a second picture."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")


def refuse_behind_png(data: bytes) -> None:
    """Refuse what stands behind a PNG, and one that moves. Raises NotTaken: FILE-TWO-IN-ONE, FILE-MOVES."""
    at = _PNG_HEAD
    for _ in range(_MOST_CHUNKS):
        kind, length = data[at + 4 : at + 8], int.from_bytes(data[at : at + 4])
        at += 12 + length
        if kind == b"acTL":
            raise NotTaken("FILE-MOVES")
        if kind == b"IEND":
            if data[at:].strip(_PADDING):
                raise NotTaken("FILE-TWO-IN-ONE")
            return
        if at >= len(data):
            return


def refuse_behind_jpeg(data: bytes) -> None:
    """Refuse a page, program or document behind a JPEG. Raises NotTaken FILE-TWO-IN-ONE.

    Cameras write notes of their own and further, smaller pictures there: these stay.
    """
    behind = data[_end_of(data) :]
    lower = behind.lower()
    if behind.lstrip(_PADDING).startswith(_PROGRAMS) or any(mark in lower for mark in _RUNS):
        raise NotTaken("FILE-TWO-IN-ONE")


def _end_of(data: bytes) -> int:
    """The place behind the end mark of the first picture; the end of the bytes where there is none."""
    at = len(_JPEG)
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            # Inside a scan: a mark is an FF that no zero follows.
            at = data.find(b"\xff", at)
            if at < 0:
                break
            continue
        mark = data[at + 1]
        if mark == _END:
            return at + 2
        if mark == 0xFF:
            at += 1
        elif mark == 0x00 or mark in _BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return at + 2 if data[at : at + 2] == bytes((0xFF, _END)) else len(data)
