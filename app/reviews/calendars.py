"""Working time of an agency: its hours, the days off of its country, and days moved by the government. Pure.

Every moment comes from outside, aware, in any zone; every moment returned is aware UTC. A calendar counts whole minutes:
seconds of what it is given are cut off, so that minutes add up and nothing is lost between a pause and its end.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

import holidays as almanac

DATA = Path(__file__).resolve().parent / "data"
ANY = "*"
"""A row of this agency or kind of office serves all that have none of their own."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""The almanac knows days off up to 2100; a moment outside is refused rather than counted without holidays."""
MINSK_MINUTES = 180
"""Minsk is three hours ahead of UTC, summer and winter, since 2011."""

Range = tuple[int, int]
"""From (inclusive) and to (exclusive), in minutes of the day in Minsk."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MINUTE = timedelta(minutes=1)
_DAY = 1440
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class _Year:
    """The hours of each day of a year, and the working minutes before each (one more entry: the whole year)."""

    first: int
    ranges: tuple[tuple[Range, ...], ...]
    before: tuple[int, ...]


@dataclass(frozen=True)
class WorkingCalendar:
    """When an office works.

    ``hours``: one tuple of ranges per weekday, Monday first; a gap between two ranges is the lunch break.
    ``round_the_clock``: every minute of every day is working time, whatever else is said here.
    ``holidays``: the country whose days off are kept ("" for none). ``moved``: pairs (day off, day worked instead).
    ``eve_minutes``: by how much the day before a public holiday is shorter (Labour Code of Belarus, art. 116: one hour).
    Raises ValueError for hours that do not make sense.
    """

    name: str
    hours: tuple[tuple[Range, ...], ...]
    round_the_clock: bool = False
    holidays: str = ""
    moved: tuple[tuple[date, date], ...] = ()
    eve_minutes: int = 0
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a week that is no week, a day whose ranges overlap, and an office that never works."""
        if len(self.hours) != len(DAYS) or not (self.round_the_clock or any(self.hours)):
            raise ValueError(f"{self.name}: hours of seven weekdays, at least one of them worked")
        for ranges in self.hours:
            ends = [0, *(minute for pair in ranges for minute in pair), _DAY]
            if ends != sorted(ends) or any(start == end for start, end in ranges):
                raise ValueError(f"{self.name}: hours that overlap or are empty")

    @property
    def day_minutes(self) -> int:
        """Working minutes of the longest weekday."""
        return _DAY if self.round_the_clock else max(_length(ranges) for ranges in self.hours)

    def is_working(self, moment: datetime) -> bool:
        """Return whether the office works in this minute; the minute of closing is no longer working time."""
        day, minute = divmod(_minutes(moment), _DAY)
        return any(start <= minute < end for start, end in self._ranges(day))

    def opening(self, moment: datetime) -> datetime:
        """Return the first working minute at or after the moment."""
        if self.is_working(moment):
            return _moment(_minutes(moment))
        year, minutes = self._position(_minutes(moment))
        return self._last_minute_at(year, minutes)

    def add(self, start: datetime, minutes: int) -> datetime:
        """Return the moment when so many working minutes have passed; that which ends with the day is its closing.

        Zero leaves a moment in or at the edge of working time alone and moves any other on to the opening. Negative
        minutes count back. Raises ValueError beyond the calendar.
        """
        now = _minutes(start)
        if minutes == 0:
            return _moment(now) if self._touches(now) else self.opening(start)
        year, passed = self._position(now)
        if minutes > 0:
            return self._first_minute_at(year, passed + minutes)
        return self._last_minute_at(year, passed + minutes)

    def between(self, a: datetime, b: datetime) -> int:
        """Return the working minutes from ``a`` to ``b``, negative when ``b`` is earlier."""
        if b < a:
            return -self.between(b, a)
        (from_year, passed), (to_year, reached) = self._position(_minutes(a)), self._position(_minutes(b))
        return sum(self._year(year).before[-1] for year in range(from_year, to_year)) + reached - passed

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the end of the n-th working day after the day of ``start``, which itself does not count.

        Zero days: ``end_of_day``. Raises ValueError for fewer.
        """
        if days < 0:
            raise ValueError("working days are counted forward")
        if days == 0:
            return self.end_of_day(start)
        day = _minutes(start) // _DAY
        while days:
            day += 1
            days -= bool(self._ranges(day))
        return _moment(day * _DAY + self._ranges(day)[-1][1])

    def end_of_day(self, moment: datetime) -> datetime:
        """Return the closing of the moment's day; after closing and on a day off, that of the next working day."""
        day, minute = divmod(_minutes(moment), _DAY)
        while not (ranges := self._ranges(day)) or minute > ranges[-1][1]:
            day, minute = day + 1, 0
        return _moment(day * _DAY + ranges[-1][1])

    def ranges_on(self, day: date) -> tuple[Range, ...]:
        """Return the working hours of a day in minutes of that day in Minsk; none on a day off."""
        return self._ranges(day.toordinal() - _EPOCH_ORDINAL)

    def _ranges(self, day: int) -> tuple[Range, ...]:
        year = self._year(_year_of(day))
        return year.ranges[day - year.first]

    def _touches(self, now: int) -> bool:
        day, minute = divmod(now, _DAY)
        return any(start <= minute <= end for start, end in self._ranges(day))

    def _position(self, now: int) -> tuple[int, int]:
        """Return the year and the working minutes that have passed in it."""
        day, minute = divmod(now, _DAY)
        number = _year_of(day)
        year = self._year(number)
        place = day - year.first
        today = sum(min(minute, end) - start for start, end in year.ranges[place] if start < minute)
        return number, year.before[place] + today

    def _first_minute_at(self, number: int, passed: int) -> datetime:
        """Return the earliest moment at which so many minutes of the year (more than none) have passed."""
        year = self._year(number)
        while passed > year.before[-1]:
            passed -= year.before[-1]
            number += 1
            year = self._year(number)
        place = bisect_left(year.before, passed) - 1
        rest = passed - year.before[place]
        for start, end in year.ranges[place]:
            if rest <= end - start:
                break
            rest -= end - start
        return _moment((year.first + place) * _DAY + start + rest)

    def _last_minute_at(self, number: int, passed: int) -> datetime:
        """Return the latest moment at which so many minutes of the year have passed: always a working minute."""
        year = self._year(number)
        while passed < 0:
            number -= 1
            year = self._year(number)
            passed += year.before[-1]
        while passed >= year.before[-1]:
            passed -= year.before[-1]
            number += 1
            year = self._year(number)
        place = bisect_right(year.before, passed) - 1
        rest = passed - year.before[place]
        for start, end in year.ranges[place]:
            if rest < end - start:
                break
            rest -= end - start
        return _moment((year.first + place) * _DAY + start + rest)

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._laid_out(number)
        return found

    def _laid_out(self, number: int) -> _Year:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise ValueError(f"a moment beyond the calendar: {number}")
        first = date(number, 1, 1).toordinal()
        days = range(first, date(number + 1, 1, 1).toordinal())
        if self.round_the_clock:
            ranges: tuple[tuple[Range, ...], ...] = (((0, _DAY),),) * len(days)
        else:
            off, worked = self._exceptions(number)
            ranges = tuple(self._hours_on(date.fromordinal(day), off, worked) for day in days)
        return _Year(first - _EPOCH_ORDINAL, ranges, tuple(accumulate(map(_length, ranges), initial=0)))

    def _exceptions(self, number: int) -> tuple[frozenset[date], Mapping[date, int]]:
        """Return the days off, and the days worked although they are none with the weekday whose hours they take."""
        off, weekend = _national(self.holidays, number) if self.holidays else (frozenset[date](), frozenset[date]())
        # The almanac does not say which day such a Saturday stands for; Friday's hours are its neighbour's.
        worked = dict.fromkeys(weekend, _FRIDAY) | {to: away.weekday() for away, to in self.moved}
        return off, worked

    def _hours_on(self, day: date, off: frozenset[date], worked: Mapping[date, int]) -> tuple[Range, ...]:
        moved_away = {away for away, _ in self.moved}
        if day in moved_away or (day in off and day not in worked):
            return ()
        ranges = self.hours[worked.get(day, day.weekday())]
        tomorrow = day + timedelta(days=1)
        # A moved day off is no public holiday: the day before it is as long as any other.
        return _cut(ranges, self.eve_minutes) if tomorrow in off and tomorrow not in moved_away else ranges


