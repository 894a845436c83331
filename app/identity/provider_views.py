"""Signing in by an agency's identity provider, and the administrator's word on who is who there."""

from __future__ import annotations

import logging
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app import database, shell, web
from app.errors import Invalid
from app.identity import finders, places, policy, provider, provider_ties
from app.identity.models import Person
from app.identity.signin_views import blueprint, let_in, limits
from app.identity.stepping import stepped
from app.shell import t
from app.web import guard, public
from config import Settings

log = logging.getLogger("akno.identity")
FLOW = "provider"
"""Where the cookie keeps what is compared when somebody comes back."""


@blueprint.app_context_processor
def _named() -> dict[str, Any]:
    """Let the pages know whether there is a provider, and what it is called."""
    settings: Settings = current_app.extensions["akno.settings"]
    return {"provider_name": settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""}


def _provider() -> provider.Provider:
    settings: Settings = current_app.extensions["akno.settings"]
    if not settings.oidc_issuer or settings.oidc_client_secret_file is None:
        abort(404)
    secret = _secret(settings.oidc_client_secret_file)
    return provider.Provider(settings.oidc_issuer, settings.oidc_client_id, secret, loopback=settings.demonstration)


@cache
def _secret(file: Path) -> str:
    return file.read_text(encoding="ascii").strip()


def _return_address() -> str:
    return f"{current_app.extensions['akno.settings'].base_url}{url_for('identity.provider_back')}"


@blueprint.get("/sign-in/provider")
@public
def provider_start() -> Any:
    """Leave for the provider. Nothing is written but the cookie."""
    asked = _provider()
    try:
        address, flow = provider.begin(asked, redirect_uri=_return_address(), language=shell.language())
    except provider.ProviderAway as error:
        return _away(error)
    cookie[FLOW] = asdict(flow)
    return redirect(address)


@blueprint.get("/sign-in/provider/back")
@public
def provider_back() -> Any:
    """Come back: the page carries on by itself where scripts run, else by one press. A GET writes nothing."""
    _provider()
    answer = {
        name: request.args.get(name, "")[:2048] for name in ("code", "state", "iss", "error") if name in request.args
    }
    return render_template("identity/provider_back.html", answer=answer)


@blueprint.post("/sign-in/provider/back")
@public
def provider_finish() -> Any:
    """Ask the provider who it is, and open the session."""
    asked, kept, settings = _provider(), cookie.pop(FLOW, None), current_app.extensions["akno.settings"]
    # Nobody waits for the provider with a transaction in hand: SQLite has one writer.
    database.close_session(keep=False)
    try:
        if kept is None:
            raise provider.NotRecognised("nobody left for the provider from this browser")
        known = provider.finish(asked, provider.Flow(**kept), request.form, redirect_uri=_return_address())
    except provider.ProviderAway as error:
        return _away(error)
    except provider.NotRecognised as error:
        log.warning("the provider recognised nobody: %s", error)
        web.refuse(error)
        return render_template("identity/provider_refused.html", subject=""), error.status
    finally:
        database.open_session(current_app.extensions["akno.database"], writing=True)
    try:
        opened = provider_ties.sign_in(
            known, provider=asked.issuer, agency=settings.oidc_agency, user_agent=request.user_agent.string,
            network=places.network_digest(request.remote_addr or ""), hours=limits().session_hours,
        )  # fmt: skip
    except provider_ties.NotLinked as error:
        web.refuse(error)
        return render_template("identity/provider_refused.html", subject=error.subject), error.status
    return let_in(opened)


def _away(error: provider.ProviderAway) -> tuple[str, int]:
    log.warning("the identity provider is away: %s", error)
    web.refuse(error)
    return render_template("identity/provider_away.html"), error.status


@blueprint.post("/people/<uuid:person_id>/provider")
@guard(policy.manage_people, finders.get_person)
@stepped()
def provider_link(found: Person) -> Any:
    """Link a person with a subject at the provider."""
    subject = request.form.get("subject", "")
    try:
        provider_ties.link(found, provider=_provider().issuer, subject=subject, by=web.actor())
    except Invalid as error:
        web.refuse(error)
        errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in error.faults}
        return _link_page(found, subject, errors), 422
    flash(_("%(name)s is linked and can sign in there.", name=found.full_name), "success")
    return web.back("identity.provider_ties", person_id=found.id)


@blueprint.post("/people/<uuid:person_id>/provider/end")
@guard(policy.manage_people, finders.get_person)
def provider_unlink(found: Person) -> Any:
    """Take the link away."""
    provider_ties.unlink(found, provider=_provider().issuer, by=web.actor())
    flash(_("%(name)s can no longer sign in there. Open sessions have ended.", name=found.full_name), "success")
    return web.back("identity.provider_ties", person_id=found.id)


@blueprint.get("/people/<uuid:person_id>/provider", endpoint="provider_ties")
@guard(policy.manage_people, finders.get_person)
def ties(found: Person) -> str:
    """Who a person is at the provider."""
    _provider()
    return _link_page(found, "", {})


def _link_page(found: Person, subject: str, errors: dict[str, str]) -> str:
    return render_template(
        "identity/provider_ties.html",
        person=found,
        ties=provider_ties.list_ties(found.id),
        subject=subject,
        errors=errors,
    )
