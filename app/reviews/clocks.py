"""Legal clocks: when something is due by law, what a question does to it, and its story. Pure: moments come from outside.

The law is in data/clocks.csv, one row per clock; the hours come from ``app.reviews.calendars``. A clock is a dict of JSON
values beside its stored deadline; each function returns a new dict and leaves the old one alone:

``kind``; ``minutes`` (working minutes given, null where the law gives days); ``started_at``; ``intervals``: pauses
(``from_at``, ``to_at`` null while it lasts, ``why``: a code, never free text); ``extensions`` (``step``, ``at``, ``due_at``,
``why``); ``left``: working minutes left, only while paused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from app.errors import Text
from app.reviews import calendars
from app.reviews.calendars import WorkingCalendar

SOON = timedelta(hours=2)
LANGUAGES = ("be", "ru", "en")
UNITS = MINUTES, WORKING_DAYS, CALENDAR_DAYS = "minutes", "working days", "calendar days"
EFFECTS = PAUSE, EXTEND, NOTHING = "pause", "extend", "nothing"
LAST_STEP = 2
ANSWER_AT_LEAST = 60
"""Working minutes a trader always has for an answer: less would be a deadline nobody can keep."""
DAY_MINUTES = 480
"""A working day of a measure: service_hours of requirements.csv count eight hours a day."""

Clock = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until a deadline: whole days, and hours and minutes as ``3:12``. ``tone``: "", due or stop."""

    late: bool
    days: int
    figure: str
    tone: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock of the law.

    ``amount`` is in ``unit`` (0 minutes: the measure says how many); ``back_minutes``: due so many working minutes before
    the end; ``afresh``: started with less than the amount left that day, it counts whole from the next opening;
    ``by_head``: the head of the office grants it with a reason; ``question_effect``: pause, extend or nothing.
    """

    kind: str
    unit: str
    amount: int
    back_minutes: int
    afresh: bool
    by_head: bool
    question_effect: str
    act: Text
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A pause of a clock; ``to_at`` is None while it lasts, ``why`` a code or an id."""

    from_at: datetime
    to_at: datetime | None
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"from_at": _text(self.from_at), "to_at": self.to_at and _text(self.to_at), "why": self.why}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Interval:
        """Read what ``as_dict`` wrote. Raises ValueError for a text that is no moment."""
        return cls(_read(row["from_at"]), _read(row["to_at"]) if row["to_at"] else None, row["why"])


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline moved: which step of the law, when it was granted, until when, and why (a code or an id)."""

    step: int
    at: datetime
    due_at: datetime
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"step": self.step, "at": _text(self.at), "due_at": _text(self.due_at), "why": self.why}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Extension:
        """Read what ``as_dict`` wrote. Raises ValueError for a text that is no moment."""
        return cls(row["step"], _read(row["at"]), _read(row["due_at"]), row["why"])


@dataclass(frozen=True, slots=True)
class Reason:
    """An agency whose service takes longer than the release allows."""

    agency: str
    minutes: int

    @property
    def hours(self) -> int:
        """Whole hours, rounded up."""
        return -(-self.minutes // 60)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An extension worth asking for at once: step 1 or 2, and the agencies that need it."""

    step: int
    reasons: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values: step, and agency and hours of each reason."""
        return {"step": self.step, "reasons": [{"agency": one.agency, "hours": one.hours} for one in self.reasons]}


def left(due_at: datetime, now: datetime) -> Left:
    """Return what is left at ``now``; when late, how long it has been late. Minutes are rounded down."""
    rest = due_at - now
    late = rest < timedelta(0)
    minutes = int(abs(rest).total_seconds()) // 60
    tone = "stop" if late else "due" if rest < SOON else ""
    return Left(late, minutes // (24 * 60), f"{minutes // 60}:{minutes % 60:02d}", tone)


def rule(kind: str) -> ClockRule:
    """Return the rule of a clock. Raises KeyError for a kind the table does not have."""
    return _rules()[kind]


def due(kind: str, calendar: WorkingCalendar, start: datetime, minutes: int | None = None) -> datetime:
    """Return when a clock started at ``start`` ends. ``minutes``: working minutes, instead of those of the rule.

    No minutes at all (0, a measure that is decided at once) are due with the next opening. Raises ValueError for a clock in
    minutes that has none or fewer, and for minutes given to a clock in days.
    """
    row = rule(kind)
    if row.unit == MINUTES:
        given = (row.amount or None) if minutes is None else minutes
        if given is None or given < 0:
            raise ValueError(f"{kind} needs its minutes")
        return _due_in_minutes(row, calendar, start, given)
    if minutes is not None:
        raise ValueError(f"{kind} is counted in days")
    return _due_in_days(row, calendar, start, row.amount)


def answer_due(calendar: WorkingCalendar, asked_at: datetime, *, registered_at: datetime | None = None) -> datetime:
    """Return when an answer before release is due: four working hours before the end of one working day (art. 325).

    The day follows that of registration, for the release does; without ``registered_at``, that of the question. A question
    asked so late that the trader would have less than one working hour is due four hours before the end of the next
    working day that leaves one: the Code is silent here, and a deadline that has passed binds nobody.
    """
    row = rule("answer")
    for days in count(row.amount):
        found = _due_in_days(row, calendar, registered_at or asked_at, days)
        if calendar.between(asked_at, found) >= ANSWER_AT_LEAST:
            return found
    raise AssertionError("the calendar ends before the days do")


def extended(calendar: WorkingCalendar, registered_at: datetime, step: int) -> datetime:
    """Return the release's deadline after an extension, counted from registration (art. 119).

    Step 1: the end of the working day that follows; step 2: of the tenth. Raises ValueError for another step.
    """
    if step not in range(1, LAST_STEP + 1):
        raise ValueError(f"no such extension: {step}")
    return due(f"release-{step}", calendar, registered_at)


def proposed_extension(
    service_minutes_by_agency: Mapping[str, int], *, day_minutes: int = DAY_MINUTES
) -> Proposal | None:
    """Return the extension that the agencies' service times (working minutes) call for, None when four hours do.

    Step 2 when one of them takes more than a working day of ``day_minutes``.
    """
    allowed = rule("release").amount
    slow = sorted((agency, minutes) for agency, minutes in service_minutes_by_agency.items() if minutes > allowed)
    if not slow:
        return None
    step = 2 if any(minutes > day_minutes for _, minutes in slow) else 1
    return Proposal(step, tuple(Reason(agency, minutes) for agency, minutes in slow))


def predicted_breach(now: datetime, due_at: datetime, calendar: WorkingCalendar, usual_minutes: int) -> bool:
    """Return whether less working time is left than the agency usually needs (working minutes)."""
    return calendar.between(now, due_at) < usual_minutes


def paused(due_at: datetime, calendar: WorkingCalendar, at: datetime) -> int:
    """Return the working minutes left when a clock stops; negative when it is late already, for a pause mends nothing."""
    return calendar.between(at, due_at)


def resumed(left_minutes: int, calendar: WorkingCalendar, at: datetime) -> datetime:
    """Return the deadline of a clock that goes on at ``at`` with so many working minutes left."""
    return calendar.add(at, left_minutes)


def started(kind: str, calendar: WorkingCalendar, at: datetime, minutes: int | None = None) -> tuple[Clock, datetime]:
    """Return a new clock and its deadline. Raises as ``due`` does."""
    row = rule(kind)
    given = minutes if minutes is not None or row.unit != MINUTES else row.amount
    clock: Clock = {"kind": kind, "minutes": given, "started_at": _text(at), "intervals": [], "extensions": []}
    return clock, due(kind, calendar, at, minutes)


def is_paused(clock: Mapping[str, Any]) -> bool:
    """Return whether the clock stands still."""
    return "left" in clock


def intervals(clock: Mapping[str, Any]) -> tuple[Interval, ...]:
    """Return the pauses of a clock, oldest first."""
    return tuple(Interval.of(row) for row in clock.get("intervals", ()))


def extensions(clock: Mapping[str, Any]) -> tuple[Extension, ...]:
    """Return the extensions of a clock, oldest first."""
    return tuple(Extension.of(row) for row in clock.get("extensions", ()))


def pause(clock: Mapping[str, Any], due_at: datetime, calendar: WorkingCalendar, at: datetime, why: str) -> Clock:
    """Return the clock stopped at ``at``; one that stands still already is returned as it is (a second question).

    Raises ValueError for a kind that no question pauses.
    """
    if rule(clock["kind"]).question_effect != PAUSE:
        raise ValueError(f"no question pauses the clock {clock['kind']}")
    if is_paused(clock):
        return dict(clock)
    stopped = [*clock.get("intervals", ()), Interval(at, None, why).as_dict()]
    return {**clock, "intervals": stopped, "left": paused(due_at, calendar, at)}


def resume(clock: Mapping[str, Any], calendar: WorkingCalendar, at: datetime) -> tuple[Clock, datetime]:
    """Return the clock going again, and its new deadline. Raises ValueError for one that does not stand still."""
    if not is_paused(clock):
        raise ValueError("the clock is running")
    ended = [*clock["intervals"][:-1], {**clock["intervals"][-1], "to_at": _text(at)}]
    running = {key: value for key, value in clock.items() if key != "left"} | {"intervals": ended}
    return running, resumed(clock["left"], calendar, at)


def extend(
    clock: Mapping[str, Any], due_at: datetime, calendar: WorkingCalendar, at: datetime, *, step: int, why: str
) -> tuple[Clock, datetime]:
    """Return the clock with its deadline moved, counted from its start; a deadline never moves back.

    A step already granted, or below one granted, changes nothing. Raises ValueError for another step than 1 and 2, and for
    a clock that is not extended (only the release is).
    """
    if rule(clock["kind"]).question_effect != EXTEND:
        raise ValueError(f"the clock {clock['kind']} is not extended")
    until = max(due_at, extended(calendar, _read(clock["started_at"]), step))
    if any(one["step"] >= step for one in clock.get("extensions", ())):
        return dict(clock), due_at
    granted = Extension(step, at, until, why).as_dict()
    return {**clock, "extensions": [*clock.get("extensions", ()), granted]}, until


def _due_in_minutes(row: ClockRule, calendar: WorkingCalendar, start: datetime, minutes: int) -> datetime:
    if row.afresh and not calendar.round_the_clock:
        closing = calendar.end_of_day(start)
        if calendar.between(start, closing) < minutes:
            start = closing + timedelta(minutes=1)
    return calendar.add(start, minutes)


def _due_in_days(row: ClockRule, calendar: WorkingCalendar, start: datetime, days: int) -> datetime:
    if row.unit == CALENDAR_DAYS:
        # The last day is a calendar day; when it is a day off, the next working day takes its place.
        last_midnight = calendars.ROUND_THE_CLOCK.add_days(start, days) - timedelta(days=1)
        return calendar.end_of_day(last_midnight)
    end = calendar.add_days(start, days)
    return calendar.add(end, -row.back_minutes) if row.back_minutes else end


@cache
def _rules() -> Mapping[str, ClockRule]:
    return {row["kind"]: _rule(row) for row in calendars.table("clocks")}


def _rule(row: Mapping[str, str]) -> ClockRule:
    if row["unit"] not in UNITS or row["question_effect"] not in EFFECTS:
        raise ValueError(f"clocks.csv: {row['kind']}")
    return ClockRule(
        kind=row["kind"],
        unit=row["unit"],
        amount=int(row["amount"]),
        back_minutes=int(row["back_minutes"]),
        afresh=row["afresh"] == "yes",
        by_head=row["by_head"] == "yes",
        question_effect=row["question_effect"],
        act={language: row[f"act_{language}"] for language in LANGUAGES},
        article=row["article"],
        confidence=row["confidence"],
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _read(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)
