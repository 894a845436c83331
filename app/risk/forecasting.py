"""How many packages to expect at a post, by hour: what the last weeks say. Pure.

For each hour of a coming day the same hours of like days of the last eight weeks are taken: of the same weekday, or, for a day
off, of days off and Sundays. With five of them or more the highest and the lowest are left out. Fewer than two: cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

WEEKS = 8
LEAST_WEEKS = 2
TRIMMED_FROM = 5
SUNDAY = 6
LEVELS = 5
"""Steps of colour of the picture."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What to expect in an hour: the mean of ``days`` like days, and the fewest and most there were."""

    mean: float
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Day:
    """A coming day: ``off`` on a day off; ``days`` like days it rests on; ``hours`` empty where nobody can tell."""

    on: date
    off: bool
    days: int
    hours: tuple[Hour, ...]

    @property
    def known(self) -> bool:
        """Whether there are like days enough."""
        return bool(self.hours)

    @property
    def together(self) -> float:
        """Packages to expect on the day."""
        return sum(hour.mean for hour in self.hours)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming days of a post, and how many whole weeks they rest on."""

    weeks: int
    days: tuple[Day, ...]

    @property
    def most(self) -> float:
        """The fullest hour."""
        return max((hour.mean for day in self.days for hour in day.hours), default=0.0)

    def level(self, mean: float) -> int:
        """Return how dark an hour is drawn, 0 to LEVELS: shares of the fullest hour."""
        return min(LEVELS, round(mean / self.most * LEVELS + 0.49)) if self.most else 0


def forecast(
    days: Mapping[date, Sequence[int]], first: date | None, today: date, ahead: int, is_off: Callable[[date], bool]
) -> Forecast:
    """Return the forecast of ``ahead`` days from tomorrow on. ``days`` holds 24 numbers for each day with a package; ``first``
    is the first day the post was ever used, and days since then without numbers count as empty; today does not count, for it
    is not over."""
    since = max(first or today, today - timedelta(weeks=WEEKS))
    past = [since + timedelta(days=number) for number in range((today - since).days)]
    coming = [today + timedelta(days=number) for number in range(1, ahead + 1)]
    return Forecast(len(past) // 7, tuple(_day(on, past, days, is_off) for on in coming))


def _day(on: date, past: list[date], days: Mapping[date, Sequence[int]], is_off: Callable[[date], bool]) -> Day:
    off = _resting(on, is_off)
    like = [day for day in past if _resting(day, is_off) == off and (off or day.weekday() == on.weekday())]
    if len(like) < LEAST_WEEKS:
        return Day(on, off, len(like), ())
    empty = (0,) * 24
    return Day(on, off, len(like), tuple(_hour([days.get(day, empty)[hour] for day in like]) for hour in range(24)))


def _resting(day: date, is_off: Callable[[date], bool]) -> bool:
    return day.weekday() == SUNDAY or (is_off(day) and day.weekday() < SUNDAY - 1)


def _hour(counts: list[int]) -> Hour:
    kept = sorted(counts)[1:-1] if len(counts) >= TRIMMED_FROM else counts
    return Hour(fmean(kept), min(counts), max(counts))
