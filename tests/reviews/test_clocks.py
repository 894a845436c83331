"""What is left of a deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.reviews.clocks import Left, left

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (timedelta(hours=3, minutes=12), Left(False, 0, "3:12", "")),
        (timedelta(minutes=41, seconds=59), Left(False, 0, "0:41", "due")),
        (timedelta(0), Left(False, 0, "0:00", "due")),
        (-timedelta(minutes=25), Left(True, 0, "0:25", "stop")),
        (timedelta(days=2, hours=1), Left(False, 2, "49:00", "")),
    ],
)
def test_left(rest, said):
    assert left(NOW + rest, NOW) == said
