"""Tables for spreadsheets, written: CSV and XLSX of the same rows, no cell of which is a formula, up to a cap that is said.

Rows are gathered first (the database is closed when an answer begins to flow), the file is written piece by piece.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Response
from flask_babel import get_locale
from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from app import clock

MOST_ROWS = 10_000
"""Rows of one file: a longer list is narrowed first."""
BOM = "\ufeff"
"""So that a spreadsheet reads the letters as UTF-8."""
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_CELL = 32_767
"""Characters of one cell of XLSX."""
WIDEST, NARROWEST = 60, 8
_FORMULA = re.compile(r"^[=+\-@＝＋－＠\t\r\n]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024
_WITH_COMMA = ("be", "ru")
"""Languages whose spreadsheets write decimals with a comma and so part cells with a semicolon."""

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What was gathered; ``cut``: there is more than the cap lets out."""

    rows: Sequence[Any]
    cut: bool = False


def gather(fetch: Callable[[str | None], Any], *, most: int | None = None) -> Rows:
    """Walk a list page by page (``fetch`` takes a cursor and returns a ``web.Page``) up to the cap."""
    cap = MOST_ROWS if most is None else most
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = fetch(cursor)
        found.extend(page.rows)
        cursor = page.following
        if cursor is None or len(found) > cap:
            return Rows(found[:cap], len(found) > cap or cursor is not None)


def safe(value: Any) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe. Pure."""
    text = "" if value is None else _UNWRITABLE.sub("", str(value))[:LONGEST_CELL]
    return f"'{text}" if _FORMULA.match(text) else text


def moment(at: datetime | None) -> str:
    """Return a moment as every spreadsheet sorts it, in Minsk time."""
    return at.astimezone(clock.MINSK).strftime("%Y-%m-%d %H:%M") if at else ""


def csv_pieces(headings: Sequence[Any], rows: Iterable[Sequence[Cell]], *, comma: bool = False) -> Iterator[str]:
    """Yield CSV with a byte order mark and line ends as spreadsheets want them. ``comma``: decimals have one, so a semicolon
    parts the cells. Pure."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n", delimiter=";" if comma else ",")
    held.write(BOM)
    writer.writerow([safe(heading) for heading in headings])
    for row in rows:
        writer.writerow([_plain(value, comma) for value in row])
        if held.tell() > _PIECE:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _plain(value: Cell, comma: bool) -> str:
    """A number is written as one, whatever its sign; everything else is text."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        return text.replace(".", ",") if comma else text
    return safe(value)


def xlsx(headings: Sequence[Any], rows: Iterable[Sequence[Cell]], *, title: str = "") -> bytes:
    """Return a workbook with one sheet: headings in bold and frozen, numbers as numbers, all else as text. Pure."""
    book = Workbook(write_only=True)
    add_sheet(book, headings, rows, title=title)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        book.save(held)
        held.seek(0)
        return held.read()


def add_sheet(
    book: Workbook, headings: Sequence[Any], rows: Iterable[Sequence[Cell]], *, title: str = "", text_columns: Sequence[int] = ()
) -> None:  # fmt: skip
    """Add a sheet to a write-only workbook. ``text_columns`` (from 0) keep what is typed into them as it is typed."""
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "1")
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings):
        width = min(max(len(str(heading)) + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[_letters(number)].width = width
        if number in text_columns:
            sheet.column_dimensions[_letters(number)].number_format = "@"
    bold = Font(bold=True)
    sheet.append([_bold(sheet, safe(heading), bold) for heading in headings])
    for row in rows:
        sheet.append([value if _is_number(value) else safe(value) for value in row])


def _bold(sheet: Any, text: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = font
    return cell


def _is_number(value: Cell) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def answer(
    name: str, kind: str, headings: Sequence[Any], rows: Iterable[Sequence[Cell]], *, cut: bool = False
) -> Response:
    """Return a file of KINDS under ``name`` and today's date; ``cut`` adds a last line that says where the list was cut."""
    told = list(rows)
    if cut:
        told.append(
            [_("The list goes on: these are its first %(most)s lines. Narrow it to get the rest.", most=MOST_ROWS)]
        )
    body: Any
    if kind == "csv":
        locale = get_locale()
        comma = locale is not None and locale.language in _WITH_COMMA
        body = (piece.encode() for piece in csv_pieces(list(map(str, headings)), told, comma=comma))
    else:
        body = xlsx(list(map(str, headings)), told, title=name)
    return file(name, kind, body)


def file(name: str, kind: str, body: Any) -> Response:
    """Return bytes (or pieces of them) as a download of this kind, with today in its name."""
    made = Response(body, mimetype=KINDS[kind].partition(";")[0])
    made.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today().isoformat()}.{kind}"'
    return made
