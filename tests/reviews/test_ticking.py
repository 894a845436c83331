"""How a clock stands at a moment: what is left in working time, its ring, its story; pauses never count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews import clocks, ticking
from app.reviews.calendars import calendar_of

pytestmark = pytest.mark.pure
VET = calendar_of("BY-DVPN")
CUSTOMS = calendar_of("BY-GTK")
BORDER = calendar_of("BY-GTK", "border")


def minsk(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the clock in Minsk; the 20th is a Friday."""
    return datetime(2026, 11, day, hour - 3, minute, tzinfo=UTC)


def read(begun: tuple[clocks.Clock, datetime], now: datetime, **more: Any) -> ticking.Ticking:
    calendar = more.pop("calendar", VET)
    return ticking.read(begun[0], begun[1], calendar, now, opened_at=minsk(18, 9), **more)


def test_what_is_left_is_working_time() -> None:
    begun = clocks.started("service", VET, minsk(20, 15), 180)
    friday = read(begun, minsk(20, 16))
    assert (friday.minutes, friday.figure, friday.share, friday.tone) == (120, "2:00", 66, "")
    saturday = read(begun, minsk(21, 12))
    assert (saturday.minutes, saturday.figure, saturday.tone) == (30, "0:30", "due")
    assert not saturday.late
    late = read(begun, minsk(23, 10, 15))
    assert (late.late, late.minutes, late.figure, late.share, late.tone) == (True, -75, "1:15", 0, "stop")


def test_late_outside_of_working_hours_is_late_too() -> None:
    begun = clocks.started("service", VET, minsk(20, 8, 30), 480)
    assert begun[1] == minsk(20, 17, 30)
    assert read(begun, minsk(20, 17, 31)).late
    assert not read(begun, minsk(20, 17, 30)).late


def test_a_clock_that_stands_still_is_neither_late_nor_at_risk() -> None:
    story, due_at = clocks.started("service", VET, minsk(20, 9), 180)
    stopped = clocks.pause(story, due_at, VET, minsk(20, 10), "question-3")
    much_later = read((stopped, due_at), minsk(26, 12), usual_minutes=1000)
    assert (much_later.late, much_later.at_risk, much_later.tone) == (False, False, "blue")
    assert much_later.minutes == 120
    assert much_later.share == 66
    assert much_later.paused == ticking.Pause(minsk(20, 10), None, 3)
    running = read(clocks.resume(stopped, VET, minsk(26, 12)), minsk(26, 12))
    assert running.minutes == 120
    assert running.pauses == (ticking.Pause(minsk(20, 10), minsk(26, 12), 3),)


def test_what_was_late_before_the_question_stays_late() -> None:
    story, due_at = clocks.started("service", VET, minsk(20, 9), 60)
    stopped = clocks.pause(story, due_at, VET, minsk(20, 12), "question-1")
    assert read((stopped, due_at), minsk(20, 15)).late


def test_a_breach_is_predicted_from_what_the_agency_usually_needs() -> None:
    begun = clocks.started("service", VET, minsk(20, 9), 180)
    assert not read(begun, minsk(20, 10)).at_risk
    assert not read(begun, minsk(20, 10), usual_minutes=120).at_risk
    at_risk = read(begun, minsk(20, 10), usual_minutes=121)
    assert (at_risk.at_risk, at_risk.tone) == (True, "due")


def test_extensions_say_their_reason_in_words_of_the_list_the_head_and_the_question() -> None:
    story, due_at = clocks.started("release", CUSTOMS, minsk(18, 10))
    story, due_at = clocks.extend(story, due_at, CUSTOMS, minsk(18, 11), step=1, why="question-2")
    story, due_at = clocks.extend(story, due_at, CUSTOMS, minsk(18, 12), step=2, why="OTHER")
    story["extensions"][1]["words"] = "The expert comes on Monday."
    first, second = read((story, due_at), minsk(18, 13), calendar=CUSTOMS).extensions
    assert (first.question, first.cause, first.words) == (2, None, "")
    assert second.question == 0
    assert second.cause is not None
    assert second.cause["en"] == "Another reason"
    assert second.words == "The expert comes on Monday."


def test_a_clock_of_before_has_no_story_and_still_stands() -> None:
    told = ticking.read({}, minsk(20, 12), VET, minsk(20, 11), opened_at=minsk(20, 9))
    assert (told.minutes, told.share, told.rule.kind) == (60, 33, "service")


def test_the_border_counts_every_hour() -> None:
    begun = clocks.started("release", BORDER, minsk(21, 20))
    told = read(begun, minsk(21, 22), calendar=BORDER)
    assert told.round_the_clock
    assert told.minutes == 120


@given(st.integers(0, 3000), st.integers(0, 5000), st.integers(0, 20000))
def test_a_pause_of_any_length_takes_nothing_and_gives_nothing(minutes: int, worked: int, stood: int) -> None:
    story, due_at = clocks.started("service", VET, minsk(20, 9), minutes)
    asked = minsk(20, 9) + timedelta(minutes=worked)
    before = read((story, due_at), asked)
    stopped = clocks.pause(story, due_at, VET, asked, "question-1")
    answered = asked + timedelta(minutes=stood)
    during = read((stopped, due_at), answered)
    assert during.minutes == before.minutes
    assert during.share == before.share
    after = read(clocks.resume(stopped, VET, answered), answered)
    assert after.minutes == before.minutes
    assert 0 <= after.share <= 100
