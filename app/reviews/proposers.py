"""Who proposed a decision: the membership they acted under, and whether they could still make it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor
from app.database import session
from app.errors import Conflict
from app.identity.accounts import actor_of
from app.identity.finders import list_memberships
from app.identity.models import Membership
from app.reviews import finders
from app.reviews.models import Proposal, Review


def membership_of(by: Actor) -> uuid.UUID | None:
    """Return the membership under which an officer acts now: that of the house, office and roles of the session."""
    if by.person_id is None:
        return None
    for one in list_memberships(by.person_id, clock.today()):
        if (one.organisation_id, one.office_code, tuple(one.roles)) == (by.organisation_id, by.office, by.roles):
            return one.id
    return None


def find_officer(proposal: Proposal) -> Actor | None:
    """Return the officer who made a proposal as they are now; None when they no longer work there."""
    query = (
        sa.select(Membership)
        .where(Membership.id == proposal.membership_id, Membership.as_of(clock.today()))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
    found = session().scalar(query)
    if found is None or found.person.disabled_at is not None or found.organisation.closed_at is not None:
        return None
    return actor_of(found)


def must_stand(review: Review, proposal: Proposal) -> None:
    """Raise Conflict when who proposed could not decide this case any more: a second signature alone is not two.

    A proposal from before memberships were kept with it is taken as it is.
    """
    if proposal.membership_id is None:
        return
    officer = find_officer(proposal)
    if officer is None or finders.has_part(review.declaration, officer):
        raise Conflict(
            _l(
                "%(name)s, who proposed this, may no longer decide this case. Return the proposal with this reason: another "
                "officer decides.",
                name=proposal.person_name,
            ),
            {"proposal": "no longer theirs"},
        )
