"""The page of a clearance, its paper and its deeds for those it concerns; verification for anyone is in ``verify_views``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from app import clock, web
from app.access import Actor
from app.clearance import finders, issuing, policy, revoking
from app.clearance.facts import ClearanceFacts, ranges
from app.clearance.models import Clearance
from app.clearance.verify_views import blueprint
from app.declarations import masking
from app.documents import serving
from app.documents.finders import get_blob
from app.errors import Invalid
from app.identity.stepping import stepped
from app.ledger import witnessing
from app.reviews import history, naming
from app.reviews.finders import find_names, get_review
from app.reviews.seeing import sight_of
from app.shell import t
from app.web import actor, back, guard

blueprint.add_app_template_filter(ranges, "ranges")


@blueprint.get("/clearances/<uuid:clearance_id>")
@guard(policy.read, finders.get_clearance)
def show(clearance: Clearance) -> str:
    """One clearance: which goods it lets go, whether it holds, what became of it, and what may be done with it."""
    witnessing.package_read(clearance.declaration_id)
    return _page(clearance)


@blueprint.get("/clearances/<uuid:clearance_id>/paper")
@guard(policy.download, finders.get_clearance)
def download(clearance: Clearance) -> Any:
    """The PDF, as an attachment named by its number."""
    witnessing.package_read(clearance.declaration_id)
    return serving.answer(get_blob(str(clearance.sha256)), f"{clearance.number}.pdf")


@blueprint.post("/clearances/<uuid:clearance_id>/revoke")
@guard(policy.ask_revocation, finders.get_clearance)
@stepped()
def revoke(clearance: Clearance) -> Any:
    """Ask for the revocation; another supervisor confirms it."""
    key, reason = clearance.id, request.form.get("reason", "")
    try:
        revoking.ask_revocation(clearance, reason=reason, by=actor())
    except Invalid as refusal:
        return _again(clearance, "revoke", reason, refusal)
    flash(_("You have asked for the revocation. The clearance holds until another supervisor confirms it."), "success")
    return back("clearance.show", clearance_id=key)


@blueprint.post("/clearances/<uuid:clearance_id>/confirm-revocation")
@guard(policy.settle_revocation, finders.get_clearance)
@stepped()
def confirm_revocation(clearance: Clearance) -> Any:
    """Revoke it, as the second supervisor."""
    revoking.confirm_revocation(clearance, by=actor())
    flash(_("The clearance is revoked. The page of verification says so from now on."), "success")
    return back("clearance.show", clearance_id=clearance.id)


@blueprint.post("/clearances/<uuid:clearance_id>/drop-revocation")
@guard(policy.drop_revocation, finders.get_clearance)
def drop_revocation(clearance: Clearance) -> Any:
    """Let it hold: the second supervisor drops it, or who asked takes it back."""
    revoking.drop_revocation(clearance, by=actor())
    flash(_("The revocation is dropped. The clearance holds as before."), "success")
    return back("clearance.show", clearance_id=clearance.id)


@blueprint.post("/clearances/<uuid:clearance_id>/replace")
@guard(policy.replace, finders.get_clearance)
@stepped()
def replace(clearance: Clearance) -> Any:
    """Ask for a new paper for the same goods."""
    reason = request.form.get("reason", "")
    try:
        fresh = revoking.replace(clearance, reason=reason, by=actor())
    except Invalid as refusal:
        return _again(clearance, "replace", reason, refusal)
    flash(_("A new paper is being prepared. The old one holds until the new one is issued."), "success")
    return back("clearance.show", clearance_id=fresh.id)


def _again(clearance: Clearance, deed: str, reason: str, refusal: Invalid) -> tuple[str, int]:
    """The page once more, with what was typed and what is wrong with it."""
    key = clearance.id
    web.refuse_and_read(refusal)
    said = {f"{deed}-{fault.field}": f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
    return _page(finders.get_clearance(key, actor=actor()), {deed: reason}, said), refusal.status


def _page(clearance: Clearance, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> str:
    reader, package = actor(), finders.list_clearances(clearance.declaration_id)
    supervises = bool(policy.replace(reader, clearance))
    entries = finders.list_entries(clearance)
    # The trader deals with agencies, not with officers: names are for officers and the auditor.
    people = find_names(entry.person_id for entry in entries) if reader.kind in ("agency", "auditor") else {}
    facts = issuing.facts_of(clearance, issued_at=clearance.issued_at or clock.now())
    case_id = finders.find_case(clearance, reader)
    return render_template(
        "clearance/show.html",
        clearance=clearance,
        declaration=finders.get_package(clearance),
        facts=facts,
        hidden=_hidden(facts, case_id, reader),
        clearances=package,
        may_fetch=not clearance.sha256 or bool(policy.download(reader, clearance)),
        successor=next((one for one in package if one.replaces_id == clearance.id), None),
        replaced=next((one for one in package if one.id == clearance.replaces_id), None),
        case_id=case_id,
        history=list(reversed(history.tell(entries, people, naming.names()))),
        inside=reader.kind in ("agency", "auditor"),
        supervises=supervises,
        settles=policy.settle_revocation(reader, clearance),
        typed=typed or {},
        errors=errors or {},
    )


def _hidden(facts: ClearanceFacts, case_id: uuid.UUID | None, reader: Actor) -> set[int]:
    """The goods items of which this reader sees the number and the result alone: an agency those that others judge."""
    if reader.kind != "agency":
        return set()
    sight = sight_of(get_review(case_id, actor=reader), actor=reader) if case_id is not None else masking.NOTHING
    goods = sight.sees(masking.GOODS)
    return {item.number for item in facts.goods if not (goods and sight.sees_item(item.number))}
