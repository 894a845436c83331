"""Rows of a table become goods items: every column lands on its leaf, every cell that cannot be stored is named."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.declarations import codec, draft_edits, editing, parsing, sheet_items
from app.declarations.form_lists import Lists
from app.declarations.sheet_columns import BY_ID, COLUMNS
from app.declarations.sheet_items import Table
from app.errors import Invalid
from app.requirements.compiling import packaged_edition

EXAMPLES = [column.example for column in COLUMNS]
HEADINGS = [column.id for column in COLUMNS]


@pytest.fixture(autouse=True)
def words(one_app: Flask) -> Iterator[None]:
    with one_app.test_request_context("/?lang=en"):
        yield


@pytest.fixture(scope="module")
def lists() -> Lists:
    return Lists(packaged_edition(), "en", "import")


def refused(rows: list[list[str]]) -> str:
    with pytest.raises(Invalid) as found:
        sheet_items.understand(rows)
    return found.value.faults[0].code


def test_every_column_lands_on_its_leaf(lists: Lists) -> None:
    table = sheet_items.understand([["A title above"], [], HEADINGS, EXAMPLES])
    checked = sheet_items.check(table, lists)
    assert [(one.column.id, one.words) for one in checked.wrong] == []
    tree = editing.new_tree()
    draft_edits.put_items(tree, checked.items, replace=True)
    assert parsing.parse(codec.canonical(tree)).faults == ()
    (line,) = codec.to_package(tree).lines
    assert (line.code, line.description, line.origin, line.procedure) == ("8712003000", "Bicycles, new", "CN", "40")
    assert line.gross is not None
    assert (str(line.gross.value), line.gross.unit) == ("1450.5", "KGM")
    assert line.price is not None
    assert (line.price.value, line.price.currency) == (12500, "EUR")
    assert line.supplementary is not None
    assert line.supplementary.unit == "NAR"
    assert [(one.type, one.count, one.marks) for one in line.packings] == [("CT", 100, "GLM 1-100")]
    assert (line.undg, line.duty_regime, line.scientific_name) == (("1263",), "100", "Acipenser baerii")


def test_what_goes_out_comes_in_again(lists: Lists) -> None:
    table = sheet_items.understand([HEADINGS, EXAMPLES, EXAMPLES])
    tree = editing.new_tree()
    draft_edits.put_items(tree, sheet_items.check(table, lists).items, replace=True)
    rows = sheet_items.values_of(tree)
    again = sheet_items.check(sheet_items.understand([HEADINGS, *rows]), lists)
    other = editing.new_tree()
    draft_edits.put_items(other, again.items, replace=True)
    assert codec.canonical(other) == codec.canonical(tree)


def test_names_are_understood_and_the_rest_is_said_by_row_and_column(lists: Lists) -> None:
    rows = [
        [
            "Код товара",
            "Апісанне тавару",
            "Country of origin",
            "Масса нетто, кг",
            "Price",
            "Currency of the price",
            "Colour",
        ],
        ["201300000", "Beef", "Кітай", "1 250,5", "12.50", "", "red"],
        ["0201300000", "x" * 600, "Cina", "heavy", "", "EUR", ""],
        ["", "", "", "", "", "", ""],
        ["'0201300000", "'=1+1", "cn", "1", "5", "dollars", ""],
    ]
    table = sheet_items.understand(rows)
    assert (table.zeros, table.unread, [entry.row for entry in table.entries]) == (1, ("Colour",), [2, 3, 5])
    assert table.entries[0].cells["goods_code"] == "0201300000"
    assert table.entries[2].cells["description"] == "=1+1"
    checked = sheet_items.check(table, lists)
    assert len(checked.items) == 1
    found = {(one.row, one.column.id): one.words for one in checked.wrong}
    assert set(found) == {
        (3, "description"),
        (3, "origin"),
        (3, "net_kg"),
        (3, "currency"),
        (5, "currency"),
    }
    assert "600" in found[(3, "description")]
    slip = sheet_items.check(
        sheet_items.understand([["goods_code"], ["O201300000"], ["12AB"], ["0201 30 000 0"]]), lists
    )
    assert [(one.row, one.column.id) for one in slip.wrong] == [(2, "goods_code"), (3, "goods_code")]
    assert "Cina" in found[(3, "origin")]
    assert checked.wrong[0].name == "cell-3-description"


def test_what_is_no_table_of_goods_is_refused() -> None:
    assert refused([]) == "SHEET-EMPTY"
    assert refused([["", ""]]) == "SHEET-EMPTY"
    assert refused([["a", "b"], ["c", "d"]]) == "SHEET-HEADINGS"
    assert refused([["price", "Price"], ["1", "2"]]) == "SHEET-TWICE"
    assert refused([["price", "origin"]]) == "SHEET-EMPTY"
    assert refused([["price"], *([["1"]] * 1000)]) == "SHEET-TOO-MANY"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=30), max_size=len(HEADINGS)), min_size=1, max_size=6))
def test_no_cell_breaks_anything_and_nothing_is_stored_that_the_schema_refuses(
    rows: list[list[str]], lists: Lists
) -> None:
    try:
        table = sheet_items.understand([HEADINGS, *rows])
    except Invalid:
        return
    checked = sheet_items.check(table, lists)
    assert {one.row for one in checked.wrong} <= {entry.row for entry in table.entries}
    tree = editing.new_tree()
    draft_edits.put_items(tree, checked.items, replace=True)
    assert [
        fault for fault in parsing.parse(codec.canonical(tree)).faults if "GovernmentAgencyGoodsItem" in fault.path
    ] == []


def test_items_stand_behind_or_in_place_and_are_numbered(lists: Lists) -> None:
    def bring(tree: object, count: int, *, replace: bool) -> list[str]:
        table = sheet_items.understand([["description"], *([f"new {number}"] for number in range(count))])
        draft_edits.put_items(tree, sheet_items.check(table, lists).items, replace=replace)  # type: ignore[arg-type]
        return [f"{line.sequence} {line.description}" for line in codec.to_package(tree).lines]  # type: ignore[arg-type]

    tree = editing.new_tree()
    editing.add_item(tree)
    assert bring(tree, 2, replace=False) == ["1 new 0", "2 new 1"]
    assert bring(tree, 1, replace=False) == ["1 new 0", "2 new 1", "3 new 0"]
    assert bring(tree, 1, replace=True) == ["1 new 0"]


def test_a_full_table_is_read_quickly(lists: Lists) -> None:
    table = sheet_items.understand([HEADINGS, *([EXAMPLES] * 999)])
    began = time.process_time()
    checked = sheet_items.check(table, lists)
    tree = editing.new_tree()
    draft_edits.put_items(tree, checked.items, replace=True)
    draft_edits.items_revision(tree)
    assert len(editing.items(tree)) == 999
    assert time.process_time() - began < 5


def test_a_table_names_only_columns_that_are_ours() -> None:
    assert isinstance(sheet_items.understand([HEADINGS, EXAMPLES]), Table)
    for column in COLUMNS:
        assert bool(column.leaf) != bool(column.beside)
        assert not column.beside or BY_ID[column.beside].leaf
