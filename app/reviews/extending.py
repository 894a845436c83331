"""Extending: the head of the customs office gives the release one working day, or ten, with a reason (Customs Code, art. 119)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.errors import Invalid, NotAllowed
from app.ledger.recording import digest
from app.requirements.finders import current_edition
from app.reviews import clocks, extension_texts, finders, policy, timing
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Review


def extend(review: Review, *, step: str, cause: str, words: str, by: Actor) -> Review:
    """Move the deadline of a release: ``step`` 1 is the end of one working day, 2 of ten, counted from registration.

    ``cause`` is a code of data/extensions.csv, ``words`` the head's own (the trader reads them). A deadline that has passed
    may still be extended: the breach stays on record. Raises Invalid with every fault (also for what is granted already),
    NotAllowed for anyone but the head and for a review that does not release, Conflict for one that is decided.
    """
    review = finders.lock_review(review)
    require(policy.extend, by, review)
    finders.refuse_own_package(review, by)
    if not review.releases:
        raise NotAllowed(_l("Only the release by customs is extended; the time of an agency is set by its measures."))
    faults = extension_texts.examine(step, cause, words)
    if faults:
        raise Invalid(faults)
    calendar = timing.hours_of(review.agency, review.office_code, current_edition())
    story, due_at = clocks.extend(
        timing.story_of(review.clock, review.opened_at, releases=True), review.due_at, calendar, clock.now(),
        step=int(step), why=cause,
    )  # fmt: skip
    if due_at <= review.due_at:
        due = f"{review.due_at.astimezone(clock.MINSK):%d.%m.%Y %H:%M}"
        raise Invalid([extension_texts.fault("EXTENSION-GRANTED", "extend-step", step, due=due)])
    if words.strip():
        story["extensions"][-1]["words"] = words.strip()
    review.clock, review.due_at, review.due_on = story, due_at, due_at.astimezone(clock.MINSK).date()
    REVIEW.move(
        review, "extend", by=by, agency=review.agency, declaration=str(review.declaration_id), step=int(step),
        due_at=due_at.isoformat(timespec="seconds"), reasons=[cause],
        reason_digest=digest(words.strip()) if words.strip() else "",
    )  # fmt: skip
    return review
