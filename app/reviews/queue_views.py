"""The queue: a page of it, several cases at once, kept filters, how an officer likes it, who is looking, and the export."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app import clock, spreadsheets, web
from app.access import can
from app.errors import Invalid, NotFound
from app.identity.models import Membership
from app.identity.stepping import stepped
from app.insights.finders import find_usual
from app.reviews import (
    bulk,
    clocks,
    desk_settings,
    exporting,
    filtering,
    finders,
    judging,
    looking,
    naming,
    policy,
    queue_finders,
    rings,
    tallies,
    timing,
    walks,
)  # fmt: skip
from app.reviews.filtering import Filter
from app.reviews.history import OUTCOMES
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Review
from app.reviews.naming import Names
from app.reviews.queue_models import SavedFilter
from app.shell import language, t
from app.web import back, guard

blueprint = Blueprint("queue", __name__)

TABS = {
    "to-review": _l("To review"),
    "mine": _l("Mine"),
    "questions": _l("Questions open"),
    "inspections": _l("Inspections"),
    "second": _l("Second signature"),
    "today": _l("Due today"),
    "decided": _l("Decided"),
}
TAGS = {"documents": _l("Documents"), "prohibited": _l("Prohibition"), "unclassified": _l("Not classified")}
RISKS = {"red": _l("Red lane"), "yellow": _l("Yellow lane"), "green": _l("Green lane")}
DIRECTIONS = {"import": _l("Import"), "export": _l("Export"), "transit": _l("Transit")}
DUE = {"late": _l("Late"), "today": _l("Today"), "at-risk": _l("Will be late")}
SORTS = {"due": _l("Nearest deadline"), "longest": _l("Longest on the queue"), "newest": _l("Newest")}
STATES = {"queued": REVIEW.words["queued"], "claimed": REVIEW.words["claimed"]}
COLUMNS = {
    "goods": _l("Goods to judge"),
    "why": _l("Why you"),
    "kind": _l("Kind of check"),
    "queued": _l("On the queue"),
    "officer": _l("Officer"),
}


def show() -> Any:
    """Return the page of the queue, or the way to the filter with which this officer opens it."""
    who = web.actor()
    liking = desk_settings.liking_of(who)
    saved = desk_settings.list_filters(who)
    opening = next((one for one in saved if one.id == liking.opens_with), None)
    if opening is not None and opening.query and not filtering.is_said(request.args) and "cursor" not in request.args:
        return redirect(f"{url_for('reviews.queue')}?{opening.query}")
    chosen, names = chosen_filter(), naming.names()
    usual = usual_minutes(who.agency)
    limits = walks.bounds(who, names, usual)
    found = queue_finders.list_queue(who, chosen, cursor=request.args.get("cursor"), limits=limits)
    rows = found.page.rows
    return render_template(
        "reviews/queue.html",
        found=found,
        page=found.page,
        chosen=found.filter,
        typed=chosen,
        address=_address,
        tabs=TABS,
        counts=tallies.count_tabs(who),
        most_own=tallies.MOST_OWN,
        done_today=None if rows else queue_finders.list_done_today(who, limits),
        saved=saved,
        liking=liking,
        told=judging.told(who),
        officers=finders.list_agency_officers(who.agency, away=False) if can(policy.supervise, who) else (),
        supervises=can(policy.supervise, who),
        **frame(names, usual),
        **_choices(names),
    )


def frame(names: Names, usual: int) -> dict[str, Any]:
    """Return what the rows of a queue need on whatever page they stand."""
    now = clock.now()
    return {
        "now": now,
        "left": clocks.left,
        "names": names,
        "panes_of": lambda panes: [{"state": pane.light, "label": pane.agency} for pane in panes],
        "ring_of": _ringer(names, usual),
        "waited": lambda review: rings.waited(review.opened_at, now),
        "states": REVIEW.words,
        "officer_choices": officer_choices,
    }


def chosen_filter(args: Mapping[str, str] | None = None) -> Filter:
    """Return the filter of an address. Raises NotFound for a tab that is not ours."""
    try:
        return filtering.parse(request.args if args is None else args)
    except ValueError:
        raise NotFound() from None


def usual_minutes(agency: str) -> int:
    """Return what the agency usually needs for a case, in working minutes; 0 while too little is known."""
    return find_usual([agency]).get(agency, 0)


def officer_choices(officers: Sequence[Membership]) -> list[tuple[str, str]]:
    """Return officers as the choices of a field."""
    said = [(one, f", {one.post}" if one.post else "") for one in officers]
    return [("", _("Choose an officer")), *((str(one.id), f"{one.person.full_name}{post}") for one, post in said)]


def chosen_officer(name: str, officers: Sequence[Membership]) -> Membership | None:
    """Return the officer whom a field of the form names, None where it names nobody of these."""
    sent = request.form.get(name, "")
    return next((one for one in officers if str(one.id) == sent), None)


def _address(query: str) -> str:
    """The address of the queue with a filter; one without any is the plain tab, not the filter it opens with."""
    return f"{url_for('reviews.queue')}?{query or 'tab=to-review'}"


def _ringer(names: Names, usual: int) -> Callable[[Review], rings.Ring]:
    now = clock.now()

    def ring_of(review: Review) -> rings.Ring:
        return rings.ring(
            opened_at=review.opened_at, due_at=review.due_at, clock=review.clock, paused=review.paused_at is not None,
            calendar=timing.hours_of(review.agency, review.office_code, names.edition), now=now, usual_minutes=usual,
        )  # fmt: skip

    return ring_of


def _choices(names: Names) -> dict[str, Any]:
    tongue = language()
    return {
        "tags": TAGS,
        "risks": RISKS,
        "directions": DIRECTIONS,
        "dues": DUE,
        "sorts": SORTS,
        "review_states": STATES,
        "columns": COLUMNS,
        "outcomes": OUTCOMES,
        "office_options": _options(names.edition.hash, "offices", tongue),
        "country_options": _options(names.edition.hash, "countries", tongue),
    }


@lru_cache(maxsize=16)
def _options(edition: str, listing: str, tongue: str) -> Markup:
    """All offices or countries as options of a select, made once for an edition and a language: there are hundreds."""
    names = naming.names()
    if listing == "offices":
        pairs = [(code, names.office(code)[tongue]) for code in names.edition.offices]
    else:
        pairs = [(code, names.country(code)[tongue]) for code in names.edition.lists.get("countries", {})]
    told = sorted(pairs, key=lambda pair: pair[1].casefold())
    return Markup("").join(Markup('<option value="{}">{}</option>').format(code, name) for code, name in told)


# --- several at once --------------------------------------------------------------------------------------------------


@blueprint.post("/queue/bulk")
@guard(policy.see_queue)
@stepped(when=lambda: request.form.get("deed") == "approve")
def several() -> Any:
    """Claim, hand on, preview or approve the cases that were ticked; each is done or refused for itself."""
    deed, who = request.form.get("deed", ""), web.actor()
    keys = _keys(request.form.getlist("case"))
    if not keys:
        flash(_("No case is ticked. Tick the cases first, then choose what to do with them."), "warning")
        return redirect(_address(request.form.get("queue", "")), code=303)
    if deed == "claim":
        return _told(deed, bulk.claim_all(keys, by=who, minutes=_lease()))
    if deed == "assign":
        return _assign(keys)
    if deed == "approve":
        return _told(deed, bulk.approve_all(_seen(keys), by=who, minutes=_lease()))
    return _told("preview", bulk.preview(keys, by=who))


def _assign(keys: Sequence[uuid.UUID]) -> Any:
    officer = chosen_officer("officer", finders.list_agency_officers(web.actor().agency, away=False))
    if officer is None:
        flash(_("No officer is chosen. Choose to whom the cases go."), "warning")
        return redirect(_address(request.form.get("queue", "")), code=303)
    return _told("assign", bulk.assign_all(keys, to=officer, by=web.actor()))


def _told(deed: str, rows: Sequence[bulk.Row]) -> str:
    return render_template(
        "reviews/bulk.html",
        deed=deed,
        rows=rows,
        done=[row for row in rows if row.refused is None],
        most=bulk.MOST,
        queue=request.form.get("queue", ""),
        address=_address,
    )


def _seen(keys: Sequence[uuid.UUID]) -> list[bulk.Seen]:
    """What stood on the preview: version and digest of each case."""
    found = []
    for key in keys:
        version, _colon, digest = request.form.get(f"seen-{key}", "").partition(":")
        found.append(bulk.Seen(key, int(version) if version.isdecimal() and len(version) < 10 else 0, digest))
    return found


def _keys(texts: Sequence[str]) -> list[uuid.UUID]:
    try:
        return list(dict.fromkeys(uuid.UUID(text) for text in texts))[: bulk.MOST]
    except ValueError:
        raise NotFound() from None


def _lease() -> int:
    return int(current_app.extensions["akno.settings"].claim_minutes)


# --- filters and habits -----------------------------------------------------------------------------------------------


@blueprint.get("/queue/settings")
@guard(policy.see_queue)
def settings() -> str:
    """How an officer likes the queue, the kept filters, and the keys."""
    return _settings_page()


@blueprint.post("/queue/settings")
@guard(policy.see_queue)
def keep_settings() -> Any:
    """Keep how an officer likes the queue."""
    who = web.actor()
    opens = next(
        (one for one in desk_settings.list_filters(who) if str(one.id) == request.form.get("opens_with")), None
    )
    desk_settings.set_liking(
        keyboard=request.form.get("keyboard") == "yes",
        columns=request.form.getlist("columns"),
        opens_with=opens,
        by=who,
    )
    flash(_("Kept. The queue looks as you like it."), "success")
    return back("queue.settings")


@blueprint.post("/queue/filters")
@guard(policy.see_queue)
def save_filter() -> Any:
    """Keep the filter of the page under a name."""
    sent = request.form
    chosen = _from_query(sent.get("queue", ""))
    try:
        kept = desk_settings.save_filter(
            sent.get("name", ""), chosen, shared=sent.get("shared") == "yes", by=web.actor()
        )
    except Invalid as refusal:
        web.refuse(refusal)
        return _settings_page(refusal, sent), refusal.status
    flash(_("The filter “%(name)s” is kept.", name=kept.name), "success")
    return redirect(_address(chosen.query()), code=303)


@blueprint.post("/queue/filters/<uuid:filter_id>/delete")
@guard(policy.drop_filter, desk_settings.get_filter)
def drop_filter(kept: SavedFilter) -> Any:
    """Forget a kept filter."""
    desk_settings.drop_filter(kept, by=web.actor())
    flash(_("The filter “%(name)s” is deleted.", name=kept.name), "success")
    return back("queue.settings")


def _from_query(query: str) -> Filter:
    """Read a filter from the query that a page carries along."""
    return chosen_filter(dict(parse_qsl(query[:1000])))


def _settings_page(refusal: Invalid | None = None, sent: Mapping[str, str] | None = None) -> str:
    who = web.actor()
    saved = desk_settings.list_filters(who)
    return render_template(
        "reviews/desk_settings.html",
        liking=desk_settings.liking_of(who),
        saved=saved,
        saved_choices=[(str(one.id), one.name) for one in saved],
        columns=COLUMNS,
        address=_address,
        may_drop=lambda kept: can(policy.drop_filter, who, kept),
        typed=sent or {},
        errors={fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in refusal.faults} if refusal else {},
    )


# --- looking, and the way out -----------------------------------------------------------------------------------------


@blueprint.post("/cases/<uuid:review_id>/looking")
@guard(policy.look, finders.get_review)
def look(review: Review) -> Any:
    """A page says that it is open; the answer says who else looks at the case."""
    looking.look(review, by=web.actor())
    return {"looking": list(looking.list_lookers([review.id], but=web.actor()).get(review.id, ()))}


@blueprint.get("/queue/export.<any(csv, xlsx):kind>")
@guard(policy.supervise)
def export(kind: str) -> Response:
    """The cases of the filter as a table for a spreadsheet; that they were taken out is remembered."""
    who, chosen, names = web.actor(), chosen_filter(), naming.names()
    limits = walks.bounds(who, names, usual_minutes(who.agency))
    with web.remembering():
        table = exporting.export(chosen, limits=limits, words=t, states=REVIEW.words, by=who, names=names)
    return spreadsheets.answer(f"queue-{who.agency}", kind, table.headings, table.rows, cut=table.cut)
