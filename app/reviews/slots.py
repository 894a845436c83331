"""Slots of an inspection place: its hours cut into equal pieces, seat by seat. Pure: moments come from outside.

The places are in data/places.csv. Every moment taken may be in any zone, every moment returned is aware UTC; the hours are
those of Minsk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import islice

from app.errors import Text
from app.reviews import calendars
from app.reviews.calendars import MINSK_MINUTES, WorkingCalendar

FURTHEST = timedelta(days=30)
"""How far ahead a slot can be taken."""
NEXT = 3
"""Free slots that are offered instead of one that is taken."""
PAST, HOURS, GRID, FAR = "SLOT-PAST", "SLOT-HOURS", "SLOT-GRID", "SLOT-FAR"
"""What can be wrong with a slot asked for."""

MINSK = timezone(timedelta(minutes=MINSK_MINUTES))
"""The zone of the hours: fixed, for Minsk knows no summer time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods are inspected: its customs office, names, kinds of inspection, seats in a slot, minutes of a slot."""

    code: str
    office: str
    name: Text
    kinds: tuple[str, ...]
    capacity: int
    minutes: int
    calendar: WorkingCalendar
    confidence: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A slot of a place, with how many of its seats are taken."""

    from_at: datetime
    to_at: datetime
    taken: int = 0
    capacity: int = 1

    @property
    def free(self) -> int:
        """Seats left."""
        return max(self.capacity - self.taken, 0)

    @property
    def key(self) -> str:
        """The slot as a form names it: its beginning by the clock in Minsk."""
        return f"{self.from_at.astimezone(MINSK):%Y-%m-%dT%H:%M}"


def slots_on(place: Place, day: date, taken: Mapping[datetime, int] | None = None) -> list[Slot]:
    """Return the slots of a day; a piece of the hours too short for a whole slot is left over."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=MINSK).astimezone(UTC)
    held = taken or {}
    found = []
    for opening, closing in place.calendar.ranges_on(day):
        for minute in range(opening, closing - place.minutes + 1, place.minutes):
            start = midnight + timedelta(minutes=minute)
            found.append(Slot(start, start + timedelta(minutes=place.minutes), held.get(start, 0), place.capacity))
    return found


def week_of(day: date) -> list[date]:
    """Return the seven days of a day's week, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=count) for count in range(7)]


def next_free(place: Place, taken: Mapping[datetime, int], now: datetime, count: int = NEXT) -> list[Slot]:
    """Return the next slots that begin after ``now`` and have a seat left, as far ahead as a slot can be taken."""
    first = now.astimezone(MINSK).date()
    days = (first + timedelta(days=ahead) for ahead in range(FURTHEST.days + 1))
    free = (slot for day in days for slot in slots_on(place, day, taken) if slot.free and can_be_taken(slot, now))
    return list(islice(free, count))


def can_be_taken(slot: Slot, now: datetime) -> bool:
    """Return whether the slot has not begun and is not too far ahead."""
    return now < slot.from_at <= now + FURTHEST


def wrong_with(place: Place, start: datetime, now: datetime) -> str:
    """Return why no slot of the place can begin then (PAST, FAR, HOURS, GRID), "" when one can."""
    if start <= now:
        return PAST
    if start > now + FURTHEST:
        return FAR
    local = start.astimezone(MINSK)
    if any(slot.from_at == start for slot in slots_on(place, local.date())):
        return ""
    minute = local.hour * 60 + local.minute
    # Work that could not be finished before a break or the closing is outside of the hours too.
    within = any(
        opening <= minute <= closing - place.minutes for opening, closing in place.calendar.ranges_on(local.date())
    )
    return GRID if within else HOURS


def read_moment(text: str) -> datetime | None:
    """Read a slot as a form names it ("2026-11-23T09:00", by the clock in Minsk); None for anything else."""
    try:
        moment = datetime.strptime(text.strip(), "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    year = moment.year
    # The calendar ends; so does the patience with a year typed wrong.
    if not calendars.FIRST_YEAR < year < calendars.LAST_YEAR:
        return None
    return moment.replace(tzinfo=MINSK).astimezone(UTC)


def find_place(code: str) -> Place | None:
    """Return a place by its code, or None."""
    return _places().get(code)


def list_places(office: str = "") -> Sequence[Place]:
    """Return the places, those of an office first, then its customs house's, then the others, each in the table's order."""
    house = office[:2]
    return sorted(
        _places().values(), key=lambda place: (place.office != office, not house or place.office[:2] != house)
    )


def read_places(rows: Iterable[Mapping[str, str]], moved: Iterable[Mapping[str, str]]) -> dict[str, Place]:
    """Read rows of places.csv, with the days that the government moved. Raises ValueError for hours without sense."""
    listed = [dict(row) | {"agency": row["code"], "office_kind": calendars.ANY} for row in rows]
    hours = calendars.read_calendars(listed, moved)
    return {
        row["code"]: Place(
            code=row["code"],
            office=row["office"],
            name={language: row[f"name_{language}"] for language in ("be", "ru", "en")},
            kinds=tuple(row["kinds"].split()),
            capacity=int(row["capacity"]),
            minutes=int(row["slot_minutes"]),
            calendar=hours[row["code"], calendars.ANY],
            confidence=row["confidence"],
        )
        for row in listed
    }


@cache
def _places() -> Mapping[str, Place]:
    return read_places(calendars.table("places"), calendars.table("moved_days"))
