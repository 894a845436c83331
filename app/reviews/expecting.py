"""When an agency will probably have decided, by how long its last cases took. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.reviews.calendars import WorkingCalendar
from app.reviews.ticking import Ticking


@dataclass(frozen=True, slots=True)
class Expected:
    """What experience says about a case: of ``count`` cases half took no more than ``half`` working minutes, nine of ten no
    more than ``most``. ``about``: when this one will have taken as long as half of them; None while it waits for somebody else
    and when it has taken longer (``longer``)."""

    count: int
    half: int
    most: int
    about: datetime | None
    longer: bool

    @property
    def half_figure(self) -> str:
        """Half of the cases, in hours and minutes as ``0:35``."""
        return _figure(self.half)

    @property
    def most_figure(self) -> str:
        """Nine of ten cases, in hours and minutes."""
        return _figure(self.most)


def expect(
    count: int, half: int, most: int, clock: Ticking, calendar: WorkingCalendar, now: datetime, *, waits: bool = False
) -> Expected:
    """Return what to expect of a case whose clock stands like this at ``now``; figures are working minutes. ``waits``: it is
    not at work but waits for others, for goods to be brought or for an answer."""
    rest = half - clock.worked
    waits = waits or clock.paused is not None
    return Expected(count, half, most, None if waits or rest <= 0 else calendar.add(now, rest), rest <= 0 and not waits)


def _figure(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
