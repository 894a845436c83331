"""The ring beside a case: how much of its working time is left, whether it stands still, whether it will be late. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.reviews import clocks
from app.reviews.calendars import WorkingCalendar

NEAR = 25
"""Percent of the working time left below which a ring is amber."""


@dataclass(frozen=True, slots=True)
class Ring:
    """``share``: percent of the working time that is left, 0 to 100. ``tone``: ok, due, stop or paused. ``late_soon``: less
    working time is left than the agency usually needs."""

    share: int
    tone: str
    late_soon: bool


def ring(
    *,
    opened_at: datetime,
    due_at: datetime,
    clock: Mapping[str, Any],
    paused: bool,
    calendar: WorkingCalendar,
    now: datetime,
    usual_minutes: int = 0,
) -> Ring:
    """Return the ring of a case at ``now``. ``usual_minutes``: working minutes the agency usually needs, 0: unknown."""
    begun = min(opened_at, due_at)
    whole = max(calendar.between(begun, due_at), 1)
    if paused:
        left = int(clock.get("left", whole))
        return Ring(_percent(left, whole), "paused", False)
    left = calendar.between(now, due_at)
    share = _percent(left, whole)
    if now > due_at:
        return Ring(0, "stop", False)
    late_soon = bool(usual_minutes) and clocks.predicted_breach(now, due_at, calendar, usual_minutes)
    return Ring(share, "due" if share < NEAR or late_soon else "ok", late_soon)


def _percent(left: int, whole: int) -> int:
    return max(0, min(100, round(100 * left / whole)))


@dataclass(frozen=True, slots=True)
class Waited:
    """How long a case has been on the queue: whole days, and hours and minutes of the day begun."""

    days: int
    hours: int
    minutes: int


def waited(since: datetime, now: datetime) -> Waited:
    """Return the time from ``since`` to ``now`` by the clock on the wall; none when it has not begun."""
    minutes = int(max(now - since, timedelta()).total_seconds()) // 60
    return Waited(minutes // 1440, minutes // 60 % 24, minutes % 60)
