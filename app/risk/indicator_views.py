"""Indicators for officers: the list, one of them with its versions and answers, the form that needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import clock, web
from app.errors import Invalid
from app.requirements.finders import current_edition
from app.requirements.wording import agency_name
from app.risk import (
    agreeing,
    compiling,
    conditions,
    examples,
    finders,
    indicator_form,
    policy,
    proposing,
    reasoning,
    vocabulary,
    wording,
)
from app.risk.facts import FACTS, FLAG, PARAMETERS
from app.risk.indicator_form import Typed
from app.risk.lifecycle import INDICATOR, LIVE, PROPOSED, SHADOW
from app.risk.models import AGREED, DECLINED, WAITING, IndicatorVersion
from app.risk.operators import BARE, OPERATORS, WORDS
from app.risk.proposing import Proposal
from app.shell import language, t
from app.web import actor, back, guard

blueprint = Blueprint("indicators", __name__, url_prefix="/risk")

TONES = {LIVE: "ok", SHADOW: "blue", PROPOSED: "due"}
ANSWERS = {WAITING: _l("has not answered"), AGREED: _l("agreed"), DECLINED: _l("declined")}
EFFECTS = {
    compiling.SCORE: _l("Only its weight counts"),
    compiling.YELLOW: _l("Yellow at least: look at the documents"),
    compiling.RED: _l("Red: look at the goods"),
}
CONFIDENCE = {
    "seen": _l("the source was seen"),
    "recalled": _l("recalled, not checked"),
    "measured": _l("measured here"),
}
HAPPENED = {
    "indicator.proposed": _l("proposed"),
    "indicator.answered": _l("an agency answered"),
    "indicator.agreed": _l("agreed"),
    "indicator.declined": _l("declined by every agency named"),
    "indicator.put_on_trial": _l("put on trial"),
    "indicator.activated": _l("put in force"),
    "indicator.ended": _l("ended"),
    "indicator.withdrawn": _l("taken back"),
}
FACT_GROUPS = {
    "declared": _l("What the package says"),
    "answers": _l("What the trader answered"),
    "history": _l("The trader's past"),
    "peers": _l("Like goods"),
    "documents": _l("Documents in other packages"),
    "company": _l("The company"),
    "accreditation": _l("Accreditations"),
    "advance": _l("Advance information"),
    "alerts": _l("Alerts"),
}


@blueprint.get("/indicators")
@guard(policy.see)
def listing() -> str:
    """The indicators of one's agency and those it shares; the auditor sees all."""
    mode = request.args.get("mode", "")
    mode = mode if mode in INDICATOR.states else ""
    agency = request.args.get("agency", "")[:16]
    waiting = bool(request.args.get("waiting"))
    page = finders.list_versions(actor(), request.args.get("cursor"), agency=agency, mode=mode, waiting=waiting)
    return render_template(
        "risk/indicators.html", page=page, mode=mode, agency=agency, waiting=waiting, agencies=_agencies(), **_words()
    )  # fmt: skip


@blueprint.get("/facts")
@guard(policy.see)
def catalogue() -> str:
    """Every fact a condition can name, with its operators and the codes it takes."""
    lists = {
        name: vocabulary.names(name) for name in dict.fromkeys(kind.values for kind in FACTS.values()) if name
    }  # fmt: skip
    return render_template(
        "risk/indicator_facts.html", facts=FACTS.values(), groups=FACT_GROUPS, operators=_operators, lists=lists,
        parameters=PARAMETERS,
    )  # fmt: skip


@blueprint.get("/indicators/new")
@guard(policy.propose)
def new() -> str:
    """The empty form of a new indicator."""
    today = clock.today()
    plain = dict.fromkeys(indicator_form.PLAIN, "") | {
        "valid_from": today.strftime("%d.%m.%Y"),
        "weight": "20",
        "effect": compiling.SCORE,
    }
    return _form(Typed(plain), {})


