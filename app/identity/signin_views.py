"""The front door: home, signing in and out, and which hat to wear. Holds the blueprint of this room."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as WerkzeugResponse

from app import clock, database, shell, web
from app.access import NOBODY
from app.errors import Invalid, Refusal
from app.identity import finders, halfway, invitations, passwords, places, policy, sessions, signin, stepping
from app.identity.forms import NewPasswordForm, SignInForm, show_faults
from app.identity.halfway import Half
from app.identity.models import Membership, Person, SignInSession
from app.identity.sessions import SignedIn
from app.web import guard, public
from config import Settings

blueprint = Blueprint("identity", __name__)
log = logging.getLogger("akno.identity")

HALF = "half"
"""Where the cookie keeps the token of half a session."""
_STAYS_HERE = re.compile(r"/(?!/)[^\s\\\x00-\x1f\x7f]*")
"""A path on this host without blanks or backslashes, for browsers drop tabs and turn backslashes (S-REDIR)."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["akno.settings"]
    passwords.use_cost(settings.argon2_memory_kib)
    manager = LoginManager()
    manager.session_protection = None  # a session is its token in our table; an address may change on the road
    manager.init_app(state.app)
    manager.user_loader(_find)
    stepping.init_stepping(state.app)


def _find(token: str) -> SignedIn | None:
    """Whom a cookie stands for. A page that says that the database cannot be had is shown to whoever asked, unknown."""
    if not database.is_open():
        return None
    settings: Settings = current_app.extensions["akno.settings"]
    return sessions.find(token, idle=current_app.permanent_session_lifetime, required_of=settings.factors_required_of)


@blueprint.before_app_request
def _know_the_actor() -> None:
    if request.endpoint in ("static", "bootstrap.static") or request.path.startswith("/api/"):
        return
    g.actor = current_user.actor if current_user.is_authenticated else NOBODY
    # What a page asks by itself (a list that keeps itself fresh) is no sign that somebody is there.
    by_itself = request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"
    if current_user.is_authenticated and not by_itself and sessions.is_stale(current_user):
        _leave_the_moment(current_user.session_id)


def _leave_the_moment(session_id: uuid.UUID) -> None:
    """Once a minute a session remembers that it is used: with the request's own writing, else in a small one of its own."""
    if web.writes():
        sessions.touch(session_id)
        return
    try:
        with web.remembering(waiting=False):
            sessions.touch(session_id)
    except database.Busy:
        log.warning("the last use of a session could not be remembered")


def limits() -> signin.Limits:
    """Return the limits that the settings ask for."""
    settings: Settings = current_app.extensions["akno.settings"]
    window = timedelta(minutes=settings.sign_in_window_minutes)
    return signin.Limits(settings.sign_in_attempts, window, settings.session_hours, settings.factors_required_of)


def current_session() -> SignInSession:
    """Return the row of the session of this request."""
    return finders.get_session(current_user.session_id, actor=web.actor())


def _wear(opened: SignedIn | Half) -> None:
    """Begin a fresh cookie with the new token: nothing of the old session is carried over but the language. Half a session has a
    place of its own in it, where no guard looks."""
    language = cookie.get("language")
    cookie.clear()
    cookie.permanent = True
    if language:
        cookie["language"] = language
    if isinstance(opened, Half):
        cookie[HALF] = opened.token
    else:
        login_user(opened)


def safe_next(address: str | None) -> str | None:
    """Return the address to go on to when it stays on this host, else None."""
    return iri_to_uri(address) if address and _STAYS_HERE.fullmatch(address) else None


@blueprint.get("/")
@public
def home() -> Any:
    """The front door: what the window is for; who has signed in goes to the room of their work."""
    if web.actor().signed_in:
        return redirect(shell.first_room(web.actor()))
    return render_template("identity/home.html")


@blueprint.get("/sign-in")
@public
def sign_in() -> Any:
    """Ask who is there."""
    if web.actor().signed_in:
        return redirect(safe_next(request.args.get("next")) or url_for("identity.home"))
    return _ask(SignInForm())


