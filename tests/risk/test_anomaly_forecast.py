"""What the last weeks say of the next: like days, without the outermost, and no answer where nobody can tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.risk import forecasting

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
"""A Monday."""


def never(_day: date) -> bool:
    return False


def hours(nine: int) -> tuple[int, ...]:
    return (0,) * 9 + (nine,) + (0,) * 14


def since(weeks: int) -> date:
    return TODAY - timedelta(weeks=weeks)


def test_like_days_are_asked_and_the_outermost_left_out():
    counts = [5, 5, 5, 5, 5, 5, 90, 0]
    days = {since(week): hours(counts[week - 1]) for week in range(1, 9)}
    found = forecasting.forecast(days, since(8), TODAY, 7, never)
    monday = found.days[-1]
    assert (found.weeks, monday.on.weekday(), monday.days) == (8, 0, 8)
    assert (monday.hours[9].mean, monday.hours[9].least, monday.hours[9].most) == (5.0, 0, 90)
    assert monday.together == 5.0
    assert found.days[0].together == 0.0


def test_fewer_than_two_like_days_cannot_tell():
    found = forecasting.forecast({since(1): hours(3)}, since(1), TODAY, 7, never)
    assert not any(day.known for day in found.days)
    assert found.weeks == 1
    assert forecasting.forecast({}, None, TODAY, 3, never).most == 0.0


def test_a_day_without_packages_since_the_first_one_counts_as_empty():
    found = forecasting.forecast({since(4): hours(8)}, since(4), TODAY, 7, never)
    assert found.days[-1].hours[9].mean == 2.0


def test_a_holiday_is_like_days_off_and_sundays_and_leaves_the_weekday_alone():
    off = {since(2), TODAY + timedelta(days=1)}
    days = {since(week): hours(10) for week in (1, 3, 4)} | {since(2): hours(1)}
    days |= {since(week) - timedelta(days=1): hours(2) for week in (1, 2, 3)}
    found = forecasting.forecast(days, since(4) - timedelta(days=1), TODAY, 7, off.__contains__)
    tuesday, monday = found.days[0], found.days[-1]
    assert tuesday.off
    assert 0 < tuesday.hours[9].mean <= 2
    assert monday.hours[9].mean == 10


def test_levels_are_shares_of_the_fullest_hour():
    found = forecasting.forecast({since(week): hours(10) for week in range(1, 5)}, since(4), TODAY, 7, never)
    assert [found.level(mean) for mean in (0, 0.1, 5, 10)] == [0, 1, 3, 5]
