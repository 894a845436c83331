"""How a package stood at a release: whatever is decided afterwards, in whatever order, changes nothing of it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearance import standing
from app.reviews.models import Decision, DecisionItem, Review

pytestmark = pytest.mark.pure

BEGAN = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
AGENCIES = {"VET": [1, 2, 3], "PHYTO": [3, 4], "CUSTOMS": [1, 2, 3, 4]}
OUTCOMES = ("approved", "conditions", "held", "refused")


def reviews() -> dict[str, Review]:
    return {
        agency: Review(id=uuid.uuid4(), agency=agency, items=items, releases=agency == "CUSTOMS", decisions=[])
        for agency, items in AGENCIES.items()
    }


def decide(review: Review, minute: int, said: dict[int, str], released: list[int] | None = None) -> Decision:
    items = [DecisionItem(id=uuid.uuid4(), number=number, outcome=outcome) for number, outcome in said.items()]
    made = Decision(
        id=uuid.uuid4(), decided_at=BEGAN + timedelta(minutes=minute), items=items, released=released or [], rests_on=[],
        agency=review.agency,
    )  # fmt: skip
    review.decisions = [*review.decisions, made]
    return made


def seen(releasing: Decision, of: dict[str, Review]) -> object:
    """Everything a paper takes from the standing, as plain values."""
    signed = standing.as_of(releasing, list(of.values()))
    said = [[(one.id, [item.number for item in items]) for one, items in each.said] for each in signed]
    numbers = AGENCIES["CUSTOMS"]
    waits = [standing.waited_for(number, signed) for number in numbers]
    return standing.results_of(signed, numbers), standing.released_by(releasing, signed, numbers), said, waits


steps = st.lists(
    st.tuples(st.sampled_from(sorted(AGENCIES)), st.dictionaries(st.integers(1, 4), st.sampled_from(OUTCOMES), min_size=1)),
    max_size=8,
)  # fmt: skip


def take(of: dict[str, Review], moves: list[tuple[str, dict[int, str]]], begin: int) -> None:
    for minute, (agency, said) in enumerate(moves, begin):
        mine = {number: outcome for number, outcome in said.items() if number in AGENCIES[agency]}
        if mine:
            decide(of[agency], minute, mine, [n for n in mine if agency == "CUSTOMS" and mine[n] == "approved"])


@given(steps, st.dictionaries(st.integers(1, 4), st.sampled_from(OUTCOMES), min_size=1), steps)
def test_what_comes_later_is_not_seen(before, releasing, after) -> None:
    of = reviews()
    take(of, before, 0)
    decision = decide(of["CUSTOMS"], 20, releasing, [n for n, said in releasing.items() if said == "approved"])
    then = seen(decision, of)
    take(of, after, 21)
    assert seen(decision, of) == then


@given(steps)
def test_every_item_has_one_word_of_each_agency(moves) -> None:
    of = reviews()
    take(of, moves, 0)
    decision = decide(of["CUSTOMS"], 20, {1: "approved"}, [1])
    for signed in standing.as_of(decision, list(of.values())):
        spoken = [item.number for _one, items in signed.said for item in items]
        assert len(spoken) == len(set(spoken))
        assert {number for number, outcome in signed.outcomes.items() if outcome} == set(spoken)
        assert set(signed.outcomes) == set(signed.review.items)


def test_who_is_waited_for() -> None:
    of = reviews()
    decide(of["VET"], 1, {1: "approved", 2: "held"})
    decision = decide(of["CUSTOMS"], 2, {1: "approved", 2: "held", 3: "held", 4: "held"}, [1])
    decide(of["PHYTO"], 3, {3: "approved", 4: "approved"})
    signed = standing.as_of(decision, list(of.values()))
    assert [standing.waited_for(number, signed) for number in (1, 2, 3, 4)] == [
        [],
        ["VET"],
        ["VET", "PHYTO"],
        ["PHYTO"],
    ]
    decide(of["VET"], 4, {2: "approved", 3: "approved"})
    later = decide(of["CUSTOMS"], 5, {2: "approved", 3: "held", 4: "held"}, [2])
    signed = standing.as_of(later, list(of.values()))
    assert standing.waited_for(3, signed) == ["CUSTOMS"]
    assert standing.results_of(signed, [1, 2, 3, 4]) == {1: "approved", 2: "approved", 3: "held", 4: "held"}


def test_a_decision_it_rests_on_counts_whatever_the_clocks_said() -> None:
    """Two machines, two clocks: what the release names as its ground is seen even when its time reads later."""
    of = reviews()
    late = decide(of["VET"], 9, {1: "approved"})
    decision = decide(of["CUSTOMS"], 8, {1: "approved"}, [1])
    decision.rests_on = [str(late.id)]
    assert standing.as_of(decision, list(of.values()))[0].outcomes[1] == "approved"


def test_before_partial_releases_the_newest_decision_of_customs_counts() -> None:
    of = reviews()
    assert standing.releasing_of(None, list(of.values())) is None
    decide(of["VET"], 1, {1: "approved", 2: "refused", 3: "approved"})
    decide(of["PHYTO"], 1, {3: "approved", 4: "approved"})
    decision = decide(of["CUSTOMS"], 2, {1: "approved", 2: "refused", 3: "conditions", 4: "approved"})
    everything = list(of.values())
    assert standing.releasing_of(None, everything) is decision
    assert standing.releasing_of(decision.id, everything) is decision
    assert standing.releasing_of(uuid.uuid4(), everything) is None
    assert standing.released_by(decision, standing.as_of(decision, everything), [1, 2, 3, 4]) == (1, 3, 4)
