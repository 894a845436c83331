"""Advance rulings: the public register, those given by customs or to a trader, the form on which customs enters one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.errors import Invalid
from app.identity.stepping import stepped
from app.requirements import ruling, ruling_finders, ruling_policy, wording
from app.requirements.alphabet import place
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.requirements.ruling_models import Ruling
from app.shell import language, t
from app.web import actor, back, guard, public

blueprint = Blueprint("rulings", __name__, url_prefix="/rulings")


def kinds() -> dict[str, str]:
    """What a ruling can be about, in words."""
    return {
        ruling.CLASSIFICATION: _("Classification of goods"),
        ruling.ORIGIN: _("Origin of goods"),
        ruling.VALUE: _("Customs value"),
    }


@blueprint.get("")
@public
def register() -> str:
    """The public register: what was ruled and why, never for whom."""
    search, kind = _search(), request.args.get("kind", "")
    kind = kind if kind in ruling.DOCUMENT_CODES else ""
    page = ruling_finders.list_published(request.args.get("cursor"), search=search, kind=kind)
    return render_template("requirements/rulings.html", page=page, search=search, kind=kind, **_words())


@blueprint.get("/own")
@guard(ruling_policy.see_own)
def own() -> str:
    """The rulings given to the organisation, and for a broker to the traders whose mandate it holds."""
    page = ruling_finders.list_rulings(actor(), request.args.get("cursor"), search=_search())
    return render_template("requirements/rulings_given.html", page=page, search=_search(), own=True, **_words())


@blueprint.get("/given")
@guard(ruling_policy.see_all)
def given() -> str:
    """The rulings that customs gave, with their holders."""
    page = ruling_finders.list_rulings(actor(), request.args.get("cursor"), search=_search())
    return render_template("requirements/rulings_given.html", page=page, search=_search(), own=False, **_words())


@blueprint.get("/new")
@guard(ruling_policy.enter)
def new() -> str:
    """The form of a new ruling."""
    return _form({"valid_from": clock.today().strftime("%d.%m.%Y")}, {})


@blueprint.post("/new")
@guard(ruling_policy.enter)
@stepped()
def enter() -> Any:
    """Enter a ruling; the holder is told."""
    typed = {part.name: request.form.get(part.name, "").strip() for part in fields(ruling.Typed)}
    try:
        made = ruling.enter(ruling.Typed(**typed), by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in reversed(refusal.faults)}
        return _form(typed, {box: errors[box] for box in typed if box in errors}), 422
    flash(_("The ruling is entered, and its holder is told."), "success")
    return back("rulings.show", ruling_id=made.id)


@blueprint.get("/<uuid:ruling_id>")
@guard(ruling_policy.read, ruling_finders.get_ruling)
def show(found: Ruling) -> str:
    """One ruling in full."""
    return _page(found)


@blueprint.post("/<uuid:ruling_id>/end")
@guard(ruling_policy.end, ruling_finders.get_ruling)
@stepped()
def end(found: Ruling) -> Any:
    """End a ruling before its time; the holder is told why."""
    ruling_id, reason = found.id, request.form.get("reason", "")
    try:
        ruling.end(found, reason=reason, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
        return _page(ruling_finders.get_ruling(ruling_id, actor=actor()), errors, reason), 422
    flash(_("The ruling has ended. No package filed from today may rest on it."), "success")
    return back("rulings.show", ruling_id=ruling_id)


def _search() -> str:
    return " ".join(request.args.get("q", "").split())[:100]


def _words() -> dict[str, Any]:
    edition = current_edition()
    return {
        "kinds": kinds(),
        "today": clock.today(),
        "policy": ruling_policy,
        "country": lambda code: t(edition.name_of("countries", code) or code),
        "method": lambda code: t(edition.name_of("valuation_method", code) or code),
        "document": lambda code: t(wording.documents([(code,)], edition)),
    }


def _page(found: Ruling, errors: dict[str, str] | None = None, reason: str = "") -> str:
    return render_template(
        "requirements/ruling.html", ruling=found, errors=errors or {}, reason=reason, **_words()
    )  # fmt: skip


def _form(typed: dict[str, str], errors: dict[str, str]) -> str:
    edition = current_edition()
    return render_template(
        "requirements/ruling_new.html", typed=typed, errors=errors, kinds=kinds(), methods=_methods(edition),
        countries=_countries(edition),
    )  # fmt: skip


def _methods(edition: CompiledEdition) -> list[tuple[str, str]]:
    rows = sorted(edition.lists["valuation_method"].items())
    return [(code, f"{code} · {t(edition.name_of('valuation_method', code) or code)}") for code, _row in rows]


def _countries(edition: CompiledEdition) -> list[tuple[str, str]]:
    named = [
        (code, str(getattr(row, f"name_{language()}") or row.name_ru or row.name_en))
        for code, row in edition.lists["countries"].items()
    ]
    return sorted(named, key=lambda entry: place(entry[1]))