@blueprint.post("/indicators/new")
@guard(policy.propose)
def propose() -> Any:
    """Propose what was typed; or, by its other buttons, give the form one row or block more, or read it aloud."""
    typed = indicator_form.read_form(request.form)
    if wish := request.form.get("do", ""):
        return _form(indicator_form.grown(typed, wish), {})
    proposal, boxes = indicator_form.proposal_of(typed, language())
    try:
        made = proposing.propose(proposal, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(typed, _errors(refusal, boxes)), 422
    flash(_("The indicator is proposed. The agencies named are asked."), "success")
    return back("indicators.show", version_id=made.id)


@blueprint.get("/indicators/<uuid:version_id>")
@guard(policy.read, finders.get_version)
def show(version: IndicatorVersion) -> str:
    """One version: what it says aloud, who agreed, what happened to it, the versions beside it."""
    return _page(version)


@blueprint.get("/indicators/<uuid:version_id>/revise")
@guard(policy.revise, finders.get_version)
def rewrite(version: IndicatorVersion) -> str:
    """The form of the next version, with what this one says."""
    return _form(indicator_form.typed_of(_again(version), language()), {}, version)


@blueprint.post("/indicators/<uuid:version_id>/revise")
@guard(policy.revise, finders.get_version)
def revise(version: IndicatorVersion) -> Any:
    """Write the next version; what is in force stays so until it takes its place."""
    typed = indicator_form.read_form(request.form)
    if wish := request.form.get("do", ""):
        return _form(indicator_form.grown(typed, wish), {}, version)
    version_id = version.id
    proposal, boxes = indicator_form.proposal_of(typed, language(), _again(version))
    try:
        made = proposing.revise(version, proposal=proposal, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(typed, _errors(refusal, boxes), finders.get_version(version_id, actor=actor())), 422
    flash(_("The new version is proposed."), "success")
    return back("indicators.show", version_id=made.id)


@blueprint.post("/indicators/<uuid:version_id>/answer")
@guard(policy.answer, finders.get_version)
def answer(version: IndicatorVersion) -> Any:
    """Agree or decline for one's agency."""
    version_id, reason = version.id, request.form.get("reason", "")
    try:
        agreeing.answer(version, agreed=request.form.get("answer") == AGREED, reason=reason, by=actor())
    except Invalid as refusal:
        return _refused(refusal, version_id, reason)
    flash(_("Your agency has answered."), "success")
    return back("indicators.show", version_id=version_id)


@blueprint.post("/indicators/<uuid:version_id>/trial")
@guard(policy.try_out, finders.get_version)
def try_out(version: IndicatorVersion) -> Any:
    """Put it on trial."""
    agreeing.try_out(version, by=actor())
    flash(_("The indicator is on trial: it is seen, and counts for nothing."), "success")
    return back("indicators.show", version_id=version.id)


@blueprint.post("/indicators/<uuid:version_id>/activate")
@guard(policy.activate, finders.get_version)
def activate(version: IndicatorVersion) -> Any:
    """Put it in force."""
    agreeing.activate(version, by=actor())
    flash(_("The indicator is in force."), "success")
    return back("indicators.show", version_id=version.id)


@blueprint.post("/indicators/<uuid:version_id>/end")
@guard(policy.end, finders.get_version)
def end(version: IndicatorVersion) -> Any:
    """End it before its last day."""
    version_id, reason = version.id, request.form.get("reason", "")
    try:
        agreeing.end(version, reason=reason, by=actor())
    except Invalid as refusal:
        return _refused(refusal, version_id, reason)
    flash(_("The indicator has ended."), "success")
    return back("indicators.show", version_id=version_id)


@blueprint.post("/indicators/<uuid:version_id>/withdraw")
@guard(policy.withdraw, finders.get_version)
def withdraw(version: IndicatorVersion) -> Any:
    """Take it back before it works."""
    proposing.withdraw(version, by=actor())
    flash(_("The proposal is taken back."), "success")
    return back("indicators.show", version_id=version.id)


def _refused(refusal: Invalid, version_id: Any, reason: str) -> tuple[str, int]:
    web.refuse_and_read(refusal)
    return _page(finders.get_version(version_id, actor=actor()), _errors(refusal, {}), reason), 422


def _again(version: IndicatorVersion) -> Proposal:
    """A version as the proposal it was, for the next one: it begins today, and ends when this one would."""
    today = clock.today()
    until = version.valid_to or today
    return Proposal(
        titles=version.titles, reasons=version.reasons, treatments=version.treatments, condition=version.condition,
        valid_from=max(today, version.valid_from), valid_until=max(today, until - timedelta(days=1)), weight=version.weight,
        effect=version.effect, direction=version.direction, prefixes=tuple(version.prefixes),
        agencies=tuple(version.agencies), basis=version.basis, confidence=version.confidence, example=version.example,
    )  # fmt: skip


def _errors(refusal: Invalid, boxes: Mapping[str, str]) -> dict[str, str]:
    """Each fault at its box: faults of a condition at the row they came from."""
    errors: dict[str, str] = {}
    for fault in refusal.faults:
        place = fault.field.removeprefix("condition-") if fault.field.startswith("condition") else ""
        box = boxes.get(place, "written" if not boxes and place else "b1-1") if place else fault.field
        errors.setdefault(box, f"{t(fault.message)} {t(fault.remedy)}")
    return errors


def _aloud(raw: Any, direction: str | None = None, prefixes: Sequence[str] = ()) -> str:
    """A condition as it is read aloud, with its scope where a direction is given; empty where it cannot be read yet."""
    try:
        words = conditions.aloud(conditions.parse(raw), language())
    except Invalid:
        return ""
    return words if direction is None else wording.sentence(direction, prefixes, words, language())


def _warning(raw: Any) -> str:
    """What is said beside a condition that may be kept all the same."""
    try:
        return t(wording.WARNINGS["ALWAYS"]) if reasoning.always(conditions.parse(raw)) else ""
    except Invalid:
        return ""


def _operators(kind: Any) -> list[tuple[str, str]]:
    allowed = OPERATORS[kind.type]
    return [(op, t(WORDS[op])) for op in allowed if op not in BARE or kind.group == "declared"]


def _agencies() -> list[tuple[str, str]]:
    edition = current_edition()
    named = [
        (code, t(agency_name(code, edition))) for code, row in edition.agencies.items() if row.country == proposing.HOME
    ]
    return sorted(named, key=lambda one: one[1])


def _words() -> dict[str, Any]:
    return {
        "states": INDICATOR.words, "tones": TONES, "answers": ANSWERS, "effects": EFFECTS, "confidence": CONFIDENCE,
        "policy": policy, "aloud": _aloud, "warning": _warning, "agency_of": dict(_agencies()).get, "said": indicator_form.said_in,
        "language": language(), "today": clock.today(),
        "directions": {"": _("Any"), "import": _("Import"), "export": _("Export"), "transit": _("Transit")},
    }  # fmt: skip


def _page(version: IndicatorVersion, errors: dict[str, str] | None = None, reason: str = "") -> str:
    return render_template(
        "risk/indicator.html", version=version, siblings=finders.list_siblings(version, actor=actor()),
        history=finders.list_history(version), note=examples.note_of(version.example), happened=HAPPENED, available=INDICATOR.available(version, actor()),
        errors=errors or {}, reason=reason, **_words(),
    )  # fmt: skip


def _form(typed: Typed, errors: dict[str, str], version: IndicatorVersion | None = None) -> str:
    proposal, _boxes = indicator_form.proposal_of(typed, language())
    direction = proposal.direction if proposal.direction in proposing.DIRECTIONS else ""
    return render_template(
        "risk/indicator_form.html", typed=typed, plain=typed.plain, errors=errors, version=version,
        others=[one for one in _agencies() if one[0] != actor().agency], preview=_aloud(proposal.condition, direction, proposal.prefixes), condition=proposal.condition,
        facts=_fact_choices(), kinds=FACTS, operators=_operators, every_operator=[(op, t(word)) for op, word in WORDS.items()],
        comparable=[(name, t(kind.label)) for name, kind in FACTS.items() if kind.unit and not kind.parameters and kind.type != FLAG],
        **_words(),
    )  # fmt: skip


def _fact_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Facts by group for the drop-down; details that a fact needs are named in braces."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for name, kind in FACTS.items():
        words = t(kind.label).replace("{", "‹").replace("}", "›")
        grouped.setdefault(kind.group, []).append((name, words))
    grouped.setdefault("alerts", []).append(
        (indicator_form.INDICATOR, _("another indicator fires (its code as the value)"))
    )
    return [(str(FACT_GROUPS[group]), facts) for group, facts in grouped.items()]
