"""Stepping up: before something is signed, the person shows again who they are, on the page where they stand (ASVS 7.5.3).

``stepped`` marks a view that asks for it; the mark is what the architecture test reads. A proof given with the form is taken in a
transaction of its own before the view begins: it holds although the form has faults, and a wrong one is counted although nothing
is done. It holds for ``Settings.step_up_minutes`` from the moment it was given; work does not prolong it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import current_app, g, render_template, request
from flask_login import current_user

from app import clock, database, web
from app.errors import Fault, Invalid, Refusal
from app.identity import factors, passkeys, proving
from app.identity.factor_wording import fault
from app.identity.finders import get_person, get_session
from app.identity.proving import NotHere, Proof, Terms, WrongProof
from app.identity.tries import TooManyTries

CODE, PASSKEY = "step_code", "step_passkey"
"""The fields in which a form brings a proof."""
View = Callable[..., Any]


@dataclass
class FreshProof(Invalid):
    """The proof of who signs is missing, too old or wrong; ``status`` is 403 when it is only missing."""

    status: int = 422
    retry_after: int = 0


def terms() -> Terms:
    """Return the terms that the settings ask for."""
    settings = current_app.extensions["akno.settings"]
    window = timedelta(minutes=settings.sign_in_window_minutes)
    return Terms(settings.factor_attempts, window, passkeys.site_of(settings.base_url))


def is_fresh() -> bool:
    """Whether who asks has proven who they are a short while ago; for what is the person's own, not by an agency's word."""
    if getattr(_view(), "stepped_own", False) and getattr(current_user, "proven_by", "") == factors.PROVIDER:
        return False
    at = current_user.proven_at if current_user.is_authenticated else None
    minutes = current_app.extensions["akno.settings"].step_up_minutes
    return at is not None and clock.now() - at < timedelta(minutes=minutes)


def _view() -> View | None:
    return current_app.view_functions.get(request.endpoint or "")


def require_fresh() -> None:
    """Raise FreshProof unless who asks has proven who they are a short while ago."""
    if is_fresh():
        return
    raise g.get("step_refusal") or FreshProof([_said("STEP-ASKED")], 403)


def _said(code: str) -> Fault:
    """A finding in the words for what this person shows: a code, or the password again."""
    return fault(f"{code}-PASSWORD" if asked().password else code, CODE)


def stepped(
    *, again: Callable[..., Any] | None = None, when: Callable[[], bool] | None = None, own: bool = False
) -> Callable[[View], View]:
    """Mark a view below its guard: it is not begun without a fresh proof.

    ``again`` shows the page once more with what was typed: it takes what the view takes, and the FreshProof. Without it a page of
    ours carries the form on. ``when``: the form alone says whether it is needed. ``own``: an agency's provider is not enough, for
    what is changed opens more than that agency's house.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def proven(*args: Any, **values: Any) -> Any:
            if when is not None and not when():
                return view(*args, **values)
            try:
                require_fresh()
            except FreshProof as refusal:
                return _shown(refusal, again, *args, **values)
            return view(*args, **values)

        return web.marked(proven, stepped=True, stepped_own=own)

    return decorate


def _shown(refusal: FreshProof, again: View | None, *args: Any, **values: Any) -> Any:
    if again is not None:
        page = again(*args, refusal, **values)
    else:
        web.refuse(refusal)
        page = render_template("identity/step.html", refusal=refusal, carried=_carried(), action=request.full_path)
    return page, refusal.status, {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}


def _carried() -> list[tuple[str, str]]:
    """What the form held, to be sent once more; files cannot be carried, and no such form has any; a password is never sent back."""
    ours = ("csrf_token", CODE, PASSKEY, "password", "current", "again")
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ours]


def take_proof() -> None:
    """Take the proof that came with a form, when its view asks for one: before the view, and kept whatever the view does."""
    if request.method != "POST" or not getattr(_view(), "stepped", False) or not current_user.is_authenticated:
        return
    proof = Proof(request.form.get(CODE, ""), request.form.get(PASSKEY, ""))
    if not proof or is_fresh():
        return
    by = current_user.actor
    try:
        row = get_session(current_user.session_id, actor=by)
        kind = proving.step_up(row, proof, terms=terms(), by=by)
        g._login_user = replace(current_user._get_current_object(), proven_at=row.proven_at, proven_by=kind)
    except WrongProof as refusal:
        g.step_refusal = _wrong(refusal, _said("STEP-WRONG"))
    except NotHere as refusal:
        g.step_refusal = _wrong(refusal, fault("STEP-ELSEWHERE", CODE))
    except TooManyTries as refusal:
        g.step_refusal = _wrong(refusal, _said("STEP-TIRED"), refusal.retry_after)
    database.close_session(keep=True)
    database.open_session(current_app.extensions["akno.database"], writing=g.writing)


def _wrong(refusal: Refusal, said: Fault, retry_after: int = 0) -> FreshProof:
    return FreshProof([said], refusal.status, retry_after)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form says of the proof it needs: whether it is asked for now, by what, and in the demonstration the code itself.
    ``elsewhere``: nothing that could be typed here proves it, only another sign-in."""

    asked: bool
    password: bool = False
    shown: str = ""
    elsewhere: bool = False


def asked() -> Asked:
    """Return what the page's form is to ask; templates call it as ``step()``."""
    if is_fresh() or not current_user.is_authenticated:
        return Asked(False)
    person_id = current_user.actor.person_id
    shown = ""
    if current_app.extensions["akno.settings"].demonstration:
        shown = factors.made_up_code(get_person(person_id))
    bare = not shown and not factors.has_any(person_id)
    elsewhere = bare and current_user.proven_by in factors.STRONG
    return Asked(True, bare and not elsewhere, shown, elsewhere)


def init_stepping(app: Any) -> None:
    """Let every template ask."""
    app.jinja_env.globals["step"] = asked
