"""Ways in for those who cannot sign in: a forgotten password, and the link of break-glass."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _

from app import web
from app.errors import Invalid, Refusal
from app.identity import breakglass, links, places, resetting
from app.identity.forms import ForgottenForm, NewPasswordForm, show_faults
from app.identity.signin import TooManyTries
from app.identity.signin_views import after_link, blueprint, let_in
from app.web import public


@blueprint.app_context_processor
def _glass() -> dict[str, Any]:
    """Let every page say that it is seen through broken glass."""
    return {"glass_broken": web.actor().channel == "glass"}


@blueprint.app_errorhandler(links.DeadLink)
def _dead_link(error: links.DeadLink) -> tuple[str, int]:
    """Say what to do with a link that leads nowhere, in the same words whatever it was."""
    web.refuse(error)
    return render_template("identity/dead_link.html"), error.status


@blueprint.get("/forgotten")
@public
def forgotten() -> str:
    """Ask for which account."""
    return render_template("identity/forgotten.html", form=ForgottenForm())


@blueprint.post("/forgotten")
@public
def forgotten_post() -> Any:
    """Let a letter be posted, if there is such an account; the answer does not say whether there is."""
    form = ForgottenForm()
    if not form.validate():
        web.refuse(Refusal())
        return render_template("identity/forgotten.html", form=form), 422
    try:
        resetting.ask(form.email.data, address=request.remote_addr or "")
    except TooManyTries as error:
        web.refuse(error)
        minutes = max(1, round(error.retry_after / 60))
        form.form_errors.append(_("Too many requests. Try again in %(minutes)s min.", minutes=minutes))
        return render_template("identity/forgotten.html", form=form), 429, {"Retry-After": str(error.retry_after)}
    return web.back("identity.forgotten_sent")


@blueprint.get("/forgotten/sent")
@public
def forgotten_sent() -> str:
    """The same words for everybody."""
    demonstration = current_app.extensions["akno.settings"].demonstration
    return render_template("identity/forgotten_sent.html", demonstration=demonstration)


@blueprint.get("/reset/<token>")
@public
def reset(token: str) -> str:
    """Where a letter leads: set a new password."""
    return _new_password(token, NewPasswordForm())


@blueprint.post("/reset/<token>")
@public
def reset_post(token: str) -> Any:
    """Set it; the link is used up and every session of the account has ended."""
    form = NewPasswordForm()
    try:
        if form.validate():
            return after_link(resetting.accept(token, form.password.data))
    except Invalid as error:
        show_faults(form, error.faults)
    web.refuse(Refusal())
    return _new_password(token, form), 422


def _new_password(token: str, form: NewPasswordForm) -> str:
    person = resetting.get_asking(token)
    return render_template("identity/reset.html", form=form, person=person, token=token)


@blueprint.get("/break-glass/<token>")
@public
def glass(token: str) -> str:
    """Where the console's link leads: say what happens before it does."""
    person = breakglass.get_awaited(token)
    return render_template("identity/glass.html", person=person, token=token, hours=breakglass.HOURS)


@blueprint.post("/break-glass/<token>")
@public
def glass_post(token: str) -> Any:
    """Open the session of one hour; the link is used up."""
    network = places.network_digest(request.remote_addr or "")
    return let_in(breakglass.enter(token, user_agent=request.user_agent.string, network=network))
