"""What a histogram says is near the truth, and what was counted can be taken out again."""

from __future__ import annotations

import itertools
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.risk import peers

pytestmark = pytest.mark.pure

_values = some.lists(some.floats(min_value=0.001, max_value=1e8), min_size=1, max_size=80)


def counted(values: list[float]) -> dict[str, int]:
    bins: dict[str, int] = {}
    for value in values:
        name = peers.bin_of(value)
        bins[name] = bins.get(name, 0) + 1
    return bins


@given(_values)
def test_the_median_lies_in_the_bin_of_the_true_one(values):
    cell = peers.said("key", counted(values))
    low, high = statistics.median_low(values), statistics.median_high(values)
    assert low / peers.RATIO * 0.999 <= cell.median <= high * peers.RATIO * 1.001
    assert cell.count == len(values)


@given(_values)
def test_quantiles_rise(values):
    cell = peers.said("key", counted(values))
    places = [*cell.quantiles[:3], cell.median, *cell.quantiles[3:]]
    assert all(a <= b * 1.000001 for a, b in itertools.pairwise(places))
    assert cell.mad >= 0


@settings(max_examples=30)
@given(some.floats(min_value=0.2, max_value=1.5), some.integers(0, 1000))
def test_the_median_distance_is_that_of_the_values(sigma, seed):
    drawn = random.Random(seed)
    logs = [drawn.gauss(1.0, sigma) for _ in range(800)]
    middle = statistics.median(logs)
    true = statistics.median(abs(one - middle) for one in logs)
    cell = peers.said("key", counted([math.exp(one) for one in logs]))
    assert cell.mad == pytest.approx(true, abs=0.04)
    assert cell.median == pytest.approx(math.exp(middle), rel=0.05)


def test_what_lies_beyond_the_scale_is_counted_at_its_end():
    assert peers.bin_of(1e-300) == str(peers.LEAST_BIN)
    assert peers.bin_of(1e300) == str(peers.MOST_BIN)
    with pytest.raises(ValueError):
        peers.bin_of(0)


def test_origins_belong_to_the_first_group_that_fits():
    found = {country: peers.group_of(country) for country in ("BY", "RU", "DE", "US", "CN", "")}
    assert found == {"BY": "@BY", "RU": "@EAEU", "DE": "@EU27", "US": "@OECD", "CN": "@REST", "": "@"}
