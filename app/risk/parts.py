"""Whoever also works for the owner or the filer of a package has a part in it: as an officer one neither reads nor judges what
risk says of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotAllowed
from app.identity.models import Membership


def without_part(actor: Actor) -> sa.ColumnElement[bool]:
    """Return, as a condition on packages, that this person works neither for their owner nor for their filer."""
    if actor.person_id is None:
        return sa.true()
    houses = _houses(actor.person_id)
    owner = sa.or_(Declaration.owner_id.is_(None), Declaration.owner_id.not_in(houses))
    return sa.and_(owner, Declaration.filer_id.not_in(houses))


def refuse_part(declaration: Declaration, by: Actor) -> None:
    """Raise NotAllowed for somebody who works, under any membership, for the package's filer or owner."""
    if by.person_id is None:
        return
    parties: Iterable[uuid.UUID] = [one for one in (declaration.filer_id, declaration.owner_id) if one is not None]
    there = _houses(by.person_id).where(Membership.organisation_id.in_(parties))
    if session().scalar(there.limit(1)) is not None:
        raise NotAllowed(_l("You have a part in this package: another officer must judge it."))


def _houses(person_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    return sa.select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.as_of(clock.today())
    )
