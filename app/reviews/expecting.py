"""When an agency will probably have decided, by how long its last cases took. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.reviews.calendars import WorkingCalendar
from app.reviews.ticking import Ticking


@dataclass(frozen=True, slots=True)
class Expected:
    """What experience says about a case: of ``count`` cases half took no more than ``half`` working minutes, nine of ten no
    more than ``most``. ``about``: when this one will have taken as long as half of them, None while its clock stands or when
    it has taken longer (``longer``)."""

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


def expect(count: int, half: int, most: int, clock: Ticking, calendar: WorkingCalendar, now: datetime) -> Expected:
    """Return what to expect of a case whose clock stands like this at ``now``; figures are working minutes."""
    rest = half - clock.worked
    about = calendar.add(now, rest) if rest > 0 and clock.paused is None else None
    return Expected(count, half, most, about, rest <= 0)


def _figure(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
