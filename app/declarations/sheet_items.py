"""From rows of text to goods items: which column is which, what each cell means, and every cell that cannot be stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from app.declarations import draft_edits, editing, forms
from app.declarations.draft_edits import Change
from app.declarations.form_lists import Lists
from app.declarations.form_parts import Field
from app.declarations.package import MOST_ITEMS
from app.declarations.pointers import steps
from app.declarations.sheet_columns import BY_ID, COLUMNS, Column, find_column
from app.declarations.sheet_reading import Row
from app.declarations.sheet_texts import fault
from app.errors import Invalid

HEADINGS_WITHIN = 10
"""The headings stand in one of the first rows: people write a title above their table."""
_ITEM = f"{editing.ITEM}[1]"
_GUARDED = re.compile(r"^'(?=[=+\-@＝＋－＠\t\r\n]|\d+$)")
_DIGITS = re.compile(r"\d{9}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One goods item of a table: the row it stands in, counted from 1 as the spreadsheet does, and its cells by column."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table understood: its columns in order, its goods items, and the headings that are not read."""

    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    unread: tuple[str, ...] = ()
    # How many goods codes had lost their first zero and got it back.
    zeros: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be stored: where, what stands there, and why not, in the reader's language."""

    row: int
    column: Column
    value: str
    words: str

    @property
    def name(self) -> str:
        """The name of the box in which it is mended."""
        return cell_name(self.row, self.column.id)


@dataclass
class Checked:
    """What became of a table: goods items ready to stand in a package, and every cell that is wrong."""

    items: list[etree._Element] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def cell_name(row: int, column: str) -> str:
    """Return the name of the box in which a cell is mended: ``cell-12-origin``."""
    return f"cell-{row}-{column}"


def understand(rows: Sequence[Row]) -> Table:
    """Find the headings and read the goods items below them. Raises Invalid for a table that has none, or too many."""
    if not any(cell for row in rows for cell in row):
        raise Invalid([fault("SHEET-EMPTY")])
    top = max(range(min(len(rows), HEADINGS_WITHIN)), key=lambda number: _known(rows[number]), default=0)
    if not _known(rows[top]):
        raise Invalid([fault("SHEET-HEADINGS")])
    places = _places(rows[top])
    entries: list[Entry] = []
    zeros = 0
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = {name: _cell(row[place]) for place, name in places.items() if place < len(row)}
        cells = {name: text for name, text in cells.items() if text}
        if _DIGITS.fullmatch(cells.get("goods_code", "")):
            cells["goods_code"], zeros = f"0{cells['goods_code']}", zeros + 1
        if cells:
            entries.append(Entry(number, cells))
    require_count(len(entries))
    unread = [text for place, text in enumerate(rows[top]) if text and place not in places]
    return Table(tuple(places.values()), tuple(entries), tuple(unread[:20]), zeros)


def require_count(count: int, already: int = 0) -> None:
    """Raise Invalid when there is no goods item, or more than a package holds."""
    if not count:
        raise Invalid([fault("SHEET-EMPTY")])
    if count + already > MOST_ITEMS:
        raise Invalid([fault("SHEET-TOO-MANY", size=count + already, limit=MOST_ITEMS)])


def _known(row: Row) -> int:
    return sum(find_column(cell) is not None for cell in row)


def _places(headings: Row) -> dict[int, str]:
    """Which column stands at which place. Raises Invalid where one stands twice."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        column = find_column(heading)
        if column is None:
            continue
        if column.id in found.values():
            raise Invalid([fault("SHEET-TWICE", value=heading[:80])])
        found[place] = column.id
    return found


def _cell(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from computing it: our own exports write one."""
    return _GUARDED.sub("", editing.clean(text))


# --- cells ------------------------------------------------------------------------------------------------------------


def check(table: Table, lists: Lists) -> Checked:
    """Read every cell as its box of the form would. All that is wrong is found at once."""
    fields = {column.id: column.field(lists.language) for column in COLUMNS if column.leaf}
    reading = _Reading(lists, fields)
    made = Checked()
    for entry in table.entries:
        before = len(made.wrong)
        changes = [
            change for name, text in entry.cells.items() for change in reading.changes(entry, BY_ID[name], text, made)
        ]
        if len(made.wrong) == before:
            made.items.append(_element(changes))
    return made


