"""The queue and the case desk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, web
from app.access import NOBODY, Actor, can, no
from app.advance import beside
from app.cases import beside as checks
from app.cases import policy as checking
from app.clearance import finders as clearances
from app.declarations import masking
from app.declarations.package import Packing
from app.documents import serving
from app.documents.finders import get_blob
from app.errors import Conflict, Invalid, NotFound, Stale
from app.identity.models import Membership
from app.insights.finders import find_usual
from app.ledger import witnessing
from app.ledger.recording import record
from app.requirements import ruling_policy
from app.reviews import (
    asking_desk,
    changes_desk,
    claiming,
    clocks,
    desk,
    desk_settings,
    finders,
    grounds,
    inspection_desk,
    judging,
    looking,
    naming,
    noting_desk,
    policy,
    queue_views,
    risk_desk,
    ruling_desk,
    seeing,
    viewing,
    watch_desk,
)
from app.reviews.clock_desk import lay_out as lay_out_clock
from app.reviews.examining import field_name
from app.reviews.history import OUTCOMES
from app.reviews.models import Review
from app.risk import anomaly_desk
from app.shell import language, t
from app.web import back, guard

blueprint = Blueprint("reviews", __name__)


@blueprint.get("/queue")
@guard(policy.see_queue)
def queue() -> Any:
    """The agency's queue: tabs with counts, filters, the nearest deadline first."""
    return queue_views.show()


@blueprint.get("/cases/<uuid:review_id>")
@guard(policy.read, finders.get_review)
def case(review: Review) -> str:
    """The case desk."""
    witnessing.package_read(review.declaration_id)
    return desk_page(review)


@blueprint.post("/cases/<uuid:review_id>/claim")
@guard(policy.claim, finders.get_review)
def claim(review: Review) -> Any:
    """Take a case on."""
    claiming.claim(review, by=web.actor(), minutes=_lease())
    flash(_("This case is yours for %(minutes)s minutes.", minutes=_lease()), "success")
    return back("reviews.case", review_id=review.id)


@blueprint.post("/cases/<uuid:review_id>/release")
@guard(policy.release, finders.get_review)
def release(review: Review) -> Any:
    """Give a case back to the queue."""
    claiming.release(review, by=web.actor())
    flash(_("The case is back in the queue."), "success")
    return back("reviews.queue")


@blueprint.post("/cases/<uuid:review_id>/reassign")
@guard(policy.reassign, finders.get_review)
def reassign(review: Review) -> Any:
    """Hand a case to another officer."""
    try:
        chosen = uuid.UUID(request.form.get("officer", ""))
    except ValueError:
        raise NotFound() from None
    officer = finders.get_officer(review, chosen)
    claiming.reassign(review, to=officer, by=web.actor())
    flash(_("The case is now with %(name)s.", name=officer.person.full_name), "success")
    return back("reviews.case", review_id=review.id)


@blueprint.get("/cases/<uuid:review_id>/files/<uuid:attachment_id>")
@guard(policy.read_file, seeing.get_case_file)
def file(found: finders.CaseFile) -> Response:
    """A file of the package, as a download; that it was read is remembered."""
    with web.remembering():
        record(
            "document.read", "document", found.attachment.document_id, by=web.actor(),
            declaration_id=found.attachment.declaration_id, sha256=found.attachment.sha256,
        )  # fmt: skip
    return serving.answer(get_blob(found.attachment.sha256), found.attachment.file_name)


def _lease() -> int:
    return int(current_app.extensions["akno.settings"].claim_minutes)


def desk_page(
    review: Review,
    typed: Mapping[str, str] | None = None,
    refusal: Invalid | Conflict | None = None,
    *,
    mode: str = "",
    noted: Mapping[str, Any] | None = None,
) -> str:
    """Return the page of a case; after a refusal with what was typed and what is wrong with it. ``mode``: "override" shows
    the form with which a supervisor decides over a proposal; ``noted``: a note as typed that could not be kept."""
    reader, names = web.actor(), naming.names()
    laid = desk.lay_out(review, names, actor=reader)
    has_part = laid.has_part
    judged = judging.lay_out(review, laid.reviews, names, actor=reader, has_part=has_part, language=language())
    return render_template(
        "reviews/case.html",
        desk=laid,
        review=review,
        names=names,
        judging=judged,
        notes=noting_desk.lay_out(review, names, actor=reader, has_part=has_part, typed=noted),
        typed={**judged.typed, **(typed or {})},
        mode=mode or judged.mode,
        stale=refusal.facts if isinstance(refusal, Stale) else None,
        errors=_errors(refusal),
        inspections=inspection_desk.lay_out(review, names, actor=reader, has_part=has_part),
        **_parts(review, laid, names, reader),
        **_hands(review, reader, has_part=has_part),
        **_tools(),
    )


