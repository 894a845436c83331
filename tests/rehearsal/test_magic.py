"""Magic references: what the end of a reference forces, whatever goods there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rehearsal.magic import APPROVE, OUTCOMES, PART, QUESTION, REFUSE, SLOW, WAIT_SECONDS, Case, magic_of, plan

pytestmark = pytest.mark.pure

NUMBERS = st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("lrn", "said"),
    [("BMT-26-1190-REFUSE", REFUSE), ("x-question", QUESTION), ("A-Slow ", SLOW), ("PART", APPROVE), ("-PART", PART),
     ("REFUSE-1", APPROVE), ("", APPROVE), ("BMT-26-1190", APPROVE), ("X-APPROVE", APPROVE), ("X-INSPECT", APPROVE)],
)  # fmt: skip
def test_the_end_of_the_reference_says_what(lrn: str, said: str) -> None:
    assert magic_of(lrn) == said


@given(st.text(max_size=35))
def test_any_reference_has_an_outcome(lrn: str) -> None:
    assert magic_of(lrn) in OUTCOMES


@given(st.sampled_from(sorted(OUTCOMES)), NUMBERS, st.booleans(), st.booleans(), st.data())
def test_each_open_item_gets_one_outcome_and_none_is_let_go_that_another_refused(
    magic: str, items: list[int], leads: bool, releases: bool, data: st.DataObject
) -> None:
    still = data.draw(st.lists(st.sampled_from(items), unique=True).map(sorted))
    refused = data.draw(st.sets(st.sampled_from(items)))
    silent = data.draw(st.sets(st.sampled_from(items)))
    outcomes = plan(Case(magic, leads, releases, items, still, refused, silent)).outcomes
    assert sorted(outcomes) == still
    assert all(outcomes[number] == "refused" for number in still if number in refused | silent)
    if magic == REFUSE and (leads or releases):
        assert set(outcomes.values()) <= {"refused"}
    if magic == PART and releases and still == items and not refused | silent:
        assert [outcomes[number] for number in items] == ["approved"] + ["held"] * (len(items) - 1)


def test_a_question_is_asked_once_and_by_the_first_alone() -> None:
    assert Case(QUESTION, True, False, [1], [1]).asks
    assert not Case(QUESTION, False, False, [1], [1]).asks
    assert not Case(QUESTION, True, False, [1], [1], asked=True).asks
    assert not Case(SLOW, True, False, [1], [1]).asks


def test_slow_waits_its_time_and_the_rest_of_a_part_too() -> None:
    assert Case(SLOW, False, False, [1], [1], age=WAIT_SECONDS - 1).waits
    assert not Case(SLOW, False, False, [1], [1], age=WAIT_SECONDS).waits
    assert not Case(PART, False, True, [1, 2], [1, 2], age=0).waits
    assert Case(PART, False, True, [1, 2], [2], age=0).waits
    assert not Case(PART, False, True, [1, 2], [2], age=WAIT_SECONDS).waits
