"""How the clock of a review stands at a moment, and its story for both sides: pauses, extensions, what is left. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import Text
from app.reviews import clocks, timing
from app.reviews.calendars import WorkingCalendar
from app.reviews.extension_texts import find_cause

QUESTION = "question-"
"""What a story says of a question to the trader: this and the question's number in the package."""
SHORT = 25
"""Per cent of its working time below which a clock is said to run out."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count: ``to_at`` is None while it lasts, ``question`` 0 when the cause is no question."""

    from_at: datetime
    to_at: datetime | None
    question: int


@dataclass(frozen=True, slots=True)
class Granted:
    """A deadline that was moved: until when, for which question (0: none) or reason of the pick-list, with which words."""

    step: int
    at: datetime
    due_at: datetime
    question: int
    cause: Text | None
    words: str


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock at a moment.

    ``minutes``: working minutes left, negative when late; while paused, those that will be left. ``worked``: those that have
    counted so far. ``share``: per cent of the working time that is left. ``tone``: "", due, stop, or blue while it is the
    trader's turn. ``at_risk``: less is left than the agency usually needs. ``due_at`` means nothing while ``paused``.
    """

    rule: clocks.ClockRule
    due_at: datetime
    paused: Pause | None
    late: bool
    minutes: int
    worked: int
    share: int
    tone: str
    at_risk: bool
    round_the_clock: bool
    pauses: tuple[Pause, ...]
    extensions: tuple[Granted, ...]
    proposed: Mapping[str, Any] | None

    @property
    def figure(self) -> str:
        """The working time left, or by which it is late: hours and minutes as ``3:12``."""
        return f"{abs(self.minutes) // 60}:{abs(self.minutes) % 60:02d}"


def read(
    story: clocks.Clock,
    due_at: datetime,
    calendar: WorkingCalendar,
    now: datetime,
    *,
    opened_at: datetime,
    usual_minutes: int | None = None,
) -> Ticking:
    """Read the clock of a review at ``now``. ``usual_minutes``: working minutes the agency usually needs, None: unknown."""
    pauses = tuple(Pause(one.from_at, one.to_at, _question(one.why)) for one in clocks.intervals(story))
    paused = pauses[-1] if clocks.is_paused(story) else None
    minutes = int(story["left"]) if paused else calendar.between(now, due_at)
    late = minutes < 0 or (paused is None and now > due_at)
    started_at = datetime.fromisoformat(story["started_at"]) if "started_at" in story else opened_at
    worked = _worked(started_at, pauses, calendar, now)
    share = _share(minutes, worked)
    at_risk = bool(
        usual_minutes and not late and not paused and clocks.predicted_breach(now, due_at, calendar, usual_minutes)
    )
    return Ticking(
        rule=clocks.rule(story.get("kind", "service")),
        due_at=due_at,
        paused=paused,
        late=late,
        minutes=minutes,
        worked=worked,
        share=share,
        tone="stop" if late else "blue" if paused else "due" if at_risk or share < SHORT else "",
        at_risk=at_risk,
        round_the_clock=calendar.round_the_clock,
        pauses=pauses,
        extensions=tuple(_granted(row) for row in story.get("extensions", ())),
        proposed=timing.proposed(story),
    )


def _worked(started_at: datetime, pauses: tuple[Pause, ...], calendar: WorkingCalendar, now: datetime) -> int:
    """Working minutes that have counted so far."""
    stood = sum(calendar.between(one.from_at, one.to_at or now) for one in pauses)
    return max(0, calendar.between(started_at, now) - stood)


def _share(left: int, worked: int) -> int:
    return 0 if left <= 0 else left * 100 // (left + worked)


def _granted(row: Mapping[str, Any]) -> Granted:
    one = clocks.Extension.of(row)
    cause = find_cause(one.why)
    return Granted(
        one.step, one.at, one.due_at, _question(one.why), cause.text if cause else None, str(row.get("words", ""))
    )


def _question(why: str) -> int:
    number = why.removeprefix(QUESTION)
    return int(number) if number != why and number.isdigit() else 0
