"""Reads of packages; every list takes the actor and scopes the rows itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.models import Attachment, Declaration, Version
from app.errors import NotFound
from app.web import Page

PAGE = 25


def get_declaration(declaration_id: uuid.UUID, *, actor: Actor, lock: bool = False) -> Declaration:
    """Return a package that this actor may know of. Raises NotFound otherwise: not there and not yours look alike."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == declaration_id)
        .options(joinedload(Declaration.owner), joinedload(Declaration.filer), undefer(Declaration.draft_xml))
    )
    if lock:
        query = query.with_for_update(of=Declaration)
    found = session().scalar(query)
    if found is None or not _knows(actor, found):
        raise NotFound()
    return found


def _knows(actor: Actor, declaration: Declaration) -> bool:
    if actor.kind in ("auditor", "system"):
        return True
    if actor.kind not in ("trader", "broker") or actor.organisation_id is None:
        return False
    return actor.organisation_id in (declaration.owner_id, declaration.filer_id)


def list_declarations(
    actor: Actor,
    cursor: str | None = None,
    *,
    status: str | None = None,
    search: str = "",
    also: sa.ColumnElement[bool] | None = None,
    limit: int = PAGE,
) -> Page[Declaration]:
    """Return one page of the actor's packages, last touched first. ``search`` is a number or an own reference, ``also`` a
    further condition of a room that knows more about them."""
    branches = []
    for mine in _scopes(actor):
        branch: Any = sa.select(Declaration.id, Declaration.updated_at).where(mine)
        if also is not None:
            branch = branch.where(also)
        branch = _after(_filtered(branch, status, search), cursor)
        branch = branch.order_by(Declaration.updated_at.desc(), Declaration.id.desc()).limit(limit + 1)
        branches.append(sa.select(branch.subquery()))
    both = sa.union(*branches).subquery()
    query = (
        sa.select(Declaration)
        .join(both, both.c.id == Declaration.id)
        .options(joinedload(Declaration.owner), joinedload(Declaration.filer))
        .order_by(Declaration.updated_at.desc(), Declaration.id.desc())
        .limit(limit + 1)
    )
    rows = session().scalars(query).all()
    following = f"{rows[limit - 1].updated_at.isoformat()}~{rows[limit - 1].id}" if len(rows) > limit else None
    return Page(rows[:limit], following)


def _scopes(actor: Actor) -> list[sa.ColumnElement[bool]]:
    if actor.kind == "auditor":
        return [sa.true()]
    if actor.organisation_id is None or actor.kind not in ("trader", "broker"):
        return [sa.false()]
    return [Declaration.owner_id == actor.organisation_id, Declaration.filer_id == actor.organisation_id]


def _filtered(query: sa.Select, status: str | None, search: str) -> sa.Select:  # type: ignore[type-arg]
    if status:
        query = query.where(Declaration._status == status)
    if search:
        query = query.where(sa.or_(Declaration.number == search, Declaration.lrn == search))
    return query


def _after(query: sa.Select, cursor: str | None) -> sa.Select:  # type: ignore[type-arg]
    if not cursor:
        return query
    try:
        moment, key = cursor.split("~", 1)
        at, last = clock.moment_of(moment), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    older = sa.and_(Declaration.updated_at == at, Declaration.id < last)
    return query.where(sa.or_(Declaration.updated_at < at, older))


def get_version(declaration: Declaration, number: int | None = None) -> Version:
    """Return a filed version with its XML and explanation; the newest by default. Raises NotFound for a draft."""
    query = (
        sa.select(Version)
        .where(Version.declaration_id == declaration.id, Version.number == (number or declaration.version))
        .options(undefer(Version.canonical), undefer(Version.outcome))
    )
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


def list_versions(declaration_id: uuid.UUID) -> Sequence[Version]:
    """Return the filed versions of a package without their XML, oldest first."""
    query = sa.select(Version).where(Version.declaration_id == declaration_id)
    return session().scalars(query.order_by(Version.number)).all()


def list_attachments(declaration_id: uuid.UUID, *, dropped: bool = False) -> Sequence[Attachment]:
    """Return the stored files of a package as it stands; on demand with those that only earlier versions had."""
    query = sa.select(Attachment).where(Attachment.declaration_id == declaration_id).order_by(Attachment.id)
    if not dropped:
        query = query.where(Attachment.dropped_in.is_(None))
    return session().scalars(query).all()


def get_attachment(declaration_id: uuid.UUID, attachment_id: uuid.UUID) -> Attachment:
    """Return one stored file of this very package: nested ids are checked as a pair. Raises NotFound."""
    query = sa.select(Attachment).where(Attachment.declaration_id == declaration_id, Attachment.id == attachment_id)
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Twins:
    """What an owner registered before: the package under the same LRN, and one of the same content under another."""

    same_lrn: Twin | None = None
    same_content: Twin | None = None


class Twin(NamedTuple):
    """A registered package, as far as a filing that resembles it needs to know."""

    id: uuid.UUID
    number: str
    lrn: str
    digest: str
    content_digest: str


_OF_OWNER = sa.select(*(getattr(Declaration, name) for name in Twin._fields)).where(
    Declaration.owner_id == sa.bindparam("owner_id")
)
# Two look-ups in one statement: with OR, SQLite would walk over everything the owner ever filed.
_TWINS = sa.union_all(
    _OF_OWNER.where(Declaration.registered_lrn == sa.bindparam("lrn")),
    sa.select(
        _OF_OWNER.where(
            Declaration.content_digest == sa.bindparam("content"),
            Declaration.registered_lrn != sa.bindparam("lrn"),
            Declaration.registered_at >= sa.bindparam("since"),
        )
        .order_by(Declaration.registered_at)
        .limit(1)
        .subquery()
    ),
)


def find_twins(owner_id: uuid.UUID, lrn: str, content: str, since: datetime) -> Twins:
    """Return what this owner registered under this LRN, and since then with this content digest; one statement."""
    found = session().execute(_TWINS, {"owner_id": owner_id, "lrn": lrn, "content": content, "since": since})
    rows = [Twin(*row) for row in found]
    return Twins(
        next((row for row in rows if row.lrn == lrn), None),
        next((row for row in rows if row.lrn != lrn and row.content_digest == content), None),
    )
