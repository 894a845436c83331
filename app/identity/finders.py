"""Reads of identity: organisations, people, memberships, mandates, sessions, keys."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.access import Actor, Permission
from app.database import session
from app.errors import NotFound
from app.identity.models import ApiKey, Mandate, Membership, Organisation, Person, SignInSession
from app.web import Page

PAGE = 50
_BY_UNP = sa.select(Organisation).where(Organisation.unp == sa.bindparam("unp"))


def get_organisation(organisation_id: uuid.UUID, *, actor: Actor | None = None) -> Organisation:
    """Return an organisation; raises NotFound. Asked for an actor (a guarded route): only to one who manages them all."""
    found = session().get(Organisation, organisation_id)
    if found is None or not _manages(actor, Permission.ORGANISATION_MANAGE):
        raise NotFound
    return found


def find_organisation_by_unp(unp: str) -> Organisation | None:
    """Return the organisation with this tax number, or None."""
    return session().scalar(_BY_UNP, {"unp": unp}) if unp else None


def find_organisation_of_agency(agency: str) -> Organisation | None:
    """Return the organisation that stands for an agency, or None."""
    return session().scalar(sa.select(Organisation).where(Organisation.agency == agency)) if agency else None


def list_organisations(cursor: str | None = None, *, limit: int = PAGE) -> Page[Organisation]:
    """Return a page of organisations by name."""
    query = sa.select(Organisation).order_by(Organisation.name, Organisation.id).limit(limit + 1)
    return _paged(query, (Organisation.name, Organisation.id), cursor, limit)


def list_choices() -> Sequence[Organisation]:
    """Return the organisations somebody can be added to, for a form: at most a thousand."""
    query = sa.select(Organisation).where(Organisation.closed_at.is_(None)).order_by(Organisation.name).limit(1000)
    return session().scalars(query).all()


def get_person(person_id: uuid.UUID, *, actor: Actor | None = None) -> Person:
    """Return a person with memberships and their organisations; raises NotFound, also to an actor who manages nobody."""
    query = sa.select(Person).where(Person.id == person_id).options(
        selectinload(Person.memberships).joinedload(Membership.organisation)
    ).execution_options(populate_existing=True)  # fmt: skip
    found = session().scalar(query)
    if found is None or not _manages(actor, Permission.PERSON_MANAGE):
        raise NotFound
    return found


def _manages(actor: Actor | None, right: Permission) -> bool:
    """Not there and not yours look alike: ids of people and houses say nothing to those who do not manage them."""
    return actor is None or actor.can(right)


def find_person_by_email(email: str) -> Person | None:
    """Return the person with this address (case does not matter), or None."""
    return session().scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def list_people(cursor: str | None = None, *, limit: int = PAGE) -> Page[Person]:
    """Return a page of people by name, with memberships and organisations."""
    query = sa.select(Person).order_by(Person.full_name, Person.id).limit(limit + 1).options(
        selectinload(Person.memberships).joinedload(Membership.organisation)
    )  # fmt: skip
    return _paged(query, (Person.full_name, Person.id), cursor, limit)


def list_memberships(person_id: uuid.UUID, on: date) -> Sequence[Membership]:
    """Return the memberships of a person that hold on a day, in organisations that are open, oldest first."""
    query = (
        sa.select(Membership)
        .join(Membership.organisation)
        .where(Membership.person_id == person_id, Membership.as_of(on), Organisation.closed_at.is_(None))
        .options(joinedload(Membership.organisation), joinedload(Membership.person))
        .order_by(Membership.valid_from, Membership.id)
    )
    return session().scalars(query).all()


def list_members(organisation_id: uuid.UUID) -> Sequence[Membership]:
    """Return everybody who is or was a member of an organisation, with the person."""
    query = (
        sa.select(Membership)
        .join(Membership.person)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.person))
        .order_by(Person.full_name, Membership.id)
        .limit(500)
    )
    return session().scalars(query).all()


def get_membership(membership_id: uuid.UUID, *, actor: Actor | None = None) -> Membership:
    """Return a membership with person and organisation; raises NotFound, also to an actor who manages nobody."""
    query = sa.select(Membership).where(Membership.id == membership_id).options(
        joinedload(Membership.organisation), joinedload(Membership.person)
    )  # fmt: skip
    found = session().scalar(query)
    if found is None or not _manages(actor, Permission.PERSON_MANAGE):
        raise NotFound
    return found


def get_own_membership(membership_id: uuid.UUID, *, actor: Actor) -> Membership:
    """Return a membership of the actor that holds today; raises NotFound for anybody else's."""
    for membership in list_memberships(actor.person_id, clock.today()) if actor.person_id else ():
        if membership.id == membership_id:
            return membership
    raise NotFound


