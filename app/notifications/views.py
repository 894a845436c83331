"""The pages of notices: the list with its unread ones, and how one wants to be told. Also the count in every page's head."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app import web
from app.database import session
from app.errors import Invalid
from app.notifications import choices, finders, policy, reading, told
from app.notifications.choices import Choice
from app.notifications.lettering import headline, said
from app.notifications.models import Notice
from app.shell import language, t
from app.web import back, guard

blueprint = Blueprint("notifications", __name__)


@blueprint.app_context_processor
def _unread() -> dict[str, Callable[[], int]]:
    """Give every page the number of unread notices; only the head asks for it, so an answer without one costs nothing."""
    return {"unread_notices": _count}


def _count() -> int:
    if "unread_notices" not in g:
        person = web.actor().person_id
        try:
            g.unread_notices = finders.count_unread(person) if person else 0
        except (RuntimeError, sa.exc.SQLAlchemyError):
            # The page says that something went wrong, and its transaction is over: the head does without.
            g.unread_notices = 0
    return int(g.unread_notices)


@blueprint.get("/notices")
@guard(policy.have_notices)
def index() -> str:
    """What I was told, newest first."""
    page = finders.list_notices(web.actor(), request.args.get("cursor"))
    return render_template(
        "notifications/list.html",
        page=page,
        houses=finders.find_houses(page.rows),
        headline=headline,
        said=lambda notice: said(notice.facts, language()),
        told_nothing=not told.side_of(web.actor().kind),
    )


@blueprint.post("/notices/<uuid:notice_id>/open")
@guard(policy.have_notices, finders.get_notice)
def follow(notice: Notice) -> Any:
    """Mark a notice as read and go where it leads."""
    reading.read(notice, by=web.actor())
    return redirect(notice.path, code=303)


@blueprint.post("/notices/<uuid:notice_id>/read")
@guard(policy.have_notices, finders.get_notice)
def read(notice: Notice) -> Any:
    """Mark a notice as read."""
    reading.read(notice, by=web.actor())
    return back("notifications.index", cursor=request.form.get("cursor") or None)


@blueprint.post("/notices/read")
@guard(policy.have_notices)
def read_all() -> Any:
    """Mark all notices as read."""
    number = reading.read_all(by=web.actor())
    flash(ngettext("%(num)d notice is marked as read.", "%(num)d notices are marked as read.", number), "success")
    return back("notifications.index")


@blueprint.get("/notices/settings")
@guard(policy.have_notices)
def settings() -> str:
    """What I want to be told, and how."""
    return _settings_page(choices.of_person(web.actor(), _side()))


@blueprint.post("/notices/settings")
@guard(policy.have_notices)
def settings_post() -> Any:
    """Remember what I want to be told."""
    typed = {
        row.event: Choice(f"window-{row.event}" in request.form, request.form.get(f"mail-{row.event}", ""))
        for row in told.ROWS
        if row.side == _side()
    }
    try:
        choices.choose(typed, side=_side(), by=web.actor())
    except Invalid as refusal:
        web.refuse(refusal)
        session().rollback()
        errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
        return _settings_page(typed, errors), 422
    flash(_("We tell you as you chose."), "success")
    return back("notifications.settings")


def _side() -> str:
    return told.side_of(web.actor().kind)


def _settings_page(chosen: Any, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "notifications/settings.html",
        rows=[row for row in told.ROWS if row.side == _side()],
        chosen=chosen,
        errors=errors or {},
        mails=list(told.MAILS.items()),
    )
