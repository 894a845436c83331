"""The trader's page of a question: what is asked and what stands there now, the thread, and the answer in one form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.access import Verdict, can
from app.database import session
from app.declarations import places
from app.declarations import policy as packages
from app.declarations.form_lists import Lists
from app.documents import finders as library
from app.documents import policy as library_policy
from app.documents import serving
from app.errors import Conflict, Invalid
from app.intake import answer_form, answering, policy
from app.ledger import witnessing
from app.ledger.recording import record
from app.reviews import asking_desk, naming, question_finders
from app.reviews.question_finders import Thread
from app.shell import language
from app.web import actor, back, guard

blueprint = Blueprint("answering", __name__, url_prefix="/packages/<uuid:declaration_id>/questions/<int:number>")


@blueprint.get("")
@guard(policy.read_question, question_finders.get_asked)
def question(found: Thread) -> str:
    """One question with its thread, and the form of the answer while one is awaited."""
    witnessing.package_read(found.declaration.id)
    return _page(found)


@blueprint.post("")
@guard(policy.answer, question_finders.get_asked)
def answer(found: Thread) -> Any:
    """Send the answer; what cannot be sent comes back as typed, with its files in the library."""
    declaration_id, number = found.declaration.id, found.question.number
    lists = _lists()
    sheet = answer_form.lay_out(found.declaration, found.question, lists)
    limit = current_app.extensions["akno.settings"].max_attachment_bytes
    reading = answer_form.read(sheet, found.question, request.form, request.files, lists, limit=limit, by=actor())
    refusal: Invalid | Conflict = Invalid([])
    if not reading.errors:
        try:
            # What was brought stays in the library whatever becomes of the answer: only the answer is undone.
            with session().begin_nested():
                answering.answer(found.question, reading.answer, version=_seen(), by=actor())
        except (Invalid, Conflict) as refused:
            refusal = refused
        else:
            flash(_("Your answer is with the agency."), "success")
            return back("declarations.show", declaration_id=declaration_id, _anchor=f"question-{number}")
    web.refuse(refusal)
    g.keep_refusal = bool(reading.uploaded)
    session().expire_all()
    again = question_finders.get_asked(declaration_id, number, actor=actor())
    return _page(again, reading, refusal), refusal.status


@blueprint.get("/files/<uuid:file_id>")
@guard(
    policy.read_question,
    lambda declaration_id, number, file_id, actor: question_finders.get_asked(declaration_id, number, actor=actor),
)
def file(found: Thread) -> Response:
    """A file that came with an answer, as a download."""
    witnessing.package_read(found.declaration.id)
    one = question_finders.get_thread_file(found, (request.view_args or {})["file_id"])
    if actor().kind == "auditor":
        with web.remembering():
            record(
                "document.read", "document", one.file.document_id, by=actor(), declaration_id=found.declaration.id,
                sha256=one.file.sha256,
            )  # fmt: skip
    return serving.answer(one.blob, one.file.file_name)


def _seen() -> int:
    said = request.form.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 6 else 0


def _lists() -> Lists:
    return Lists(naming.names().edition, language())


def _page(found: Thread, reading: answer_form.Reading | None = None, refusal: Invalid | Conflict | None = None) -> str:
    declaration, asked = found.declaration, found.question
    names = naming.names()
    lists = Lists(names.edition, language())
    sheet = answer_form.lay_out(declaration, asked, lists)
    errors, others = answer_form.placed(
        refusal.faults if isinstance(refusal, Invalid) else (), sheet, reading or answer_form.Reading()
    )
    if isinstance(refusal, Conflict):
        others.append(str(refusal.message))
    verdict = _may_answer(found)
    return render_template(
        "declarations/question.html",
        declaration=declaration,
        question=asked,
        row=asking_desk.row(asked, lists, sheet.package, declaration.office_code, now=clock.now(), yours=True),
        sheet=sheet,
        typed=answer_form.blank(sheet, asked) | (reading.typed if reading else {}),
        errors=errors,
        others=others,
        names=names,
        lists=lists,
        value=places.value_at(sheet.tree, asked.path),
        where=answer_form.offered_places(sheet, asked, lists),
        name_of=answer_form.name_of,
        library=_library(),
        may_answer=bool(verdict),
        barred=verdict.reason,
        typed_before=bool(reading),
    )


def _may_answer(found: Thread) -> Verdict:
    verdict = packages.answer(actor(), found.declaration)
    if not verdict:
        return verdict
    listens = found.question.status in ("open", "lapsed") and found.review.open
    return Verdict(listens and found.declaration.status in answering.ANSWERABLE)


def _library() -> list[tuple[str, str]]:
    """The newest files of the organisation, to be used again: (id, name)."""
    if not can(library_policy.browse, actor()):
        return []
    return [
        (str(one.id), f"{one.file_name} · {one.number}".rstrip(" ·")) for one in library.list_documents(actor()).rows
    ]
