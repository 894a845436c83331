"""What a decision does to a clock: opened again, the agency has the working time it had left; the release runs on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.reviews import clocks, resuming
from app.reviews.calendars import calendar_of
from app.reviews.ticking import read
from tests.reviews.making import VET, Country, Filed, file_package, get

WEDNESDAY = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
"""Nine in the morning in Minsk."""


@pytest.fixture
def filed(session: object, country: Country) -> Filed:
    with time_machine.travel(WEDNESDAY, tick=False):
        return file_package(country)


def test_a_case_opened_again_goes_on_with_what_it_had_left(filed: Filed, country: Country) -> None:
    review = get(filed, country.olga)
    assert review.due_at == WEDNESDAY + timedelta(hours=3)
    review.decided_at = WEDNESDAY + timedelta(hours=1)
    resuming.restart_after_decision(review, at=WEDNESDAY + timedelta(days=1))
    assert review.due_at == WEDNESDAY + timedelta(days=1, hours=2)
    assert review.due_on == review.due_at.date()
    assert not clocks.is_paused(review.clock)
    told = read(
        review.clock, review.due_at, calendar_of(VET), WEDNESDAY + timedelta(days=1), opened_at=review.opened_at
    )
    assert told.minutes == 120
    assert told.pauses[0].question == 0


def test_the_release_runs_from_registration_whatever_happens(filed: Filed, country: Country) -> None:
    review = get(filed, country.kira)
    due_at, review.decided_at = review.due_at, WEDNESDAY + timedelta(hours=1)
    resuming.restart_after_decision(review, at=WEDNESDAY + timedelta(days=1))
    assert review.due_at == due_at


def test_what_was_never_decided_is_left_alone(filed: Filed, country: Country) -> None:
    review = get(filed, country.olga)
    story = dict(review.clock)
    resuming.restart_after_decision(review, at=WEDNESDAY + timedelta(days=1))
    assert review.clock == story
