"""The pure parts: a message there and back, the way and how far from it, what differs, what a report says."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.advance import corridor, differing, forms, reading, rules, seeing, tables
from app.advance.message import Advance, Goods, Party, Stop, as_dict, from_dict
from app.advance.writing import write
from app.requirements.compiling import packaged_edition
from app.risk.announced import as_package
from tests.advance.messages import bicycles

pytestmark = pytest.mark.pure

WORDS = st.text("abcXYZ-0129 ёў", min_size=1, max_size=20).filter(str.strip).map(lambda text: " ".join(text.split()))
GOODS = st.builds(
    Goods, number=st.just(1), code=st.from_regex(r"[0-9]{6,10}", fullmatch=True), description=WORDS,
    origin=st.sampled_from(["CN", "PL", "VN"]), gross=st.decimals(1, 10**6, places=3), packages=st.none() | st.integers(0, 999),
    packing=st.just("CT"), value=st.none() | st.decimals(1, 10**6, places=2), currency=st.just("EUR"),
    undg=st.lists(st.just("1203"), max_size=1).map(tuple),
)  # fmt: skip


def _plain(goods: Goods) -> Goods:
    """As the message keeps it: without packages no kind of them, without a value no currency."""
    return replace(
        goods,
        packing=goods.packing if goods.packages is not None else "",
        currency=goods.currency if goods.value is not None else "",
    )


@settings(max_examples=40, deadline=None)
@given(GOODS, WORDS, st.lists(st.sampled_from([Stop("PL"), Stop("BY", "BP-KOZ")]), max_size=3))
def test_a_message_comes_back_as_it_went(goods: Goods, reference: str, route: list[Stop]) -> None:
    sent = bicycles(goods=(_plain(goods),), reference=reference, route=tuple(route))
    assert reading.read(write(sent)).advance == sent
    assert from_dict(as_dict(sent)) == sent
    assert forms.fits(sent)


POINTS = st.tuples(st.floats(51.3, 56.1), st.floats(23.2, 32.7))


@given(POINTS, POINTS, POINTS)
def test_the_way_is_no_farther_than_its_ends_and_a_point_on_it_is_on_it(
    point: corridor.Point, start: corridor.Point, end: corridor.Point
) -> None:
    away = corridor.to_segment(point, start, end)
    nearest = min(corridor.distance(point, start), corridor.distance(point, end))
    assert away <= nearest * 1.05 + 0.5
    assert corridor.to_segment(start, start, end) == pytest.approx(0, abs=1e-6)
    assert corridor.distance(start, end) == pytest.approx(corridor.distance(end, start))


def test_distances_are_those_of_the_map() -> None:
    brest, minsk = (52.09, 23.69), (53.9, 27.56)
    assert corridor.distance(brest, minsk) == pytest.approx(328, abs=6)
    assert corridor.from_way((50.4, 30.5), (brest, minsk)) is None, "abroad nobody watches the way"
    assert corridor.from_way((53.0, 26.0), (brest,)) is None, "one place is no way"
    assert math.isclose(corridor.from_way(brest, (brest, minsk)) or 0, 0, abs_tol=1e-6)


def test_every_border_post_has_its_place_and_every_mode_its_time() -> None:
    edition = packaged_edition()
    posts = {code for code in edition.offices if rules.is_post(code)}
    assert posts <= set(tables.places())
    for code in posts:
        south, west, north, east = corridor.COUNTRY
        latitude, longitude = tables.places()[code]
        assert south <= latitude <= north
        assert west <= longitude <= east
    assert {"2", "3", "4"} <= set(tables.lead_times())


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, set()),
        ({"planned_at": NOW - timedelta(minutes=1)}, {"ADVANCE-ARRIVAL-PAST"}),
        ({"planned_at": NOW + timedelta(days=31)}, {"ADVANCE-ARRIVAL-FAR"}),
        ({"planned_at": NOW + timedelta(minutes=119)}, {"ADVANCE-LEAD"}),
        ({"post": "06533"}, {"ADVANCE-POST"}),
        ({"mode": "2"}, {"ADVANCE-POST-MODE"}),
        ({"mode": "9"}, {"ADVANCE-MODE"}),
        ({"dispatch": "XX"}, {"ADVANCE-COUNTRY"}),
        ({"route": (Stop("BY", "BYXXX"),)}, {"ADVANCE-PLACE"}),
        ({"consignee": Party("", "Somebody", "BY")}, {"ADVANCE-UNP-MISSING"}),
        ({"carrier": Party("123456789")}, {"ADVANCE-UNP"}),
        ({"goods": (Goods(2, "0000000000", "x", "CN", Decimal(0)),)}, {"ADVANCE-SEQUENCE", "ADVANCE-CODE", "ADVANCE-MASS"}),
        ({"goods": (Goods(1, "871200", "x", "CN", Decimal(1), value=Decimal(3), currency="ZZZ"),)}, {"ADVANCE-VALUE"}),
    ],
)  # fmt: skip
def test_rules(changes: dict[str, object], codes: set[str]) -> None:
    sent = bicycles(**({"planned_at": NOW + timedelta(hours=9)} | changes))
    found = rules.judge(rules.Asked(sent, packaged_edition(), NOW))
    assert {one.code for one in found} == codes
    assert all(one.field and one.path and set(one.message) == {"be", "ru", "en"} == set(one.remedy) for one in found)


def test_a_change_may_come_later_than_the_first_message() -> None:
    late = bicycles(planned_at=NOW + timedelta(minutes=30))
    assert rules.judge(rules.Asked(late, packaged_edition(), NOW, first=False)) == []


def _kinds(announced: Advance, declared: Advance) -> list[str]:
    return [one.kind for one in differing.differences(announced, as_package(declared))]


def test_what_is_the_same_does_not_differ() -> None:
    assert _kinds(bicycles(), bicycles()) == []
    # Six digits announced, ten declared; within five per cent of the mass; a trailer less.
    short = bicycles(goods=(replace(bicycles().goods[0], code="871200", gross=Decimal(2500)),))
    assert _kinds(short, bicycles(vehicles=bicycles().vehicles[:1])) == []


def test_every_kind_of_difference_has_both_values() -> None:
    goods = bicycles().goods[0]
    other = bicycles(
        goods=(replace(goods, origin="VN", gross=Decimal(9000), packages=7), Goods(2, "0201300000", "Beef", "PL", Decimal(5), 1)),
        consignee=Party("190142358", "", "BY"), dispatch="DE", vehicles=(replace(bicycles().vehicles[0], id="ZZ 99"),),
        containers=(replace(bicycles().containers[0], seals=("S-100",)),),
    )  # fmt: skip
    found = differing.differences(bicycles(), as_package(other))
    assert {one.kind for one in found} == {
        "origin",
        "item",
        "mass",
        "packages",
        "consignee",
        "vehicle",
        "route",
        "seals",
    }
    assert all(one.announced or one.kind == "item" for one in found)
    assert {one.kind for one in found} <= set(differing.KINDS)
    swapped = differing.differences(bicycles(), as_package(bicycles(goods=(replace(goods, code="4011500001"),))))
    assert [(one.kind, one.announced, one.declared, one.item) for one in swapped] == [
        ("code", "8712003000", "4011500001", 1)
    ]


def test_seals_are_compared_as_they_are_read() -> None:
    def judged(seals: list[tuple[str, str]] | None) -> set[tuple[str, str]]:
        seen = seeing.Seen("seal", NOW, seals=seals)
        return {(one.kind, one.about) for one in seeing.judge(seen, bicycles(), {}, kilometres=30, minutes=180)}

    assert judged(None) == set()
    assert judged([("s 100", "whole"), ("S101", "whole")]) == set()
    assert judged([]) == {("seal_missing", "S-100"), ("seal_missing", "S-101")}
    assert judged([("S-100", "broken"), ("X-1", "whole")]) == {
        ("seal_broken", "S-100"),
        ("seal_other", "X-1"),
        ("seal_missing", "S-101"),
    }


@pytest.mark.parametrize("broken", [b"", b"{}", b"<a/>", b"PK\x03\x04", b"<Declaration/>", b"\xff\xfe<"])
def test_bytes_of_any_kind_are_faults_and_never_break(broken: bytes) -> None:
    found = reading.read(broken)
    assert found.advance is None
    assert found.faults
