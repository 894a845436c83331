"""Reads of clearances."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.access import Actor
from app.clearance.models import Clearance
from app.clearance.numbering import typed
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.reviews.models import Review


def get_clearance(clearance_id: uuid.UUID, *, actor: Actor) -> Clearance:
    """Return a clearance that this actor may know of: whose package it is, who filed it, the agencies that judged it,
    the auditor. Raises NotFound otherwise."""
    query = sa.select(Clearance).where(Clearance.id == clearance_id)
    if actor.kind not in ("auditor", "system"):
        query = query.where(_known_to(actor))
    found = session().scalar(query)
    if found is None:
        raise NotFound(f"clearance {clearance_id}")
    return found


def _known_to(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.kind == "agency" and actor.agency:
        judged = sa.select(Review.id).where(
            Review.declaration_id == Clearance.declaration_id, Review.agency == actor.agency
        )
        return judged.exists()
    if actor.kind in ("trader", "broker") and actor.organisation_id is not None:
        mine = sa.select(Declaration.id).where(
            Declaration.id == Clearance.declaration_id,
            sa.or_(Declaration.owner_id == actor.organisation_id, Declaration.filer_id == actor.organisation_id),
        )
        return mine.exists()
    return sa.false()


def find_clearance(declaration_id: uuid.UUID) -> Clearance | None:
    """Return the newest clearance of a package, or None; whoever calls has asked the package's policy."""
    query = sa.select(Clearance).where(Clearance.declaration_id == declaration_id)
    return session().scalar(query.order_by(Clearance.requested_at.desc(), Clearance.id.desc()).limit(1))


def find_for_version(declaration_id: uuid.UUID, version: int) -> Clearance | None:
    """Return the clearance of one version of a package, or None."""
    query = sa.select(Clearance).where(Clearance.declaration_id == declaration_id, Clearance.version == version)
    return session().scalar(query.order_by(Clearance.requested_at.desc()).limit(1))


def find_by_code(code: str) -> Clearance | None:
    """Return the clearance with this code, however it was typed, or None. A number or a registration number finds none."""
    stored = typed(code)
    return session().scalar(sa.select(Clearance).where(Clearance.code == stored)) if stored else None
