"""Goods items from a spreadsheet: the template, the upload, the preview with every cell that is wrong, and the way back out.

Between the preview and the change the rows travel in the page itself: nothing is stored that nobody decided on, and a cell can be
mended on the page without the file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from openpyxl import Workbook

from app import spreadsheets, web
from app.declarations import codec, draft_edits, drafting, editing, finders, policy, sheet_items, sheet_reading
from app.declarations.draft_views import find, home
from app.declarations.editing import items
from app.declarations.form_lists import Lists
from app.declarations.models import Declaration
from app.declarations.package import MOST_ITEMS
from app.declarations.sheet_columns import BY_ID, COLUMNS
from app.declarations.sheet_items import Checked, Entry, Table, cell_name
from app.declarations.sheet_texts import fault
from app.errors import Conflict, Fault, Invalid, Refusal
from app.ledger import witnessing
from app.requirements.finders import current_edition
from app.shell import language
from app.web import actor, back, guard

blueprint = Blueprint("sheets", __name__, url_prefix="/packages/<uuid:declaration_id>")

SHOWN_ROWS = 20
"""Goods items shown before they are taken over."""
SHOWN_CELLS = 50
"""Cells that can be mended on the page; more than that are mended in the file."""
KIND = "<any(csv, xlsx):kind>"


def _kind() -> str:
    return str((request.view_args or {})["kind"])


@blueprint.get("/items/sheet")
@guard(policy.prepare, finders.get_declaration)
def choose(declaration: Declaration) -> str:
    """Choose a file; which columns are understood."""
    return _choose(declaration)


def _choose(declaration: Declaration, faults: Sequence[Fault] = ()) -> str:
    package = codec.to_package(drafting.tree_of(declaration))
    return render_template(
        "declarations/sheet.html",
        declaration=declaration,
        package=package,
        columns=COLUMNS,
        faults=faults,
        most=MOST_ITEMS,
        megabytes=sheet_reading.MAX_BYTES // (1024 * 1024),
    )


@blueprint.post("/items/sheet")
@guard(policy.prepare, finders.get_declaration)
def look(declaration: Declaration) -> Any:
    """Read a file and show what would come in; nothing is changed yet."""
    given = request.files.get("sheet")
    try:
        if given is None or not given.filename:
            raise Invalid([fault("SHEET-NONE")])
        table = sheet_items.understand(sheet_reading.read(given.stream.read(sheet_reading.MAX_BYTES + 1)))
    except Invalid as refusal:
        web.refuse(refusal)
        return _choose(declaration, refusal.faults), 422
    return _preview(declaration, table, _checked(declaration, table))


@blueprint.post("/items/sheet/take")
@guard(policy.prepare, finders.get_declaration)
def take(declaration: Declaration) -> Any:
    """Put the items into the package as one change, mended as they stand on the page."""
    try:
        table = _posted()
    except Invalid as refusal:
        web.refuse(refusal)
        return _choose(declaration, refusal.faults), 422
    checked = _checked(declaration, table)
    if checked.wrong:
        return _preview(declaration, table, checked), 422
    instead = request.form.get("mode") == "replace"
    try:
        drafting.bring_items(
            declaration, checked.items, replace=instead, by=actor(), seen=request.form.get("revision", "")
        )
    except (Conflict, Invalid) as refusal:
        web.refuse(refusal)
        return _preview(declaration, table, checked, refusal), refusal.status
    count = len(checked.items)
    flash(
        ngettext("%(num)s goods item is in the package.", "%(num)s goods items are in the package.", count), "success"
    )
    return back(home(declaration), declaration_id=declaration.id)


def _checked(declaration: Declaration, table: Table) -> Checked:
    return sheet_items.check(table, Lists(current_edition(), language(), declaration.direction))


def _preview(declaration: Declaration, table: Table, checked: Checked, refusal: Refusal | None = None) -> str:
    tree = drafting.tree_of(declaration)
    package = codec.to_package(tree)
    there = [line for line, item in zip(package.lines, items(tree), strict=False) if draft_edits.is_filled(item)]
    return render_template(
        "declarations/sheet_preview.html",
        declaration=declaration,
        table=table,
        columns=[BY_ID[name] for name in table.columns],
        shown=table.entries[:SHOWN_ROWS],
        wrong=checked.wrong,
        to_mend=checked.wrong[:SHOWN_CELLS],
        rows_wrong=len({one.row for one in checked.wrong}),
        refusal=_words(refusal),
        there=there,
        their_papers=sum(len(line.documents) for line in there),
        room=MOST_ITEMS - len(there),
        mode=request.form.get("mode", "append" if there else "replace"),
        revision=draft_edits.items_revision(tree),
        rows=_packed(table),
    )


def _words(refusal: Refusal | None) -> list[str]:
    if isinstance(refusal, Invalid):
        tongue = language()
        return [
            f"{one.message[tongue]} {one.remedy[tongue]} {one.path}".strip() for one in refusal.faults[:SHOWN_CELLS]
        ]
    return [str(refusal.message)] if isinstance(refusal, Conflict) else []


# --- rows in the page ---------------------------------------------------------------------------------------------------


def _packed(table: Table) -> str:
    """The table as text of a hidden box: columns, then the row's number and its cells for each item."""
    rows = [[entry.row, *(entry.cells.get(name, "") for name in table.columns)] for entry in table.entries]
    return json.dumps([list(table.columns), rows, list(table.unread), table.zeros], ensure_ascii=False)


