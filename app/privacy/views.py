"""My data; and, for the administrator, erasing somebody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import web
from app.documents import serving
from app.errors import Conflict, Invalid
from app.identity import finders as identity
from app.identity.models import Person
from app.identity.stepping import stepped
from app.privacy import erasing, exporting, policy, tables
from app.privacy.models import Erasure, PersonExport
from app.shell import t
from app.web import back, guard

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/account/data")
@guard(policy.export_oneself)
def own() -> str:
    """What is held about me, how long things are kept, and a copy of it."""
    return render_template(
        "privacy/own.html", kept=tables.kept(), exports=exporting.list_exports(web.actor()), places=tables.places(),
        actions=tables.ACTIONS,
    )  # fmt: skip


@blueprint.post("/account/data/export")
@guard(policy.export_oneself)
def export() -> Any:
    """Ask for a copy of everything that is held about me."""
    exporting.ask(by=web.actor())
    flash(_("Your data are being put together. Look here again in a minute; they stay for a day."), "success")
    return back("privacy.own", _anchor="copy")


@blueprint.get("/account/data/exports/<uuid:export_id>")
@guard(policy.export_oneself, exporting.get_export)
def fetch(row: PersonExport) -> Any:
    """The copy, as a ZIP."""
    return serving.attachment(row.content or b"", "akno-my-data.zip", "application/zip", conditional=False)


# --- erasing ------------------------------------------------------------------------------------------------------


@blueprint.get("/people/<uuid:person_id>/erase")
@guard(policy.erase, identity.get_person)
def form(person: Person) -> str:
    """What an erasure would do, what stands in its way, and the form."""
    return _page(person)


@blueprint.post("/people/<uuid:person_id>/erase")
@guard(policy.erase, identity.get_person)
@stepped()
def ask(person: Person) -> Any:
    """Ask for it with a reason; another administrator confirms."""
    key, reason = person.id, request.form.get("reason", "")
    try:
        row = erasing.ask(person, reason=reason, by=web.actor())
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return _page(identity.get_person(key), reason, refusal), refusal.status
    if row.done_at is not None:
        return _done(row)
    flash(_("The erasure waits: another administrator confirms it on this page."), "success")
    return back("privacy.form", person_id=key)


@blueprint.post("/erasures/<uuid:erasure_id>/confirm")
@guard(policy.settle, erasing.get_erasure)
@stepped()
def confirm(erasure: Erasure) -> Any:
    """Erase, as the second administrator."""
    key = erasure.person_id
    try:
        row = erasing.confirm(erasure, by=web.actor())
    except Conflict as refusal:
        web.refuse_and_read(refusal)
        return _page(identity.get_person(key), "", refusal), refusal.status
    return _done(row)


@blueprint.post("/erasures/<uuid:erasure_id>/drop")
@guard(policy.drop, erasing.get_erasure)
def drop(erasure: Erasure) -> Any:
    """Take it back before it is done."""
    erasing.drop(erasure, by=web.actor())
    flash(_("The erasure is taken back; nothing was erased."), "success")
    return back("privacy.form", person_id=erasure.person_id)


def _done(row: Erasure) -> Any:
    flash(
        _("The person is erased. The record of events and official acts stay, and name nobody but by number."),
        "success",
    )
    return back("identity.person", person_id=row.person_id)


def _page(person: Person, reason: str = "", refusal: Invalid | Conflict | None = None) -> str:
    waiting = erasing.find_waiting(person.id)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in faults}
    if isinstance(refusal, Conflict):
        errors[""] = str(refusal.message)
    return render_template(
        "privacy/erase.html",
        person=person,
        erased=erasing.is_erased(person),
        waiting=waiting,
        may_settle=waiting is not None and bool(policy.settle(web.actor(), waiting)),
        hindrances=erasing.hindrances(person),
        places=tables.places(),
        actions=tables.ACTIONS,
        reason=reason,
        errors=errors,
        most=erasing.MOST,
    )