class _Reading:
    """Reads cells with the lists of an edition; the same word in the same list is looked up once."""

    def __init__(self, lists: Lists, fields: Mapping[str, Field]) -> None:
        self.lists, self.fields = lists, fields
        self.known: dict[str, frozenset[str]] = {}
        self.resolved: dict[tuple[str, str], str] = {}

    def changes(self, entry: Entry, column: Column, text: str, made: Checked) -> list[Change]:
        """Return what one cell writes; a column of units writes nothing by itself."""
        if column.beside:
            if text and self.code(column.codes, text) is None:
                made.wrong.append(self.unknown(entry, column, text))
            elif column.beside not in entry.cells:
                words = _("%(field)s stands here without its value.", field=column.heading[self.lists.language])
                made.wrong.append(Wrong(entry.row, column, text, str(words)))
            return []
        box = self.fields[column.id]
        if column.codes:
            found = self.code(column.codes, text)
            if found is None:
                made.wrong.append(self.unknown(entry, column, text))
                return []
            text = found
        value, words = forms.value_of(box, text, self.lists)
        if column.id == "goods_code" and not words and not (value.isascii() and value.isdigit()):
            # The form keeps an unfinished code; in a table "O201300000" is a slip that is best mended where it stands.
            words = str(_("%(field)s must have digits only.", field=box.label))
        if words:
            made.wrong.append(Wrong(entry.row, column, text, words))
            return []
        above = f"{_ITEM}/{column.leaf}".rpartition("/")[0]
        implied: list[Change] = [(f"{above}/{name}", fixed, None) for name, fixed in column.implied]
        return [(f"{_ITEM}/{column.leaf}", value, self.attributes(entry, column)), *implied]

    def attributes(self, entry: Entry, column: Column) -> dict[str, str] | None:
        """The unit or currency of a value: fixed, or from the column beside it."""
        if column.unit:
            return {"unitCode": column.unit}
        beside = next((one for one in COLUMNS if one.beside == column.id), None)
        code = self.code(beside.codes, entry.cells[beside.id]) if beside and beside.id in entry.cells else None
        return {beside.attribute: code} if beside and code else None

    def code(self, codes: str, text: str) -> str | None:
        """Return the code that a word stands for; None where the list has none such."""
        if (codes, text) not in self.resolved:
            self.resolved[(codes, text)] = self.lists.resolve(codes, text)
        if codes not in self.known:
            self.known[codes] = frozenset(code for code, _words in self.lists.entries(codes))
        found = self.resolved[(codes, text)]
        return found if found in self.known[codes] else None

    def unknown(self, entry: Entry, column: Column, text: str) -> Wrong:
        """Say that a list has no such code."""
        words = _(
            "%(field)s: the list has no “%(value)s”. Write its code, for example %(example)s, or its name.",
            field=column.heading[self.lists.language], value=text[:80], example=column.example,
        )  # fmt: skip
        return Wrong(entry.row, column, text, str(words))


def _element(changes: Sequence[Change]) -> etree._Element:
    """Return one goods item as it stands in a package; its number is written where it is put."""
    tree = editing.new_tree()
    for path, value, attributes in changes:
        editing.set_leaf(tree, path, value, attributes)
    item = editing.items(tree)[0]
    draft_edits.detach(item)
    return item


def values_of(tree: etree._Element) -> list[list[str]]:
    """Return the goods items of a package as rows of COLUMNS: what is written here is read again as it was."""
    return [[_written(item, column) for column in COLUMNS] for item in editing.items(tree)]


def _written(item: etree._Element, column: Column) -> str:
    target = BY_ID[column.beside] if column.beside else column
    element = item
    for name, index in steps(target.leaf):
        same = element.findall(f"{{*}}{name}")
        if len(same) < (index or 1):
            return ""
        element = same[(index or 1) - 1]
    return element.get(column.attribute, "") if column.beside else (element.text or "").strip()
