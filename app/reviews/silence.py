"""Silence: the trader is warned while there is time, and at the deadline an unanswered question takes the effect it named.

The worker looks every second; each key is done in a transaction of its own and is safe to repeat.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.database import session
from app.jobs import registry
from app.ledger.recording import record_all
from app.reviews import question_finders, resuming
from app.reviews.asking import names
from app.reviews.lifecycle import QUESTION
from app.reviews.thread_models import Question

AT_ONCE = 50
"""Keys of one look; what is left is done a second later."""
_OPEN = sa.text("status = 'open'")
_UNWARNED = sa.text("status = 'open' AND warned_at IS NULL")


def due_warnings() -> Sequence[uuid.UUID]:
    """Return the questions whose trader is to be warned now, along the index of warnings."""
    query = sa.select(Question.id).where(_UNWARNED, Question.warn_at <= clock.now())
    return session().scalars(query.order_by(Question.warn_at, Question.id).limit(AT_ONCE)).all()


def warn(question_id: uuid.UUID) -> None:
    """Record, once, that the time for an answer runs out; who is told of it follows the ledger."""
    thread = question_finders.lock_thread(session().get_one(Question, question_id))
    question, now = thread.question, clock.now()
    if question.status != "open" or question.warned_at is not None or question.warn_at > now:
        return
    question.warned_at = now
    QUESTION.move(question, "warn", by=SYSTEM, due_at=question.due_at.isoformat(timespec="seconds"), **names(question))


def due_lapses() -> Sequence[uuid.UUID]:
    """Return the questions whose deadline has passed, along the index of deadlines."""
    query = sa.select(Question.id).where(_OPEN, Question.due_at <= clock.now())
    return session().scalars(query.order_by(Question.due_at, Question.id).limit(AT_ONCE)).all()


def lapse(question_id: uuid.UUID) -> None:
    """End the waiting for an answer that did not come: the review goes on, decided on what there is; or, where the question
    said so, its decision form proposes the refusal (``asking.refusals_due``)."""
    thread = question_finders.lock_thread(session().get_one(Question, question_id))
    question, now = thread.question, clock.now()
    if question.status != "open" or question.due_at > now:
        return
    step = QUESTION.step(question, "lapse", by=SYSTEM, on_silence=question.on_silence, **names(question))
    session().flush()
    going_on = resuming.go_on(thread.review, thread.declaration, because="lapsed", by=SYSTEM, at=now)
    record_all([step, *going_on], by=SYSTEM)


registry.watch("questions.warn", due_warnings, warn)
registry.watch("questions.lapse", due_lapses, lapse)
