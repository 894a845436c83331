"""The result of a goods item is the worst of its agencies; unknown never clears."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.worst import ORDER, by_item, clears, worst

OUTCOMES = st.sampled_from([*ORDER, "", "HELD", "APPROVED"])


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ([], "unknown"),
        (["approved"], "approved"),
        (["approved", "conditions"], "conditions"),
        (["approved", ""], "unknown"),
        (["conditions", "held"], "held"),
        (["held", ""], "held"),
        (["held", "refused"], "refused"),
        (["refused", ""], "refused"),
        (["approved", "refused", "conditions"], "refused"),
    ],
)
def test_the_worst_wins(outcomes, result):
    assert worst(outcomes) == result


@given(st.lists(OUTCOMES), OUTCOMES)
def test_another_opinion_never_makes_it_better(outcomes, another):
    if outcomes:
        assert ORDER.index(worst([*outcomes, another])) >= ORDER.index(worst(outcomes))


@given(st.lists(OUTCOMES, min_size=1))
def test_only_known_favourable_opinions_clear(outcomes):
    assert clears(worst(outcomes)) == all(outcome in ("approved", "conditions") for outcome in outcomes)


def test_items_are_judged_only_by_the_agencies_asked():
    judged = [{1: "approved", 2: "refused"}, {1: "conditions"}]
    assert by_item([1, 2, 3], judged) == {1: "conditions", 2: "refused", 3: "unknown"}
