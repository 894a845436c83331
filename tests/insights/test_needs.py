"""What goods need, with the time it takes: from as many cases as are known, and only when enough are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.database import Database, session, transaction
from app.insights import needs
from app.insights.models import Pace
from app.requirements.finders import current_edition
from app.requirements.inquiry import Said, read
from tests.factories.world import World


def answer() -> dict[str, object]:
    edition = current_edition()
    asked, faults = read(Said(hs="0201300000", origin="UA", on="22.11.2026"), edition, today=date(2026, 11, 22))
    assert faults == []
    return needs.answer(edition, asked)


def pace(agency: str, working: list[int]) -> Pace:
    half = sorted(working)[len(working) // 2]
    return Pace(
        agency=agency, minutes=working, median_minutes=half, working=working, median_working=half, updated_at=clock.now()
    )  # fmt: skip


def test_the_time_is_told_from_real_cases_and_from_how_many(world: World, database: Database) -> None:
    with transaction(database):
        session().add(pace("BY-DVPN", [30, 60, 90, 120, 150, 600]))
        session().add(pace("BY-GTK", [5, 10]))
    with transaction(database, writing=False):
        found = answer()
    lanes = {lane["agency"]: lane["expected"] for lane in found["triggered"]}  # type: ignore[attr-defined]
    assert lanes["BY-DVPN"]["cases"] == 6
    assert lanes["BY-DVPN"]["half_minutes"] <= lanes["BY-DVPN"]["most_minutes"]
    assert lanes["BY-GTK"] is None, "two cases say nothing"
    assert found["expected"] is None
    page = world.app.test_client().get("/measures?lang=en&hs=0201300000&origin=UA").text  # type: ignore[union-attr]
    assert "Of its last 6 cases half took no more than" in page
    assert "Not known yet: fewer than 5 cases" in page


@pytest.mark.pure
@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 5000), max_size=5))
def test_all_agencies_together_take_as_long_as_the_slowest(halves: list[int | None]) -> None:
    each = [None if half is None else {"cases": 5, "half_minutes": half, "most_minutes": half + 7} for half in halves]
    together = needs.together(each)
    if not halves or None in halves:
        assert together is None
    else:
        assert together == {"cases": 5, "half_minutes": max(halves), "most_minutes": max(halves) + 7}  # type: ignore[type-var]


def test_the_law_of_another_day_is_asked_for_by_the_day(world: World, database: Database) -> None:
    with transaction(database, writing=False):
        edition = current_edition()
        future = read(Said(hs="8712003000", on="01.01.2030"), edition, today=date(2026, 11, 22))[0]
        assert needs.answer(edition, future)["asked"]["on"] == "2030-01-01"
        assert future.on - timedelta(days=1) == date(2029, 12, 31)
