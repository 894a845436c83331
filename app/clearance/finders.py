"""Reads of clearances."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from app.access import Actor
from app.clearance.models import Clearance
from app.clearance.numbering import typed
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.ledger.models import Entry
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


def list_clearances(declaration_id: uuid.UUID) -> Sequence[Clearance]:
    """Return all clearances of a package, first release first, a replacement after what it replaces; whoever calls has
    asked the package's policy. A package has few."""
    query = sa.select(Clearance).where(Clearance.declaration_id == declaration_id)
    return session().scalars(query.order_by(Clearance.serial, Clearance.requested_at, Clearance.id)).all()


def find_for_decision(decision_id: uuid.UUID) -> Clearance | None:
    """Return the first clearance of a releasing decision (not its replacements), or None."""
    query = sa.select(Clearance).where(Clearance.decision_id == decision_id, Clearance.replaces_id.is_(None))
    return session().scalar(query)


def find_replacement(clearance: Clearance) -> Clearance | None:
    """Return the clearance that takes this one's place, asked for or issued, or None."""
    query = sa.select(Clearance).where(Clearance.replaces_id == clearance.id)
    return session().scalar(query.order_by(Clearance.requested_at.desc()).limit(1))


def lock_clearance(clearance_id: uuid.UUID) -> Clearance:
    """Lock the package, then the clearance, and read it afresh: one order for everyone. Raises NotFound."""
    declaration_id = session().scalar(sa.select(Clearance.declaration_id).where(Clearance.id == clearance_id))
    if declaration_id is None:
        raise NotFound(f"clearance {clearance_id}")
    session().scalar(sa.select(Declaration.id).where(Declaration.id == declaration_id).with_for_update())
    query = sa.select(Clearance).where(Clearance.id == clearance_id)
    return session().scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def get_package(clearance: Clearance) -> Declaration:
    """Return the package of a clearance. Raises NotFound."""
    found = session().get(Declaration, clearance.declaration_id)
    if found is None:
        raise NotFound(f"package {clearance.declaration_id}")
    return found


def get_releasing_review(clearance: Clearance) -> Review:
    """Return the review of customs by which the goods were released, with its package. Raises NotFound."""
    query = sa.select(Review).where(
        Review.declaration_id == clearance.declaration_id,
        Review.version == clearance.version,
        Review.releases.is_(True),
    )
    found = session().scalar(query.options(joinedload(Review.declaration)))
    if found is None:
        raise NotFound(f"releasing review of clearance {clearance.id}")
    return found


def list_judged(declaration_id: uuid.UUID, version: int) -> Sequence[Review]:
    """Return the reviews of one version of a package with their decisions and the reasons they were asked for, the
    releasing one last."""
    query = (
        sa.select(Review)
        .where(Review.declaration_id == declaration_id, Review.version == version)
        .options(selectinload(Review.decisions), undefer(Review.lane))
        .order_by(Review.releases, Review.agency)
    )
    return session().scalars(query).all()


def find_by_code(code: str) -> Clearance | None:
    """Return the clearance with this code, however it was typed, or None. A number or a registration number finds none."""
    stored = typed(code)
    return session().scalar(sa.select(Clearance).where(Clearance.code == stored)) if stored else None


def find_by_paper(sha256: str) -> Clearance | None:
    """Return the clearance whose paper has this digest, or None."""
    return session().scalar(sa.select(Clearance).where(Clearance.sha256 == sha256).limit(1))


def find_case(clearance: Clearance, actor: Actor) -> uuid.UUID | None:
    """Return the case of the officer's own agency on this package (the auditor: that of customs), or None."""
    if actor.kind not in ("agency", "auditor"):
        return None
    query = sa.select(Review.id).where(
        Review.declaration_id == clearance.declaration_id, Review.version == clearance.version
    )
    mine = Review.agency == actor.agency if actor.kind == "agency" else Review.releases.is_(True)
    return session().scalar(query.where(mine))


def list_entries(clearance: Clearance) -> Sequence[Entry]:
    """Return what happened to one clearance, oldest first."""
    query = sa.select(Entry).where(
        Entry.declaration_id == clearance.declaration_id,
        Entry.subject == "clearance",
        Entry.subject_id == clearance.id,
    )
    return session().scalars(query.order_by(Entry.position)).all()
