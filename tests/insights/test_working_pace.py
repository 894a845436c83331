"""The pace of an agency in its own working time: nights and days off and the trader's turn are not its time."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.insights import finders, pacing
from app.insights.models import Pace

pytestmark = pytest.mark.pure


def minsk(day: int, hour: int) -> datetime:
    """An hour of November 2026 in Minsk; the 20th is a Friday."""
    return datetime(2026, 11, day, hour - 3, tzinfo=UTC)


def entry(event: str, at: datetime, **payload: Any) -> Any:
    return SimpleNamespace(event=event, at=at, payload={"agency": "BY-DVPN"} | payload)


OPENED = entry("review.opened", minsk(20, 16))
DECIDED = entry("review.decided", minsk(23, 10))


def test_a_weekend_is_nobodys_time() -> None:
    assert pacing.worked(OPENED, DECIDED, []) == 90 + 90


def test_the_traders_turn_is_not_the_agencys_time() -> None:
    between = [entry("review.stopped", minsk(20, 17), effect="pause"), entry("review.resumed", minsk(23, 9))]
    assert pacing.worked(OPENED, DECIDED, between) == 60 + 60


def test_a_question_that_pauses_nothing_and_one_of_afterwards_change_nothing() -> None:
    between = [
        entry("review.stopped", minsk(20, 17), effect="extend"), entry("review.resumed", minsk(23, 9)),
        entry("review.stopped", minsk(23, 11), effect="pause"),
    ]  # fmt: skip
    assert pacing.worked(OPENED, DECIDED, between) == 180


def test_two_questions_pause_once_and_a_decision_in_between_ends_it() -> None:
    between = [
        entry("review.stopped", minsk(20, 17), effect="pause"), entry("review.stopped", minsk(23, 9), effect="pause"),
    ]  # fmt: skip
    assert pacing.worked(OPENED, DECIDED, between) == 60


def test_a_few_cases_say_nothing_yet() -> None:
    few = Pace(agency="BY-DVPN", minutes=[], median_minutes=0, working=[5, 6, 7, 8], median_working=6)
    enough = Pace(agency="BY-GTK", minutes=[], median_minutes=0, working=[5, 6, 7, 8, 9], median_working=7)
    assert finders.usual({"BY-DVPN": few, "BY-GTK": enough}) == {"BY-GTK": 7}
