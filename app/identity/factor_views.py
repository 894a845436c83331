"""The second factor at the door, and a first one after a fresh link."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import segno
from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app import clock, web
from app.errors import Invalid, Refusal
from app.identity import codes, factors, finders, halfway, passkeys, proving, stepping
from app.identity.factor_forms import FactorForm, ProofForm
from app.identity.factor_models import Factor
from app.identity.forms import show_faults
from app.identity.halfway import Half
from app.identity.models import Person, SignInSession
from app.identity.proving import Proof, WrongProof
from app.identity.signin_views import HALF, blueprint, let_in, limits, safe_next
from app.identity.tries import TooManyTries

View = Callable[..., Any]


def on_the_threshold(waits_for: str) -> Callable[[View], View]:
    """Guard a page for whoever has given a right password, and nothing more: everybody else is asked to sign in."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded() -> Any:
            half = halfway.find(cookie.get(HALF, ""))
            if half is None or half.waits_for != waits_for:
                g.refused = True
                return redirect(url_for("identity.sign_in"), code=303)
            return view(half)

        return web.marked(guarded, guarded_by="threshold")

    return decorate


def as_json(text: str) -> Response:
    """Answer a script of ours with JSON that is ready."""
    return Response(text, mimetype="application/json")


def following() -> str | None:
    """Where somebody wanted to go before they were asked who they are."""
    return safe_next(request.args.get("next"))


# --- a factor is given ----------------------------------------------------------------------------------------------------------


@blueprint.get("/sign-in/code")
@on_the_threshold(halfway.FACTOR)
def code(half: Half) -> str:
    """Ask for the second factor."""
    return _threshold(half, ProofForm())


@blueprint.post("/sign-in/code")
@on_the_threshold(halfway.FACTOR)
def code_post(half: Half) -> Any:
    """Let in who proves to be it; what is wrong is counted and told to the owner of the account."""
    form = ProofForm()
    proof = Proof(form.code.data or "", form.passkey.data or "")
    if not proof:
        form.code.errors = [_("Enter the code.")]
        web.refuse(Refusal())
        return _threshold(half, form), 422
    try:
        kind = proving.prove(
            half.row, proof, counted_as=proving.key_of(half.person.id), terms=stepping.terms(), by=half.actor
        )
    except WrongProof as error:
        words = _("This code does not fit. Each code is good once: wait for the next one and enter it.")
        return _refused(half, form, error, words), error.status
    except TooManyTries as error:
        minutes = max(1, round(error.retry_after / 60))
        words = _("Too many wrong codes. Try again in %(minutes)s min.", minutes=minutes)
        words = f"{words} {_('A passkey and a recovery code work even now.')}"
        return _refused(half, form, error, words), error.status, {"Retry-After": str(error.retry_after)}
    places = finders.list_memberships(half.person.id, clock.today())
    return let_in(halfway.finish(half, proven_by=kind, hours=limits().session_hours), choose=len(places) > 1)


@blueprint.post("/sign-in/passkey")
@on_the_threshold(halfway.FACTOR)
def code_challenge(half: Half) -> Response:
    """What a passkey at the door is to sign."""
    return proof_options(half.row)


def proof_options(row: SignInSession) -> Response:
    """Answer what a passkey is to sign in this session; 404 where there is none, or no place for one."""
    site = stepping.terms().site
    known = [one for one in factors.list_factors(row.person_id) if one.kind == factors.PASSKEY]
    if site is None or not known:
        return Response("{}", 404, mimetype="application/json")
    return as_json(passkeys.ask_for_proof(row, known, site))


def _threshold(half: Half, form: ProofForm) -> str:
    known = factors.list_factors(half.person.id)
    shown = factors.made_up_code(half.person) if current_app.extensions["akno.settings"].demonstration else ""
    return render_template(
        "identity/sign_in_code.html", form=form, following=following(), shown=shown, has_any=bool(known),
        with_app=any(one.kind == factors.TOTP for one in known),
        with_passkey=any(one.kind == factors.PASSKEY for one in known) and stepping.terms().site is not None,
    )  # fmt: skip


def _refused(half: Half, form: ProofForm, error: Refusal, words: str) -> str:
    web.refuse(error)
    g.keep_refusal = True  # that a wrong code was tried is remembered although the request is refused
    form.code.errors = [words]
    return _threshold(half, form)


@blueprint.post("/sign-in/leave")
@web.public
def threshold_leave() -> WerkzeugResponse:
    """Turn back at the door. The half session is left to end by itself: its owner is told that a right password was given."""
    cookie.pop(HALF, None)
    flash(_("You have not signed in."), "info")
    return web.back("identity.home")


# --- a first factor is added ------------------------------------------------------------------------------------------------------


@blueprint.get("/sign-in/factor")
@on_the_threshold(halfway.ENROLMENT)
def first_factor(half: Half) -> str:
    """Add a first second factor: only after a link that is fresh, for a password alone could be a stolen one."""
    return _enrolment(half, FactorForm())


@blueprint.post("/sign-in/factor")
@on_the_threshold(halfway.ENROLMENT)
def first_factor_post(half: Half) -> Any:
    """Add it, show the recovery codes once, and let the person in."""
    form = FactorForm()
    try:
        if form.validate():
            made = take_factor(form, half.person, half.row, half)
            shown = factors.make_codes(half.person, by=half.actor)
            let_in(halfway.finish(half, proven_by=made.kind, hours=limits().session_hours))
            onward = following() or url_for("identity.home")
            return render_template("identity/factor_codes.html", codes=shown, onward=onward)
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _enrolment(half, form), 422


@blueprint.post("/sign-in/factor/passkey")
@on_the_threshold(halfway.ENROLMENT)
def first_factor_challenge(half: Half) -> Response:
    """What a first passkey is made of."""
    return making_options(half.row, half.person)


def making_options(row: SignInSession, person: Person) -> Response:
    """Answer what a new passkey is made of; 404 where the window has no name a passkey could belong to."""
    site = stepping.terms().site
    if site is None:
        return Response("{}", 404, mimetype="application/json")
    known = [one for one in factors.list_factors(person.id) if one.kind == factors.PASSKEY]
    return as_json(passkeys.ask_for_new(row, person, known, site))


def take_factor(form: FactorForm, person: Person, row: SignInSession, by: Any) -> Factor:
    """Add what a form brings: the passkey that the browser made, else the app. Raises Invalid."""
    label = form.label.data or ""
    if form.passkey.data:
        site = stepping.terms().site
        return factors.add_passkey(person, row, answer=form.passkey.data, label=label, site=site, by=by.actor)
    return factors.add_app(person, token=form.offer.data or "", code=form.code.data or "", label=label, by=by.actor)


def offered(person: Person, form: FactorForm) -> dict[str, Any]:
    """What a page needs to show a secret for an app: as a picture, in groups, and for the form to bring back."""
    made = factors.offer(person, form.offer.data or "")
    form.offer.data = made.token
    picture = segno.make(made.address, error="m", micro=False).svg_data_uri(scale=5, border=3, light="white")
    return {"picture": picture, "secret": codes.grouped(made.secret), "address": made.address}


def _enrolment(half: Half, form: FactorForm) -> str:
    return render_template(
        "identity/sign_in_factor.html", form=form, following=following(), person=half.person,
        with_passkey=stepping.terms().site is not None, **offered(half.person, form),
    )  # fmt: skip
