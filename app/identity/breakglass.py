"""Break-glass: when no administrator can sign in, somebody at the machine makes one link that lets one administrator in.

There are no default accounts (ASVS 6.3.2): the first administrator of a fresh window comes in the same way. The session lasts
one hour, every page of it says what it is, what is done in it says so in the ledger, and all administrators and auditors are told
the moment the link is made.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import SYSTEM
from app.database import session
from app.errors import Conflict, NotFound
from app.identity import accounts, links, sessions
from app.identity.finders import list_memberships
from app.identity.models import Membership, Organisation, Person
from app.identity.sessions import SignedIn
from app.identity.wording import fault, refuse
from app.ledger.recording import digest, record

log = logging.getLogger("akno.identity")
HOURS = 1
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Broken:
    """The link that was made: for whom, its token, until when it is good."""

    person: Person
    token: str
    until: datetime


def break_glass(reason: str, *, email: str = "") -> Broken:
    """Make a link for the administrator with this address, or for the first one there is. For the machine's console only.

    The reason goes to the log of the process and, as a digest, into the ledger. Raises NotFound when there is no such
    administrator, Invalid for a reason of fewer than ten characters.
    """
    refuse([fault("REASON-SHORT", "reason", reason)] if len(reason.strip()) < SHORTEST_REASON else [])
    membership = _administrator(email)
    person = membership.person
    link = links.make(links.GLASS, person.id)
    token = links.give_token(link)
    record(
        "person.glass_broken", "person", person.id, by=replace(SYSTEM, organisation_id=membership.organisation_id),
        reason_digest=digest(reason.strip()), until=link.expires_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    log.warning("the glass is broken for an administrator (person %s): %r", person.id, reason.strip()[:500])
    return Broken(person, token, link.expires_at)


def get_awaited(token: str) -> Person:
    """Return the administrator a link waits for; raises NotFound when it is not ours, too old, or used."""
    return links.get_person(links.GLASS, token)


def enter(token: str, *, user_agent: str, network: str) -> SignedIn:
    """Open the session of one hour; the link is used up. Raises NotFound, also for somebody who is no administrator now."""
    person = links.use(links.GLASS, token)
    membership = next((one for one in list_memberships(person.id, clock.today()) if _administers(one)), None)
    if membership is None:
        raise NotFound
    opened = sessions.start(membership, hours=HOURS, user_agent=user_agent, address_digest=network, glass=True)
    record("person.signed_in", "person", person.id, by=opened.actor, session=str(opened.session_id))
    return opened


def found_first(*, email: str, name: str, operator: str, language: str) -> str:
    """Make the first administrator of a fresh window, with the operator's organisation; return the token of an invitation.

    For the machine's console only. Raises Conflict when there is an administrator already, Invalid with all faults.
    """
    if any(_administers(one) for one in session().scalars(_operators())):
        raise Conflict("There is an administrator already: use `flask account break-glass`.")
    house = session().scalar(sa.select(Organisation).where(Organisation.kind == "operator").limit(1))
    house = house or accounts.register_organisation(kind="operator", name=operator, by=SYSTEM)
    person = accounts.create_person(email=email, full_name=name, language=language, by=SYSTEM)
    accounts.add_membership(person, house, roles=["administrator"], valid_from=clock.today(), by=SYSTEM)
    record("person.link_issued", "person", person.id, by=SYSTEM)
    return links.give_token(links.make(links.INVITATION, person.id))


def _administers(membership: Membership) -> bool:
    return "administrator" in membership.roles and membership.organisation.kind == "operator"


def _administrator(email: str) -> Membership:
    query = _operators()
    if email:
        query = query.where(Person.email == email.strip().lower())
    for membership in session().scalars(query):
        if _administers(membership):
            return membership
    raise NotFound


def _operators() -> sa.Select[Membership]:
    return (
        sa.select(Membership)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(Organisation.kind == "operator", Membership.as_of(clock.today()), Person.disabled_at.is_(None))
        .order_by(Person.created_at, Membership.id)
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
    )
