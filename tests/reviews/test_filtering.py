"""The filter of a queue: an address goes in and comes out again; what is not ours is left out."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.filtering import DIRECTIONS, DUE, SORTS, TABS, TAGS, Filter, is_said, parse
from app.reviews.models import OPEN_STATES

pytestmark = pytest.mark.pure

FILTERS = st.builds(
    Filter,
    tab=st.sampled_from(TABS),
    q=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=70),
    office=st.from_regex(r"[A-Z0-9]{0,17}", fullmatch=True),
    tag=st.sampled_from(("", *TAGS)),
    direction=st.sampled_from(("", *DIRECTIONS)),
    country=st.sampled_from(("", "PL", "CN")),
    code=st.from_regex(r"([0-9]{2,10})?", fullmatch=True),
    trader=st.one_of(st.none(), st.uuids()),
    state=st.sampled_from(("", *OPEN_STATES)),
    unassigned=st.booleans(),
    four_eyes=st.booleans(),
    due=st.sampled_from(("", *DUE)),
    sort=st.sampled_from(SORTS),
)


@given(FILTERS)
def test_what_is_written_is_read_again(chosen):
    assert parse(dict(parse_qsl(chosen.query()))) == chosen


@given(FILTERS)
def test_each_part_can_be_taken_off(chosen):
    for name in chosen.active:
        assert parse(dict(parse_qsl(chosen.without(name)))).active == tuple(one for one in chosen.active if one != name)


@given(st.dictionaries(st.sampled_from([*Filter().__slots__, "x"]), st.text(max_size=30)))
def test_nothing_that_is_typed_breaks_it(args):
    args.pop("tab", None)
    chosen = parse(args)
    assert parse(dict(parse_qsl(chosen.query()))) == chosen


def test_the_usual_queue_has_no_query():
    assert Filter().query() == ""
    assert not is_said({"lang": "be"})
    assert is_said({"tab": "mine"})


@pytest.mark.parametrize(
    ("name", "bent"),
    [
        ("office", "066 11"), ("office", "1" * 18), ("tag", "red"), ("direction", "up"), ("country", "POL"), ("code", "2"),
        ("code", "02x"), ("code", "٠٢"), ("trader", "x"), ("state", "decided"), ("due", "soon"), ("unassigned", "1"),
    ],
)  # fmt: skip
def test_what_is_bent_is_left_out(name, bent):
    assert parse({name: bent}) == Filter()


def test_an_unknown_tab_is_refused():
    with pytest.raises(ValueError):
        parse({"tab": "everything"})


def test_small_letters_are_taken():
    assert parse({"country": "pl"}).country == "PL"
    key = uuid.uuid4()
    assert parse({"trader": key.hex}).trader == key
