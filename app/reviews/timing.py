"""The clock of a review: under which rule it runs, in whose hours, and how long it still has. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import Lane, Outcome
from app.reviews import clocks
from app.reviews.calendars import WorkingCalendar, calendar_of

CONSENT = "consent"
"""The clock of a measure (measure_effects.csv) that runs by the Basel Convention instead of the hours of the measure.

A facility consented to in advance has seven working days (rule ``consent-preconsented``); no register says yet which
facilities those are, so every consent has the thirty days."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a new review is due, the story its clock begins with, and the hours its queue row shows."""

    due_at: datetime
    clock: clocks.Clock
    hours: int


def hours_of(agency: str, office_code: str, edition: CompiledEdition) -> WorkingCalendar:
    """Return the working hours of an agency at an office: those of the kind of office it is."""
    office = edition.offices.get(office_code)
    return calendar_of(agency, office.kind if office else "")


def begin(
    lane: Lane, outcome: Outcome, calendar: WorkingCalendar, *, releases: bool, registered_at: datetime, at: datetime
) -> Timing:
    """Return the clock of a review opened at ``at``: the release of customs runs from registration (Customs Code, art. 119).

    Where an agency needs more than the release allows, the clock of the release says at once which extension it calls for
    (key ``proposed``: step and reasons); the head of the office grants it.
    """
    if releases:
        story, due_at = clocks.started("release", calendar, registered_at)
        needed = clocks.proposed_extension({one.agency: one.service_hours * 60 for one in outcome.reviews})
        if needed is not None:
            story["proposed"] = needed.as_dict()
        return Timing(due_at, story, clocks.rule("release").amount // 60)
    if any(measure.clock == CONSENT for measure in lane.measures):
        story, due_at = clocks.started("consent", calendar, at)
    else:
        story, due_at = clocks.started("service", calendar, at, lane.service_hours * 60)
    return Timing(due_at, story, lane.service_hours)


def target(begun: Timing, calendar: WorkingCalendar, at: datetime, share: Decimal) -> datetime | None:
    """Return by when the agency's own desk wants to look, given its share of the working time; None where it is all of it.

    The deadline of the law stays as it is: the trader sees it, and must not read the lane from it.
    """
    if share >= 1:
        return None
    return min(calendar.add(at, int(begun.hours * 60 * share)), begun.due_at)


def proposed(clock: clocks.Clock) -> dict[str, Any] | None:
    """Return the extension that was proposed when the clock began (step, reasons), None when there is none any more."""
    found: dict[str, Any] | None = clock.get("proposed")
    if found is None or any(one.step >= found["step"] for one in clocks.extensions(clock)):
        return None
    return found


def story_of(clock: clocks.Clock, opened_at: datetime, *, releases: bool) -> clocks.Clock:
    """Return the story of a clock; one from before clocks had stories begins with the opening of its review."""
    kind = "release" if releases else "service"
    return {"kind": kind, "started_at": opened_at.isoformat(timespec="seconds")} | clock
