"""The officers' side of accreditation: the list of applications, examining one, deciding, suspending and revoking."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app.identity.stepping import stepped
from app.traders import applying, deciding, ending, examining, finders, kinds, policy
from app.traders.lifecycle import ACCREDITATION
from app.traders.models import Accreditation
from app.traders.reading import Terms
from app.traders.views import acted, appeal_typed
from app.web import actor, back, guard

blueprint = Blueprint("accrediting", __name__, url_prefix="/accreditation")
STATES = ("open", "force", "ended", "all")


@blueprint.get("/desk")
@guard(policy.see_desk)
def desk() -> str:
    """The applications of one's agency: those that wait first, or what is in force, or what has ended."""
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    page = finders.list_desk(actor(), request.args.get("cursor"), state="" if state == "all" else state)
    names = {"open": _("Under way"), "force": _("In force"), "ended": _("Ended"), "all": _("All")}
    return render_template(
        "traders/desk.html", page=page, state=state, states=names, kinds=kinds.kinds(), words=ACCREDITATION.words
    )


@blueprint.post("/<uuid:accreditation_id>/take")
@guard(policy.examine, finders.get_accreditation)
def take(found: Accreditation) -> Any:
    """Take an application to examine it."""
    return acted(found, "take", lambda: examining.take(found, by=actor()), _("You examine this application."))


@blueprint.post("/<uuid:accreditation_id>/examine")
@guard(policy.examine, finders.get_accreditation)
def examine(found: Accreditation) -> Any:
    """Keep what was found; then go on, ask the applicant to complete it, or propose a decision."""
    said, then = request.form, request.form.get("then", "")
    findings = {
        one.code: {"met": said.get(f"met-{one.code}", ""), "note": said.get(f"note-{one.code}", "")}
        for one in applying.criteria_of(found)
    }

    def act() -> None:
        kept = examining.mark(found, findings=findings, by=actor())
        if then == "ask":
            examining.ask(kept, text=said.get("asked", ""), by=actor())
        elif then == "propose":
            examining.propose(kept, proposal=said.get("proposal", ""), note=said.get("note", ""), by=actor())

    told = {
        "ask": _("The applicant is asked to complete the application."),
        "propose": _("Your proposal waits for a supervisor who did not examine it."),
    }
    return acted(found, "examine", act, told.get(then, _("What you found is saved.")))


@blueprint.post("/<uuid:accreditation_id>/return")
@guard(policy.decide, finders.get_accreditation)
def send_back(found: Accreditation) -> Any:
    """Return a proposal to its officer."""
    reason = request.form.get("returned", "")
    return acted(
        found, "return", lambda: deciding.send_back(found, reason=reason, by=actor()), _("The proposal is returned.")
    )


@blueprint.post("/<uuid:accreditation_id>/grant")
@guard(policy.decide, finders.get_accreditation)
@stepped()
def grant(found: Accreditation) -> Any:
    """Grant what a colleague examined."""
    terms = Terms(**{part.name: request.form.get(part.name, "").strip() for part in fields(Terms)})
    made: list[Accreditation] = []
    answer = acted(found, "grant", lambda: made.append(deciding.grant(found, terms=terms, by=actor())), "")
    if made:
        flash(_("Granted under number %(number)s. The holder is told.", number=made[0].number), "success")
        return back("traders.show", accreditation_id=made[0].id)
    return answer


@blueprint.post("/<uuid:accreditation_id>/refuse")
@guard(policy.decide, finders.get_accreditation)
@stepped()
def refuse(found: Accreditation) -> Any:
    """Refuse, with ground, reason and appeal."""
    return acted(
        found, "refuse", lambda: deciding.refuse(found, **_against()),
        _("Refused. The applicant is told why and where it can appeal."),
    )  # fmt: skip


@blueprint.post("/<uuid:accreditation_id>/suspend")
@guard(policy.supervise, finders.get_accreditation)
@stepped()
def suspend(found: Accreditation) -> Any:
    """Suspend: its advantages end at once."""
    return acted(
        found, "suspend", lambda: ending.suspend(found, **_against()), _("Suspended: its advantages end at once.")
    )


@blueprint.post("/<uuid:accreditation_id>/restore")
@guard(policy.supervise, finders.get_accreditation)
@stepped()
def restore(found: Accreditation) -> Any:
    """Put a suspended accreditation in force again."""
    reason = request.form.get("reason", "")
    return acted(found, "restore", lambda: ending.restore(found, reason=reason, by=actor()), _("In force again."))


@blueprint.post("/<uuid:accreditation_id>/revoke")
@guard(policy.supervise, finders.get_accreditation)
@stepped()
def revoke(found: Accreditation) -> Any:
    """Revoke for good."""
    return acted(found, "revoke", lambda: ending.revoke(found, **_against()), _("Revoked. The holder is told why."))


def _against() -> dict[str, Any]:
    """What every decision against a trader says."""
    return {
        "ground": request.form.get("ground", ""), "reason": request.form.get("reason", ""), "appeal": appeal_typed(),
        "by": actor(),
    }  # fmt: skip
