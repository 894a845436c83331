"""The supervisor's board: backlog, load, what will be late, who is away, handing on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import clock, web
from app.errors import Invalid, NotFound
from app.identity.models import Membership
from app.reviews import absences, board, finders, naming, policy, walks
from app.reviews.desk_settings import Liking
from app.reviews.queue_models import Absence
from app.reviews.queue_views import chosen_officer, frame, usual_minutes
from app.shell import t
from app.web import back, guard

blueprint = Blueprint("board", __name__, url_prefix="/queue")

AGES = {"late": _l("Late"), "today": _l("Due today"), "soon": _l("In two days"), "later": _l("Later")}
_COLUMNS = Liking(columns=("goods", "queued", "officer"))


@blueprint.get("/board")
@guard(policy.supervise)
def show() -> str:
    """What waits, who carries it, what is late or will be, and who is away."""
    return _page()


@blueprint.post("/absences")
@guard(policy.supervise)
def enter() -> Any:
    """Enter an absence; what cannot be comes back as typed."""
    sent, officers = request.form, finders.list_agency_officers(web.actor().agency)
    leave = absences.Leave(
        chosen_officer("officer", officers), _day(sent.get("from_on")), _day(sent.get("until_on")),
        chosen_officer("stand_in", officers),
    )  # fmt: skip
    try:
        entered = absences.enter(leave, by=web.actor())
    except Invalid as refusal:
        web.refuse(refusal)
        return _page(refusal, sent), refusal.status
    flash(_("%(name)s is entered as away.", name=entered.person_name), "success")
    return back("board.show", _anchor="absences")


@blueprint.post("/absences/<uuid:absence_id>/end")
@guard(policy.end_absence, absences.get_absence)
def end(absence: Absence) -> Any:
    """End an absence: the officer is back."""
    absences.end(absence, by=web.actor())
    flash(_("%(name)s is back.", name=absence.person_name), "success")
    return back("board.show", _anchor="absences")


@blueprint.post("/hand-on")
@guard(policy.supervise)
def hand_on() -> Any:
    """Hand an officer's cases to another."""
    officers = finders.list_agency_officers(web.actor().agency, away=False)
    to = chosen_officer("officer", officers)
    if to is None:
        flash(_("No officer is chosen. Choose to whom the cases go."), "warning")
        return back("board.show", _anchor="load")
    done = absences.hand_on(_person(request.form.get("person", "")), to=to, by=web.actor())
    _say(done, to)
    return back("board.show", _anchor="load")


def _say(done: absences.Handed, to: Membership) -> None:
    if done.handed:
        many = len(done.handed)
        words = ngettext(
            "%(num)d case is now with %(name)s.", "%(num)d cases are now with %(name)s.", many, name=to.person.full_name
        )
        flash(words, "success")
    for number, reason in done.left:
        flash(_("%(number)s stays where it is: %(reason)s", number=number, reason=reason), "warning")
    if not done.handed and not done.left:
        flash(_("There was no case to hand on."), "info")


def _page(refusal: Invalid | None = None, sent: Mapping[str, str] | None = None) -> str:
    who, names = web.actor(), naming.names()
    usual = usual_minutes(who.agency)
    laid = board.lay_out(who, walks.bounds(who, names, usual))
    return render_template(
        "reviews/board.html",
        board=laid,
        ages=AGES,
        most=_most(laid),
        liking=_COLUMNS,
        usual=usual,
        today=clock.today(),
        present=[load.officer for load in laid.loads if not load.away],
        stand_ins={
            one.person_id: _membership(one.stand_in_id, laid.officers) for one in laid.absences if one.stand_in_id
        },
        typed=sent or {},
        errors={fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults} if refusal else {},
        **frame(names, usual),
    )


def _most(laid: board.Board) -> dict[str, int]:
    """The longest bar of each chart."""
    return {
        "states": max((sum(row.values()) for row in laid.states.values()), default=0),
        "offices": max((many for _office, many in laid.offices), default=0),
        "loads": max((load.open for load in laid.loads), default=0),
    }


def _membership(person_id: uuid.UUID | None, officers: Sequence[Membership]) -> str:
    return next((str(one.id) for one in officers if one.person_id == person_id), "")


def _person(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
