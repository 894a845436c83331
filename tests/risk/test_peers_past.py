"""A trader's past answers what the shared indicators ask, and every package can be taken out of it again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.risk import past, peers
from app.risk.peers import Figures

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)


def item(code: str = "3915100000", kilograms: float = 1000.0, worth: float | None = 500.0) -> Figures:
    return Figures(1, "import", code, "CN", 0.5, "EUR", 25.0, "BG", kilograms, "PL", worth)


def grown(days: list[tuple[date, str]]) -> past.Past:
    months: dict[str, dict] = {}
    for on, code in days:
        for what, items in past.abouts_of((item(code),)).items():
            past.step_in(months.setdefault(what, {}), on, items, 1)
    return past.Past(months)


def test_prior_packages_within_so_many_months_and_not_of_the_day_itself():
    held = grown([(TODAY, "3915100000"), (date(2025, 1, 10), "3915200000"), (date(2024, 11, 22), "3915200000")])
    assert held.packages("3915", TODAY, months=24) == 1
    assert held.packages("391520", TODAY, months=25) == 2
    assert held.packages("3915100000", TODAY, months=24) == 0
    assert held.packages("", TODAY, months=24) == 1
    assert held.packages("7204", TODAY, months=24) == 0
    assert held.first_on("3915") == date(2024, 11, 22)
    assert held.first_on("72") is None


def test_kilograms_of_whole_months_and_packages_of_days():
    held = grown([(TODAY, "3915100000"), (TODAY - timedelta(days=14), "3915100000"), (date(2026, 8, 1), "3915100000")])
    assert held.kilograms("3915", TODAY, months=3) == 2000
    assert held.in_days("3915", TODAY, days=14) == 2
    assert held.in_days("3915", TODAY, days=13) == 1


def test_the_shift_from_a_waste_heading_to_a_product_heading_is_seen():
    before = [(date(2026, month, 5), "3915100000") for month in range(1, 8)]
    held = grown(before + [(date(2026, month, 5), "3901100000") for month in (9, 10, 11)])
    assert held.shift("3915", TODAY) == 1.0
    assert held.shift("3901", TODAY) == -1.0
    assert grown(before).shift("3915", TODAY) is None, "nothing in the last three months: nobody can tell"


@given(some.lists(some.tuples(some.integers(0, 400), some.sampled_from(("3915100000", "7204100000"))), max_size=12))
def test_what_was_counted_can_be_taken_out_in_any_order(days):
    moved = [(TODAY - timedelta(days=number), code) for number, code in days]
    months: dict = {}
    for on, code in moved:
        past.step_in(months, on, (item(code),), 1)
    for on, code in reversed(moved):
        past.step_in(months, on, (item(code),), -1)
    assert months == {}


@given(some.dates(date(2020, 1, 1), date(2030, 12, 31)), some.integers(0, 60))
def test_months_back_are_months_back(on, months):
    earlier = past.back(on, months)
    assert (on.year - earlier.year) * 12 + on.month - earlier.month == months
    assert earlier.day <= on.day


def test_what_a_prefix_is_looked_up_under():
    assert [past.about(prefix) for prefix in ("", "0", "02", "391", "3915", "39151", "3915100000")] == [
        "*", "*", "02", "39", "3915", "3915", "391510",
    ]  # fmt: skip


def test_a_partner_is_a_digest_that_does_not_mind_case_and_blanks():
    assert peers.keys_of(item(), peers.VALUE) == (
        "value:import:391510:CN:EUR", "value:import:391510:@REST:EUR", "value:import:3915:@REST:EUR",
    )  # fmt: skip
