"""The pages of inspections: order one from a case, answer its slot, record what was found; places and their calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from app import clock, markup, web
from app.declarations import codec
from app.declarations.finders import get_version
from app.declarations.form_lists import Lists
from app.errors import Conflict, Fault, Invalid, NotFound
from app.ledger import witnessing
from app.reviews import (
    booking,
    finders,
    finding,
    inspecting,
    inspection_desk,
    inspection_finders,
    inspection_form,
    inspection_policy,
    laboratories,
    naming,
    policy,
    slots,
)
from app.reviews.inspection_finders import Seen, SeenSample
from app.reviews.models import Review
from app.shell import language, t
from app.web import back, guard

blueprint = Blueprint("inspections", __name__)


# --- order ---------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<uuid:review_id>/inspect")
@guard(policy.inspect, finders.get_review)
def form(review: Review) -> str:
    """The form of an order."""
    witnessing.package_read(review.declaration_id)
    items = [str(number) for number in review.items]
    place = next(iter(slots.list_places(review.office_code)))
    typed = {"kind": "physical", "place": place.code, "items": items, "agencies": []}
    return _order_page(review, typed)


@blueprint.post("/cases/<uuid:review_id>/inspect")
@guard(policy.inspect, finders.get_review)
def send(review: Review) -> Any:
    """Order an inspection, or show the free times of another place or day without losing what was typed."""
    key = review.id
    order, typed = inspection_form.order_of(request.form)
    if "show" in request.form:
        return _order_page(review, typed)
    try:
        lease = int(current_app.extensions["akno.settings"].claim_minutes) if request.form.get("claim") else None
        seen = inspection_form.whole(request.form.get("version", "")) or 0
        made = inspecting.order(review, order=order, version=seen, by=web.actor(), claim_minutes=lease)
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return _order_page(finders.get_review(key, actor=web.actor()), typed, refusal), refusal.status
    flash(_("Inspection %(number)s is ordered.", number=made.number), "success")
    return back("inspections.show", inspection_id=made.id)


def _order_page(review: Review, typed: Mapping[str, Any], refusal: Invalid | Conflict | None = None) -> str:
    names, version = naming.names(), get_version(review.declaration, review.version)
    others = [one for one in finders.list_reviews(review.declaration_id) if one.id != review.id and one.open]
    known = dict.fromkeys((*inspection_form.TEXTS, "instructions"), "") | dict(typed)
    return render_template(
        "reviews/inspect.html",
        review=review,
        names=names,
        package=codec.to_package(markup.read(version.canonical)),
        others=[(one.agency, t(names.agency(one.agency))) for one in others],
        kinds=inspection_desk.KINDS,
        typed=known,
        errors=_errors(refusal),
        claims=not policy.holds_claim(web.actor(), review),
        **_slot_choice(known, names, review.office_code),
    )


# --- one inspection ----------------------------------------------------------------------------------------------


@blueprint.get("/inspections")
@guard(inspection_policy.see_places)
def agenda() -> str:
    """What waits for one's agency: slots to answer, findings to record."""
    page = inspection_finders.list_agenda(web.actor(), cursor=request.args.get("cursor"))
    names = naming.names()
    rows = [
        (row, inspection_desk.row(row.inspection, names, agency=web.actor().agency, full=True)) for row in page.rows
    ]
    return render_template(
        "reviews/agenda.html", page=page, rows=rows, names=names, kinds=inspection_desk.KINDS, now=clock.now()
    )


@blueprint.get("/inspections/<uuid:inspection_id>")
@guard(inspection_policy.read, inspection_finders.get_inspection)
def show(seen: Seen) -> str:
    """One inspection, with what one's agency can do about it."""
    witnessing.package_read(seen.declaration.id)
    return _page(seen)


@blueprint.post("/inspections/<uuid:inspection_id>/accept")
@guard(inspection_policy.take_part, inspection_finders.get_inspection)
def accept(seen: Seen) -> Any:
    """Accept the slot for one's agency."""
    inspecting.accept(seen.inspection, by=web.actor())
    flash(_("Your agency accepts."), "success")
    return _to(seen)


@blueprint.post("/inspections/<uuid:inspection_id>/decline")
@guard(inspection_policy.decline, inspection_finders.get_inspection)
def decline(seen: Seen) -> Any:
    """Take no part."""
    inspecting.decline(seen.inspection, by=web.actor())
    flash(_("Your agency takes no part in this inspection."), "success")
    return back("reviews.case", review_id=seen.party.review_id if seen.party else None)


