"""Reads of notes: those of a case that its reader may see, and the officers whom a note may name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor, Permission, permissions_of
from app.database import session
from app.identity.models import Membership, Organisation, Person
from app.reviews.models import Review
from app.reviews.thread_models import Note

AGENCY, CASE = "agency", "case"
AUDIENCES = (AGENCY, CASE)
"""Who reads a note: the agency that wrote it, or every agency on the case."""


def list_notes(review: Review, *, actor: Actor) -> Sequence[Note]:
    """Return the notes of a case's package that this reader may see, oldest first: those of one's own agency and those for
    the whole case; the auditor reads all. Nobody else reads any."""
    query = sa.select(Note).where(Note.declaration_id == review.declaration_id)
    if actor.kind == "agency" and actor.agency and actor.agency == review.agency:
        query = query.where(sa.or_(Note.audience == CASE, Note.agency == actor.agency))
    elif actor.kind not in ("auditor", "system"):
        return ()
    return session().scalars(query.order_by(Note.at, Note.id)).all()


def find_same(review: Review, text: str, audience: str, *, since: datetime, by: Actor) -> Note | None:
    """Return the note in the same words that the same officer wrote on this package lately, or None."""
    query = sa.select(Note).where(
        Note.declaration_id == review.declaration_id,
        Note.person_id == by.person_id,
        Note.agency == by.agency,
        Note.audience == audience,
        Note.text == text,
        Note.at >= since,
    )
    return session().scalars(query.limit(1)).first()


def list_colleagues(review: Review) -> Sequence[Membership]:
    """Return the officers of every agency on the case today, one membership a person, by name; one statement."""
    on_the_case = sa.select(Review.agency).where(
        Review.declaration_id == review.declaration_id, Review._status != "superseded"
    )
    query = (
        sa.select(Membership)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(
            sa.or_(Organisation.agency.in_(on_the_case), Organisation.agency == review.agency),
            Organisation.kind == "agency",
            Person.disabled_at.is_(None),
            Membership.as_of(clock.today()),
        )
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
        .order_by(Person.full_name, Membership.id)
    )
    found: dict[object, Membership] = {}
    for one in session().scalars(query).unique():
        if Permission.REVIEW_READ in permissions_of(one.roles):
            found.setdefault(one.person_id, one)
    return list(found.values())
