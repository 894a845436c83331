"""The trader's side of accreditation: what it holds and gains, its applications, the form, files; the page of one for both sides."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.access import can
from app.documents import finders as library
from app.documents import serving, uploading
from app.errors import Conflict, Fault, Invalid
from app.identity.stepping import stepped
from app.insights import accredited
from app.ledger.recording import record
from app.reviews.grounds import appeal_of
from app.shell import t
from app.traders import applying, deciding, ending, finders, kinds, policy
from app.traders.advantages import advantages_of
from app.traders.lifecycle import ACCREDITATION
from app.traders.models import Accreditation, Evidence
from app.traders.reading import LISTS
from app.web import actor, back, guard

blueprint = Blueprint("traders", __name__, url_prefix="/accreditation")


@blueprint.get("")
@guard(policy.see_own)
def own() -> str:
    """What the organisation holds, what that spares it in figures, and its applications."""
    return _own_page({})


@blueprint.post("")
@guard(policy.apply)
def start() -> Any:
    """Begin an application."""
    kind, _sign, type_code = request.form.get("kind", "").partition("-type-")
    try:
        made = applying.start(kind, type_code, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _own_page(errors_of(refusal.faults)), 422
    return back("traders.edit", accreditation_id=made.id)


@blueprint.get("/<uuid:accreditation_id>")
@guard(policy.read, finders.get_accreditation)
def show(found: Accreditation) -> str:
    """One application or accreditation: for its trader, and for the officers of the agency."""
    return page_of(found)


@blueprint.get("/<uuid:accreditation_id>/edit")
@guard(policy.change, finders.get_accreditation)
def edit(found: Accreditation) -> Any:
    """The form, criterion by criterion; once it is sent there is nothing to write."""
    return _form(found) if found.status in applying.OPEN else back("traders.show", accreditation_id=found.id)


@blueprint.post("/<uuid:accreditation_id>/edit")
@guard(policy.change, finders.get_accreditation)
def save(found: Accreditation) -> Any:
    """Keep what was typed and the files that were brought; then send it, or go on writing."""
    key, typed = found.id, dict(request.form.items())
    try:
        found = applying.save(found, answers=_answers(typed), scope=typed, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(finders.get_accreditation(key, actor=actor()), errors_of(refusal.faults), typed), 422
    faults = _take_files(found, typed)
    found = finders.lock_accreditation(found)
    if faults:
        # A browser cannot give files back: what was good, and what was typed, is kept although the answer is 422.
        g.keep_refusal = True
        return _form(found, errors_of(faults)), 422
    if typed.get("then") == "send":
        return back("traders.show", accreditation_id=key, _anchor="send")
    flash(_("Saved. Nobody at the agency sees it before you send it."), "success")
    return back("traders.edit", accreditation_id=key)


@blueprint.post("/<uuid:accreditation_id>/send")
@guard(policy.change, finders.get_accreditation)
def send(found: Accreditation) -> Any:
    """Send the application, or what completes it, to the agency."""
    key = found.id
    try:
        applying.send(found, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(finders.get_accreditation(key, actor=actor()), errors_of(refusal.faults)), 422
    flash(_("Sent. The agency examines it; you are told when it asks for something or decides."), "success")
    return back("traders.show", accreditation_id=key)


@blueprint.post("/<uuid:accreditation_id>/withdraw")
@guard(policy.change, finders.get_accreditation)
def withdraw(found: Accreditation) -> Any:
    """Take an application back before it is decided."""
    applying.withdraw(found, by=actor())
    flash(_("The application is taken back."), "success")
    return back("traders.own")


@blueprint.post("/<uuid:accreditation_id>/give-up")
@guard(policy.change, finders.get_accreditation)
@stepped()
def give_up(found: Accreditation) -> Any:
    """The holder gives its accreditation up."""
    return acted(
        found, "give-up", lambda: ending.give_up(found, reason=request.form.get("reason", ""), by=actor()),
        _("The accreditation is given up. Its advantages end at once."),
    )  # fmt: skip


@blueprint.get("/<uuid:accreditation_id>/files/<uuid:document_id>")
@guard(policy.read, lambda accreditation_id, document_id, actor: _file(accreditation_id, document_id, actor))
def file(evidence: Evidence) -> Response:
    """A file behind an answer, as a download; that an officer read it is remembered."""
    document = evidence.document
    if actor().organisation_id != document.owner_id:
        with web.remembering():
            record("document.read", "document", document.id, by=actor(), sha256=document.sha256)
    return serving.answer(document.blob, document.file_name)


def _file(accreditation_id: uuid.UUID, document_id: uuid.UUID, who: Any) -> Evidence:
    return finders.get_evidence(accreditation_id, document_id, actor=who)


# --- what the pages need ----------------------------------------------------------------------------------------------


def acted(found: Accreditation, step: str, act: Any, words: str) -> Any:
    """Do it and go on; what is refused is shown on the page, with everything that was typed."""
    key = found.id
    try:
        act()
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        fresh = finders.get_accreditation(key, actor=actor())
        faults = refusal.faults if isinstance(refusal, Invalid) else ()
        errors = {f"{step}-{field}": text for field, text in errors_of(faults).items()}
        if isinstance(refusal, Conflict):
            errors[""] = str(refusal.message)
        return page_of(fresh, errors, dict(request.form.items()), step), refusal.status
    if words:
        flash(words, "success")
    return back("traders.show", accreditation_id=key)


def errors_of(faults: Any) -> dict[str, str]:
    """Return the sentences of faults by the id of their box; the first of each box counts."""
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in reversed(list(faults))}


def page_of(
    found: Accreditation,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    step: str = "",
) -> str:
    """Return the page of an application or accreditation; after a refusal with what was typed in the form of a step."""
    who = actor()
    return render_template(
        "traders/accreditation.html",
        one=found, kind=kinds.get_kind(found.kind), criteria=applying.criteria_of(found), own=who.kind == "trader",
        steps={row.name for row in ACCREDITATION.available(found, who)}, words=ACCREDITATION.words,
        mine=found.examiner_id is not None and found.examiner_id == who.person_id, errors=dict(errors or {}),
        typed=dict(typed or {}), doing=step, today=clock.today(), appeal=appeal_of(found.agency), grounds=kinds.grounds,
        missing=applying.faults_of(found) if found.status in applying.OPEN and who.kind == "trader" else (),
        may_change=can(policy.change, who, found), advantages=advantages_of(found.kind, found.type), lists=LISTS,
    )  # fmt: skip


def appeal_typed() -> deciding.Appeal:
    """Return where a decision is appealed, as the form says it."""
    days = request.form.get("appeal_days", "").strip()
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
    return deciding.Appeal(request.form.get("appeal_office", ""), request.form.get("appeal_contact", ""), number)


def _own_page(errors: dict[str, str]) -> str:
    who = actor()
    rows, held = finders.list_own(who), finders.list_held(who.organisation_id, clock.today())
    return render_template(
        "traders/own.html", rows=rows, held=held, kinds=kinds.kinds(), errors=errors, today=clock.today(),
        words=ACCREDITATION.words, may_apply=can(policy.apply, who), figures=accredited.figures_of(who.organisation_id),
        gives=lambda kind, type_code: ", ".join(t(one.title).lower() for one in advantages_of(kind, type_code)),
    )  # fmt: skip


def _form(found: Accreditation, errors: dict[str, str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    stored = {f"answer-{code}": text for code, text in found.answers.items()} | dict(found.wanted)
    return render_template(
        "traders/application.html", one=found, kind=kinds.get_kind(found.kind), criteria=applying.criteria_of(found),
        errors=errors or {}, typed=stored | dict(typed or {}), library=library.list_documents(actor()).rows,
    )  # fmt: skip


def _answers(typed: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("answer-"): text for name, text in typed.items() if name.startswith("answer-")}


def _take_files(found: Accreditation, typed: Mapping[str, str]) -> list[Fault]:
    """Put behind each answer what was uploaded or chosen from the library, take away what is no longer wanted."""
    faults: list[Fault] = []
    limit = current_app.extensions["akno.settings"].max_attachment_bytes
    for one in applying.criteria_of(found):
        for brought in request.files.getlist(f"files-{one.code}"):
            if not brought.filename:
                continue
            try:
                document = uploading.upload(
                    owner_id=found.holder_id,
                    data=brought.stream.read(),
                    file_name=brought.filename,
                    by=actor(),
                    limit=limit,
                )
                applying.attach(found, criterion=one.code, document=document, by=actor())
            except Invalid as refused:
                faults += [_at(fault, f"files-{one.code}") for fault in refused.faults]
        chosen = _key(typed.get(f"library-{one.code}", ""))
        if chosen is not None:
            document = library.get_document(chosen, actor=actor())
            applying.attach(found, criterion=one.code, document=document, by=actor())
        for gone in request.form.getlist(f"remove-{one.code}"):
            if (key := _key(gone)) is not None:
                applying.detach(found, criterion=one.code, document_id=key, by=actor())
    return faults


def _at(fault: Fault, field: str) -> Fault:
    named = {language: f"{fault.value}: {text}" for language, text in fault.message.items()}
    return Fault(fault.code, named, fault.remedy, value=fault.value, field=field, kind=fault.kind)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
