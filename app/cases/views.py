"""The pages of checks after release: an agency's list, the form that opens one, one check for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import clock, web
from app.access import can
from app.cases import answering, case_form, concluding, drawing, finders, opening, policy, words
from app.cases.lifecycle import POST_CLEARANCE
from app.cases.models import PostClearanceCheck
from app.database import session
from app.declarations.codec import to_package
from app.declarations.finders import get_version
from app.declarations.form_lists import Lists
from app.documents import policy as library_policy
from app.documents import serving, uploading
from app.documents.finders import get_blob
from app.documents.models import Document
from app.errors import Conflict, Fault, Invalid
from app.identity.stepping import stepped
from app.ledger import witnessing
from app.ledger.recording import record
from app.markup import read as read_xml
from app.reviews import finders as reviews
from app.reviews import naming
from app.reviews.models import Review
from app.reviews.releasing import find_released
from app.shell import language, t
from app.web import actor, back, guard

blueprint = Blueprint("cases", __name__)


@blueprint.get("/post-clearance")
@guard(policy.see_list)
def index() -> str:
    """The checks of an agency: those that are open, or those that have ended."""
    closed = request.args.get("closed") == "yes"
    page = finders.list_checks(actor(), request.args.get("cursor"), closed=closed)
    return render_template(
        "cases/list.html", page=page, closed=closed, names=naming.names(), now=clock.now(), **_words()
    )


@blueprint.get("/cases/<uuid:review_id>/post-clearance")
@guard(policy.open_on, reviews.get_review)
def new(review: Review) -> str:
    """The form that opens a check."""
    return _form(review, case_form.blank(), {})


@blueprint.post("/cases/<uuid:review_id>/post-clearance")
@guard(policy.open_on, reviews.get_review)
@stepped()
def open_post(review: Review) -> Any:
    """Open it; a form that cannot be sent comes back as typed."""
    key, meant, typed = review.id, *case_form.read_request(request.form)
    try:
        check = opening.open_check(review, meant, by=actor())
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return _form(reviews.get_review(key, actor=actor()), typed, _said(refusal)), refusal.status
    flash(_("The check is open: the trader is told what is wanted."), "success")
    return back("cases.show", check_id=check.id)


@blueprint.get("/post-clearance/<uuid:check_id>")
@guard(policy.read, finders.get_check)
def show(check: PostClearanceCheck) -> str:
    """One check, for its agency, the auditor, or the trader."""
    witnessing.package_read(check.declaration_id)
    return _page(check)


@blueprint.post("/post-clearance/<uuid:check_id>/answer")
@guard(policy.answer, finders.get_check)
def answer(check: PostClearanceCheck) -> Any:
    """Send the answer; files are in the library whatever becomes of it."""
    key, text = check.id, request.form.get("text", "")
    files, faults = _files(check)
    try:
        if faults:
            raise Invalid(faults)
        with session().begin_nested():
            answering.answer(check, text=text, files=files, by=actor())
    except (Invalid, Conflict) as refusal:
        web.refuse(refusal)
        g.keep_refusal = bool(files)
        session().expire_all()
        return _page(finders.get_check(key, actor=actor()), {"text": text}, _said(refusal)), refusal.status
    flash(_("Your answer is with the agency."), "success")
    return back("cases.show", check_id=key)


@blueprint.post("/post-clearance/<uuid:check_id>/conclude")
@guard(policy.conduct, finders.get_check)
@stepped()
def conclude(check: PostClearanceCheck) -> Any:
    """Write the result down."""
    key, items, typed = check.id, list(check.items), dict(request.form)
    try:
        check = concluding.conclude(check, case_form.read_conclusion(request.form, items), by=actor())
    except (Invalid, Conflict) as refusal:
        return _again(key, typed, refusal)
    flash(
        _("The check is closed. The trader is told.")
        if check.status == "closed"
        else _("A second officer of your agency signs this finding."),
        "success",
    )
    return back("cases.show", check_id=key)


@blueprint.post("/post-clearance/<uuid:check_id>/confirm")
@guard(policy.confirm, finders.get_check)
@stepped()
def confirm(check: PostClearanceCheck) -> Any:
    """Sign a serious finding."""
    concluding.confirm(check, by=actor())
    flash(_("The check is closed. The trader is told."), "success")
    return back("cases.show", check_id=check.id)


@blueprint.post("/post-clearance/<uuid:check_id>/return")
@guard(policy.confirm, finders.get_check)
def give_back(check: PostClearanceCheck) -> Any:
    """Return a conclusion."""
    key, reason = check.id, request.form.get("return-reason", "")
    try:
        concluding.give_back(check, reason=reason, by=actor())
    except (Invalid, Conflict) as refusal:
        return _again(key, {"return-reason": reason}, refusal)
    flash(_("The conclusion is returned to its officer."), "success")
    return back("cases.show", check_id=key)


@blueprint.post("/post-clearance/<uuid:check_id>/drop")
@guard(policy.conduct, finders.get_check)
def drop(check: PostClearanceCheck) -> Any:
    """End a check without a result."""
    key, reason = check.id, request.form.get("drop-reason", "")
    try:
        opening.drop(check, reason=reason, by=actor())
    except (Invalid, Conflict) as refusal:
        return _again(key, {"drop-reason": reason}, refusal)
    flash(_("The check is dropped. The trader is told that nothing is wanted any more."), "success")
    return back("cases.show", check_id=key)


@blueprint.get("/post-clearance/<uuid:check_id>/files/<uuid:file_id>")
@guard(lambda who, found: policy.read(who, found.check), finders.get_file)
def file(found: finders.CheckFile) -> Response:
    """A file of an answer, as a download; that officers and the auditor read it is remembered."""
    if actor().kind in ("agency", "auditor"):
        with web.remembering():
            record(
                "document.read", "document", found.file.document_id, by=actor(),
                declaration_id=found.check.declaration_id, sha256=found.file.sha256,
            )  # fmt: skip
    return serving.answer(found.blob, found.file.file_name)


def _files(check: PostClearanceCheck) -> tuple[list[Document], list[Fault]]:
    """Take the brought files into the library of the sender; what cannot be taken is told at its box."""
    limit = current_app.extensions["akno.settings"].max_attachment_bytes
    taken: list[Document] = []
    faults: list[Fault] = []
    for brought in _brought():
        try:
            owner = actor().organisation_id
            if owner is None:
                raise RuntimeError("somebody without an organisation has passed the guard of an answer")
            taken.append(
                uploading.upload(
                    owner_id=owner, data=brought.read(limit + 1), file_name=brought.filename or "", by=actor(), limit=limit
                )
            )  # fmt: skip
        except Invalid as refused:
            faults += [replace(one, field="files") for one in refused.faults]
    return taken, faults


def _brought() -> list[FileStorage]:
    return [one for one in request.files.getlist("files")[: case_form.MOST_FILES] if one.filename]


def _again(key: Any, typed: Mapping[str, str], refusal: Invalid | Conflict) -> tuple[str, int]:
    web.refuse_and_read(refusal)
    return _page(finders.get_check(key, actor=actor()), typed, _said(refusal)), refusal.status


def _said(refusal: Invalid | Conflict) -> dict[str, str]:
    if isinstance(refusal, Invalid):
        return {one.field: f"{t(one.message)} {t(one.remedy)}" for one in refusal.faults}
    return {"": str(refusal.message)}


def _words() -> dict[str, Any]:
    return {"grounds": words.GROUNDS, "kinds": words.KINDS, "weights": words.WEIGHTS, "states": POST_CLEARANCE.words}


def _form(review: Review, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    names = naming.names()
    released = find_released(review.declaration_id)
    package = to_package(read_xml(get_version(review.declaration).canonical))
    return render_template(
        "cases/new.html", review=review, typed=typed, errors=errors, names=names, days=[(str(one), str(one)) for one in opening.DAYS],
        lines=[line for line in package.lines if line.number in released and line.number in set(review.items)],
        lists=Lists(names.edition, language()), **_words(),
    )  # fmt: skip


def _page(
    check: PostClearanceCheck, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> str:
    reader = actor()
    inside = reader.kind in ("agency", "auditor")
    names = naming.names()
    lists = Lists(names.edition, language())
    case = _case(check) if inside else None
    return render_template(
        "cases/show.html", check=check, asked=check.asked or t(drawing.shares()[check.agency].asked), typed=typed or {}, errors=errors or {}, names=names, inside=inside, case=case,
        wanted=[lists.words("document_types", code) for code in check.wanted],
        now=clock.now(), blobs={one.id: get_blob(one.sha256) for one in check.files},
        may_answer=not inside and can(policy.answer, reader, check) and check.status in ("asked", "examining"),
        may_upload=can(library_policy.upload, reader, reader.organisation_id),
        may_conclude=can(policy.conduct, reader, check) and check.status == "examining",
        may_drop=can(policy.conduct, reader, check) and check.status in ("asked", "examining"),
        confirms=policy.confirm(reader, check) if check.status == "concluded" else None,
        **_words(),
    )  # fmt: skip


def _case(check: PostClearanceCheck) -> Review | None:
    here = reviews.list_reviews(check.declaration_id)
    return next((one for one in here if one.agency == check.agency), None)