def _parts(review: Review, laid: desk.Desk, names: naming.Names, reader: Actor) -> dict[str, Any]:
    """What the other rooms of the desk lay on the case: each its own fragment of the page."""
    papers = [*laid.papers, *(paper for item in laid.items for paper in item.papers)]
    risk = None if laid.has_part else risk_desk.lay_out(review, reader)
    return {
        "viewer": viewing.beside(review, papers, chosen=request.args.get("file", "")),
        "changes": changes_desk.lay_out(review, laid.version, actor=reader),
        "clearances": clearances.list_clearances(review.declaration_id),
        "after_release": checks.lay_out(
            review.declaration,
            agency=review.agency,
            open_at=url_for("cases.new", review_id=review.id) if can(checking.open_on, reader, review) else "",
        ),
        "ticking": lay_out_clock(review, names.edition, actor=reader, usual=find_usual([review.agency])),
        "risk": risk,
        "watched": watch_desk.lay_out(review, risk, reader),
        "questions": asking_desk.lay_out(review, names, laid.package, actor=reader, language=language()),
        "announced": beside.lay_out(laid.package, review.declaration.owner_id, names.edition, actor=reader),
        "odd": anomaly_desk.lay_out(
            review.declaration_id,
            actor=NOBODY if laid.has_part else reader,
            country=lambda code: t(names.country(code)),
        ),
        "rulings": ruling_desk.lay_out(review, laid.package, names.edition, laid.leaves),
        "reads_rulings": can(ruling_policy.see_all, reader),
        "lookers": looking.list_lookers([review.id], but=reader).get(review.id, ()),
    }


def _hands(review: Review, reader: Actor, *, has_part: bool) -> dict[str, Any]:
    """Who may do what with the case now, and whose it is."""
    judge = policy.judge(reader, review) if not has_part else no(finders.OWN_PACKAGE)
    handing = can(policy.reassign, reader, review) and review.open
    return {
        "keyboard": desk_settings.liking_of(reader).keyboard,
        "reads_all": reader.kind == "auditor",
        "holds_claim": policy.holds_claim(reader, review),
        "may_judge": bool(judge) and review.open,
        "why_not": judge.reason if review.open else "",
        "held_by_other": _held_by_other(review, reader),
        "may_unmask": not has_part and can(policy.unmask, reader, review),
        "groups_hidden": masking.GROUPS,
        "officers": finders.list_officers(review) if handing else (),
        "grounds": grounds.list_grounds(review.agency),
        "appeal": grounds.appeal_of(review.agency),
    }


def _tools() -> dict[str, Any]:
    """Words and small functions that the fragments share."""
    return {
        "payments": judging.PAYMENTS,
        "why_failed": judging.FAILED.get,
        "cite": request.args.get("queue", request.form.get("queue", "")),
        "now": clock.now(),
        "today": clock.today(),
        "left": clocks.left,
        "outcomes": OUTCOMES,
        "field_name": field_name,
        "panes_of": _panes_of,
        "pane_state": lambda other: finders.pane_of(other).light,
        "choices_of": _officer_choices,
        "reasons_of": _reason_choices,
        "packings_of": _packings_of,
        "directions": {"import": _("Import"), "export": _("Export"), "transit": _("Transit")},
    }


def _panes_of(panes: Sequence[finders.Pane]) -> list[dict[str, str]]:
    return [{"state": pane.light, "label": pane.agency} for pane in panes]


def _officer_choices(officers: Sequence[Membership]) -> list[tuple[str, str]]:
    return [
        (str(one.id), f"{one.person.full_name}, {one.post}" if one.post else one.person.full_name) for one in officers
    ]


def _reason_choices(reasons: Sequence[grounds.Ground]) -> list[tuple[str, str]]:
    chosen = [("", _("Choose a reason"))]
    return chosen + [
        (reason.code, f"{t(reason.text)} ({t(reason.law)})" if t(reason.law) else t(reason.text)) for reason in reasons
    ]


def _packings_of(packings: Sequence[Packing]) -> str:
    return ", ".join(f"{packing.count or '?'} × {packing.type}" for packing in packings)


def _held_by_other(review: Review, reader: Actor) -> bool:
    other = review.status == "claimed" and review.claimed_by_id != reader.person_id
    return other and review.claimed_until is not None and review.claimed_until > clock.now()


def _errors(refusal: Invalid | Conflict | None) -> dict[str, str]:
    """Sentences by the id of their field; what concerns the whole decision stands under the empty name."""
    if refusal is None:
        return {}
    if isinstance(refusal, Conflict):
        return {"": str(refusal.message)}
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
