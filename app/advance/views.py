"""Advance information on the side of those who send it: list, form, file, one, changes, receipts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from app import web
from app.access import can
from app.advance import filing, finders, forms, naming, policy, reading, writing
from app.advance.lifecycle import ADVANCE
from app.advance.message import from_dict
from app.advance.models import AdvanceInfo, AdvanceReceipt
from app.errors import Fault, Invalid
from app.requirements.finders import current_edition
from app.shell import t
from app.web import actor, back, guard

blueprint = Blueprint("advance", __name__, url_prefix="/advance")


@blueprint.get("")
@guard(policy.list_own)
def index() -> str:
    """What one's organisation sent, carries, keeps or will declare."""
    search, status = " ".join(request.args.get("q", "").split())[:35], request.args.get("status", "")
    status = status if status in ADVANCE.states else ""
    page = finders.list_advances(actor(), request.args.get("cursor"), search=search, status=status)
    return render_template(
        "advance/index.html", page=page, search=search, status=status, policy=policy, **naming.words()
    )


@blueprint.get("/new")
@guard(policy.file)
def new() -> str:
    """The empty form, with what is known of the sender in it."""
    return _form(_known(), {}, url_for("advance.send"))


def _known() -> dict[str, str]:
    who = actor()
    box = {"carrier": "carrier", "trader": "consignee"}.get(who.kind)
    return {"mode": "3", "direction": "import", "rows": str(forms.ROWS)} | ({box: who.unp} if box else {})


@blueprint.post("/new")
@guard(policy.file)
def send() -> Any:
    """Take in a filled form: registered, or shown again with every fault at its box."""
    return _take_form(None)


@blueprint.get("/file")
@guard(policy.file)
def choose() -> str:
    """The page to choose an XML file."""
    return render_template("advance/upload.html", error="")


@blueprint.post("/file")
@guard(policy.file)
def upload() -> Any:
    """Take in a file; ends at what it registered, or at its receipt with the faults."""
    given = request.files.get("message")
    if given is None or not given.filename:
        return render_template("advance/upload.html", error=_("Choose the XML file.")), 422
    # One byte more than is read tells a message that is too large; the rest of it is not taken into memory.
    body = given.stream.read(reading.MAX_BYTES + 1)
    receipt = filing.file(body, channel="xml", by=actor(), body_name=given.filename)
    return _to(receipt)


def _to(receipt: AdvanceReceipt) -> Any:
    if receipt.advance is None:
        return back("advance.receipt", advance_receipt_id=receipt.id)
    said = {
        "registered": _("Registered under the number %(number)s.", number=receipt.advance.number),
        "amended": _("The change is registered as version %(version)s.", version=receipt.version),
    }
    if receipt.fresh:
        flash(said[receipt.outcome], "success")
    return back("advance.show", advance_id=receipt.advance_id)


@blueprint.get("/receipts/<uuid:advance_receipt_id>")
@guard(policy.read_receipt, finders.get_receipt)
def receipt(found: AdvanceReceipt) -> str:
    """One receipt with its faults."""
    return render_template("advance/receipt.html", receipt=found, faults=[Fault.from_dict(one) for one in found.faults])


@blueprint.get("/<uuid:advance_id>")
@guard(policy.read_own, finders.get_advance)
def show(found: AdvanceInfo) -> str:
    """One, as its own side sees it."""
    return _page(found)


@blueprint.get("/<uuid:advance_id>/change")
@guard(policy.amend, finders.get_advance)
def change(found: AdvanceInfo) -> Any:
    """The form with what holds now."""
    message = from_dict(finders.get_version(found).facts)
    if not forms.fits(message):
        flash(
            _("This message says more than the form has places for. Send the changed file under the same reference."),
            "info",
        )
        return back("advance.choose")
    return _form(forms.fill(message), {}, url_for("advance.send_change", advance_id=found.id), found)


@blueprint.post("/<uuid:advance_id>/change")
@guard(policy.amend, finders.get_advance)
def send_change(found: AdvanceInfo) -> Any:
    """Take in a changed form."""
    return _take_form(found)


@blueprint.post("/<uuid:advance_id>/withdraw")
@guard(policy.amend, finders.get_advance)
def withdraw(found: AdvanceInfo) -> Any:
    """Take it back: the goods do not come."""
    advance_id, reason = found.id, request.form.get("reason", "")
    try:
        filing.withdraw(found, reason=reason, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return _page(finders.get_advance(advance_id, actor=actor()), _errors(refusal.faults), reason), 422
    flash(_("The information is withdrawn."), "success")
    return back("advance.show", advance_id=advance_id)


# --- the form -----------------------------------------------------------------------------------------------------------


def _take_form(onto: AdvanceInfo | None) -> Any:
    action = url_for("advance.send_change", advance_id=onto.id) if onto is not None else url_for("advance.send")
    values = {name: text for name, text in request.form.items() if name != "csrf_token"}
    if "more" in values:
        values["rows"] = str(min(forms.rows_of(values) + forms.MORE, forms.MOST_ROWS))
        return _form(values, {}, action, onto)
    message, faults = forms.read(values)
    if message is None:
        return _again(values, faults, action, onto)
    taken = filing.file(
        writing.write(message), channel="web", by=actor(), body_name=f"{message.reference}.xml"[:255], onto=onto
    )
    if taken.outcome == "refused":
        # What arrived is kept with its receipt; the form comes back with everything that was typed.
        g.keep_refusal = True
        found = [Fault.from_dict(one) for one in taken.faults]
        return _form(forms.fill(message), _errors(found), action, onto), 422
    return _to(taken)


def _again(values: Mapping[str, str], faults: list[Fault], action: str, onto: AdvanceInfo | None) -> Any:
    web.refuse(Invalid(faults))
    return _form(values, _errors(faults), action, onto), 422


def _errors(faults: Any) -> dict[str, str]:
    return {one.field: f"{t(one.message)} {t(one.remedy)}" for one in reversed(list(faults))}


def _form(values: Mapping[str, str], errors: dict[str, str], action: str, onto: AdvanceInfo | None = None) -> str:
    edition = current_edition()
    order = [
        *forms.BOXES,
        *(forms.box(at, name) for at in range(1, forms.rows_of(values) + 1) for name in forms.COLUMNS),
    ]
    sorted_errors = {name: errors[name] for name in order if name in errors}
    return render_template(
        "advance/form.html", typed=values, errors=sorted_errors | errors, action=action, onto=onto,
        rows=range(1, forms.rows_of(values) + 1), posts=naming.posts(edition), mode_choices=naming.mode_choices(),
        **naming.words(),
    )  # fmt: skip


def _page(found: AdvanceInfo, errors: dict[str, str] | None = None, reason: str = "") -> str:
    versions = finders.list_versions(found)
    mine = actor().organisation_id
    return render_template(
        "advance/show.html", advance=found, message=from_dict(versions[0].facts), versions=versions,
        movements=finders.list_movements(found), errors=errors or {}, reason=reason, policy=policy,
        foretold=found.foretold if mine == found.trader_id else None, may_report=can(policy.report, actor(), found),
        **naming.words(),
    )  # fmt: skip
