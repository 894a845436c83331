"""How much of a stored deadline is left, in figures and in urgency. Pure: both moments come from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until a deadline: whole days, and hours and minutes as ``3:12``. ``tone``: "", due or stop."""

    late: bool
    days: int
    figure: str
    tone: str


def left(due_at: datetime, now: datetime) -> Left:
    """Return what is left at ``now``; when late, how long it has been late. Minutes are rounded down."""
    rest = due_at - now
    late = rest < timedelta(0)
    minutes = int(abs(rest).total_seconds()) // 60
    tone = "stop" if late else "due" if rest < SOON else ""
    return Left(late, minutes // (24 * 60), f"{minutes // 60}:{minutes % 60:02d}", tone)
