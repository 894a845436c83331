"""What a question does to the review that asks: its clock stops or is extended, and the case goes on when none is open."""

from __future__ import annotations

from datetime import datetime

from app import clock
from app.access import Actor
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.ledger.recording import Happening
from app.requirements.finders import current_edition
from app.reviews import claiming, clocks, inspection_finders, question_finders, timing
from app.reviews.calendars import WorkingCalendar
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Review
from app.reviews.thread_models import Question

DECIDED = "decided"
"""What the story of a clock says of the time between a decision and its reopening."""
FIRST_STEP = 1
"""The extension that a question brings of itself; the second one needs the head of the office (art. 119)."""


def hours_of(review: Review) -> WorkingCalendar:
    """Return the working hours in which a review is done: one statement, for the edition knows what kind of office it is."""
    return timing.hours_of(review.agency, review.office_code, current_edition())


def effect_on(review: Review) -> str:
    """Return what a question does to the clock of a review: pause, extend or nothing (data/clocks.csv)."""
    return clocks.rule(kind_of(review)).question_effect


def kind_of(review: Review) -> str:
    """Return the kind of a review's clock; one from before the clocks had kinds is told by who releases."""
    return str(review.clock.get("kind") or ("release" if review.releases else "service"))


def stop(review: Review, question: Question, declaration: Declaration, *, by: Actor, at: datetime) -> list[Happening]:
    """Let a question take its effect: the review waits, the clock does what its rule says, the package shows whose turn it
    is. Returns what is to be recorded. Raises Conflict from a state in which nothing can be asked, NotAllowed by policy."""
    calendar = hours_of(review)
    story = {"kind": kind_of(review), "started_at": _text(review.opened_at)} | review.clock
    if question.effect == clocks.PAUSE:
        review.clock = clocks.pause(story, review.due_at, calendar, at, f"question-{question.number}")
        review.paused_at = review.paused_at or at
    elif question.effect == clocks.EXTEND:
        told = f"question-{question.number}"
        review.clock, due_at = clocks.extend(story, review.due_at, calendar, at, step=FIRST_STEP, why=told)
        _due(review, due_at)
    happenings = [
        REVIEW.step(
            review, "ask-more" if review.status == "question" else "ask", by=by, question=str(question.id),
            effect=question.effect, due_at=_text(review.due_at), **_names(review),
        )
    ]  # fmt: skip
    claiming.let_go(review)
    if declaration.status == "under-review":
        happenings.append(DECLARATION.step(declaration, "ask", by=by, question=str(question.id)))
        declaration.updated_at = at
    return happenings


def go_on(review: Review, declaration: Declaration, *, because: str, by: Actor, at: datetime) -> list[Happening]:
    """Let a review go on when none of its questions is open, and the package when nobody's is; returns what is to be
    recorded. ``because``: answered, lapsed, withdrawn or carried (a code). The caller holds the locks and has flushed."""
    happenings: list[Happening] = []
    if review.status == "question" and not question_finders.count_open(review_id=review.id):
        restart(review, at=at)
        step = "resume-inspection" if inspection_finders.waits_for_inspection(review) else "resume"
        told = {"due_at": _text(review.due_at), "because": because} | _names(review)
        happenings.append(REVIEW.step(review, step, by=by, **told))
    if declaration.status == "awaiting-trader" and not question_finders.count_open(declaration_id=declaration.id):
        happenings.append(DECLARATION.step(declaration, "resume", by=by))
        declaration.updated_at = at
    return happenings


def restart(review: Review, *, at: datetime) -> None:
    """Let a clock that stands still run again: what was left then is left now."""
    if clocks.is_paused(review.clock):
        review.clock, due_at = clocks.resume(review.clock, hours_of(review), at)
        _due(review, due_at)
    review.paused_at = None


def restart_after_decision(review: Review, *, at: datetime) -> None:
    """Let a decided case that is opened again go on with the working time it had left: while it counted as decided, nobody
    was to work on it. The release runs from registration whatever happens; its head can extend it."""
    if review.decided_at is None or effect_on(review) != clocks.PAUSE or clocks.is_paused(review.clock):
        return
    story = {"kind": kind_of(review), "started_at": _text(review.opened_at)} | review.clock
    stopped = clocks.pause(story, review.due_at, hours_of(review), review.decided_at, DECIDED)
    review.clock, due_at = clocks.resume(stopped, hours_of(review), at)
    _due(review, due_at)


def _due(review: Review, due_at: datetime) -> None:
    review.due_at, review.due_on = due_at, due_at.astimezone(clock.MINSK).date()


def _names(review: Review) -> dict[str, str]:
    return {"agency": review.agency, "declaration": str(review.declaration_id)}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
