"""My second factors: looked at, added, named, removed; recovery codes; and what an administrator does after a loss."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.errors import Conflict, Invalid, Refusal
from app.identity import factors, finders, policy, proving, sessions, stepping
from app.identity.factor_forms import FactorForm
from app.identity.factor_models import Factor
from app.identity.factor_views import making_options, offered, proof_options, take_factor
from app.identity.forms import show_faults
from app.identity.models import Person
from app.identity.signin_views import blueprint, current_session
from app.identity.stepping import stepped
from app.shell import t
from app.web import guard


@blueprint.before_app_request
def _take_proof() -> None:
    stepping.take_proof()


def _me() -> Person:
    return finders.get_person(current_user.actor.person_id)


def _required() -> tuple[str, ...]:
    kinds: tuple[str, ...] = current_app.extensions["akno.settings"].factors_required_of
    return kinds


def _page(error: str = "") -> str:
    person = _me()
    return render_template(
        "identity/factors.html", factors=factors.list_factors(person.id), left=factors.count_codes(person.id),
        required=factors.is_required(person.id, _required()), error=error,
    )  # fmt: skip


@blueprint.get("/account/factors")
@guard(policy.know_oneself)
def own_factors() -> str:
    """By what I show who I am."""
    return _page()


@blueprint.get("/account/factors/new")
@guard(policy.know_oneself)
def factor_new() -> str:
    """Add another one."""
    return _new(FactorForm())


@blueprint.post("/account/factors/new")
@guard(policy.know_oneself)
@stepped(again=lambda refusal: _asked_again(refusal), own=True)
def factor_add() -> Any:
    """Add it; with the first one come the recovery codes, shown once, and every other session ends."""
    form, person = FactorForm(), _me()
    first = not factors.has_any(person.id)
    try:
        if form.validate():
            row = current_session()
            made = take_factor(form, person, row, current_user)
            if first:
                proving.is_proven(row, made.kind)
                sessions.end_others(person.id, except_id=row.id, by=web.actor())
                shown = factors.make_codes(person, by=web.actor())
                return render_template("identity/factor_codes.html", codes=shown, onward=_back())
            flash(_("The second factor is added."), "success")
            return web.back("identity.own_factors")
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _new(form), 422


def _back() -> str:
    return url_for("identity.own_factors")


def _asked_again(refusal: stepping.FreshProof) -> str:
    form = FactorForm()
    web.refuse(refusal)
    return _new(form, refusal)


def _new(form: FactorForm, refusal: stepping.FreshProof | None = None) -> str:
    return render_template(
        "identity/factor_new.html", form=form, refusal=refusal, with_passkey=stepping.terms().site is not None,
        **offered(_me(), form),
    )  # fmt: skip


@blueprint.post("/account/factors/new/passkey")
@guard(policy.know_oneself)
def factor_making() -> Response:
    """What my new passkey is made of."""
    return making_options(current_session(), _me())


@blueprint.post("/account/step")
@guard(policy.know_oneself)
def step_challenge() -> Response:
    """What my passkey is to sign before something is signed."""
    return proof_options(current_session())


@blueprint.post("/account/factors/<uuid:factor_id>/name")
@guard(policy.know_oneself, factors.get_factor)
def factor_name(factor: Factor) -> Any:
    """Give it another name."""
    try:
        factors.rename(factor, label=request.form.get("label", ""), by=web.actor())
    except Invalid as error:
        web.refuse(error)
        return _page(f"{t(error.faults[0].message)} {t(error.faults[0].remedy)}"), 422
    flash(_("The name is kept."), "success")
    return web.back("identity.own_factors")


@blueprint.post("/account/factors/<uuid:factor_id>/remove")
@guard(policy.know_oneself, factors.get_factor)
@stepped(own=True)
def factor_remove(factor: Factor) -> Any:
    """Remove it; my other sessions end."""
    try:
        factors.remove(factor, required_of=_required(), keep=current_user.session_id, by=web.actor())
    except Conflict as error:
        web.refuse(error)
        return _page(str(error.message)), error.status
    flash(_("The second factor is removed. Your other sessions have ended."), "success")
    return web.back("identity.own_factors")


@blueprint.post("/account/factors/codes")
@guard(policy.know_oneself)
@stepped(own=True)
def factor_codes() -> Any:
    """Make new recovery codes; the older ones are of no use from now on."""
    person = _me()
    if not factors.has_any(person.id):
        web.refuse(Refusal())
        return _page(_("Recovery codes stand in for a second factor. Add one first.")), 422
    return render_template(
        "identity/factor_codes.html", codes=factors.make_codes(person, by=web.actor()), onward=_back()
    )


@blueprint.post("/people/<uuid:person_id>/factors/reset")
@guard(policy.manage_people, finders.get_person)
@stepped()
def person_factors_reset(found: Person) -> Any:
    """Remove the second factors of somebody who has lost them; a fresh link lets them add another."""
    factors.reset(found, by=web.actor())
    words = _(
        "The second factors of %(name)s are removed, and every session has ended. Now make a new link.",
        name=found.full_name,
    )
    flash(words, "success")
    return web.back("identity.person", person_id=found.id)
