"""How unusual a figure is: near peers it is not, far from them it is, and where goods scatter by nature it takes more."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.risk import anomalies, peers
from app.risk.peers import Figures

pytestmark = pytest.mark.pure

ITEM = Figures(2, "import", "3915100000", "CN", 0.5, "EUR", 25.0, "BG", 1000.0, "PL", 500.0)


def cell(values: list[float], key: str = "") -> peers.Cell:
    bins: dict[str, int] = {}
    for value in values:
        bins[peers.bin_of(value)] = bins.get(peers.bin_of(value), 0) + 1
    return peers.said(key or peers.keys_of(ITEM, peers.VALUE)[0], bins)


def scattered(sigma: float, many: int = 300, middle: float = 0.5) -> list[float]:
    drawn = random.Random(6)
    return [middle * math.exp(drawn.gauss(0, sigma)) for _ in range(many)]


def judged(item: Figures, known: peers.Cell) -> list[str]:
    return [odd.kind for odd in anomalies.judge(item, {known.key: known}, {}, None)]


def test_a_price_far_from_its_peers_is_unusual_and_the_same_price_is_not_where_prices_scatter():
    cheap = replace(ITEM, unit_value=0.15)
    assert judged(ITEM, cell(scattered(0.2))) == []
    assert judged(cheap, cell(scattered(0.2))) == ["value"]
    assert judged(cheap, cell(scattered(0.8))) == []


def test_nobody_can_tell_with_fewer_than_twenty_peers_and_the_next_wider_circle_is_asked():
    near, wide = peers.keys_of(ITEM, peers.VALUE)[0], peers.keys_of(ITEM, peers.VALUE)[2]
    few, many = cell(scattered(0.2, 19), near), cell(scattered(0.2, 400), wide)
    cheap = replace(ITEM, unit_value=0.1)
    assert anomalies.judge(cheap, {near: few}, {}, None) == ()
    (odd,) = anomalies.judge(cheap, {near: few, wide: many}, {}, None)
    assert (odd.cell, odd.peers, odd.unit) == (wide, 400, "EUR")
    assert odd.value == 0.1
    assert odd.median == pytest.approx(0.5, rel=0.1)


def test_twenty_times_the_own_usual_quantity_is_unusual():
    own = cell(scattered(0.3, 12, middle=1000.0), "391510")
    assert anomalies.judge(ITEM, {}, {}, own) == ()
    (odd,) = anomalies.judge(replace(ITEM, net_kg=20_000.0), {}, {}, own)
    assert (odd.kind, odd.unit) == ("quantity", "KGM")


def test_a_way_that_none_of_many_took_is_unusual_and_the_direct_way_never_is():
    keys = peers.keys_of(ITEM, peers.ROUTE)
    seen = {key: {"PL": 300, "LT": 90} for key in keys}
    (odd,) = anomalies.judge(replace(ITEM, route="PA"), {}, seen, None)
    assert (odd.kind, odd.route, odd.peers, odd.spread) == ("route", "PA", 390, 0)
    assert anomalies.judge(ITEM, {}, seen, None) == ()
    assert anomalies.judge(replace(ITEM, route="CN"), {}, seen, None) == ()
    assert anomalies.judge(replace(ITEM, route="PA"), {}, {key: {"PL": 30} for key in keys}, None) == ()


def test_a_way_that_is_usual_for_the_wider_circle_is_not_unusual():
    near, group, wide = peers.keys_of(ITEM, peers.ROUTE)
    seen = {near: {"PL": 100}, group: {"PL": 100}, wide: {"PL": 100, "LT": 200}}
    assert anomalies.judge(replace(ITEM, route="LT"), {}, seen, None) == ()


@given(some.floats(0.001, 1e6), some.floats(0.05, 1.0))
def test_deviations_grow_with_the_distance_and_know_their_side(value, sigma):
    known = cell(scattered(sigma, 200))
    here, further = anomalies.deviation(value, known), anomalies.deviation(value * 2, known)
    assert here < further or (here < 0 < further)
    assert (here > 0) == (value > known.median) or value == known.median


def test_the_spread_is_never_narrower_than_the_bins_can_tell():
    known = cell([0.5] * 100)
    assert anomalies.spread_of(known, above=True) >= anomalies.FLOOR


def test_two_things_make_more_than_one():
    one = anomalies.Odd(1, "value", 1.0, 2.0, 0.1, 30, 3.0, "k")
    assert anomalies.combined([one, replace(one, score=4.0)]) == pytest.approx(5 / anomalies.LIMITS["value"])


def test_what_is_far_in_spreads_but_near_in_fact_is_let_be():
    known = cell(scattered(0.02, 900))
    assert judged(replace(ITEM, unit_value=0.3), known) == []
    assert judged(replace(ITEM, unit_value=0.2), known) == ["value"]
