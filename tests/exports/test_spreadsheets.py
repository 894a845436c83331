"""Tables as files: no cell is a formula, numbers stay numbers, a list that is cut says so."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app import spreadsheets

pytestmark = pytest.mark.pure

TEXTS = st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=8)
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Also in full width: some spreadsheets read them as the narrow ones."""
NASTY = [["＝1+1", "\n=1"], ["=1+1", "@SUM(A1)"], ["\t=1", "\r-1"], ["+375 29", "-5"], ["\x00\x0b=1", 'a;b,c"d\n']]


def cells_of(pieces: object, delimiter: str = ",") -> list[list[str]]:
    text = "".join(pieces)  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@given(TEXTS)
@example(NASTY)
def test_no_cell_of_a_csv_is_a_formula(rows: list[list[str]]) -> None:
    read = cells_of(spreadsheets.csv_pieces(["=head", "b"], rows))
    assert len(read) == len(rows) + 1
    for cell in (cell for row in read for cell in row):
        assert not cell.startswith(BEGINS_A_FORMULA)


@given(TEXTS)
@example(NASTY)
def test_no_cell_of_a_workbook_is_a_formula(rows: list[list[str]]) -> None:
    sheet = load_workbook(io.BytesIO(spreadsheets.xlsx(["=head", "b"], rows, title="a/b: [c]"))).active
    assert sheet is not None
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        assert cell.data_type in ("s", "n", "inlineStr")
        assert not str(cell.value or "").startswith(BEGINS_A_FORMULA)


def test_numbers_stay_numbers_and_decimals_follow_the_language() -> None:
    rows: list[list[spreadsheets.Cell]] = [[Decimal("-12.50"), -3, "-3", None]]
    assert cells_of(spreadsheets.csv_pieces(["a", "b", "c", "d"], rows))[1] == ["-12.50", "-3", "'-3", ""]
    assert cells_of(spreadsheets.csv_pieces(["a", "b", "c", "d"], rows, comma=True), ";")[1] == [
        "-12,50",
        "-3",
        "'-3",
        "",
    ]
    sheet = load_workbook(io.BytesIO(spreadsheets.xlsx(["a", "b", "c", "d"], rows))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [-12.5, -3, "'-3", None]


def test_a_long_list_is_walked_to_the_cap_and_no_further() -> None:
    asked: list[str | None] = []

    def fetch(cursor: str | None) -> SimpleNamespace:
        asked.append(cursor)
        start = int(cursor or 0)
        return SimpleNamespace(rows=list(range(start, start + 10)), following=str(start + 10) if start < 90 else None)

    whole = spreadsheets.gather(fetch)
    assert (list(whole.rows), whole.cut) == (list(range(100)), False)
    asked.clear()
    part = spreadsheets.gather(fetch, most=25)
    assert (list(part.rows), part.cut, len(asked)) == (list(range(25)), True, 3)
    exact = spreadsheets.gather(fetch, most=100)
    assert (len(exact.rows), exact.cut) == (100, False)


def test_a_big_table_comes_in_pieces() -> None:
    pieces = list(spreadsheets.csv_pieces(["a"], [["x" * 1000]] * 500))
    assert len(pieces) > 5
    assert len(cells_of(pieces)) == 501
