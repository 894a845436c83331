"""Spreadsheets of any origin: what is read of them, and what a hostile one costs."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from app.declarations import sheet_reading
from app.declarations.sheet_columns import COLUMNS, find_column
from app.errors import Invalid

pytestmark = pytest.mark.pure

ROWS = [["Goods code", "Description", "Price"], ["0201300000", "Beef; chilled, “fresh”", "12,50"]]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def separated(rows: list[list[str]], delimiter: str = ",") -> str:
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter).writerows(rows)
    return held.getvalue()


def remade(data: bytes, change: Callable[[str, bytes], bytes | None], *, more: dict[str, bytes] | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = change(part.filename, old.read(part))
            if body is not None:
                new.writestr(part.filename, body)
        for name, body in (more or {}).items():
            new.writestr(name, body)
    return held.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as found:
        sheet_reading.read(data)
    (fault,) = found.value.faults
    assert all(fault.message[language] and fault.remedy[language] for language in ("be", "ru", "en"))
    assert fault.field == "sheet"
    return fault.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_table_of_text_is_read_in_every_usual_encoding(delimiter: str, encoding: str) -> None:
    rows = [["Код товара", "Описание товара", "Цена"], ["0201300000", "Говядина; охлаждённая, «свежая»", "12,50"]]
    assert sheet_reading.read(separated(rows, delimiter).encode(encoding)) == rows


def test_a_workbook_is_read_as_somebody_would_type_it() -> None:
    rows = sheet_reading.read(
        workbook([["Goods code", "n"], [201300000, 0.1 + 0.2], ["0201300000", 1e21], [True, None]])
    )
    assert rows == [["Goods code", "n"], ["201300000", "0.3"], ["0201300000", "1" + "0" * 21], ["1", ""]]


def test_a_formula_is_not_computed_its_last_result_is_read() -> None:
    data = remade(
        workbook([["Price"], ["=1+1"]]), lambda _name, body: body.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>42</v>")
    )
    assert sheet_reading.read(data) == [["Price"], ["42"]]


def test_what_is_no_table_is_refused_in_plain_words() -> None:
    book = workbook(ROWS)  # type: ignore[arg-type]
    assert refused(b"") == "SHEET-NONE"
    assert refused(b"%PDF-1.7 ...") == "SHEET-KIND"
    assert refused(b"<html><table></table>") == "SHEET-KIND"
    assert refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") == "SHEET-KIND"
    assert refused(b"\xd0\xcf\x11\xe0" + bytes(4000)) == "SHEET-KIND"
    assert refused(b"\xd0\xcf\x11\xe0" + bytes(1000) + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0") == "SHEET-LOCKED"
    assert refused(b"a,b\n" + b"x" * sheet_reading.MAX_BYTES) == "SHEET-TOO-BIG"
    assert refused(remade(book, lambda name, body: None if name == "xl/workbook.xml" else body)) == "SHEET-KIND"
    assert refused(remade(book, lambda _name, body: body, more={"xl/vbaProject.bin": b"x"})) == "SHEET-MACROS"
    assert refused(book[:-300]) == "SHEET-BROKEN"
    assert refused(remade(book, lambda _name, body: body[: len(body) // 2])) == "SHEET-BROKEN"
    assert refused(b'a,b\n"' + b"x" * 200_000) == "SHEET-BROKEN"


def far(name: str, body: bytes) -> bytes:
    return body.replace(b'r="C2"', b'r="XFD1048576"') if "sheet1" in name else body


def entities(name: str, body: bytes) -> bytes:
    if "sheet1" not in name:
        return body
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20 if n else "ha" * 20}">' for n in range(8))
    text = body.decode().replace("Beef", "&l7;")
    return re.sub(r"^(<\?xml[^>]*>)?", f"<!DOCTYPE worksheet [{laughs}]>", text, count=1).encode()


def long_text(name: str, body: bytes) -> bytes:
    return body.replace(b"Beef", b"x" * 50_000_000) if "sheet1" in name else body


def many_rows(name: str, body: bytes) -> bytes:
    if "sheet1" not in name:
        return body
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 1_000_000))
    return body.replace(b"</sheetData>", rows + b"</sheetData>")


@pytest.mark.parametrize("trick", [far, entities, long_text, many_rows])
def test_a_small_file_that_unfolds_is_bounded_in_time_and_memory(trick: Callable[[str, bytes], bytes]) -> None:
    data = remade(workbook(ROWS), trick)  # type: ignore[arg-type]
    assert len(data) < sheet_reading.MAX_BYTES
    began = time.monotonic()
    rows: list[list[str]] = []
    with contextlib.suppress(Invalid):
        rows = sheet_reading.read(data)
    assert len(rows) <= sheet_reading.MOST_ROWS
    assert all(len(cell) <= sheet_reading.MOST_TEXT for row in rows for cell in row)
    assert time.monotonic() - began < 20


def test_a_directory_that_lies_about_sizes_unfolds_in_the_child_alone() -> None:
    data = bytearray(remade(workbook(ROWS), long_text))  # type: ignore[arg-type]
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert refused(bytes(data)) in ("SHEET-BROKEN", "SHEET-TOO-BIG")


def test_only_so_many_rows_and_columns_are_looked_at() -> None:
    rows = sheet_reading.read(separated([["x"] * 200] * 5000).encode())
    assert (len(rows), len(rows[0])) == (sheet_reading.MOST_ROWS, sheet_reading.MOST_COLUMNS)


def test_every_heading_names_one_column_in_every_language() -> None:
    for column in COLUMNS:
        for name in (column.id, column.id.upper(), *column.heading.values(), f" {column.heading['be']} * "):
            assert find_column(name) is column
    assert find_column("Colour") is None
    for language in ("be", "ru", "en"):
        assert len({column.heading[language] for column in COLUMNS}) == len(COLUMNS)
