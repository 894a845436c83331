"""Signing off by a rule: the rules of an agency, the form of a new one, and the second looks at what was signed so."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.errors import Invalid
from app.identity.stepping import stepped
from app.reviews import green_checks, green_ruling, greening_finders, greening_policy, naming, second_looking
from app.reviews.greening_models import GreenRule, SecondLook
from app.reviews.lifecycle import GREEN_RULE, SECOND_LOOK
from app.shell import t
from app.traders.kinds import kinds
from app.web import actor, back, guard

blueprint = Blueprint("greening", __name__, url_prefix="/queue")


@blueprint.get("/rules")
@guard(greening_policy.see)
def rules() -> str:
    """The rules of the agency with what each has signed; the auditor sees those of all."""
    page = greening_finders.list_rules(actor(), request.args.get("cursor"))
    return render_template(
        "reviews/rules.html", page=page, figures=greening_finders.count_signed(page.rows), **_words()
    )  # fmt: skip


@blueprint.get("/rules/new")
@guard(greening_policy.propose)
def new_rule() -> str:
    """The form of a new rule."""
    return _form({"valid_from": clock.today().strftime("%d.%m.%Y"), "second_look": "100"}, {})


@blueprint.post("/rules/new")
@guard(greening_policy.propose)
def propose_rule() -> Any:
    """Propose a rule; another supervisor agrees."""
    typed = {part.name: request.form.get(part.name, "").strip() for part in fields(green_ruling.Typed)}
    try:
        green_ruling.propose(green_ruling.Typed(**typed), by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(typed, _errors(refusal)), 422
    flash(_("The rule is proposed. It signs nothing before another supervisor agrees."), "success")
    return back("greening.rules")


@blueprint.post("/rules/<uuid:rule_id>/agree")
@guard(greening_policy.agree, greening_finders.get_rule)
@stepped()
def agree_rule(rule: GreenRule) -> Any:
    """Put a rule in force as the second supervisor."""
    try:
        green_ruling.agree(rule, by=actor())
    except Invalid as refusal:
        web.refuse(refusal)
        flash(" ".join(_errors(refusal).values()), "danger")
        return back("greening.rules")
    flash(_("The rule is in force."), "success")
    return back("greening.rules")


@blueprint.post("/rules/<uuid:rule_id>/decline")
@guard(greening_policy.of_the_agency, greening_finders.get_rule)
def decline_rule(rule: GreenRule) -> Any:
    """Decline a proposed rule, or take it back."""
    green_ruling.decline(rule, by=actor())
    flash(_("The proposal is closed. Nothing was signed by it."), "success")
    return back("greening.rules")


@blueprint.post("/rules/<uuid:rule_id>/end")
@guard(greening_policy.of_the_agency, greening_finders.get_rule)
def end_rule(rule: GreenRule) -> Any:
    """End a rule from now on."""
    green_ruling.end(rule, by=actor())
    flash(_("The rule has ended: from now on an officer decides."), "success")
    return back("greening.rules")


@blueprint.get("/second-looks")
@guard(greening_policy.see)
def second_looks() -> str:
    """What was signed by a rule and waits for an officer's look, or was looked at."""
    return _looks()


@blueprint.post("/second-looks/<uuid:look_id>")
@guard(greening_policy.settle, greening_finders.get_look)
def settle_look(look: SecondLook) -> Any:
    """Say what a second look found."""
    key, outcome, note = look.id, request.form.get("outcome", ""), request.form.get("note", "")
    try:
        second_looking.settle(look, outcome=outcome, note=note, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {f"{field}-{key}": words for field, words in _errors(refusal).items()}
        return _looks({f"outcome-{key}": outcome, f"note-{key}": note}, errors), 422
    flash(_("Kept. The decision stands as it was signed."), "success")
    return back("greening.second_looks")


def _looks(typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    waiting = request.args.get("settled") != "yes"
    page = greening_finders.list_looks(actor(), request.args.get("cursor"), waiting=waiting)
    return render_template(
        "reviews/second_looks.html", page=page, waiting=waiting, typed=typed or {}, errors=errors or {},
        findings=[("agreed", SECOND_LOOK.words["agreed"]), ("differs", SECOND_LOOK.words["differs"])], **_words(),
    )  # fmt: skip


def _errors(refusal: Invalid) -> dict[str, str]:
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in reversed(refusal.faults)}


def _words() -> dict[str, Any]:
    return {
        "names": naming.names(), "policy": greening_policy, "states": GREEN_RULE.words, "look_states": SECOND_LOOK.words,
        "proofs": dict(_proofs()), "today": clock.today(),
    }  # fmt: skip


def _proofs() -> list[tuple[str, str]]:
    accredited = [(kind.code, t(kind.title)) for kind in kinds().values()]
    return [(green_checks.REGISTRY, _("Every document is found in a registry")), *accredited]


def _form(typed: dict[str, str], errors: dict[str, str]) -> str:
    measures = green_ruling.measures_of(actor().agency)
    allowed = [(one.code, f"{one.code} · {one.prefix} · {one.measure_type}") for one, why in measures if not why]
    held = [(one.code, t(green_checks.words(why))) for one, why in measures if why]
    return render_template(
        "reviews/rule_new.html", typed=typed, errors={box: words for box, words in errors.items() if box in typed},
        measures=allowed, never=held, **_words(),
    )  # fmt: skip
