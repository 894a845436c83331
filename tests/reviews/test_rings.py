"""The ring of working time: what is left of it, when it turns amber and red, when it stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reviews.calendars import ROUND_THE_CLOCK, calendar_of
from app.reviews.rings import ring, waited

pytestmark = pytest.mark.pure
NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
INLAND = calendar_of("BY-DVPN")


def at(minutes, *, left=0, paused=False, usual=0, calendar=ROUND_THE_CLOCK):
    clock = {"left": left} if paused else {}
    return ring(
        opened_at=NOON, due_at=NOON + timedelta(minutes=400), clock=clock, paused=paused, calendar=calendar,
        now=NOON + timedelta(minutes=minutes), usual_minutes=usual,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "share", "tone"), [(0, 100, "ok"), (200, 50, "ok"), (310, 22, "due"), (400, 0, "due"), (401, 0, "stop")]
)
def test_the_share_of_what_is_left(minutes, share, tone):
    assert (at(minutes).share, at(minutes).tone) == (share, tone)


def test_a_pause_stands_still_whatever_the_time():
    assert {at(minutes, left=100, paused=True) for minutes in (0, 300, 5000)} == {at(0, left=100, paused=True)}
    assert (at(0, left=100, paused=True).tone, at(0, left=100, paused=True).share) == ("paused", 25)


def test_late_soon_where_less_is_left_than_usual():
    assert not at(300, usual=100).late_soon
    assert at(301, usual=100).late_soon
    assert at(301, usual=100).tone == "due"
    assert not at(301).late_soon
    assert not at(401, usual=100).late_soon


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 600))
def test_it_never_grows_and_stays_within_its_bounds(first, second, usual):
    early, later = sorted((first, second))
    shares = [at(minutes, usual=usual, calendar=INLAND).share for minutes in (early, later)]
    assert 100 >= shares[0] >= shares[1] >= 0


def test_a_night_takes_nothing_from_an_office_that_is_closed():
    evening = datetime(2026, 11, 23, 17, tzinfo=UTC)
    said = {
        "opened_at": NOON, "due_at": NOON + timedelta(days=3), "clock": {}, "paused": False, "calendar": INLAND,
        "usual_minutes": 0,
    }  # fmt: skip
    assert ring(now=evening, **said) == ring(now=evening + timedelta(hours=10), **said)


def test_how_long_it_has_waited():
    told = waited(NOON, NOON + timedelta(days=2, hours=3, minutes=4, seconds=59))
    assert (told.days, told.hours, told.minutes) == (2, 3, 4)
    assert waited(NOON, NOON - timedelta(minutes=1)) == waited(NOON, NOON)