@blueprint.post("/inspections/<uuid:inspection_id>/slot")
@guard(inspection_policy.take_part, inspection_finders.get_inspection)
def propose(seen: Seen) -> Any:
    """Propose another slot, or show the free times of another place or day."""
    typed = {name: request.form.get(name, "") for name in ("place", "day", "slot")}
    if "show" in request.form:
        return _page(seen, typed)
    start = slots.read_moment(typed["slot"])
    return _done(
        seen,
        lambda: inspecting.propose_slot(seen.inspection, place=typed["place"], start=start, by=web.actor()),
        typed,
        _("The new time is proposed."),
    )


@blueprint.post("/inspections/<uuid:inspection_id>/call")
@guard(inspection_policy.take_part, inspection_finders.get_inspection)
def call(seen: Seen) -> Any:
    """Call a service to the inspection."""
    typed = {name: request.form.get(name, "") for name in ("service", "call_reason")}
    return _done(
        seen,
        lambda: inspecting.call(seen.inspection, service=typed["service"], reason=typed["call_reason"], by=web.actor()),
        typed,
        _("The call is recorded."),
    )


@blueprint.post("/inspections/<uuid:inspection_id>/cancel")
@guard(inspection_policy.cancel, inspection_finders.get_inspection)
def cancel(seen: Seen) -> Any:
    """Cancel the inspection."""
    typed = {"cancel_reason": request.form.get("cancel_reason", "")}
    return _done(
        seen,
        lambda: inspecting.cancel(seen.inspection, reason=typed["cancel_reason"], by=web.actor()),
        typed,
        _("The inspection is cancelled."),
    )


# --- what was found ----------------------------------------------------------------------------------------------


@blueprint.post("/inspections/<uuid:inspection_id>/samples")
@guard(inspection_policy.take_part, inspection_finders.get_inspection)
def take_sample(seen: Seen) -> Any:
    """Write down a sample."""
    typed = {name: request.form.get(name, "") for name in inspection_form.SAMPLE}
    return _done(
        seen,
        lambda: finding.take_sample(
            seen.inspection, number=typed["sample_number"], item=inspection_form.whole(typed["sample_item"]),
            laboratory=typed["laboratory"], expected_on=inspection_form.read_day(typed["expected_on"]), by=web.actor(),
        ),
        typed,
        _("The sample is recorded."),
    )  # fmt: skip


@blueprint.post("/inspections/<uuid:inspection_id>/samples/<uuid:sample_id>")
@guard(inspection_policy.take_part, inspection_finders.get_sample)
def answer_sample(found: SeenSample) -> Any:
    """Write down a laboratory's answer."""
    outcome, result = request.form.get("outcome", ""), request.form.get("result", "")
    field = f"sample-{found.sample.id}"
    return _done(
        found.seen,
        lambda: finding.answer_sample(found.sample, outcome=outcome, result=result, by=web.actor()),
        {f"{field}-outcome": outcome, f"{field}-result": result},
        _("The laboratory's answer is recorded."),
    )


@blueprint.post("/inspections/<uuid:inspection_id>/finding")
@guard(inspection_policy.take_part, inspection_finders.get_inspection)
def record(seen: Seen) -> Any:
    """Record what one's agency found."""
    said, typed = inspection_form.found_of(request.form)
    return _done(
        seen,
        lambda: finding.record(seen.inspection, said=said, by=web.actor()),
        typed,
        _("Your finding is recorded. The case is in your queue again."),
    )


# --- places ------------------------------------------------------------------------------------------------------


@blueprint.get("/inspections/places")
@guard(inspection_policy.see_places)
def places() -> str:
    """Where goods are inspected, one's own office first."""
    office = request.args.get("office", "") or web.actor().office
    return render_template("reviews/places.html", places=slots.list_places(office), names=naming.names(), office=office)


@blueprint.get("/inspections/places/<code>")
@guard(inspection_policy.see_places)
def place(code: str) -> str:
    """A week of a place: each slot with its seats; inspections of one's own agency are linked."""
    found = slots.find_place(code)
    if found is None:
        raise NotFound()
    now = clock.now()
    day = inspection_form.read_day(request.args.get("day", "")) or inspection_form.first_day(found, now)
    week = slots.week_of(day)
    begin = datetime(week[0].year, week[0].month, week[0].day, tzinfo=clock.MINSK)
    booked = inspection_finders.list_booked(found.code, begin, begin + timedelta(days=7), agency=web.actor().agency)
    taken: dict[datetime, int] = {}
    for seat in booked:
        taken[seat.slot_from] = taken.get(seat.slot_from, 0) + 1
    days = [(one, slots.slots_on(found, one, taken)) for one in week]
    return render_template(
        "reviews/calendar.html",
        place=found,
        words=inspection_desk.place_words(found.code, naming.names()),
        kinds=inspection_desk.KINDS,
        days=days,
        weekdays=[format_date(one, "EEE") for one in week],
        times=sorted({slot.key[-5:] for _day, listed in days for slot in listed}),
        own={
            start: [seat for seat in booked if seat.slot_from == start and seat.inspection_id is not None]
            for start in taken
        },
        now=now,
        today=clock.today(),
        before=week[0] - timedelta(days=7),
        after=week[0] + timedelta(days=7),
    )


