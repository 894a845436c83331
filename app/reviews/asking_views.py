"""The officer's pages of questions to the trader: ask, the thread, ask on, settle, withdraw, and the files of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.declarations import places
from app.declarations.form_lists import Lists
from app.documents import serving
from app.errors import Conflict, Invalid, Stale
from app.ledger import witnessing
from app.ledger.recording import record
from app.reviews import (
    asking,
    asking_desk,
    asking_form,
    changes_desk,
    finders,
    naming,
    policy,
    question_examining,
    question_finders,
    question_policy,
    resuming,
    timing,
)  # fmt: skip
from app.reviews.models import Review
from app.reviews.question_finders import Thread
from app.shell import language, t
from app.web import back, guard

blueprint = Blueprint("asking", __name__, url_prefix="/cases/<uuid:review_id>")


@blueprint.get("/ask")
@guard(policy.ask, finders.get_review)
def form(review: Review) -> str:
    """The form of a question; ``path`` in the address is the place it is about."""
    witnessing.package_read(review.declaration_id)
    return _ask_page(review)


@blueprint.post("/ask")
@guard(policy.ask, finders.get_review)
def send(review: Review) -> Any:
    """Send a question; a form that cannot be sent comes back with everything that was typed."""
    key = review.id
    meant, typed = asking_form.read(request.form)
    seen = request.form.get("version", "")
    lease = int(current_app.extensions["akno.settings"].claim_minutes) if request.form.get("claim") else None
    try:
        version = int(seen) if seen.isdecimal() and len(seen) < 6 else 0
        question = asking.ask(review, meant, version=version, by=web.actor(), claim_minutes=lease)
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        fresh = finders.get_review(key, actor=web.actor())
        if isinstance(refusal, Stale) and (newer := changes_desk.successor_of(fresh)) is not None:
            # What was typed goes on to the case of the version that holds.
            fresh = finders.get_review(newer, actor=web.actor())
        return _ask_page(fresh, typed, refusal, meant), refusal.status
    flash(_("Question %(number)s is with the trader.", number=question.number), "success")
    return back("reviews.case", review_id=key, _anchor=f"question-{question.number}")


@blueprint.get("/questions/<int:number>")
@guard(question_policy.read, question_finders.get_question)
def thread(found: Thread) -> str:
    """One thread with what can be done in it."""
    witnessing.package_read(found.declaration.id)
    return _thread_page(found)


@blueprint.post("/questions/<int:number>/follow-up")
@guard(question_policy.ask, question_finders.get_question)
def follow_up(found: Thread) -> Any:
    """Ask on in a thread."""
    typed = {name: request.form.get(name, "") for name in ("text", "deadline", "own_day", "own_time", "closed")}
    due_at, closed = asking_form.due_at_of(typed), bool(typed["closed"])
    try:
        asking.follow_up(found.question, text=typed["text"], due_at=due_at, closed=closed, by=web.actor())
    except (Invalid, Conflict) as refusal:
        return _again(found, typed, refusal)
    flash(_("The trader is asked again."), "success")
    return _to_case(found)


@blueprint.post("/questions/<int:number>/settle")
@guard(question_policy.ask, question_finders.get_question)
def settle(found: Thread) -> Any:
    """Close a thread that is dealt with."""
    asking.settle(found.question, by=web.actor())
    flash(_("Question %(number)s is settled.", number=found.question.number), "success")
    return _to_case(found)


@blueprint.post("/questions/<int:number>/withdraw")
@guard(question_policy.ask, question_finders.get_question)
def withdraw(found: Thread) -> Any:
    """Take a question back."""
    reason = request.form.get("reason", "")
    try:
        asking.withdraw(found.question, reason=reason, by=web.actor())
    except (Invalid, Conflict) as refusal:
        return _again(found, {"reason": reason}, refusal)
    flash(
        _("Question %(number)s is withdrawn; the trader need not answer it.", number=found.question.number), "success"
    )
    return _to_case(found)


@blueprint.get("/questions/<int:number>/files/<uuid:file_id>")
@guard(
    question_policy.read_file,
    lambda review_id, number, file_id, actor: question_finders.get_question(review_id, number, actor=actor),
)
def file(found: Thread) -> Response:
    """A file that came with an answer, as a download; that it was read is remembered."""
    one = question_finders.get_thread_file(found, (request.view_args or {})["file_id"])
    with web.remembering():
        record(
            "document.read", "document", one.file.document_id, by=web.actor(), declaration_id=found.declaration.id,
            sha256=one.file.sha256,
        )  # fmt: skip
    return serving.answer(one.blob, one.file.file_name)


def _to_case(found: Thread) -> Any:
    anchor = f"question-{found.question.number}"
    return back("reviews.case", review_id=found.review.id, _anchor=anchor)


def _again(found: Thread, typed: Mapping[str, Any], refusal: Invalid | Conflict) -> Any:
    review_id, number = found.review.id, found.question.number
    web.refuse_and_read(refusal)
    return _thread_page(
        question_finders.get_question(review_id, number, actor=web.actor()), typed, refusal
    ), refusal.status  # fmt: skip


def _ask_page(
    review: Review, typed: Mapping[str, Any] | None = None, refusal: Invalid | Conflict | None = None,
    meant: question_examining.Asking | None = None,
) -> str:  # fmt: skip
    names, now = naming.names(), clock.now()
    lists = Lists(names.edition, language())
    calendar = timing.hours_of(review.agency, review.office_code, names.edition)
    sheet = asking_form.lay_out(review, lists, calendar, actor=web.actor(), now=now)
    path = places.resolve(sheet.tree, meant.path if meant else request.args.get("path", ""))
    about = question_examining.Asking(path, "", "", meant.wanted if meant else (), None, "")
    twins = asking.twins_of(review.declaration, about, agency=review.agency)
    errors = _errors(refusal)
    return render_template(
        "reviews/ask.html",
        review=review,
        sheet=sheet,
        typed=typed or asking_form.blank(sheet, path=path),
        errors=errors,
        confirms_closed="closed" in errors or bool((typed or {}).get("closed")),
        twins=[asking_desk.row(one, lists, sheet.package, review.office_code, now=now) for one in twins],
        effect=resuming.effect_on(review),
        holds_claim=policy.holds_claim(web.actor(), review) or review.status in ("question", "inspection"),
        names=names,
        lists=lists,
        place_words=places.words(path, sheet.package, lists) if path else "",
        place_item=places.item_of(path) if path else None,
        value=places.value_at(sheet.tree, path) if path else "",
        most_days=question_examining.MOST_DAYS,
    )


def _thread_page(
    found: Thread, typed: Mapping[str, Any] | None = None, refusal: Invalid | Conflict | None = None
) -> str:
    review, question = found.review, found.question
    names, now = naming.names(), clock.now()
    lists = Lists(names.edition, language())
    calendar = timing.hours_of(review.agency, review.office_code, names.edition)
    sheet = asking_form.lay_out(review, lists, calendar, actor=web.actor(), now=now)
    offered = asking_form.deadlines(calendar, now, registered_at=review.declaration.registered_at)
    blank = {
        "text": "",
        "deadline": offered[0][0].isoformat(timespec="seconds"),
        "own_day": "",
        "own_time": "",
        "closed": "",
        "reason": "",
    }
    errors = _errors(refusal)
    return render_template(
        "reviews/thread.html",
        review=review,
        row=asking_desk.row(question, lists, sheet.package, review.office_code, now=now),
        question=question,
        typed={**blank, **(typed or {})},
        errors=errors,
        confirms_closed="closed" in errors or bool((typed or {}).get("closed")),
        deadlines=offered,
        may_write=bool(question_policy.ask(web.actor(), found)),
        names=names,
        value=places.value_at(sheet.tree, question.path),
        most_days=question_examining.MOST_DAYS,
    )


def _errors(refusal: Invalid | Conflict | None) -> dict[str, str]:
    """Sentences by the id of their field; what concerns the whole question stands under the empty name."""
    if refusal is None:
        return {}
    if isinstance(refusal, Conflict):
        return {"": str(refusal.message)}
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
