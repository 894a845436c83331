"""Figures of risk for officers: indicators with what was found, agencies that agree, equal facts decided differently."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.access import Actor, Permission, Verdict, holds, no
from app.errors import NotFound
from app.insights import hits
from app.reviews import naming
from app.risk import policy as risk_policy
from app.risk.finders import list_titles
from app.web import actor, guard

blueprint = Blueprint("figures", __name__, url_prefix="/risk")


def see_inconsistent(who: Actor, _subject: object = None) -> Verdict:
    """See where an agency decided equal facts differently: its supervisor, and the auditor."""
    if who.kind == "auditor":
        return holds(who, Permission.RISK_READ)
    if who.kind != "agency" or not who.agency:
        return no(_("A queue belongs to an agency: only its officers work it."))
    return holds(who, Permission.QUEUE_SUPERVISE)


@blueprint.get("/figures")
@guard(risk_policy.see)
def show() -> str:
    """Every indicator of the reader's agency with its figures, and the agreement of agencies."""
    rows = hits.list_hits(actor())
    titles = {
        code: one.titles for (code, _version), one in list_titles([one.code for one in rows], actor=actor()).items()
    }
    return render_template(
        "risk/figures.html", rows=rows, titles=titles, agreements=hits.list_agreements(), names=naming.names(),
        enough=hits.ENOUGH, silent=hits.SILENT_DAYS,
    )  # fmt: skip


@blueprint.get("/figures/<code>")
@guard(risk_policy.see)
def selected(code: str) -> str:
    """The packages that one indicator selected."""
    one = next((one for one in hits.list_hits(actor()) if one.code == code), None)
    if one is None:
        raise NotFound()
    titles = list_titles([code], actor=actor())
    title = next((version.titles for version in titles.values()), {"en": code})
    page = hits.list_selected(code, actor(), request.args.get("cursor"))
    return render_template("risk/selected.html", hits=one, title=title, page=page)


@blueprint.get("/inconsistent")
@guard(see_inconsistent)
def inconsistent() -> str:
    """Pairs of cases with equal facts and different results."""
    page = hits.list_inconsistent(actor(), request.args.get("cursor"))
    return render_template("risk/inconsistent.html", page=page, names=naming.names())
