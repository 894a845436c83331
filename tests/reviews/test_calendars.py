"""Working time: days off, moved days, hours and lunch, year ends; minutes that add up."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.clock import MINSK
from app.reviews import calendars
from app.reviews.calendars import ROUND_THE_CLOCK, WorkingCalendar, calendar_of, read_calendars

pytestmark = pytest.mark.pure

BORDER = calendar_of("BY-GTK", "border")
INLAND = calendar_of("BY-GTK", "clearance")
VETS = calendar_of("BY-DVPN")
SHIFTS = WorkingCalendar("nights", (((0, 360), (1200, 1440)),) * 6 + ((),), holidays="BY", eve_minutes=60)
ALL = [BORDER, INLAND, VETS, SHIFTS]

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 1), timezones=st.just(UTC))
CALENDARS = st.sampled_from(ALL)
MINUTES = st.integers(0, 40_000)


def at(text: str) -> datetime:
    """A moment by the clock in Minsk."""
    return datetime.fromisoformat(text).replace(tzinfo=MINSK)


def whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def slowly_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> int:
    """The same count another way: hour ranges of each day, cut to a..b, one after the other."""
    known = holidays.country_holidays("BY", years=range(a.year - 1, b.year + 3))
    minutes, day = 0, a.astimezone(MINSK).date()
    while day <= b.astimezone(MINSK).date():
        ranges = list(calendar.hours[day.weekday()])
        if calendar.round_the_clock:
            ranges = [(0, 1440)]
        elif day in known.weekend_workdays:
            ranges = list(calendar.hours[0])
        elif day in known:
            ranges = []
        if ranges and day + timedelta(1) in known and "substituted" not in english(known, day + timedelta(1)):
            ranges[-1] = (ranges[-1][0], ranges[-1][1] - calendar.eve_minutes)
        midnight = datetime(day.year, day.month, day.day, tzinfo=MINSK)
        for start, end in ranges:
            start_at, end_at = midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
            minutes += max(0, (min(end_at, b) - max(start_at, a)) // timedelta(minutes=1))
        day += timedelta(1)
    return minutes


def english(known, day: date) -> str:
    return holidays.country_holidays("BY", years=day.year, language="en_US").get(day) or ""


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "end"),
    [
        (INLAND, "2026-03-10T09:00", 60, "2026-03-10T10:00"),
        (INLAND, "2026-03-10T09:00", 540, "2026-03-10T18:00"),  # what ends with the day is its closing
        (INLAND, "2026-03-10T09:00", 541, "2026-03-11T09:01"),
        (INLAND, "2026-03-10T16:30", 240, "2026-03-11T11:30"),
        (INLAND, "2026-03-13T17:00", 120, "2026-03-16T10:00"),  # over a weekend
        (INLAND, "2026-03-10T22:15", 30, "2026-03-11T09:30"),  # filed at night
        (INLAND, "2026-03-14T12:00", 30, "2026-03-16T09:30"),  # on a Saturday
        (INLAND, "2026-12-31T15:00", 240, "2027-01-04T11:00"),  # closes at 17:00; 1 and 2 January, then a Sunday
        (INLAND, "2026-01-06T16:00", 120, "2026-01-08T10:00"),  # the eve of Christmas, and Christmas
        (INLAND, "2025-01-03T17:00", 120, "2025-01-08T10:00"),  # 6 January moved away; 3 January is no eve
        (INLAND, "2025-01-10T17:00", 120, "2025-01-11T10:00"),  # to a Saturday that is worked
        (INLAND, "2025-01-11T17:00", 120, "2025-01-13T10:00"),
        (INLAND, "2026-04-17T17:00", 120, "2026-04-22T10:00"),  # moved Monday, Radunitsa on Tuesday
        (INLAND, "2026-04-24T17:00", 120, "2026-04-25T10:00"),  # its Saturday
        (INLAND, "2026-05-08T16:30", 60, "2026-05-11T09:30"),  # 9 May on a Saturday moves no Monday; 8 May is an eve
        (INLAND, "2028-02-28T17:00", 600, "2028-02-29T18:00"),  # a leap day
        (VETS, "2026-03-10T12:30", 60, "2026-03-10T14:30"),  # over lunch
        (VETS, "2026-03-10T13:20", 10, "2026-03-10T14:10"),  # filed at lunch
        (VETS, "2026-03-10T08:30", 270, "2026-03-10T13:00"),  # ends with the lunch break
        (VETS, "2026-03-10T08:30", 4800, "2026-03-23T17:30"),  # ten days of eight hours
        (BORDER, "2026-12-31T22:00", 240, "2027-01-01T02:00"),
    ],
)
def test_computed_by_hand(calendar, start, minutes, end):
    assert calendar.add(at(start), minutes) == at(end)
    assert calendar.between(at(start), at(end)) == minutes
    assert slowly_between(calendar, at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (INLAND, "2026-03-10T10:00", 1, "2026-03-11T18:00"),
        (INLAND, "2026-03-10T23:59", 1, "2026-03-11T18:00"),  # the day of filing never counts, however late
        (INLAND, "2026-03-13T10:00", 1, "2026-03-16T18:00"),
        (INLAND, "2026-03-14T10:00", 1, "2026-03-16T18:00"),
        (INLAND, "2026-03-10T10:00", 10, "2026-03-24T18:00"),
        (INLAND, "2026-12-30T10:00", 1, "2026-12-31T17:00"),  # the eve closes an hour earlier
        (INLAND, "2026-12-31T10:00", 10, "2027-01-18T18:00"),  # 4 5 6 8, 11 to 15, 18
        (INLAND, "2025-12-19T10:00", 1, "2025-12-20T18:00"),  # a Saturday worked for Friday 26
        (INLAND, "2025-12-24T10:00", 1, "2025-12-29T18:00"),
        (INLAND, "2026-03-10T10:00", 0, "2026-03-10T18:00"),
        (INLAND, "2026-03-10T18:01", 0, "2026-03-11T18:00"),
        (BORDER, "2026-03-13T10:00", 1, "2026-03-15T00:00"),
    ],
)
def test_days_computed_by_hand(calendar, start, days, end):
    assert calendar.add_days(at(start), days) == at(end)


def test_every_day_off_of_belarus_is_off_and_every_moved_saturday_is_worked():
    for year in range(2024, 2031):
        known = holidays.country_holidays("BY", years=year)
        for day in known:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=MINSK)
            assert not INLAND.is_working(noon), day
            assert INLAND.opening(noon) > noon
            assert BORDER.is_working(noon)
        for day in known.weekend_workdays:
            assert INLAND.is_working(datetime(day.year, day.month, day.day, 12, tzinfo=MINSK)), day


def test_the_table_of_moved_days_agrees_with_the_almanac():
    moved = {to: away for away, to in INLAND.moved}
    for year in (2025, 2026):
        known = holidays.country_holidays("BY", years=year)
        assert {day for day in known.weekend_workdays if day.year == year} == {day for day in moved if day.year == year}
        assert all(away in known for to, away in moved.items() if to.year == year)


def test_a_moved_day_alone_changes_a_deadline():
    rows = calendars.table("office_hours")
    row = {"country": "BY", "day_off": "2027-05-10", "working_day": "2027-05-15"}
    before, after = read_calendars(rows, [])["*", "*"], read_calendars(rows, [row])["*", "*"]
    assert before.add(at("2027-05-07T16:30"), 60) == at("2027-05-07T17:30")
    assert before.add(at("2027-05-07T16:30"), 61) == at("2027-05-10T08:31")
    assert after.add(at("2027-05-07T16:30"), 61) == at("2027-05-12T08:31")
    assert after.is_working(at("2027-05-15T12:00"))
    assert not before.is_working(at("2027-05-15T12:00"))


def test_a_moved_saturday_has_the_hours_of_the_day_it_stands_for():
    week = (*(((540, 1080 - 60 * day),) for day in range(5)), (), ())
    calendar = WorkingCalendar("short Fridays", week, holidays="BY", moved=((date(2026, 4, 20), date(2026, 4, 25)),))
    assert calendar.end_of_day(at("2026-04-25T10:00")) == at("2026-04-25T18:00"), "a Monday's hours"
    unknown = WorkingCalendar("short Fridays", week, holidays="BY")
    assert unknown.end_of_day(at("2026-04-25T10:00")) == at("2026-04-25T14:00"), "known to the almanac only: Friday's"


def test_hours_alone_change_a_deadline():
    rows = [dict(row) for row in calendars.table("office_hours")]
    for row in rows:
        row.update(fri="8:30-12:00", lunch="")
    changed = read_calendars(rows, [])["*", "*"]
    assert changed.end_of_day(at("2026-03-13T10:00")) == at("2026-03-13T12:00")


@pytest.mark.parametrize(
    ("agency", "kind", "name"),
    [
        ("BY-GTK", "border", "BY-GTK border"),
        ("BY-GTK", "house", "BY-GTK *"),
        ("BY-GTK", "", "BY-GTK *"),
        ("BY-MPR", "border", "BY-MPR *"),
        ("BY-MART", "clearance", "* *"),
        ("nobody", "", "* *"),
    ],
)
def test_the_nearest_row_serves(agency, kind, name):
    assert calendar_of(agency, kind).name == name


def test_every_kind_of_office_and_every_agency_has_its_hours():
    folder = calendars.DATA.parent.parent / "requirements" / "data"
    with (folder / "customs_offices.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["kind"] for row in csv.DictReader(file)}
    with (folder / "agencies.csv").open(encoding="utf-8", newline="") as file:
        agencies = {row["code"] for row in csv.DictReader(file)}
    assert "border" in kinds
    for row in calendars.table("office_hours"):
        assert row["agency"] in agencies | {"*"}
        assert row["office_kind"] in kinds | {"*"}
        assert row["source"]
        assert row["confidence"] in ("verified", "recalled")
    assert {calendar_of("BY-GTK", kind).round_the_clock for kind in kinds - {"border"}} == {False}
    assert VETS.day_minutes == 480
    assert BORDER.day_minutes == 1440


@pytest.mark.parametrize(
    "hours",
    [
        ((),) * 7,
        (((540, 1080),),) * 6,
        (((540, 1080), (1000, 1100)),) * 7,
        (((540, 1500),),) * 7,
        (((600, 600),),) * 7,
    ],
)
def test_hours_that_make_no_sense_are_refused(hours):
    with pytest.raises(ValueError, match="nowhere"):
        WorkingCalendar("nowhere", hours)


def test_lunch_outside_the_hours_is_refused():
    row = {**calendars.table("office_hours")[-1], "lunch": "18:00-19:00"}
    with pytest.raises(ValueError, match="lunch"):
        read_calendars([row], [])


def test_moments_beyond_the_calendar_and_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="beyond"):
        INLAND.add(at("2100-12-31T10:00"), 100_000)
    with pytest.raises(ValueError, match="beyond"):
        INLAND.add(at("2000-01-03T10:00"), -100_000)
    with pytest.raises(ValueError, match="beyond"):
        INLAND.between(at("1999-01-01T10:00"), at("2026-01-01T10:00"))
    with pytest.raises(ValueError, match="forward"):
        INLAND.add_days(at("2026-01-01T10:00"), -1)
    with pytest.raises(TypeError):
        INLAND.opening(datetime(2026, 1, 1))  # the zone is missing on purpose


@given(MOMENTS)
def test_minsk_never_changes_its_clock(moment):
    assert moment.astimezone(MINSK).utcoffset() == timedelta(minutes=calendars.MINSK_MINUTES)
    assert moment.astimezone(ZoneInfo("Europe/Minsk")).dst() in (timedelta(0), None)


@given(CALENDARS, MOMENTS, st.integers(-12, 14))
def test_the_zone_of_a_moment_does_not_matter(calendar, moment, hours):
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert calendar.add(elsewhere, 77) == calendar.add(moment, 77)
    assert calendar.add(elsewhere, 77).tzinfo is UTC


@given(CALENDARS, MOMENTS, MINUTES)
def test_between_undoes_add(calendar, start, minutes):
    end = calendar.add(start, minutes)
    assert calendar.between(start, end) == minutes
    assert calendar.between(end, start) == -minutes
    assert calendar.between(start, calendar.add(start, -minutes)) == -minutes


@given(CALENDARS, MOMENTS, MOMENTS)
def test_add_undoes_between(calendar, a, b):
    a, b = sorted((a, b))
    minutes = calendar.between(a, b)
    assert minutes >= 0
    assume(minutes)
    end = calendar.add(a, minutes)
    assert end <= b
    assert calendar.between(end, b) == 0


@given(CALENDARS, MOMENTS, st.integers(0, 60_000))
def test_between_agrees_with_a_slow_count(calendar, a, minutes):
    a = whole(a)
    b = a + timedelta(minutes=minutes)
    if calendar is SHIFTS:  # Saturdays of its own: the slow count knows no hours of a moved day for it
        assume(not any(a.date() <= day <= b.date() + timedelta(1) for away, to in INLAND.moved for day in (away, to)))
        assume(a.year > 2026)
    assert calendar.between(a, b) == slowly_between(calendar, a, b)


@given(CALENDARS, MOMENTS, MINUTES, MINUTES)
def test_minutes_add_up(calendar, start, m, n):
    assert calendar.add(calendar.add(start, m), n) == calendar.add(start, m + n)


@given(CALENDARS, MOMENTS, MOMENTS, MINUTES, MINUTES)
def test_later_and_longer_never_end_earlier(calendar, a, b, m, n):
    (a, b), (m, n) = sorted((a, b)), sorted((m, n))
    assert calendar.add(a, m) <= calendar.add(b, m)
    assert calendar.add(a, m) <= calendar.add(a, n)
    assert calendar.add_days(a, m % 30) <= calendar.add_days(b, m % 30)
    assert calendar.end_of_day(a) <= calendar.end_of_day(b)
    assert calendar.opening(a) <= calendar.opening(b)


@given(CALENDARS, MOMENTS, st.integers(1, 40_000))
def test_a_deadline_is_in_working_time_or_at_its_edge(calendar, start, minutes):
    end = calendar.add(start, minutes)
    assert calendar.is_working(end - timedelta(minutes=1)), "the minute before a deadline is worked"
    assert calendar.is_working(calendar.add(start, -minutes))
    zero = calendar.add(start, 0)
    assert calendar.is_working(zero) or calendar.is_working(zero - timedelta(minutes=1))


@given(CALENDARS, MOMENTS)
def test_an_opening_is_the_next_working_minute(calendar, moment):
    opening = calendar.opening(moment)
    assert calendar.is_working(opening)
    assert opening >= whole(moment)
    assert calendar.between(moment, opening) == 0
    assert calendar.opening(opening) == opening


@given(CALENDARS, MOMENTS, st.integers(1, 60))
def test_the_end_of_a_working_day(calendar, moment, days):
    end = calendar.end_of_day(moment)
    assert end >= whole(moment)
    assert calendar.is_working(end - timedelta(minutes=1))
    later = calendar.add_days(moment, days)
    last_minute = later - timedelta(minutes=1)
    assert calendar.is_working(last_minute)
    assert last_minute.astimezone(MINSK).date() > moment.astimezone(MINSK).date()
    assert calendar.add_days(last_minute, 1) == calendar.add_days(moment, days + 1)


@given(MOMENTS, st.integers(-40_000, 40_000))
def test_round_the_clock_is_plain_time(moment, minutes):
    for calendar in (BORDER, ROUND_THE_CLOCK):
        assert calendar.add(moment, minutes) == whole(moment) + timedelta(minutes=minutes)
        assert calendar.between(whole(moment), whole(moment) + timedelta(minutes=minutes)) == minutes
        assert calendar.is_working(moment)
