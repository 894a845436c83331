"""Anomalies: the list, one with its picture, what an officer says of it; the forecast of arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from app import clock, spreadsheets, web
from app.errors import Invalid, NotFound, Text
from app.ledger import witnessing
from app.reviews import finders as reviews
from app.reviews.calendars import calendar_of
from app.reviews.naming import Names, names
from app.risk import (
    anomaly_drawing,
    anomaly_finders,
    anomaly_marking,
    anomaly_words,
    forecasting,
    peers,
)
from app.risk import anomaly_policy as policy
from app.risk.anomaly_finders import Filters
from app.risk.anomaly_lifecycle import LIFECYCLE
from app.risk.peers_models import Anomaly
from app.shell import language, t
from app.web import actor, back, guard

blueprint = Blueprint("anomalies", __name__, url_prefix="/risk")
STEPS = ("note", "explain")
AHEAD = 14
"""Days of the forecast: two weeks show the weekend after next."""
CUSTOMS = "BY-GTK"


@blueprint.get("/anomalies")
@guard(policy.see)
def index() -> str:
    """What is unusual, the oddest package first."""
    filters = _filters()
    page = anomaly_finders.list_anomalies(actor(), filters, request.args.get("cursor"))
    return render_template(
        "risk/anomalies.html", page=page, filters=filters, cite=_cite(filters), **_words(names())
    )  # fmt: skip


@blueprint.get("/anomalies/<uuid:anomaly_id>")
@guard(policy.see, anomaly_finders.get_anomaly)
def show(anomaly: Anomaly) -> str:
    """One anomaly with the peers drawn; that its package was looked at is remembered."""
    witnessing.package_read(anomaly.declaration_id)
    return _page(anomaly)


@blueprint.post("/anomalies/<uuid:anomaly_id>/<any(note, explain):step>")
@guard(policy.mark, lambda anomaly_id, step, actor: anomaly_finders.get_anomaly(anomaly_id, actor=actor))
def mark(anomaly: Anomaly) -> Any:
    """Say that it is worth a look, or explained."""
    assert request.view_args is not None
    anomaly_id, step, reason = anomaly.id, str(request.view_args["step"]), request.form.get("reason", "")
    try:
        anomaly_marking.mark(anomaly, step=step, reason=reason, by=actor())
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        errors = {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults}
        return _page(anomaly_finders.get_anomaly(anomaly_id, actor=actor()), errors, reason), 422
    flash(_("Kept. The package goes its way either way."), "success")
    return back("anomalies.show", anomaly_id=anomaly_id)


@blueprint.get("/forecast")
@guard(policy.see)
def forecast() -> str:
    """How many packages to expect at a post, by day and hour."""
    asked, named = _forecast(), names()
    return render_template(
        "risk/forecast.html", asked=asked, weeks_kept=forecasting.WEEKS, weekdays=get_day_names("abbreviated", locale=language()),
        post_name=lambda code: t(_post_name(named, code)),
    )  # fmt: skip


@blueprint.get("/forecast.<any(csv, xlsx):kind>")
@guard(policy.see)
def export(kind: str) -> Response:
    """The forecast as a file, a line for each hour."""
    asked = _forecast()
    headings = (
        _("Customs post"),
        _("Day"),
        _("Hour"),
        _("Expected"),
        _("Fewest"),
        _("Most"),
        _("Days it rests on"),
        _("Announced that day"),
    )
    rows: list[list[spreadsheets.Cell]] = [
        [asked.post, day.on.isoformat(), hour, Decimal(f"{one.mean:.1f}"), one.least, one.most, day.days, asked.announced.get(day.on, 0)]
        for day in asked.forecast.days
        for hour, one in enumerate(day.hours)
    ]  # fmt: skip
    return spreadsheets.answer("forecast", kind, headings, rows)


def _filters() -> Filters:
    asked = {name: "".join(request.args.get(name, "").split())[:16] for name in ("agency", "heading", "kind", "state")}
    known = {"kind": anomaly_words.KINDS, "state": LIFECYCLE.words}
    wrong = [name for name, values in known.items() if asked[name] and asked[name] not in values]
    if wrong or (asked["heading"] and not asked["heading"].isdigit()):
        raise NotFound()
    return Filters(**asked)


def _cite(filters: Filters) -> dict[str, str | None]:
    return {name: getattr(filters, name) or None for name in ("agency", "heading", "kind", "state")}


def _words(named: Names) -> dict[str, Any]:
    def country(code: str) -> str:
        return str(t(named.country(code)))

    return {
        "kinds": anomaly_words.KINDS,
        "states": LIFECYCLE.words,
        "sentence": lambda anomaly: anomaly_words.sentence(anomaly, country),
        "hundredths": anomaly_words.hundredths,
        "factor": anomaly_words.factor,
        "figure": anomaly_words.figure,
        "country": country,
        "agencies": [(code, t(named.agency(code))) for code in sorted(named.edition.agencies)],
        "directions": {"import": _("Import"), "export": _("Export"), "transit": _("Transit")},
        "policy": policy,
    }


def _page(anomaly: Anomaly, errors: dict[str, str] | None = None, reason: str = "") -> str:
    drawn: dict[str, Any] = {"picture": None, "ways": ()}
    if anomaly.kind == peers.ROUTE:
        drawn["ways"] = anomaly_drawing.ways_of(anomaly.bins, anomaly.route)
    elif anomaly.value and anomaly.median:
        drawn["picture"] = anomaly_drawing.picture_of(anomaly.bins, anomaly.value, anomaly.median)
    mine = next((one for one in reviews.list_reviews(anomaly.declaration_id) if one.agency == actor().agency), None)
    steps = [row.name for row in LIFECYCLE.available(anomaly, actor()) if row.name in STEPS]
    return render_template(
        "risk/anomaly.html", found=anomaly_finders.find_around(anomaly), anomaly=anomaly, errors=errors or {},
        reason=reason, review=mine, steps=steps, said=peers.said(anomaly.cell, anomaly.bins) if drawn["picture"] else None,
        canvas=anomaly_drawing, **drawn, **_words(names()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """The forecast of one post, the posts there are, and what is announced for it by day."""

    post: str
    posts: tuple[str, ...]
    forecast: forecasting.Forecast
    announced: Mapping[date, int]


def _forecast() -> Asked:
    """The post asked for (the officer's own, else the first), among those with registrations or announced consignments."""
    today = clock.today()
    first, announced = (
        anomaly_finders.list_posts(),
        anomaly_finders.list_announced(today, today + timedelta(days=AHEAD + 1)),
    )
    posts = tuple(sorted({*first, *announced}))
    post = request.args.get("post", "")
    if post and post not in posts:
        raise NotFound()
    post = post or (actor().office if actor().office in posts else next(iter(posts), ""))
    days = anomaly_finders.list_post_days(post, today - timedelta(weeks=forecasting.WEEKS), today)
    # A public holiday is felt at every post, also at one that works day and night: the calendar of the usual offices serves.
    calendar = calendar_of(CUSTOMS)
    laid = forecasting.forecast(days, first.get(post), today, AHEAD, lambda day: not calendar.ranges_on(day))
    return Asked(post, posts, laid, announced.get(post, {}))


def _post_name(named: Names, code: str) -> Text:
    """A border point by its code, a customs office by its national code or its code in registration numbers."""
    row = next((one for key, one in named.edition.offices.items() if code in (key, one.code8)), None)
    return named.office(row.code) if row is not None else named.office(code)
