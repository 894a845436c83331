"""The pages of a draft's documents: the list by goods item, and one document with its file in the same form."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app.access import can
from app.declarations import codec, document_form, draft_edits, drafting, editing, finders, forms, policy
from app.declarations.form_lists import Lists
from app.declarations.form_parts import Group
from app.declarations.models import Declaration
from app.documents import finders as library
from app.documents import policy as library_policy
from app.documents import uploading
from app.documents.models import Document
from app.errors import Conflict, Invalid, NotFound
from app.intake import submission
from app.requirements import wording
from app.requirements.finders import current_edition
from app.shell import language, t
from app.web import actor, back, guard, refuse

blueprint = Blueprint("draft_documents", __name__, url_prefix="/packages/<uuid:declaration_id>/documents")
FILE = "file"
KEPT = "kept"
"""Names of the boxes for a new file and for one from the organisation's library."""


def find(declaration_id: uuid.UUID, *, actor: Any, **_places: Any) -> Declaration:
    """The draft of an address."""
    return finders.get_declaration(declaration_id, actor=actor)


@blueprint.get("")
@guard(policy.prepare, find)
def shelf(declaration: Declaration) -> str:
    """Every document of the package, place by place, and what is still missing where."""
    package = codec.to_package(drafting.tree_of(declaration))
    judged = submission.judge(package, by=actor(), of=declaration)
    return render_template(
        "declarations/documents.html",
        declaration=declaration,
        package=package,
        shelves=document_form.shelves(package, judged.outcome, Lists(judged.edition, language())),
        kept=document_form.kept(judged.outcome),
        standing=judged.standing,
        edition=judged.edition,
        wording=wording,
    )


@blueprint.get("/<int:item>/<int:place>")
@guard(policy.prepare, find)
def document(declaration: Declaration) -> Any:
    """One document; item 0 is the whole package, place 0 a new one."""
    item, place = _place(declaration)
    return _page(declaration, item, place)


@blueprint.post("/<int:item>/<int:place>")
@guard(policy.prepare, find)
def save_document(declaration: Declaration) -> Any:
    """Keep a document and its file."""
    item, place = _place(declaration)
    here = place or _next(declaration, item)
    boxes = (document_form.group(item, here),)
    reading = forms.read(
        boxes, request.form.to_dict(), Lists(current_edition(), language()), drafting.tree_of(declaration)
    )
    errors = dict(reading.errors)
    file = None if errors else _file(declaration, reading, errors)
    if errors:
        return _page(declaration, item, place, reading=reading, errors=errors), 422
    try:
        _keep(declaration, item, place, document_form.fields_of(reading.changes, item, here), file)
    except Invalid as refusal:
        refuse(refusal)
        placed = forms.placed_errors(refusal.faults, boxes, language())
        return _page(declaration, item, place, reading=reading, errors=placed), 422
    except Conflict as refusal:
        refuse(refusal)
        return _page(declaration, item, place, reading=reading, errors={"": str(refusal.message)}), 409
    flash(_("The document is in the package."), "success")
    if request.form.get("then") == "another":
        return back("draft_documents.document", declaration_id=declaration.id, item=item or 0, place=0)
    return back("draft_documents.shelf", declaration_id=declaration.id)


@blueprint.post("/<int:item>/<int:place>/remove")
@guard(policy.prepare, find)
def remove_document(declaration: Declaration) -> Any:
    """Take a document out of the package."""
    item, place = _place(declaration)
    drafting.remove_document(declaration, item, place, by=actor())
    flash(_("The document is out of the package. Its file stays in your library."), "success")
    return back("draft_documents.shelf", declaration_id=declaration.id)


def _place(declaration: Declaration) -> tuple[int | None, int]:
    """The goods item (None: the whole package) and the place of a document; raises NotFound for none of ours."""
    named = request.view_args or {}
    item, place = named["item"] or None, named["place"]
    if item is not None and item > len(editing.items(drafting.tree_of(declaration))):
        raise NotFound()
    if place and place >= _next(declaration, item):
        raise NotFound()
    return item, place


def _next(declaration: Declaration, item: int | None) -> int:
    tree = drafting.tree_of(declaration)
    return len(draft_edits.children(tree, draft_edits.above(item), "AdditionalDocument")) + 1


def _keep(
    declaration: Declaration, item: int | None, place: int, fields: dict[str, str | None], file: Document | None
) -> None:
    if place:
        seen = request.form.get("revision")
        drafting.change_document(declaration, item, place, fields, file, by=actor(), seen=seen)
    else:
        drafting.add_document(declaration, item, fields, file, by=actor())


def _file(declaration: Declaration, reading: forms.Reading, errors: dict[str, str]) -> Document | None:
    """The file of the form: brought now, or chosen from the library; what is wrong with it lands in ``errors``."""
    brought = request.files.get(FILE)
    house = actor().organisation_id
    if brought is not None and brought.filename and house is not None:
        said = {name.rpartition("/")[2]: value for name, value in reading.typed.items()}
        try:
            return uploading.upload(
                owner_id=house, data=brought.stream.read(), file_name=brought.filename,
                type_code=said.get("TypeCode", "")[:6], number=said.get("ID", "")[:70], by=actor(),
            )  # fmt: skip
        except Invalid as refusal:
            refuse(refusal)
            errors[FILE] = f"{t(refusal.faults[0].message)} {t(refusal.faults[0].remedy)}".strip()
            return None
    kept = request.form.get(KEPT, "")
    if not kept:
        return None
    try:
        return library.get_document(uuid.UUID(kept), actor=actor())
    except (ValueError, NotFound):
        errors[KEPT] = _("This file is not in your library any more. Choose another.")
        return None


def _page(
    declaration: Declaration, item: int | None, place: int, *, reading: forms.Reading | None = None,
    errors: dict[str, str] | None = None,
) -> str:  # fmt: skip
    tree = drafting.tree_of(declaration)
    package = codec.to_package(tree)
    here = place or _next(declaration, item)
    group: Group = document_form.group(item, here)
    outcome = submission.judge(package, by=actor(), of=declaration).outcome
    known = {box.name: "" for box in group.fields}
    values = known | (forms.shown((group,), tree) if place else _proposed(group))
    documents = package.documents if item is None else package.lines[item - 1].documents
    return render_template(
        "declarations/document.html",
        declaration=declaration,
        package=package,
        item=item,
        place=place,
        group=group,
        values=values | (reading.typed if reading else {}),
        errors=errors or {},
        lists=Lists(current_edition(), language()),
        wanted=document_form.wanted_codes(outcome, item),
        now=documents[place - 1] if place else None,
        revision=drafting.revision(tree, [draft_edits.document_path(item, here)]) if place else "",
        library=_library(),
    )


def _proposed(group: Group) -> dict[str, str]:
    """A new document opened from "missing", or from a ruling that is offered, knows its kind and number already."""
    known = {"/TypeCode": request.args.get("type", "")[:6], "/ID": request.args.get("number", "")[:70]}
    return {box.name: known[leaf] for box in group.fields for leaf in known if box.name.endswith(leaf)} | {
        f"{box.name}@{box.attribute}": "" for box in group.fields if box.attribute
    }


def _library() -> list[tuple[str, str]]:
    """The newest files of the organisation, to be used again: (id, name)."""
    if not can(library_policy.browse, actor()):
        return []
    return [
        (str(one.id), f"{one.file_name} · {one.number}".rstrip(" ·")) for one in library.list_documents(actor()).rows
    ]
