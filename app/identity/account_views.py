"""My account: language, password, sessions."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, render_template
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import shell, web
from app.errors import Invalid, Refusal
from app.identity import accounts, factors, finders, passwords, policy, proving, sessions, signin
from app.identity.forms import LanguageForm, PasswordForm, show_faults
from app.identity.models import SignInSession
from app.identity.signin_views import blueprint, current_session
from app.identity.stepping import FreshProof, stepped, terms
from app.identity.tries import TooManyTries
from app.identity.wording import fault, refuse
from app.web import guard


def _me() -> Any:
    return finders.get_person(current_user.actor.person_id)


def _page(**forms: Any) -> str:
    actor, person = web.actor(), _me()
    language = forms.get("language_form") or LanguageForm(language=shell.language())
    return render_template(
        "identity/account.html",
        person=person,
        language_form=language,
        password_form=forms.get("password_form") or PasswordForm(),
        sessions=finders.list_sessions(actor.person_id) if actor.person_id else [],
        device=sessions.device,
        settings=current_app.extensions["akno.settings"],
        this_session=current_user.session_id,
        with_factor=factors.has_any(person.id),
        refusal=forms.get("refusal"),
        with_keys=policy.manage_keys(actor).ok,
    )


@blueprint.get("/account")
@guard(policy.know_oneself)
def account() -> str:
    """Who I am here."""
    return _page()


@blueprint.post("/account/language")
@guard(policy.know_oneself)
def language_post() -> Any:
    """Remember my language."""
    form = LanguageForm()
    if not form.validate():
        web.refuse(Refusal())
        return _page(language_form=form), 422
    accounts.change_language(_me(), form.language.data)
    cookie["language"] = form.language.data
    return web.back("identity.account", lang=form.language.data)


@blueprint.post("/account/password")
@guard(policy.know_oneself)
@stepped(again=lambda refusal: _unproven(refusal), when=lambda: factors.has_any(current_user.actor.person_id))
def password_post() -> Any:
    """Change my password; my other sessions end."""
    form, person = PasswordForm(), _me()
    try:
        if form.validate():
            # Counted: a session that was left open is no place to guess at its owner's password.
            proving.prove_password(person, current_session(), form.current.data, terms=terms(), by=web.actor())
            own = [person.full_name, *(held.organisation.name for held in person.memberships)]
            refuse(passwords.weaknesses(form.password.data, person.email, about=own))
            signin.change_password(person, form.password.data, keep=current_session(), by=web.actor())
            flash(_("Your password is changed. Your other sessions have ended."), "success")
            return web.back("identity.account")
    except Invalid as error:
        show_faults(form, error.faults)
    except proving.WrongProof:
        g.keep_refusal = True  # the wrong try is remembered although the request is refused
        show_faults(form, [fault("PASSWORD-WRONG", "current")])
    except TooManyTries as error:
        web.refuse(error)
        minutes = max(1, round(error.retry_after / 60))
        form.form_errors.append(_("Too many wrong passwords. Try again in %(minutes)s min.", minutes=minutes))
        return _page(password_form=form), error.status, {"Retry-After": str(error.retry_after)}
    web.refuse(Refusal())
    return _page(password_form=form), 422


def _unproven(refusal: FreshProof) -> str:
    """The page once more, with the field for the code; passwords are typed again, for no page brings them back."""
    web.refuse(refusal)
    return _page(password_form=PasswordForm(), refusal=refusal)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@guard(policy.know_oneself, finders.get_session)
def session_end(row: SignInSession) -> Any:
    """End one of my sessions elsewhere."""
    sessions.end(row, by=web.actor())
    flash(_("That session has ended."), "success")
    return web.back("identity.account", _anchor="sessions")


@blueprint.post("/account/sessions/end-others")
@guard(policy.know_oneself)
def sessions_end_others() -> Any:
    """End all of my sessions but this one."""
    me = web.actor()
    number = sessions.end_others(me.person_id, except_id=current_user.session_id, by=me) if me.person_id else 0
    flash(ngettext("%(num)d other session has ended.", "%(num)d other sessions have ended.", number), "success")
    return web.back("identity.account", _anchor="sessions")