# --- parts -------------------------------------------------------------------------------------------------------


def _done(seen: Seen, act: Callable[[], object], typed: Mapping[str, Any], words: str) -> Any:
    """Act, and go back to the inspection; a form that cannot be taken comes back with everything that was typed."""
    key = seen.inspection.id
    try:
        act()
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return _page(inspection_finders.get_inspection(key, actor=web.actor()), typed, refusal), refusal.status
    flash(words, "success")
    return _to(seen)


def _to(seen: Seen) -> Any:
    return back("inspections.show", inspection_id=seen.inspection.id)


def _page(seen: Seen, typed: Mapping[str, Any] | None = None, refusal: Invalid | Conflict | None = None) -> str:
    names, inspection = naming.names(), seen.inspection
    agency = seen.party.agency if seen.party else ""
    known = _blank(seen) | dict(typed or {})
    version = get_version(seen.declaration, inspection.version)
    lists = Lists(names.edition, language())
    return render_template(
        "reviews/inspection.html",
        seen=seen,
        inspection=inspection,
        row=inspection_desk.row(inspection, names, agency=agency, full=True),
        package=codec.to_package(markup.read(version.canonical)),
        names=names,
        desk=inspection_desk,
        act_words=finding.act_words,
        act_wanted=finding.act_wanted(inspection, agency),
        acts=lists.entries("document_types"),
        laboratories=[(one.code, t(one.name)) for one in laboratories.list_laboratories(agency)],
        laboratory_name=_laboratory_name,
        typed=known,
        errors=_errors(refusal),
        day_has_come=(finding.day_of(inspection) or clock.today()) <= clock.today(),
        may_act=bool(inspection_policy.take_part(web.actor(), seen)),
        nothing_recorded=all(party.recorded_at is None for party in inspection.parties),
        today=clock.today(),
        **_slot_choice(known, names, seen.declaration.office_code),
    )


def _blank(seen: Seen) -> dict[str, Any]:
    names = (
        "slot",
        "day",
        "service",
        "call_reason",
        "cancel_reason",
        *inspection_form.FINDING,
        *inspection_form.SAMPLE,
    )
    agency = seen.party.agency if seen.party else ""
    places_of_office = slots.list_places(seen.declaration.office_code)
    return dict.fromkeys(names, "") | {
        "against": [],
        "place": seen.inspection.place_code or places_of_office[0].code,
        "act_type": finding.act_wanted(seen.inspection, agency),
        "act_on": f"{clock.today():%Y-%m-%d}",
    }


def _slot_choice(typed: Mapping[str, Any], names: naming.Names, office: str) -> dict[str, Any]:
    """What both forms with a slot show: the places, the day, its slots with the seats left."""
    now = clock.now()
    found = slots.find_place(str(typed["place"]))
    day = inspection_form.read_day(str(typed["day"])) or inspection_form.first_day(found, now)
    begin = datetime(day.year, day.month, day.day, tzinfo=clock.MINSK)
    taken = booking.count_taken(found.code, begin, begin + timedelta(days=1)) if found else {}
    places_of_office = slots.list_places(office)
    return {
        "offered": inspection_form.slots_offered(found, day, taken, now),
        "places": [(one.code, t(inspection_desk.place_words(one.code, names))) for one in places_of_office],
        "furthest": slots.FURTHEST.days,
    }


def _laboratory_name(code: str) -> str:
    found = laboratories.find_laboratory(code)
    return t(found.name) if found else code


def _errors(refusal: Invalid | Conflict | None) -> dict[str, str]:
    """Sentences by the id of their field; what concerns the whole act stands under the empty name."""
    faults: tuple[Fault, ...] = ()
    if isinstance(refusal, Invalid):
        faults = tuple(refusal.faults)
    elif isinstance(refusal, booking.SlotTaken) and refusal.fault is not None:
        faults = (refusal.fault,)
    elif refusal is not None:
        return {"": str(refusal.message)}
    return {fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in faults}
