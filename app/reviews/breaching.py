"""Breaches: a deadline that passes is recorded once, by the worker; a clock that stands still breaks nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.database import session
from app.jobs import registry
from app.reviews.lifecycle import REVIEW
from app.reviews.models import OPEN, Review

PAGE = 100
"""Deadlines recorded at one look; the worker looks every second."""


def list_overdue() -> Sequence[uuid.UUID]:
    """Return the first open reviews whose running clock has passed its deadline unrecorded: a walk along their own index."""
    return session().scalars(_overdue(sa.select(Review.id)).order_by(Review.due_at, Review.id).limit(PAGE)).all()


def breach(review_id: uuid.UUID) -> bool:
    """Record that the deadline of a review has passed; returns whether it was this call that did.

    Safe to repeat and to do in two workers: the row is locked and looked at again.
    """
    review = session().scalar(_overdue(sa.select(Review).where(Review.id == review_id)).with_for_update())
    if review is None:
        return False
    REVIEW.move(
        review, "breach", by=SYSTEM, agency=review.agency, declaration=str(review.declaration_id),
        due_at=review.due_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    review.breached_at = clock.now()
    return True


def _overdue(query: sa.Select[Any]) -> sa.Select[Any]:
    still = sa.text(OPEN), Review.breached_at.is_(None), Review.paused_at.is_(None)
    return query.where(*still, Review.due_at < clock.now())


registry.watch("reviews.breaches", list_overdue, breach)
