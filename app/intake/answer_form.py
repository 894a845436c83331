"""The form of an answer: one block for each document, the box of the value that was asked about, and what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from werkzeug.datastructures import FileStorage, MultiDict

from app import markup
from app.access import Actor
from app.declarations import document_form, draft_edits, editing, forms, places
from app.declarations.codec import to_package
from app.declarations.finders import get_version
from app.declarations.form_lists import Lists
from app.declarations.form_parts import Field, Group
from app.declarations.models import Declaration
from app.declarations.package import Package
from app.declarations.structure import find_node
from app.documents import finders as library
from app.documents import uploading
from app.documents.models import Document
from app.errors import Fault, Invalid, NotFound
from app.intake.answering import Answer, Paper
from app.reviews.question_examining import fault
from app.reviews.thread_models import Question
from app.shell import t

MOST_BLOCKS, MOST_ITEMS = 6, 40
PARTS = {
    "type": "TypeCode", "number": "ID", "issued": "IssueDateTime", "effective": "EffectiveDateTime",
    "expires": "ExpirationDateTime",
}  # fmt: skip
"""Boxes of a block and the leaves below AdditionalDocument they fill."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page: the version seen, its tree and package, the box of the value asked about (None: no value), and
    how many blocks for documents there are."""

    version: int
    tree: etree._Element
    package: Package
    box: Field | None
    blocks: int


@dataclass
class Reading:
    """What a form said: the answer (whole only without errors), errors by field id, files that are kept, all as typed."""

    answer: Answer = field(default_factory=Answer)
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    uploaded: int = 0
    fresh: list[str] = field(default_factory=list)
    """Where each new document goes, to count those that go to the same place."""
    written: dict[str, str] = field(default_factory=dict)
    """XPath of each document the answer writes, with the name of its block: where a fault of the package belongs."""


def lay_out(declaration: Declaration, question: Question, lists: Lists) -> Sheet:
    """Gather what the page of an answer shows, from the version that holds now."""
    version = get_version(declaration)
    tree = markup.read(version.canonical)
    package = to_package(tree)
    blocks = min(max(len(question.wanted), 1) + 1, MOST_BLOCKS)
    return Sheet(version.number, tree, package, _box(question.path, tree, package, lists), blocks)


def _box(path: str, tree: etree._Element, package: Package, lists: Lists) -> Field | None:
    """The box of the value asked about; one without a box of its own in the form gets a plain one."""
    if not places.is_value(path) or not places.resolve(tree, path):
        return None
    node = find_node(path)
    kind = "day" if node and node.is_date else "decimal" if node and node.base == "decimal" else "text"
    plain = Field(path.removeprefix("/Declaration/"), places.words(path, package, lists), kind)
    return places.box_of(path, package) or plain


def blank(sheet: Sheet, question: Question) -> dict[str, str]:
    """Return the fields of a fresh form: the wanted documents chosen, in the place of the one that was asked about."""
    typed = {"text": ""}
    for number in range(1, sheet.blocks + 1):
        wanted = question.wanted[number - 1] if number <= len(question.wanted) else ""
        typed |= {name_of(number, part): "" for part in (*PARTS, "kept")}
        typed |= {name_of(number, "type"): wanted, name_of(number, "where"): _default(sheet, question, number)}
    if sheet.box is not None:
        typed |= forms.shown((Group("", (sheet.box,)),), sheet.tree)
    return typed


def _default(sheet: Sheet, question: Question, number: int) -> str:
    if number == 1 and places.is_document(question.path):
        for item, place, _one in _papers(sheet.package):
            if draft_edits.document_path(item, place) == question.path:
                return f"old:{item or 0}:{place}"
    return f"new:{question.item or 0}"


def name_of(number: int, part: str) -> str:
    """Return the name of a box of the n-th document block."""
    return f"paper-{number}-{part}"


def offered_places(sheet: Sheet, question: Question, lists: Lists) -> list[tuple[str, int, str]]:
    """Return where a document can go: (value, goods item or 0, words; "" for a new one). Of a long package only the goods
    item asked about is offered."""
    numbers = [line.number for line in sheet.package.lines]
    near = {0, *numbers} if len(numbers) <= MOST_ITEMS else {0, question.item or 0}
    made = [(f"new:{number}", number, "") for number in sorted(near)]
    return made + [
        (f"old:{item or 0}:{place}", item or 0, places.document_words(one, lists))
        for item, place, one in _papers(sheet.package)
        if (item or 0) in near
    ]


def _papers(package: Package) -> list[tuple[int | None, int, Any]]:
    found = [(None, place, one) for place, one in enumerate(package.documents, 1)]
    return found + [(line.number, place, one) for line in package.lines for place, one in enumerate(line.documents, 1)]


def read(
    sheet: Sheet, question: Question, form: MultiDict[str, str], files: Mapping[str, FileStorage], lists: Lists, *,
    limit: int, by: Actor,
) -> Reading:  # fmt: skip
    """Read a sent form. Files are taken into the organisation's library at once, so that a refused answer does not lose
    them; ``limit`` in bytes."""
    made = Reading(typed=blank(sheet, question) | {name: form[name] for name in form})
    changes = _value(sheet, made, lists)
    papers = []
    for number in range(1, sheet.blocks + 1):
        file = _file(number, made, files, limit, by)
        if file is not None or made.typed[name_of(number, "number")].strip():
            paper = _paper(sheet, number, made, file, lists)
            if paper is not None:
                papers.append(paper)
    made.answer = Answer(made.typed["text"], tuple(papers), tuple(changes))
    return made


def _value(sheet: Sheet, made: Reading, lists: Lists) -> Sequence[draft_edits.Change]:
    if sheet.box is None or sheet.box.name not in made.typed:
        return ()
    group = Group("", (sheet.box,))
    said = {
        name: made.typed[name]
        for name in (sheet.box.name, f"{sheet.box.name}@{sheet.box.attribute}")
        if name in made.typed
    }
    if all(
        said[name].strip() == value.strip() for name, value in forms.shown((group,), sheet.tree).items() if name in said
    ):
        return ()
    reading = forms.read((group,), said, lists, sheet.tree)
    for error in reading.errors.values():
        made.errors[sheet.box.anchor] = error
    return reading.changes


def _file(number: int, made: Reading, files: Mapping[str, FileStorage], limit: int, by: Actor) -> Document | None:
    brought = files.get(name_of(number, "file"))
    if brought is not None and brought.filename and by.organisation_id is not None:
        try:
            document = uploading.upload(
                owner_id=by.organisation_id, data=brought.stream.read(), file_name=brought.filename,
                type_code=made.typed[name_of(number, "type")][:6], number=made.typed[name_of(number, "number")].strip()[:70],
                by=by, limit=limit,
            )  # fmt: skip
        except Invalid as refusal:
            made.errors[name_of(number, "file")] = _sentence(refusal.faults[0])
            return None
        made.uploaded += 1
        made.typed[name_of(number, "kept")] = str(document.id)
        return document
    kept = made.typed[name_of(number, "kept")]
    if not kept:
        return None
    try:
        return library.get_document(uuid.UUID(kept), actor=by)
    except (ValueError, NotFound):
        made.errors[name_of(number, "kept")] = _sentence(fault("ANSWER-FILE-GONE", name_of(number, "kept")))
        return None


def _paper(sheet: Sheet, number: int, made: Reading, file: Document | None, lists: Lists) -> Paper | None:
    place = _place(sheet, made.typed[name_of(number, "where")])
    if place is None:
        made.errors[name_of(number, "where")] = _sentence(fault("ANSWER-PLACE-UNKNOWN", name_of(number, "where")))
        return None
    item, old = place
    above = f"{draft_edits.above(item)}/AdditionalDocument"
    standing = len(editing.documents(sheet.tree, item))
    here = old or standing + 1 + sum(1 for one in made.fresh if one == above)
    made.fresh += [] if old else [above]
    path = draft_edits.document_path(item, here)
    base = path.removeprefix("/Declaration/")
    said = {f"{base}/{leaf}": made.typed[name_of(number, part)] for part, leaf in PARTS.items()}
    reading = forms.read((document_form.group(item, here),), said, lists, sheet.tree)
    parts = {f"{base}/{leaf}": part for part, leaf in PARTS.items()}
    made.errors |= {name_of(number, parts[name]): error for name, error in reading.errors.items()}
    for part, code in (("type", "ANSWER-KIND-MISSING"), ("number", "ANSWER-NUMBER-MISSING")):
        if not said[f"{base}/{PARTS[part]}"].strip():
            made.errors[name_of(number, part)] = _sentence(fault(code, name_of(number, part)))
    made.written[path] = f"paper-{number}"
    return Paper(item, old, document_form.fields_of(reading.changes, item, here), file)


def _place(sheet: Sheet, said: str) -> tuple[int | None, int] | None:
    """The goods item (None: the whole package) and the place of the document that is replaced (0: none)."""
    known = {f"old:{item or 0}:{place}": (item, place) for item, place, _one in _papers(sheet.package)}
    known |= {f"new:{line.number}": (line.number, 0) for line in sheet.package.lines} | {"new:0": (None, 0)}
    return known.get(said)


def placed(faults: Sequence[Fault], sheet: Sheet, reading: Reading) -> tuple[dict[str, str], list[str]]:
    """Lay the faults of a refused answer at their boxes: errors by field id, and the sentences that have none."""
    errors, others = dict(reading.errors), []
    for one in faults:
        name = _field_of(one, sheet, reading)
        if name and name not in errors:
            errors[name] = _sentence(one)
        else:
            others.append(_sentence(one))
    return errors, list(dict.fromkeys(others))


def _field_of(one: Fault, sheet: Sheet, reading: Reading) -> str:
    if one.code.startswith(("ANSWER-", "ASK-")):
        return sheet.box.anchor if one.field == "value" and sheet.box is not None else one.field
    if sheet.box is not None and one.path and one.path.startswith(sheet.box.path):
        return sheet.box.anchor
    for path, block in reading.written.items():
        if one.path == path or one.path.startswith(f"{path}/"):
            leaf = one.path.removeprefix(path).lstrip("/")
            return f"{block}-{next((part for part, name in PARTS.items() if name == leaf), 'type')}"
    return ""


def _sentence(one: Fault) -> str:
    return f"{t(one.message)} {t(one.remedy)}".strip()
