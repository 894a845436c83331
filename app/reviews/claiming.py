"""Claiming: a lease on a case, so that two officers do not judge the same goods at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import SYSTEM, Actor, permissions_of, require
from app.database import session
from app.errors import Conflict, NotAllowed
from app.identity.models import Membership
from app.ledger.recording import Happening, record_all
from app.reviews import finders, policy
from app.reviews.lifecycle import REVIEW
from app.reviews.models import Review

LEASE_MINUTES = 30
A_PAGE = 100


def claim(review: Review, *, by: Actor, minutes: int = LEASE_MINUTES) -> Review:
    """Take a case on for some minutes; one's own claim is renewed, a lapsed one of somebody else is taken over.

    Raises Conflict naming who holds it and until when, NotAllowed for another agency, office or a part in the filing.
    """
    review = finders.lock_review(review)
    require(policy.claim, by, review)
    finders.refuse_own_package(review, by)
    now = clock.now()
    happenings: list[Happening] = []
    step = "claim"
    if review.status == "claimed":
        if review.claimed_by_id == by.person_id:
            step = "renew"
        elif review.claimed_until is not None and review.claimed_until > now:
            raise held_by_another(review)
        else:
            happenings.append(REVIEW.step(review, "lapse", by=by, **_names(review)))
    until = now + timedelta(minutes=minutes)
    happenings.append(
        REVIEW.step(review, step, by=by, until=until.isoformat(timespec="seconds"), **_names(review)),
    )
    review.claimed_by_id, review.claimed_by_name, review.claimed_until = by.person_id, by.name, until
    review.assignee_id, review.assignee_name = by.person_id, by.name
    record_all(happenings, by=by)
    return review


def release(review: Review, *, by: Actor) -> Review:
    """Give a case back to the queue. Raises NotAllowed when somebody else holds it, Conflict when nobody does."""
    review = finders.lock_review(review)
    REVIEW.move(review, "release", by=by, **_names(review))
    let_go(review)
    review.assignee_id, review.assignee_name = None, ""
    return review


def list_lapsed() -> Sequence[uuid.UUID]:
    """Return the reviews whose lease has run out, a page at most."""
    query = sa.select(Review.id).where(sa.text("status = 'claimed'"), Review.claimed_until < clock.now())
    return session().scalars(query.order_by(Review.claimed_until, Review.id).limit(A_PAGE)).all()


def lapse(review_id: uuid.UUID) -> None:
    """Put a case whose lease has run out back into the queue; whose case it is stays. Safe to repeat."""
    query = sa.select(Review).where(Review.id == review_id).with_for_update().execution_options(populate_existing=True)
    review = session().scalar(query)
    if review is None or review.status != "claimed" or review.claimed_until is None:
        return
    if review.claimed_until < clock.now():
        REVIEW.move(review, "lapse", by=SYSTEM, **_names(review))
        let_go(review)
        session().flush()


def let_go(review: Review) -> None:
    """End the lease of a review that nobody works on now; whose case it is stays as it is."""
    review.claimed_by_id, review.claimed_by_name, review.claimed_until = None, "", None


def reassign(review: Review, *, to: Membership, by: Actor) -> Review:
    """Hand a case to another officer of the agency, whoever held it: it stands among theirs, and the lease of the one who
    held it ends. ``to`` comes with person and organisation loaded.

    Raises NotAllowed for anyone but the supervisor of its agency and office, for one with a part in the package, and for a
    person who may not decide there.
    """
    review = finders.lock_review(review)
    require(policy.reassign, by, review)
    finders.refuse_own_package(review, by)
    if not _can_judge(to, review):
        raise NotAllowed(_l("This person is not an officer who can decide this case."))
    step = "reassign" if review.status in ("queued", "claimed") else "reassign-waiting"
    REVIEW.move(review, step, by=by, to=str(to.person_id), **_names(review))
    let_go(review)
    review.assignee_id, review.assignee_name = to.person_id, to.person.full_name
    return review


def held_by_another(review: Review) -> Conflict:
    """Return the refusal that says who holds the case and until when."""
    until = review.claimed_until.astimezone(clock.MINSK) if review.claimed_until else None
    return Conflict(
        _l(
            "%(name)s holds this case until %(until)s. Ask them to give it back, or take another one.",
            name=review.claimed_by_name,
            until=f"{until:%H:%M}" if until else "",
        ),
        {"claimed_by": review.claimed_by_name, "claimed_until": until.isoformat() if until else ""},
    )


def _can_judge(to: Membership, review: Review) -> bool:
    rights = permissions_of(to.roles)
    needed = {"review:decide", "clearance:release"} if review.releases else {"review:decide"}
    here = to.organisation.agency == review.agency and to.as_of(clock.today()) and to.person.disabled_at is None
    office = not to.office_code or not review.office_code or to.office_code == review.office_code
    return bool(here and office and needed <= rights)


def _names(review: Review) -> dict[str, str]:
    return {"agency": review.agency, "declaration": str(review.declaration_id)}