@blueprint.post("/sign-in")
@public
def sign_in_post() -> Any:
    """Open a session; the same answer for a wrong password and for nobody's address."""
    form = SignInForm()
    if not form.validate():
        web.refuse(Refusal())
        return _ask(form), 422
    try:
        # The password is weighed before the request's own transaction begins: SQLite's one writer does not wait for it.
        with database.looking(current_app.extensions["akno.database"]):
            known = signin.recognise(
                form.email.data, form.password.data, address=request.remote_addr or "", limits=limits()
            )
        opened, memberships = signin.sign_in(known, user_agent=request.user_agent.string, limits=limits())
    except signin.WrongPassword as error:
        return _refused(form, error, _("E-mail and password do not belong together. Check both and try again."))
    except signin.NoPlace as error:
        words = _("Your account belongs to no organisation today. Ask the administrator of the window for a place.")
        return _refused(form, error, words)
    except signin.TooManyTries as error:
        minutes = max(1, round(error.retry_after / 60))
        words = _("Too many wrong passwords. Try again in %(minutes)s min.", minutes=minutes)
        page, status = _refused(form, error, words)
        return page, status, {"Retry-After": str(error.retry_after)}
    return let_in(opened, choose=len(memberships) > 1)


def let_in(opened: SignedIn | Half, *, choose: bool = False) -> WerkzeugResponse:
    """Lead on whoever has signed in: to the second factor that is missing, to the choice of hats, or to where they wanted."""
    following = safe_next(request.args.get("next"))
    _wear(opened)
    if isinstance(opened, Half):
        return web.back(
            "identity.code" if opened.waits_for == halfway.FACTOR else "identity.first_factor", next=following
        )
    if choose:
        return web.back("identity.hats", next=following)
    return redirect(following or url_for("identity.home"), code=303)


def _ask(form: SignInForm) -> str:
    return render_template("identity/sign_in.html", form=form, following=safe_next(request.args.get("next")))


def _refused(form: SignInForm, error: Refusal, words: str) -> tuple[str, int]:
    web.refuse(error)
    g.keep_refusal = True  # the failed attempt is remembered although the request is refused
    form.form_errors.append(words)
    return _ask(form), error.status


@blueprint.post("/sign-out")
@guard(policy.know_oneself)
def sign_out() -> WerkzeugResponse:
    """End the session in our table and empty the cookie."""
    signin.sign_out(current_session(), by=web.actor())
    logout_user()
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    flash(_("You have signed out."), "success")
    answer = redirect(url_for("identity.home"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/hats")
@guard(policy.know_oneself)
def hats() -> str:
    """The organisations this person can act for today."""
    memberships = finders.list_memberships(current_user.actor.person_id, clock.today())
    return render_template(
        "identity/hats.html",
        memberships=memberships,
        worn=current_user.membership_id,
        following=safe_next(request.args.get("next")),
    )


@blueprint.post("/hats/<uuid:membership_id>")
@guard(policy.know_oneself, finders.get_own_membership)
def wear(membership: Membership) -> WerkzeugResponse:
    """Act for another of one's organisations, in a new session."""
    return let_in(signin.change_hat(current_session(), membership, limits=limits(), by=web.actor()))


@blueprint.get("/invitations/<token>")
@public
def invitation(token: str) -> str:
    """Where an invited person sets a password."""
    return _welcome(token, NewPasswordForm())


@blueprint.post("/invitations/<token>")
@public
def invitation_post(token: str) -> Any:
    """Set the password; the link is used up."""
    form = NewPasswordForm()
    try:
        if form.validate():
            return after_link(invitations.accept(token, form.password.data))
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _welcome(token, form), 422


def after_link(person: Person) -> WerkzeugResponse:
    """Lead on whoever followed a fresh link of ours and set a password: to a first second factor where one is needed."""
    half = signin.begin_enrolment(
        person, user_agent=request.user_agent.string, network=places.network_digest(request.remote_addr or ""),
        limits=limits(),
    )  # fmt: skip
    if half is not None:
        return let_in(half)
    flash(_("Your password is set. Sign in with it."), "success")
    return web.back("identity.sign_in")


def _welcome(token: str, form: NewPasswordForm) -> str:
    person = invitations.get_invited(token)
    return render_template("identity/invitation.html", form=form, person=person, token=token)
