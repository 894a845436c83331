"""The pages on which a draft is written: one page per section, one per goods item, the questions of the law."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.declarations import (
    codec,
    drafting,
    finders,
    form_map,
    forms,
    offering,
    policy,
    progress,
    question_form,
    quoted,
)
from app.declarations.form_lists import Lists
from app.declarations.item_form import goods_code_name
from app.declarations.models import Declaration
from app.declarations.package import Line, Package
from app.errors import Conflict, Invalid, NotFound, Refusal
from app.insights import chosen
from app.intake import submission
from app.requirements import searching, wording
from app.requirements.finders import current_edition
from app.requirements.ruling_finders import list_offered
from app.shell import language, t
from app.web import actor, back, guard, refuse

blueprint = Blueprint("drafts", __name__, url_prefix="/packages/<uuid:declaration_id>")

TITLES = {
    form_map.PARTIES: lambda: _("Declaration and parties"),
    form_map.TRANSPORT: lambda: _("Transport and route"),
}


def find(declaration_id: uuid.UUID, *, actor: Any, **_places: Any) -> Declaration:
    """The draft of an address; what else the address names is looked up inside it."""
    return finders.get_declaration(declaration_id, actor=actor)


@blueprint.get("/<any(parties, transport):section>")
@guard(policy.prepare, find)
def section(declaration: Declaration) -> Any:
    """One page of the form."""
    return _page(declaration, _named("section"), None)


@blueprint.post("/<any(parties, transport):section>")
@guard(policy.prepare, find)
def save_section(declaration: Declaration) -> Any:
    """Keep what was typed; business faults do not stop anybody from saving."""
    return _save(declaration, _named("section"), None)


@blueprint.get("/items/<int:number>")
@guard(policy.prepare, find)
def item(declaration: Declaration) -> Any:
    """The page of one goods item."""
    return _page(declaration, form_map.ITEM, _named("number"))


@blueprint.post("/items/<int:number>")
@guard(policy.prepare, find)
def save_item(declaration: Declaration) -> Any:
    """Keep one goods item, or look up goods codes by words without leaving the page."""
    number = _named("number")
    if "search" in request.form or "use" in request.form:
        return _search(declaration, number)
    return _save(declaration, form_map.ITEM, number)


@blueprint.post("/items")
@guard(policy.prepare, find)
def add_item(declaration: Declaration) -> Any:
    """Add a goods item and open its page."""
    number = drafting.add_item(declaration, by=actor())
    return back("drafts.item", declaration_id=declaration.id, number=number)


@blueprint.post("/items/<int:number>/remove")
@guard(policy.prepare, find)
def remove_item(declaration: Declaration) -> Any:
    """Take a goods item out."""
    drafting.remove_item(declaration, _named("number"), by=actor())
    flash(_("Goods item %(number)s is out of the package.", number=_named("number")), "success")
    return back(home(declaration), declaration_id=declaration.id)


def home(declaration: Declaration) -> str:
    """The endpoint of the task list: of the draft, or of the change that is being written of a filed package."""
    return "amending.change" if declaration.version else "declarations.show"


def _named(name: str) -> Any:
    return (request.view_args or {})[name]


def _package(declaration: Declaration) -> tuple[Any, Package]:
    tree = drafting.tree_of(declaration)
    return tree, codec.to_package(tree)


def _page(
    declaration: Declaration,
    section: str,
    number: int | None,
    *,
    reading: forms.Reading | None = None,
    errors: dict[str, str] | None = None,
    hits: Any = None,
) -> str:
    """Render a page of the form: what stands in the draft, overlaid with what was typed and did not go in."""
    tree, package = _package(declaration)
    if number is not None and not 1 <= number <= len(package.lines):
        raise NotFound()
    groups = form_map.groups(section, package, number)
    values = forms.shown(groups, tree)
    return render_template(
        "declarations/section.html",
        declaration=declaration,
        package=package,
        section=section,
        number=number,
        title=TITLES[section]() if number is None else _("Goods item %(number)s", number=number),
        groups=groups,
        values=values | (reading.typed if reading else {}),
        errors=errors or {},
        said=_said(declaration, package, section, number) if request.args.get("check") else {},
        lists=_lists(declaration),
        revision=drafting.revision(tree, forms.paths(groups)),
        hits=hits,
        words=request.form.get("words", ""),
        **(_past(declaration, package, package.lines[number - 1]) if number is not None else {}),
    )


def _past(declaration: Declaration, package: Package, line: Line) -> dict[str, Any]:
    """What is offered from the past beside a goods item: rulings of its owner, codes chosen before for the same words."""
    edition, owner = current_edition(), offering.whose(declaration, actor())
    wide = [code for code in quoted.CODES if (row := edition.document_types.get(code)) and row.scope == "package"]
    typed = request.form.get(f"{line.path.removeprefix('/Declaration/')}/Commodity/Description", line.description)
    words = request.form.get("words", "") or typed
    return {
        "offers": offering.offers(line, package, list_offered(owner), package_wide=wide),
        "before": chosen.find_before(words, owner_id=owner),
        "before_words": words,
        "goods_name": lambda code: t(searching.name_of(edition, code)),
    }


def _lists(declaration: Declaration) -> Lists:
    return Lists(current_edition(), language(), declaration.direction)


def _said(declaration: Declaration, package: Package, section: str, number: int | None) -> dict[str, Any]:
    """What the rules say about the boxes of this page, by field name: shown to somebody who comes from the check page."""
    found = progress.by_place(submission.judge(package, by=actor(), of=declaration).faults).get((section, number), [])
    return {fault.path.removeprefix("/Declaration/"): fault for fault in reversed(found)}


def _read(declaration: Declaration, section: str, number: int | None) -> tuple[Any, forms.Reading]:
    tree, package = _package(declaration)
    if number is not None and not 1 <= number <= len(package.lines):
        raise NotFound()
    groups = form_map.groups(section, package, number)
    return groups, forms.read(groups, request.form.to_dict(), _lists(declaration), tree)


def _save(declaration: Declaration, section: str, number: int | None) -> Any:
    groups, reading = _read(declaration, section, number)
    if reading.errors:
        return _page(declaration, section, number, reading=reading, errors=reading.errors), 422
    try:
        asked = drafting.save(
            declaration, reading.changes, by=actor(), seen=request.form.get("revision"), watched=forms.paths(groups)
        )
    except Invalid as refusal:
        errors = forms.placed_errors(refusal.faults, groups, language())
        return _again(declaration, section, number, reading, errors, refusal)
    except Conflict as refusal:
        return _again(declaration, section, number, reading, {"": str(refusal.message)}, refusal)
    if asked:
        flash(_("The goods code has changed: the questions of the law are asked again for this item."), "info")
    return _onwards(declaration, section, number)


def _again(
    declaration: Declaration, section: str, number: int | None, reading: forms.Reading, errors: dict[str, str],
    refusal: Refusal,
) -> Any:  # fmt: skip
    refuse(refusal)
    return _page(declaration, section, number, reading=reading, errors=errors), refusal.status


def _onwards(declaration: Declaration, section: str, number: int | None) -> Any:
    """After saving: where the button pressed leads."""
    then = request.form.get("then", "")
    here = {"declaration_id": declaration.id}
    if then == "stay":
        flash(_("Saved."), "success")
        if number is not None:
            return back("drafts.item", **here, number=number)
        return back("drafts.section", **here, section=section)
    if then == "another":
        return back("drafts.item", **here, number=drafting.add_item(declaration, by=actor()))
    if then == "check":
        return back("draft_check.check", **here)
    flash(_("Saved."), "success")
    return back(home(declaration), **here)


def _search(declaration: Declaration, number: int) -> Any:
    """Look for goods codes; everything typed stays in its box, and nothing is saved yet."""
    _groups, reading = _read(declaration, form_map.ITEM, number)
    _tree, package = _package(declaration)
    box = goods_code_name(package.lines[number - 1])
    if "use" in request.form:
        reading.typed[box] = request.form["use"][:10].ljust(10, "0")
        return _page(declaration, form_map.ITEM, number, reading=reading)
    hits = searching.search(current_edition(), request.form.get("words", "")[:100])
    return _page(declaration, form_map.ITEM, number, reading=reading, hits=hits)


# --- questions of the law -----------------------------------------------------------------------------------------


@blueprint.get("/questions")
@guard(policy.prepare, find)
def questions(declaration: Declaration) -> str:
    """What the data of the package do not settle, in few questions."""
    return _questions(declaration, None)


@blueprint.post("/questions")
@guard(policy.prepare, find)
def save_questions(declaration: Declaration) -> Any:
    """Keep the answers; a question left alone stays open."""
    _tree, package = _package(declaration)
    asked = submission.judge(package, by=actor(), of=declaration).outcome.questions
    made = question_form.read(asked, request.form.to_dict(flat=False))
    if made.errors:
        return _questions(declaration, made), 422
    drafting.answer(declaration, made.given, by=actor())
    _tree, package = _package(declaration)
    left = submission.judge(package, by=actor(), of=declaration).outcome.unanswered
    if left:
        flash(ngettext("%(num)s question is still open.", "%(num)s questions are still open.", len(left)), "info")
        return back("drafts.questions", declaration_id=declaration.id)
    flash(_("Saved: every question is answered."), "success")
    return back(home(declaration), declaration_id=declaration.id)


def _questions(declaration: Declaration, made: question_form.Answers | None) -> str:
    _tree, package = _package(declaration)
    outcome = submission.judge(package, by=actor(), of=declaration).outcome
    boxes = {question_form.box(question): question for question in outcome.questions}
    ticked = {name: question_form.ticked(question) for name, question in boxes.items()}
    return render_template(
        "declarations/questions.html",
        declaration=declaration,
        package=package,
        boxes=boxes,
        ticked=ticked | (made.ticked if made else {}),
        errors=made.errors if made else {},
        edition=current_edition(),
        agency_name=wording.agency_name,
        law_name=wording.act,
        cancel=url_for(home(declaration), declaration_id=declaration.id),
    )
