"""Lots and lanes as values: the share holds, the seed decides, unknown never clears."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.risk import drawing_lots, thresholds
from app.risk.thresholds import GREEN, LANES, RED, YELLOW, Asked, Thresholds, lane_of

pytestmark = pytest.mark.pure

SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
LIMITS = Thresholds("BY-GTK", 20, 50, 10, YELLOW, 25, True)


@given(SEEDS, st.text(max_size=30), st.sampled_from(sorted(thresholds.table())), st.integers(0, 1000))
def test_a_lot_is_of_the_seed_and_only_of_it(seed: str, number: str, agency: str, share: int) -> None:
    lot = drawing_lots.lot(seed, number, agency)
    assert 0 <= lot < drawing_lots.OF
    assert lot == drawing_lots.lot(seed, number, agency)
    assert drawing_lots.drawn(seed, number, agency, share) == (lot < share)
    assert not drawing_lots.drawn(seed, number, agency, 0)
    assert drawing_lots.drawn(seed, number, agency, drawing_lots.OF)


@given(SEEDS, st.integers(50, 500))
def test_the_share_holds(seed: str, share: int) -> None:
    """Of two thousand packages as many are drawn as the share says, within six standard deviations."""
    of = 2000
    found = sum(drawing_lots.drawn(seed, f"11206611/231126/{serial:07d}", "BY-GTK", share) for serial in range(of))
    expected = of * share / drawing_lots.OF
    deviation = (expected * (1 - share / drawing_lots.OF)) ** 0.5
    assert abs(found - expected) <= 6 * deviation


@given(SEEDS)
def test_agencies_and_purposes_draw_apart(seed: str) -> None:
    numbers = [f"11206611/231126/{serial:07d}" for serial in range(200)]
    one = [drawing_lots.lot(seed, number, "BY-GTK") for number in numbers]
    assert one != [drawing_lots.lot(seed, number, "BY-MPR") for number in numbers]
    assert one != [drawing_lots.lot(seed, number, "BY-GTK", drawing_lots.SECOND_LOOK) for number in numbers]


def test_a_promise_is_the_digest_of_the_seed() -> None:
    seed = drawing_lots.new_seed()
    assert drawing_lots.commitment(seed) == hashlib.sha256(bytes.fromhex(seed)).hexdigest()
    assert seed != drawing_lots.new_seed()


@pytest.mark.parametrize(
    ("asked", "lane", "because"),
    [
        (Asked(0, 0), GREEN, ()),
        (Asked(19, 40), GREEN, ()),
        (Asked(20, 20, YELLOW), YELLOW, ("score",)),
        (Asked(50, 50, RED), RED, ("score",)),
        (Asked(5, 5, RED), RED, ("floor",)),
        (Asked(0, 0, drawn=True), YELLOW, ("random",)),
        (Asked(0, 0, prohibited=True), YELLOW, ("prohibited",)),
        (Asked(0, 0, unclassified=True), YELLOW, ("unclassified",)),
        (Asked(0, 0, unknown=True), YELLOW, ("unknown",)),
        (Asked(60, 60, RED, drawn=True, unknown=True), RED, ("score", "random", "unknown")),
    ],
)
def test_a_lane_and_why(asked: Asked, lane: str, because: tuple[str, ...]) -> None:
    found = lane_of("BY-GTK", asked, LIMITS)
    assert (found.lane, found.because) == (lane, because)


@given(
    st.builds(
        Asked, st.integers(0, 100), st.integers(0, 100), st.sampled_from(LANES), st.booleans(), st.booleans(),
        st.booleans(), st.booleans(),
    )
)  # fmt: skip
def test_unknown_never_clears(asked: Asked) -> None:
    found = lane_of("BY-GTK", asked, LIMITS)
    assert (found.lane == GREEN) == (not found.because)
    assert LANES.index(found.lane) >= LANES.index(asked.lane)
    if asked.drawn or asked.prohibited or asked.unclassified or asked.unknown:
        assert found.lane != GREEN
    # An agency that set no limits has nothing green.
    assert lane_of("BY-XXX", asked, None).lane != GREEN
    assert thresholds.failing("BY-GTK").lane == YELLOW


def test_customs_has_the_heaviest_lane_of_those_it_stands_for() -> None:
    own = lane_of("BY-GTK", Asked(0, 0), LIMITS)
    behind = lane_of("BY-MART", Asked(60, 60, RED), LIMITS)
    assert thresholds.joined("BY-GTK", (own, behind)).lane == RED


def test_every_signing_agency_has_its_limits() -> None:
    assert set(thresholds.table()) == {"BY-GTK", "BY-DVPN", "BY-GGISKZR", "BY-MPR", "BY-RCHEPH", "BY-TI"}
