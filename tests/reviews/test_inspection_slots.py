"""Slots of a place: hours cut into equal pieces, lunch and days off left out, nothing in the past."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews import slots
from app.reviews.slots import FAR, GRID, HOURS, PAST, Slot

pytestmark = pytest.mark.pure

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
YARD = slots.find_place("06611-1")
BORDER = slots.find_place("BP-KOZ-1")


def minsk(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


def test_a_working_day_has_eight_slots_and_a_lunch_break():
    found = [slot.key[-5:] for slot in slots.slots_on(YARD, MONDAY)]
    assert found == ["09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00", "17:00"]


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2027, 1, 1), date(2026, 7, 3)])
def test_days_off_have_none(day):
    assert slots.slots_on(YARD, day) == []


def test_the_day_before_a_holiday_ends_an_hour_earlier():
    assert slots.slots_on(YARD, date(2026, 12, 24))[-1].key == "2026-12-24T16:00"


def test_the_border_works_round_the_clock():
    assert len(slots.slots_on(BORDER, date(2027, 1, 1))) == 12


@pytest.mark.parametrize(
    ("start", "wrong"),
    [
        (minsk(9), ""),
        (minsk(17), ""),
        (minsk(9, day=date(2026, 11, 20)), PAST),
        (NOW, PAST),
        (minsk(8), HOURS),
        (minsk(13), HOURS),
        (minsk(13, 30), HOURS),
        (minsk(12, 30), HOURS),
        (minsk(18), HOURS),
        (minsk(10, 15), GRID),
        (minsk(9, day=date(2026, 11, 29)), HOURS),
        (minsk(9, day=date(2027, 1, 15)), FAR),
    ],
)
def test_what_can_be_wrong_with_a_slot(start, wrong):
    assert slots.wrong_with(YARD, start, NOW) == wrong


def test_the_next_free_slots_leave_out_the_full_ones():
    taken = {minsk(9): YARD.capacity, minsk(10): YARD.capacity - 1}
    found = slots.next_free(YARD, taken, NOW)
    assert [slot.key for slot in found] == ["2026-11-23T10:00", "2026-11-23T11:00", "2026-11-23T12:00"]
    assert found[0].free == 1


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.sampled_from(slots.list_places()))
def test_every_slot_lies_within_working_time_and_is_accepted(day, place):
    listed = slots.slots_on(place, day)
    for before, after in pairwise(listed):
        assert before.to_at <= after.from_at
    for slot in listed:
        assert place.calendar.between(slot.from_at, slot.to_at) == place.minutes
        assert slots.wrong_with(place, slot.from_at, slot.from_at - timedelta(minutes=1)) == ""
        assert slots.read_moment(slot.key) == slot.from_at


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    assert slots.read_moment(text) is None or text.strip()


def test_a_seat_more_than_there_are_is_none_left():
    assert Slot(NOW, NOW, taken=3, capacity=2).free == 0


def test_the_places_of_the_own_office_come_first():
    found = [place.code for place in slots.list_places("06650")]
    assert found[:2] == ["06650-1", "06650-2"]
    assert found[2].startswith("06")
    assert len(found) == len(slots.list_places())
    assert all(place.capacity > 0 and place.minutes > 0 and place.name["be"] for place in slots.list_places())


def test_a_place_nobody_knows():
    assert slots.find_place("NOTHING") is None
