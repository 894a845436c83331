"""Reads of accreditations: what counts for a package, one's own, the agency's desk, and the register for everybody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.access import Actor, can
from app.database import session
from app.documents.models import Document
from app.errors import NotFound
from app.traders import policy
from app.traders.advantages import Guarantee, Held, Scope, advantages_of
from app.traders.models import IN_FORCE, UNDER_WAY, Accreditation, Evidence
from app.web import Page

PAGE = 25
MOST_WORDS = 6
_HELD = (
    sa.select(
        Accreditation.kind, Accreditation.type, Accreditation.number, Accreditation.scope, Accreditation.valid_to,
        Accreditation.guarantee_reference, Accreditation.guarantee_amount, Accreditation.guarantee_currency,
    )
    .where(
        Accreditation.holder_id == sa.bindparam("holder"), Accreditation._status == "granted",
        Accreditation.valid_from <= sa.bindparam("day"), Accreditation.valid_to > sa.bindparam("day"),
    )
    .order_by(Accreditation.id)
)  # fmt: skip
"""Built once: it is asked at every filing."""
HOLDS_ANY = _HELD.exists()
"""Whether a trader (``holder``) holds anything on a day (``day``), as a condition of a read that is made anyway."""


def list_held(owner_id: uuid.UUID | None, on: date) -> tuple[Held, ...]:
    """Return the accreditations of a trader that count on a day: granted, within their days, not suspended. One statement."""
    if owner_id is None:
        return ()
    rows = session().execute(_HELD, {"holder": owner_id, "day": on})
    return tuple(_held(row) for row in rows)


def _held(row: Any) -> Held:
    guarantee = None
    if row.guarantee_reference:
        guarantee = Guarantee(row.guarantee_reference, row.guarantee_amount, row.guarantee_currency)
    return Held(
        row.kind, row.type, row.number, Scope.from_dict(row.scope), row.valid_to, tuple(advantages_of(row.kind, row.type)),
        guarantee,
    )  # fmt: skip


def get_accreditation(accreditation_id: uuid.UUID, *, actor: Actor, **_more: Any) -> Accreditation:
    """Return an accreditation with its holder and files. Raises NotFound: not there and not yours look alike."""
    query = sa.select(Accreditation).where(Accreditation.id == accreditation_id, _scope(actor))
    found: Accreditation | None = session().scalar(_whole(query))
    if found is None:
        raise NotFound()
    return found


def lock_accreditation(accreditation: Accreditation) -> Accreditation:
    """Lock the row of an accreditation and return it as it is now, with its holder and files. Raises NotFound."""
    query = sa.select(Accreditation).where(Accreditation.id == accreditation.id)
    session().execute(query.with_only_columns(Accreditation.id).with_for_update())
    found: Accreditation | None = session().scalar(_whole(query).execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def list_own(actor: Actor) -> Sequence[Accreditation]:
    """Return all accreditations of the actor's organisation, newest first: a trader has few (a hundred at most here)."""
    query = sa.select(Accreditation).where(Accreditation.holder_id == actor.organisation_id)
    return session().scalars(_whole(query.order_by(Accreditation.id.desc()).limit(100))).all()


def find_under_way(holder_id: uuid.UUID | None, kind: str, type_code: str) -> Accreditation | None:
    """Return the application of a kind and type on which nobody has decided yet, or None."""
    query = sa.select(Accreditation).where(
        Accreditation.holder_id == holder_id, Accreditation.kind == kind, Accreditation.type == type_code,
        Accreditation._status.in_(UNDER_WAY),
    )  # fmt: skip
    return session().scalar(query)


def list_desk(actor: Actor, cursor: str | None = None, *, state: str = "") -> Page[Accreditation]:
    """Return a page of the applications of the actor's agency, the oldest first while they wait, drafts never. ``state``: open
    (nobody has decided), force, ended, or "" for all."""
    query = sa.select(Accreditation).where(_scope(actor)).options(joinedload(Accreditation.holder))
    waiting = state == "open"
    if waiting:
        query = query.where(Accreditation._status.in_(UNDER_WAY))
    elif state == "force":
        query = query.where(Accreditation._status.in_(IN_FORCE))
    elif state == "ended":
        query = query.where(Accreditation._status.not_in((*UNDER_WAY, *IN_FORCE)))
    return _paged(query, cursor, rising=waiting)


def list_register(
    cursor: str | None = None, *, search: str = "", kind: str = "", holding: bool = False
) -> Page[Accreditation]:
    """Return a page of the public register, newest first: everything that was ever granted. ``search``: words of the name, the
    UNP or the number; ``holding``: only what counts today. Show the holder's name and UNP, never a person."""
    query = sa.select(Accreditation).where(Accreditation.number.is_not(None)).options(joinedload(Accreditation.holder))
    if kind:
        query = query.where(Accreditation.kind == kind)
    if holding:
        query = query.where(Accreditation._status == "granted", Accreditation.valid_to > clock.today())
    for word in search.casefold().split()[:MOST_WORDS]:
        query = query.where(Accreditation.searched.contains(word, autoescape=True))
    return _paged(query, cursor)


def find_by_number(number: str) -> Accreditation | None:
    """Return what was granted under a number, with its holder, or None."""
    query = sa.select(Accreditation).where(Accreditation.number == number)
    return session().scalar(query.options(joinedload(Accreditation.holder)))


def get_evidence(accreditation_id: uuid.UUID, document_id: uuid.UUID, *, actor: Actor) -> Evidence:
    """Return a file of an application with its bytes' row. Raises NotFound as ``get_accreditation`` does."""
    whole = get_accreditation(accreditation_id, actor=actor)
    found = next((one for one in whole.evidence if one.document_id == document_id), None)
    if found is None:
        raise NotFound()
    return found


def _whole(query: sa.Select[Any]) -> sa.Select[Any]:
    files = selectinload(Accreditation.evidence).joinedload(Evidence.document).joinedload(Document.blob)
    return query.options(joinedload(Accreditation.holder), files)


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    """The window all, the auditor what was ever sent, an agency of that its own, a trader its own."""
    if actor.kind == "system":
        return sa.true()
    if actor.kind == "auditor":
        return Accreditation.applied_at.is_not(None)
    if actor.kind == "agency" and can(policy.see_desk, actor):
        return sa.and_(Accreditation.agency == actor.agency, Accreditation.applied_at.is_not(None))
    if actor.kind == "trader" and actor.organisation_id is not None:
        return Accreditation.holder_id == actor.organisation_id
    return sa.false()


def _paged(query: sa.Select[Any], cursor: str | None, *, rising: bool = False) -> Page[Accreditation]:
    if cursor:
        try:
            key = uuid.UUID(cursor)
        except ValueError:
            raise NotFound() from None
        query = query.where(Accreditation.id > key if rising else Accreditation.id < key)
    order = Accreditation.id.asc() if rising else Accreditation.id.desc()
    rows = session().scalars(query.order_by(order).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)
