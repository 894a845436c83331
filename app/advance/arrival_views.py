"""Expected arrivals for officers: what is coming, where, when and in which lane; one with everything; alerts settled."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, web
from app.advance import alerting, arrival_finders, finders, naming, policy, quoting
from app.advance.arrival_finders import LANES, SLOT_HOURS, Filter
from app.advance.message import from_dict
from app.advance.models import AdvanceInfo, Alert
from app.declarations.models import Declaration
from app.errors import Invalid
from app.ledger import witnessing
from app.requirements.finders import current_edition
from app.requirements.inquiry import day_of
from app.reviews import finders as reviews_finders
from app.reviews import naming as reviews
from app.reviews import needs
from app.risk import advance_finders
from app.shell import t
from app.web import actor, back, guard

blueprint = Blueprint("arrivals", __name__)
STATES = ("coming", "arrived")


@blueprint.get("/arrivals")
@guard(policy.expect)
def index() -> str:
    """What is coming: hours across, posts down, then the list. The filters stand in the address."""
    edition = current_edition()
    posts = naming.posts(edition)
    said = {name: request.args.get(name, "").strip()[:20] for name in ("post", "day", "lane", "state")}
    said["post"] = said["post"] if said["post"] in dict(posts) else ""
    said["lane"] = said["lane"] if said["lane"] in LANES else ""
    said["state"] = said["state"] if said["state"] in STATES else "coming"
    start, asked = _asked(said)
    return render_template(
        "advance/arrivals.html", flow=arrival_finders.flow(actor(), asked, start), said=said, posts=posts,
        page=arrival_finders.list_arrivals(actor(), asked, request.args.get("cursor")), now=clock.now(),
        alerts=arrival_finders.list_open_alerts(actor()), here=_here(said), step=timedelta(hours=SLOT_HOURS), **naming.words(),
    )  # fmt: skip


def _asked(said: dict[str, str]) -> tuple[datetime, Filter]:
    """The beginning of the flow and the filter of the list: of the day chosen, else from the hour that is passing."""
    day = day_of(said["day"]) if said["day"] else None
    if day is not None:
        start = datetime.combine(day, time(), clock.MINSK).astimezone(UTC)
        return start, Filter(said["post"], start, start + timedelta(days=1), said["lane"], said["state"])
    said["day"] = ""
    local = clock.now().astimezone(clock.MINSK).replace(minute=0, second=0, microsecond=0)
    start = local.replace(hour=local.hour - local.hour % SLOT_HOURS).astimezone(UTC)
    return start, Filter(said["post"], None, None, said["lane"], said["state"])


def _here(said: dict[str, str]) -> str:
    kept: dict[str, Any] = {name: text for name, text in said.items() if text and (name, text) != ("state", "coming")}
    return url_for("arrivals.index", **kept)


@blueprint.get("/arrivals/<uuid:advance_id>")
@guard(policy.read_expected, finders.get_advance)
def show(found: AdvanceInfo) -> str:
    """One expected arrival with everything that is known of it."""
    witnessing.advance_read(found.id)
    return _page(found)


@blueprint.post("/alerts/<uuid:alert_id>/settle")
@guard(policy.settle, finders.get_alert)
def settle(found: Alert) -> Any:
    """Settle an alert with its outcome and a reason."""
    advance_id, alert_id = found.advance_id, found.id
    typed = {name: request.form.get(name, "") for name in ("outcome", "reason")}
    try:
        alerting.settle(found, outcome=typed["outcome"], reason=typed["reason"], by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {f"{one.field}-{alert_id}": f"{t(one.message)} {t(one.remedy)}" for one in refusal.faults}
        return _page(finders.get_advance(advance_id, actor=actor()), errors, typed), 422
    flash(_("The alert is settled."), "success")
    return back("arrivals.show", advance_id=advance_id)


def _case(package: Declaration | None) -> uuid.UUID | None:
    """The case that the reader's agency has of a package."""
    cases = reviews_finders.list_reviews(package.id) if package is not None else ()
    return next((one.id for one in cases if one.agency == finders.agency_of(actor())), None)


def _page(found: AdvanceInfo, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    versions = finders.list_versions(found)
    message = from_dict(versions[0].facts)
    names = reviews.names()
    package, differences = quoting.find_declared(found, message)
    case = _case(package)
    if case is None and actor().kind == "agency":
        # Whoever has no case of the declaration learns of it when one is opened.
        package, differences = None, ()
    elif actor().kind == "agency" and not needs.grants(actor().agency, needs.ANY):
        differences = ()  # what the agency needs of them stands on its case, masked
    return render_template(
        "advance/arrival.html", advance=found, message=message, versions=versions,
        movements=finders.list_movements(found), alerts=finders.list_alerts([found.id]), errors=errors or {},
        typed=typed or {}, expected=arrival_finders.list_lanes(found), told=advance_finders.find_told(found, actor=actor()),
        package=package, case=case, policy=policy, differences=differences,
        agency=lambda code: t(names.agency(code)), **naming.words(),
    )  # fmt: skip
