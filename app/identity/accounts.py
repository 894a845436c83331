"""Accounts: organisations are registered, people invited and disabled, memberships added and ended."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, Permission, holds, permissions_of
from app.database import session
from app.errors import Fault, NotAllowed
from app.identity import passwords
from app.identity import unp as tax_number
from app.identity.finders import find_organisation_by_unp, find_organisation_of_agency, find_person_by_email
from app.identity.models import Membership, Organisation, Person, SignInSession
from app.identity.wording import fault, refuse
from app.ledger.recording import Happening, digest, record, record_all

ROLES_OF_KIND = {
    "trader": ("trader-owner", "trader-clerk", "trader-reader"),
    "broker": ("broker",),
    "carrier": ("carrier",),
    "warehouse": ("warehouse",),
    "agency": ("officer", "customs-officer", "supervisor", "analyst"),
    "operator": ("administrator",),
    "auditor": ("auditor",),
}
CUSTOMS = "BY-GTK"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")


def register_organisation(
    *,
    kind: str,
    name: str,
    unp: str | None = None,
    agency: str | None = None,
    city: str = "",
    address_line: str = "",
    postcode: str = "",
    by: Actor,
) -> Organisation:
    """Register a trader, broker, carrier, warehouse, agency, operator or auditor. Raises NotAllowed, or Invalid with all faults."""
    _require(by, Permission.ORGANISATION_MANAGE)
    unp, agency = (unp or "").strip().upper() or None, (agency or "").strip().upper() or None
    refuse(_organisation_faults(kind, name, unp, agency))
    organisation = Organisation(
        kind=kind, name=name.strip(), unp=unp, agency=agency,
        city=city.strip(), address_line=address_line.strip(), postcode=postcode.strip(), created_at=clock.now(),
    )  # fmt: skip
    session().add(organisation)
    session().flush()
    unp_digest = digest(unp) if unp else ""
    record("organisation.registered", "organisation", organisation.id, by=by, kind=kind, unp_digest=unp_digest)
    return organisation


def _organisation_faults(kind: str, name: str, unp: str | None, agency: str | None) -> list[Fault]:
    if kind not in ROLES_OF_KIND:
        raise ValueError(f"there is no kind of organisation {kind!r}")
    faults = [] if name.strip() else [fault("NAME-MISSING", "name")]
    if kind in ("trader", "broker", "carrier", "warehouse") or unp:
        if not tax_number.holds(unp or ""):
            faults.append(fault("UNP-WRONG", "unp", unp or ""))
        elif find_organisation_by_unp(unp or ""):
            faults.append(fault("UNP-TAKEN", "unp", unp or ""))
    if kind == "agency":
        if not agency:
            faults.append(fault("AGENCY-MISSING", "agency"))
        elif find_organisation_of_agency(agency):
            faults.append(fault("AGENCY-TAKEN", "agency", agency))
    return faults


def create_person(
    *, email: str, full_name: str, language: str, password: str | None = None, personal_number: str = "", by: Actor
) -> Person:
    """Make an account; without a password the person sets one through ``invitations.invite``.

    Raises NotAllowed, or Invalid with all faults.
    """
    _require(by, Permission.PERSON_MANAGE)
    email = email.strip().lower()
    faults = [] if full_name.strip() else [fault("NAME-MISSING", "full_name")]
    if not _EMAIL.fullmatch(email):
        faults.append(fault("EMAIL-WRONG", "email", email))
    elif find_person_by_email(email):
        faults.append(fault("EMAIL-TAKEN", "email", email))
    if password is not None:
        faults += passwords.weaknesses(password, email, about=[full_name])
    refuse(faults)
    person = Person(
        email=email,
        full_name=full_name.strip(),
        language=language,
        password_hash=passwords.hashed(password) if password is not None else "",
        personal_number=personal_number.strip(),
        created_at=clock.now(),
    )
    session().add(person)
    session().flush()
    return person


def add_membership(
    person: Person,
    organisation: Organisation,
    *,
    roles: Sequence[str],
    post: str = "",
    office_code: str = "",
    valid_from: date,
    valid_to: date | None = None,
    by: Actor,
) -> Membership:
    """Give a person a place in an organisation: roles, post, office, first day, first day it no longer holds.

    Raises NotAllowed, or Invalid when the roles do not fit the kind of organisation or the days are in the wrong order.
    """
    _require(by, Permission.PERSON_MANAGE)
    not_oneself(person.id, by)
    refuse(_membership_faults(organisation, roles, valid_from, valid_to))
    membership = Membership(
        person=person,
        organisation=organisation,
        roles=list(roles),
        post=post.strip(),
        office_code=office_code.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session().add(membership)
    session().flush()
    record("person.invited", "person", person.id, by=by, organisation=str(organisation.id), roles=list(roles))
    return membership


def _membership_faults(
    organisation: Organisation, roles: Sequence[str], valid_from: date, valid_to: date | None
) -> list[Fault]:
    faults = [] if roles else [fault("ROLES-MISSING", "roles")]
    fitting = set(ROLES_OF_KIND[organisation.kind])
    if organisation.agency != CUSTOMS:
        fitting.discard("customs-officer")
    if set(roles) - fitting:
        faults.append(fault("ROLES-UNFIT", "roles"))
    if valid_to is not None and valid_to <= valid_from:
        faults.append(fault("DATES-ORDER", "valid_until"))
    return faults


def end_membership(membership: Membership, *, by: Actor) -> Membership:
    """End a membership today: its sessions and keys are dead at once, for both ask the membership at every request."""
    _require(by, Permission.PERSON_MANAGE)
    not_oneself(membership.person_id, by)
    _require_still(by, membership.person_id)
    membership.valid_to = max(membership.valid_from, clock.today())
    _end_sessions(SignInSession.membership_id == membership.id)
    session().flush()
    record("membership.ended", "membership", membership.id, by=by, organisation=str(membership.organisation_id))
    return membership


def disable(person: Person, *, by: Actor) -> Person:
    """Disable an account for good reason; every session and key of the person is dead at once."""
    _require(by, Permission.PERSON_MANAGE)
    not_oneself(person.id, by)
    _require_still(by, person.id)
    if person.disabled_at is None:
        person.disabled_at = clock.now()
        _end_sessions(SignInSession.person_id == person.id)
        session().flush()
        record("person.disabled", "person", person.id, by=by)
    return person


def _end_sessions(where: sa.ColumnElement[bool]) -> Sequence[uuid.UUID]:
    living = sa.update(SignInSession).where(where, SignInSession.ended_at.is_(None)).values(ended_at=clock.now())
    return session().scalars(living.returning(SignInSession.id)).all()


def end_sessions(person: Person, *, by: Actor) -> int:
    """End every session of a person, whole or half, and leave the account as it is (ASVS 7.4.5); returns how many.

    Raises NotAllowed: for whoever manages nobody, and for one's own account.
    """
    _require(by, Permission.PERSON_MANAGE)
    not_oneself(person.id, by)
    ended = _end_sessions(SignInSession.person_id == person.id)
    record_all([Happening("session.ended", "person", person.id, {"session": str(key)}) for key in ended], by=by)
    return len(ended)


def end_everybodys_sessions(*, by: Actor) -> int:
    """End every session of everybody: when it is not known who came in (ASVS 7.4.5). Returns how many. Raises NotAllowed."""
    _require(by, Permission.PERSON_MANAGE)
    living = sa.update(SignInSession).where(SignInSession.ended_at.is_(None)).values(ended_at=clock.now())
    ended = session().execute(living.returning(SignInSession.id, SignInSession.person_id)).all()
    record_all([Happening("session.ended", "person", whose, {"session": str(key)}) for key, whose in ended], by=by)
    return len(ended)


def change_language(person: Person, language: str) -> Person:
    """Remember in which language the window speaks to a person."""
    person.language = language
    session().flush()
    return person


def actor_of(membership: Membership, channel: str = "web") -> Actor:
    """Return the actor a person is under a membership; ``person`` and ``organisation`` of it must be loaded."""
    person, organisation = membership.person, membership.organisation
    roles = tuple(membership.roles)
    return Actor(
        person_id=person.id,
        name=person.full_name,
        organisation_id=organisation.id,
        organisation=organisation.name,
        kind=organisation.kind,
        unp=organisation.unp or "",
        agency=organisation.agency or "",
        office=membership.office_code,
        post=membership.post,
        personal_number=person.personal_number,
        roles=roles,
        permissions=permissions_of(roles),
        channel=channel,
        language=person.language,
    )


def narrowed(actor: Actor, scopes: Sequence[str]) -> Actor:
    """Return the same actor with only those of its rights that are in ``scopes``: what a key may do."""
    return replace(actor, permissions=frozenset(right for right in actor.permissions if right.value in scopes))


def not_oneself(person_id: uuid.UUID, by: Actor) -> None:
    """Whoever hands out rights has none from the same hand: an administrator cannot become an officer, nor lock the house."""
    if by.person_id is not None and person_id == by.person_id:
        raise NotAllowed(_l("Your own account and places are changed by another administrator."))


def _require(by: Actor, permission: Permission) -> None:
    verdict = holds(by, permission)
    if not verdict:
        raise NotAllowed(verdict.reason)


def _require_still(by: Actor, person_id: uuid.UUID) -> None:
    """Of two administrators who shut each other out in one moment the first does, the second no longer may: both accounts are
    locked, in one order, and the hand is looked at again (trust.md S-RACE). Raises NotAllowed."""
    if by.person_id is None:
        return
    both = sa.select(Person).where(Person.id.in_((by.person_id, person_id))).order_by(Person.id)
    found = session().scalars(both.with_for_update(key_share=True).execution_options(populate_existing=True)).all()
    day = clock.today()
    seat = sa.select(Membership.id).where(
        Membership.person_id == by.person_id, Membership.organisation_id == by.organisation_id,
        Membership.valid_from <= day, sa.or_(Membership.valid_to.is_(None), Membership.valid_to > day),
    )  # fmt: skip
    gone = any(one.id == by.person_id and one.disabled_at is not None for one in found)
    if gone or session().scalars(seat).first() is None:
        raise NotAllowed(_l("Your own account was closed by another administrator in this moment."))
