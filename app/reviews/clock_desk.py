"""The clocks of reviews for the pages of both sides: how each stands now, and what its head may still grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.access import Actor, can
from app.requirements.compiling import CompiledEdition
from app.reviews import clocks, policy, ticking, timing
from app.reviews.extension_texts import Cause, list_causes
from app.reviews.models import Review
from app.reviews.ticking import Ticking

STEPS = tuple(range(1, clocks.LAST_STEP + 1))


@dataclass(frozen=True, slots=True)
class ClockDesk:
    """A clock on the case desk. ``steps``: the extensions this reader may still grant, each with its deadline."""

    ticking: Ticking
    started_at: datetime
    breached_at: datetime | None
    steps: tuple[tuple[int, datetime], ...]
    causes: tuple[Cause, ...]

    @property
    def proposed_until(self) -> datetime | None:
        """The deadline of the extension proposed at routing, where this reader may still grant it."""
        proposed: Mapping[str, Any] = self.ticking.proposed or {}
        return dict(self.steps).get(proposed.get("step", 0))


def tick(review: Review, edition: CompiledEdition, usual: Mapping[str, int] | None = None) -> Ticking:
    """Return how the clock of a review stands now. ``usual``: working minutes each agency usually needs, where known."""
    return ticking.read(
        review.clock,
        review.due_at,
        timing.hours_of(review.agency, review.office_code, edition),
        clock.now(),
        opened_at=review.opened_at,
        usual_minutes=(usual or {}).get(review.agency),
    )


def tick_all(
    reviews: Iterable[Review], edition: CompiledEdition, usual: Mapping[str, int] | None = None
) -> dict[str, Ticking]:
    """Return the clocks of the open reviews of one package, by agency."""
    return {review.agency: tick(review, edition, usual) for review in reviews if review.open}


def lay_out(
    review: Review, edition: CompiledEdition, *, actor: Actor, usual: Mapping[str, int] | None = None
) -> ClockDesk:
    """Return the clock of a case with its story, and the extensions this reader may grant (none but the head of customs)."""
    story = timing.story_of(review.clock, review.opened_at, releases=review.releases)
    may = review.releases and review.open and can(policy.extend, actor, review)
    return ClockDesk(
        ticking=tick(review, edition, usual),
        started_at=clock.moment_of(story["started_at"]),
        breached_at=review.breached_at,
        steps=tuple(_grantable(review, story, edition)) if may else (),
        causes=list_causes() if may else (),
    )


def _grantable(review: Review, story: clocks.Clock, edition: CompiledEdition) -> Iterable[tuple[int, datetime]]:
    calendar = timing.hours_of(review.agency, review.office_code, edition)
    for step in STEPS:
        _story, due_at = clocks.extend(story, review.due_at, calendar, clock.now(), step=step, why="")
        if due_at > review.due_at:
            yield step, due_at