# --- mandates -------------------------------------------------------------------------------------------------------


def find_mandate(*, trader_id: uuid.UUID, broker_id: uuid.UUID, direction: str, on: date) -> Mandate | None:
    """Return the accepted mandate that lets a broker file for a trader in this direction on this day, or None."""
    query = sa.select(Mandate).where(
        Mandate.trader_id == trader_id,
        Mandate.broker_id == broker_id,
        Mandate._status == "accepted",
        Mandate.as_of(on),
    )
    return next((mandate for mandate in session().scalars(query) if direction in mandate.scope), None)


def get_mandate(mandate_id: uuid.UUID, *, actor: Actor) -> Mandate:
    """Return a mandate to its trader or its broker; raises NotFound for anybody else."""
    query = _with_parties(sa.select(Mandate).where(Mandate.id == mandate_id))
    found = session().scalar(query)
    if found is None or actor.organisation_id not in (found.trader_id, found.broker_id):
        raise NotFound
    return found


def list_mandates(actor: Actor, cursor: str | None = None, *, limit: int = PAGE) -> Page[Mandate]:
    """Return the mandates of the actor's organisation, given and held, newest first, ended ones too."""
    own = sa.or_(Mandate.trader_id == actor.organisation_id, Mandate.broker_id == actor.organisation_id)
    query = _with_parties(sa.select(Mandate).where(own)).order_by(Mandate.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(Mandate.id < _key(cursor))
    rows = session().scalars(query).all()
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def _with_parties(query: sa.Select[Mandate]) -> sa.Select[Mandate]:
    return query.options(joinedload(Mandate.trader), joinedload(Mandate.broker))


# --- sessions and keys ------------------------------------------------------------------------------------------------


def list_sessions(person_id: uuid.UUID) -> Sequence[SignInSession]:
    """Return the sessions of a person that are still alive, newest first."""
    query = sa.select(SignInSession).where(
        SignInSession.person_id == person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.waits_for.is_(None),
        SignInSession.expires_at > clock.now(),
    )
    return session().scalars(query.order_by(SignInSession.created_at.desc()).limit(100)).all()


def get_session(session_id: uuid.UUID, *, actor: Actor) -> SignInSession:
    """Return one of the actor's own sessions; raises NotFound for anybody else's."""
    found = session().get(SignInSession, session_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    return found


def list_keys(actor: Actor) -> Sequence[ApiKey]:
    """Return the keys of the actor's organisation, newest first, revoked ones too."""
    query = (
        sa.select(ApiKey)
        .join(Membership, Membership.id == ApiKey.membership_id)
        .where(Membership.organisation_id == actor.organisation_id)
        .order_by(ApiKey.id.desc())
        .limit(200)
    )
    return session().scalars(query).all()


def find_key(key_id: uuid.UUID | None) -> ApiKey | None:
    """Return a key, or None."""
    return session().get(ApiKey, key_id) if key_id is not None else None


def get_key(key_id: uuid.UUID, *, actor: Actor) -> ApiKey:
    """Return a key of the actor's organisation; raises NotFound for anybody else's."""
    query = (
        sa.select(ApiKey)
        .join(Membership, Membership.id == ApiKey.membership_id)
        .where(ApiKey.id == key_id, Membership.organisation_id == actor.organisation_id)
    )
    found = session().scalar(query)
    if found is None or not actor.can(Permission.KEY_MANAGE):
        raise NotFound
    return found


# --- cursors ------------------------------------------------------------------------------------------------------------


def _paged(query: sa.Select[Any], columns: tuple[Any, Any], cursor: str | None, limit: int) -> Page[Any]:
    """Keyset paging by name and id: the cursor is ``<id>~<name>`` of the last row shown."""
    if cursor:
        key, _, name = cursor.partition("~")
        query = query.where(sa.tuple_(*columns) > sa.tuple_(sa.literal(name), sa.literal(_key(key))))
    rows = session().scalars(query).unique().all()
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], f"{last.id}~{getattr(last, columns[0].key)}")


def _key(text: str) -> uuid.UUID:
    """Read the id in a cursor; one that somebody bent leads nowhere."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None
