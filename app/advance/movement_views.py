"""Reports from the road by hand: the form of carriers and warehouses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import web
from app.advance import forms, naming, policy, reporting, seeing
from app.errors import Invalid
from app.requirements.finders import current_edition
from app.shell import t
from app.web import actor, back, guard

blueprint = Blueprint("movements", __name__, url_prefix="/movements")
BOXES = ("number", "kind", "on", "time", "post", "latitude", "longitude", "seals", "state")


@blueprint.get("")
@guard(policy.report_any)
def new() -> str:
    """The form of a report; ``number`` of the address is put into its box."""
    return _form({"number": request.args.get("number", "")[:20], "kind": "arrival", "state": seeing.WHOLE}, {})


@blueprint.post("")
@guard(policy.report_any)
def send() -> Any:
    """Take in a report."""
    typed = {name: request.form.get(name, "").strip() for name in BOXES}
    try:
        made = reporting.report(_said(typed), by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {one.field: f"{t(one.message)} {t(one.remedy)}" for one in reversed(refusal.faults)}
        return _form(typed, {box: errors[box] for box in BOXES if box in errors}), 422
    flash(_("The report is taken."), "success")
    return back("advance.show", advance_id=made.advance_id)


def _said(typed: Mapping[str, str]) -> reporting.Said:
    """Put the boxes into the words of the activity. A number of ours goes as one; anything else is a vehicle or container."""
    numbers = [part.strip() for part in re.split(r"[,;]", typed["seals"]) if part.strip()]
    state = typed["state"] if typed["state"] in (seeing.WHOLE, seeing.BROKEN) else seeing.WHOLE
    looked = bool(numbers) or (typed["kind"] == "seal" and typed["state"] == "none")
    named = typed["number"]
    ours = "/" in named
    return reporting.Said(
        kind=typed["kind"], at=forms.moment_of(typed["on"], typed["time"]), number=named if ours else "",
        vehicle="" if ours else named, latitude=_degrees(typed["latitude"]), longitude=_degrees(typed["longitude"]),
        post=typed["post"], seals=[(number, state) for number in numbers] if looked else None,
    )  # fmt: skip


def _degrees(text: str) -> Any:
    return forms.decimal_of(text) if text else None


def _form(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    posts = naming.posts(current_edition())
    return render_template("advance/report.html", typed=typed, errors=errors, posts=posts, **naming.words())
