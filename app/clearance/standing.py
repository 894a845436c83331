"""How a package stood at the moment of one release: what had been decided, what was released, what was held. Pure.

A paper is drawn by a job and its page of verification is asked for years later; both must say what held when customs
released, and nothing of what was decided after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.reviews.models import Decision, DecisionItem, Review
from app.reviews.worst import FINAL, by_item

Said = tuple[Decision, Sequence[DecisionItem]]
"""A decision and those of its items on which no later decision spoke."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One review as it stood: its decisions, oldest first, and the outcome of each of its items ("" = none yet)."""

    review: Review
    said: tuple[Said, ...]
    outcomes: Mapping[int, str]


def releasing_of(decision_id: uuid.UUID | None, reviews: Sequence[Review]) -> Decision | None:
    """Return the decision that released; for a clearance of the time before partial releases the newest of customs."""
    decisions = [decision for review in reviews if review.releases for decision in review.decisions]
    if decision_id is not None:
        return next((decision for decision in decisions if decision.id == decision_id), None)
    return max(decisions, key=_order, default=None)


def as_of(releasing: Decision, reviews: Sequence[Review]) -> list[Signed]:
    """Return every review as it stood when ``releasing`` was signed: later decisions are not there."""
    rests_on = {str(key) for key in (*releasing.rests_on, releasing.id)}

    def counted(decision: Decision) -> bool:
        return str(decision.id) in rests_on or decision.decided_at <= releasing.decided_at

    return [_signed(review, counted) for review in reviews]


def _signed(review: Review, counted: Callable[[Decision], bool]) -> Signed:
    decisions = sorted((one for one in review.decisions if counted(one)), key=_order)
    latest = {item.number: item for decision in decisions for item in decision.items}
    kept = {id(item) for item in latest.values()}
    said = ((decision, [item for item in decision.items if id(item) in kept]) for decision in decisions)
    outcomes = {number: latest[number].outcome if number in latest else "" for number in review.items}
    return Signed(review, tuple((decision, items) for decision, items in said if items), outcomes)


def _order(decision: Decision) -> tuple[object, str]:
    return decision.decided_at, str(decision.id)


def released_by(releasing: Decision, signed: Sequence[Signed], numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the items a decision released; one from before partial releases let go whatever nobody refused."""
    if releasing.released:
        return tuple(releasing.released)
    return tuple(
        number for number, result in results_of(signed, numbers).items() if result in ("approved", "conditions")
    )


def results_of(signed: Sequence[Signed], numbers: Iterable[int]) -> dict[int, str]:
    """Return the result per goods item: the worst of the agencies that judge it."""
    return by_item(numbers, [one.outcomes for one in signed])


def waited_for(number: int, signed: Sequence[Signed]) -> list[str]:
    """Return the agencies whose last word on an item is missing; the releasing one only when it waits for nobody."""
    missing = [one.review for one in signed if number in one.outcomes and one.outcomes[number] not in FINAL]
    others = [review.agency for review in missing if not review.releases]
    return others or [review.agency for review in missing]
