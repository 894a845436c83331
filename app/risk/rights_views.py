"""The pages of intellectual property: the public register, the form that enters a mark, what is found and suspended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.errors import Conflict, Invalid
from app.identity.stepping import stepped
from app.requirements.finders import current_edition
from app.requirements.inquiry import day_of
from app.reviews import naming
from app.reviews.calendars import calendar_of
from app.reviews.releasing import find_released
from app.risk import registering, rights_words, suspending
from app.risk import rights_finders as finders
from app.risk import rights_policy as policy
from app.risk.registering import MarkMeant
from app.risk.rights_lifecycle import SUSPENSION
from app.risk.rights_models import ProtectedMark, Suspension
from app.shell import t
from app.web import actor, back, guard, public

blueprint = Blueprint("rights", __name__, url_prefix="/intellectual-property")
FIELDS = ("number", "holder", "email", "language", "mark", "prefixes", "until")


@blueprint.get("")
@public
def register() -> str:
    """The public register: marks, holders, goods, until when. Never where a holder is told."""
    search = request.args.get("q", "").strip()[:100]
    page = finders.list_published(request.args.get("cursor"), search=search)
    return render_template("risk/marks.html", page=page, search=search, policy=policy)


@blueprint.get("/new")
@guard(policy.enter)
def new() -> str:
    """The form that enters a mark."""
    return _form(dict.fromkeys(FIELDS, "") | {"language": "ru"}, {})


@blueprint.post("/new")
@guard(policy.enter)
@stepped()
def enter() -> Any:
    """Enter it; a form that cannot be taken comes back as typed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    prefixes = tuple(typed["prefixes"].replace(",", " ").split())
    said = {name: typed[name] for name in FIELDS if name not in ("prefixes", "until")}
    try:
        mark = registering.enter(MarkMeant(**said, prefixes=prefixes, until=day_of(typed["until"])), by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _form(typed, _said(refusal)), refusal.status
    flash(_("The mark is entered. It is looked for in every package from now on."), "success")
    return back("rights.show", mark_id=mark.id)


@blueprint.get("/marks/<uuid:mark_id>")
@guard(policy.see, finders.get_mark)
def show(mark: ProtectedMark) -> str:
    """One mark, for customs."""
    return _page(mark)


@blueprint.post("/marks/<uuid:mark_id>/end")
@guard(policy.enter, finders.get_mark)
@stepped()
def end(mark: ProtectedMark) -> Any:
    """Take it off the register."""
    key, reason = mark.id, request.form.get("why", "")
    try:
        registering.end(mark, reason=reason, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _page(finders.get_mark(key, actor=actor()), reason, _said(refusal)), refusal.status
    flash(_("The mark has ended."), "success")
    return back("rights.show", mark_id=key)


@blueprint.get("/suspensions")
@guard(policy.see)
def suspensions() -> str:
    """What was found on goods, and what is suspended."""
    return _list()


@blueprint.post("/suspensions/<uuid:suspension_id>/<any(suspend,extend,dismiss,settle):deed>")
@guard(policy.settle, lambda suspension_id, deed, actor: finders.get_suspension(suspension_id, actor=actor))
@stepped()
def act(found: Suspension) -> Any:
    """Suspend, extend, let go, or write down how it ended: the last part of the address says which."""
    key, deed, reason = found.id, (request.view_args or {})["deed"], request.form.get("why", "")
    due_at = calendar_of(current_edition().customs).add_days(clock.now(), suspending.DAYS)
    deeds = {
        "suspend": lambda: suspending.suspend(found, due_at=due_at, gone=find_released, by=actor()),
        "extend": lambda: suspending.extend(found, due_at=due_at, by=actor()),
        "dismiss": lambda: suspending.dismiss(found, reason=reason, by=actor()),
        "settle": lambda: suspending.settle(found, outcome=request.form.get("outcome", ""), reason=reason, by=actor()),
    }
    try:
        deeds[deed]()
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return _list({str(key): dict(request.form)}, _said(refusal)), refusal.status
    flash(_("It is written down."), "success")
    return back("rights.suspensions")


def _list(typed: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> str:
    page = finders.list_open(actor(), request.args.get("cursor"))
    return render_template(
        "risk/suspensions.html", page=page, typed=typed or {}, errors=errors or {}, states=SUSPENSION.words,
        outcomes=rights_words.OUTCOMES, names=naming.names(), now=clock.now(), policy=policy,
    )  # fmt: skip


def _said(refusal: Invalid | Conflict) -> dict[str, str]:
    if isinstance(refusal, Invalid):
        return {one.field: f"{t(one.message)} {t(one.remedy)}" for one in refusal.faults}
    return {"": str(refusal.message)}


def _form(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template("risk/mark_new.html", typed=typed, errors=errors)


def _page(mark: ProtectedMark, reason: str = "", errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "risk/mark.html", mark=mark, policy=policy, reason=reason, errors=errors or {}, today=clock.today()
    )
