"""From the bytes of a spreadsheet to rows of text, bounded in time and memory whatever the bytes are. Knows no database.

XLSX is read by calamine in a child process of its own with little memory and time (``documents.apart``): a small file may
claim a cell in the last row of the last column and so ask for gigabytes. Formulas are never computed (their stored results
are read), macros are refused, only the first sheet counts.
"""

from __future__ import annotations

import csv
import faulthandler
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import python_calamine

from app.declarations.sheet_texts import fault
from app.documents import apart
from app.documents.wording import NotTaken
from app.errors import Invalid

MAX_BYTES = 5 * 1024 * 1024
"""Bytes of the file."""
MAX_UNFOLDED = 60 * 1024 * 1024
MAX_ENTRIES = 300
"""Bytes and parts that a workbook may say it unfolds to; what it really unfolds to is bounded by the child's memory."""
MOST_ROWS = 1100
"""Rows looked at: 999 goods items, headings, and some room to say that there are too many."""
MOST_COLUMNS = 80
MOST_TEXT = 4000
"""Characters of one cell that are looked at; the longest value of a goods item has 512."""
SECONDS, MEMORY = 8.0, 384 * 1024 * 1024

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SEPARATORS = (";", "\t", ",")
Row = list[str]


def read(data: bytes) -> list[Row]:
    """Return the rows of a CSV or XLSX file, cells as text. Raises Invalid with what is wrong with the file."""
    if not data.strip():
        raise Invalid([fault("SHEET-NONE")])
    if len(data) > MAX_BYTES:
        raise Invalid([fault("SHEET-TOO-BIG", size=_megabytes(len(data)), limit=_megabytes(MAX_BYTES))])
    if data[:4] == _OLD_OFFICE:
        # A locked XLSX and an old XLS look alike here: both are saved anew.
        raise Invalid([fault("SHEET-LOCKED" if b"E\0n\0c\0r\0y\0p\0t" in data[:8192] else "SHEET-KIND")])
    return _workbook(data) if data[:2] == b"PK" else list(_separated(data))


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


# --- CSV --------------------------------------------------------------------------------------------------------------


def _separated(data: bytes) -> Iterator[Row]:
    text = decoded(data)
    head = text[: text.find("\n") + 1 or None][:4000]
    separator = max(_SEPARATORS, key=head.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            if number >= MOST_ROWS:
                return
            yield [cell.strip()[:MOST_TEXT] for cell in row[:MOST_COLUMNS]]
    except csv.Error:
        raise Invalid([fault("SHEET-BROKEN")]) from None


def decoded(data: bytes) -> str:
    """Return the text of a CSV file: UTF-8, UTF-16 with its mark, else Windows-1251. Raises Invalid for what is no text."""
    try:
        text = data.decode("utf-16" if data[:2] in _WIDE else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1251")
        except UnicodeDecodeError:
            raise Invalid([fault("SHEET-KIND")]) from None
    controls = sum(text.count(sign) for sign in "\0\x01\x02\x03\x04\x05\x06\x0e\x0f\x1b")
    if controls or text.lstrip()[:1] == "<" or text.startswith("%PDF"):
        raise Invalid([fault("SHEET-KIND")])
    return text


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> list[Row]:
    _look_at_parts(data)
    held = os.memfd_create("rows")
    try:
        apart.look(_read_into, data, held, seconds=SECONDS, memory=MEMORY)
        os.lseek(held, 0, os.SEEK_SET)
        with os.fdopen(os.dup(held), "rb") as file:
            rows: list[Row] = json.loads(file.read())
    except (NotTaken, ValueError):
        raise Invalid([fault("SHEET-BROKEN")]) from None
    finally:
        os.close(held)
    return rows


def _look_at_parts(data: bytes) -> None:
    """Say early and in plain words what is no workbook, what runs, what says itself that it is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [part.filename.lower() for part in parts.infolist()]
            unfolded = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Invalid([fault("SHEET-BROKEN")]) from None
    if "xl/workbook.xml" not in names:
        raise Invalid([fault("SHEET-KIND")])
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise Invalid([fault("SHEET-MACROS")])
    if unfolded > MAX_UNFOLDED or len(names) > MAX_ENTRIES:
        raise Invalid([fault("SHEET-TOO-BIG", size=_megabytes(unfolded), limit=_megabytes(MAX_UNFOLDED))])


def _read_into(data: bytes, held: int) -> int:
    """In the child: read the first sheet and write its rows as JSON into a file that both hold."""
    # The library says on the standard error how it died; here that is what the child is for.
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    book = python_calamine.load_workbook(io.BytesIO(data))
    sheet = book.get_sheet_by_index(0)
    rows = [
        [_text(cell)[:MOST_TEXT] for cell in row[:MOST_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    ]
    whole = json.dumps(rows).encode()
    written = 0
    while written < len(whole):
        written += os.write(held, whole[written:])
    return len(rows)


def _text(cell: Any) -> str:
    """A cell as somebody would type it: no tail of a binary fraction, no exponent, no time where there is none."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        exact = Decimal(f"{cell:.12g}")
        return format(exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact, "f")
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell).strip()