ROUND_THE_CLOCK = WorkingCalendar("round the clock", ((),) * 7, round_the_clock=True)


def calendar_of(agency: str, office_kind: str = "") -> WorkingCalendar:
    """Return the calendar of an agency at a kind of office (column ``kind`` of customs_offices.csv: house, ...).

    The nearest row of office_hours.csv serves: agency and kind, agency, kind, then the row of all.
    """
    calendars = _calendars()
    for key in ((agency, office_kind), (agency, ANY), (ANY, office_kind)):
        if key in calendars:
            return calendars[key]
    return calendars[ANY, ANY]


def read_calendars(
    rows: Iterable[Mapping[str, str]], moved: Iterable[Mapping[str, str]]
) -> dict[tuple[str, str], WorkingCalendar]:
    """Read rows of office_hours.csv, with the moved days of their country, by agency and kind of office."""
    away: dict[str, list[tuple[date, date]]] = {}
    for row in moved:
        pair = (date.fromisoformat(row["day_off"]), date.fromisoformat(row["working_day"]))
        away.setdefault(row["country"], []).append(pair)
    return {
        (row["agency"], row["office_kind"]): WorkingCalendar(
            name=f"{row['agency']} {row['office_kind']}",
            hours=tuple(_hours(row[day], row["lunch"]) for day in DAYS),
            round_the_clock=row["round_the_clock"] == "yes",
            holidays=row["holidays"],
            moved=tuple(away.get(row["holidays"], ())),
            eve_minutes=int(row["eve_minutes"] or 0),
        )
        for row in rows
    }