def _posted() -> Table:
    """The table of the page, each wrong cell as it was mended there. Raises Invalid where the page did not arrive whole."""
    try:
        columns, rows, unread, zeros = json.loads(request.form.get("rows", ""))
        found = [Entry(int(row[0]), _cells(columns, row)) for row in rows[: MOST_ITEMS + 1]]
        table = Table(tuple(columns), tuple(found), tuple(map(str, unread))[:SHOWN_ROWS], int(zeros))
        known = all(name in BY_ID for name in columns) and len(set(columns)) == len(columns)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        known = False
    if not known:
        raise Invalid([fault("SHEET-LOST")])
    mended = [_mended(entry, table.columns) for entry in table.entries]
    # A row that was emptied on the page is no goods item.
    left = tuple(entry for entry in mended if entry.cells)
    sheet_items.require_count(len(left))
    return replace(table, entries=left)


def _cells(columns: Sequence[str], row: Sequence[Any]) -> dict[str, str]:
    texts = zip(columns, row[1:], strict=True)
    cells = {str(name): editing.clean(str(text))[: sheet_reading.MOST_TEXT] for name, text in texts}
    return {name: text for name, text in cells.items() if text}


def _mended(entry: Entry, columns: Sequence[str]) -> Entry:
    typed = {name: request.form.get(cell_name(entry.row, name)) for name in columns}
    mended = {name: editing.clean(text)[: sheet_reading.MOST_TEXT] for name, text in typed.items() if text is not None}
    cells = {name: text for name, text in {**entry.cells, **mended}.items() if text}
    return Entry(entry.row, cells)


# --- files ----------------------------------------------------------------------------------------------------------------


@blueprint.get(f"/items/template.{KIND}")
@guard(policy.prepare, find)
def template(_declaration: Declaration) -> Response:
    """An empty table with the headings in the reader's language; XLSX with a second sheet that says what goes where."""
    headings = [column.heading[language()] for column in COLUMNS]
    if _kind() == "csv":
        return spreadsheets.answer("goods-items", "csv", headings, [])
    book = Workbook(write_only=True)
    spreadsheets.add_sheet(book, headings, [], title=_("Goods items"), text_columns=_codes())
    told = [[column.heading[language()], column.id, column.example, _limit(column.id)] for column in COLUMNS]
    words = [_("Heading"), _("Identifier, understood too"), _("Example"), _("What goes there")]
    spreadsheets.add_sheet(book, words, told, title=_("Columns"))
    return spreadsheets.file("goods-items", "xlsx", _saved(book))


def _codes() -> list[int]:
    """Columns whose digits are no numbers: their zeros are kept by the spreadsheet."""
    kept = ("goods_code", "previous_procedure", "procedure", "un_number", "preference")
    return [place for place, column in enumerate(COLUMNS) if column.id in kept]


def _limit(name: str) -> str:
    column = BY_ID[name]
    if column.codes:
        return str(_("A code of the list, or its name"))
    return str({"decimal": _("A number"), "whole": _("A whole number")}.get(column.kind, _("Text")))


def _saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@blueprint.get(f"/items/export.{KIND}")
@guard(policy.read, find)
def export(declaration: Declaration) -> Response:
    """The goods items of a draft or of the newest filed version, in the columns that are read again."""
    witnessing.package_read(declaration.id)
    tree = drafting.filed_tree(declaration) if declaration.version else drafting.tree_of(declaration)
    headings = [column.heading[language()] for column in COLUMNS]
    return spreadsheets.answer("goods-items", _kind(), headings, sheet_items.values_of(tree))