@cache
def _calendars() -> dict[tuple[str, str], WorkingCalendar]:
    return read_calendars(table("office_hours"), table("moved_days"))


@cache
def _national(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off of a year and the next, and the weekend days worked instead of some of them."""
    known = almanac.country_holidays(country, years=(year, year + 1))
    return frozenset(known), frozenset(known.weekend_workdays)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of our tables beside this file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _hours(text: str, lunch: str) -> tuple[Range, ...]:
    """Read ``9:00-18:00`` without the lunch break. Raises ValueError for a break that is not within the hours."""
    if not text:
        return ()
    start, end = _range(text)
    if not lunch:
        return ((start, end),)
    pause_from, pause_to = _range(lunch)
    if not start < pause_from < pause_to < end:
        raise ValueError(f"lunch {lunch} is not within {text}")
    return (start, pause_from), (pause_to, end)


def _range(text: str) -> Range:
    start, end = (int(hour) * 60 + int(minute) for hour, minute in (part.split(":") for part in text.split("-")))
    return start, end


def _cut(ranges: tuple[Range, ...], minutes: int) -> tuple[Range, ...]:
    """Return the hours of a day that closes so many minutes earlier."""
    if not ranges or minutes == 0:
        return ranges
    closing = ranges[-1][1] - minutes
    return tuple((start, min(end, closing)) for start, end in ranges if start < closing)


def _length(ranges: tuple[Range, ...]) -> int:
    return sum(end - start for start, end in ranges)


def _minutes(moment: datetime) -> int:
    """Return the whole minutes since 1970 by the clock in Minsk. Raises TypeError for a moment without its zone."""
    return (moment - _EPOCH) // _MINUTE + MINSK_MINUTES


def _moment(minutes: int) -> datetime:
    return _EPOCH + timedelta(minutes=minutes - MINSK_MINUTES)


def _year_of(day: int) -> int:
    return date.fromordinal(day + _EPOCH_ORDINAL).year
