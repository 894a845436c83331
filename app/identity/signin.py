"""Signing in and out, with counted attempts and without telling who has an account (trust.md S-BRUTE, S-ENUM, S-SESS)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.access import NOBODY, Actor
from app.database import session
from app.errors import Refusal
from app.identity import factors, halfway, passwords, places, proving, sessions
from app.identity.finders import find_person_by_email, list_memberships
from app.identity.halfway import Half
from app.identity.models import Membership, Person, SignInAttempt, SignInSession
from app.identity.sessions import SignedIn
from app.identity.tries import TooManyTries as TooManyTries
from app.identity.tries import refuse_tired
from app.ledger.recording import digest, record


class WrongPassword(Refusal):
    """The address and the password do not belong together; which of them is wrong is not said."""

    status = 422


class NoPlace(Refusal):
    """The password is right, but no membership of this person holds today."""

    status = 403


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wrong passwords are borne within how long, and how long a session lasts."""

    attempts: int = 10
    window: timedelta = timedelta(minutes=5)
    session_hours: int = 12
    required_of: tuple[str, ...] = ()
    """Kinds of organisations whose people need a second factor."""
    of_all: int = 1000
    """How many wrong passwords of all addresses together."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What weighing an address and a password gave: who it is (None: nobody, or the wrong password), and under which
    digests an attempt is counted."""

    person_id: uuid.UUID | None
    account: str
    place: str
    network: str = ""


def recognise(email: str, password: str, *, address: str, limits: Limits) -> Recognised:
    """Weigh a password; writes nothing. It takes its time on purpose (argon2), so call it outside the writing
    transaction (``database.looking``). Raises TooManyTries: an address that guessed too often is not listened to."""
    account, place = digest(f"account:{email.strip().lower()}"), digest(f"address:{address}")
    _refuse_tired(SignInAttempt.address_digest == place, limits)
    person = find_person_by_email(email)
    right = passwords.verified(person.password_hash if person else "", password)
    known = person is not None and right and person.disabled_at is None
    return Recognised(person.id if person and known else None, account, place, places.network_digest(address))


def sign_in(known: Recognised, *, user_agent: str, limits: Limits) -> tuple[SignedIn | Half, Sequence[Membership]]:
    """Open a session for who was recognised; returns it with all memberships that could be worn. Half a session for somebody who
    has a second factor, or needs one.

    An account that was guessed at too often, from anywhere, still opens for the right password from a quiet address:
    nobody can lock its owner out. Raises WrongPassword, TooManyTries, NoPlace; a wrong password has been written down and
    must be kept (``g.keep_refusal``).
    """
    if known.person_id is None:
        _write_down(known.account, known.place)
        _refuse_tired(SignInAttempt.account_digest == known.account, limits, beyond=1)
        refuse_tired(sa.true(), attempts=limits.of_all + 1, window=limits.window)
        raise WrongPassword
    memberships = list_memberships(known.person_id, clock.today())
    if not memberships:
        raise NoPlace
    _forget(known.account, known.place)
    needed = any(one.organisation.kind in limits.required_of for one in memberships)
    if needed or factors.has_any(known.person_id):
        half = halfway.start(memberships[0], halfway.FACTOR, user_agent=user_agent, network=known.network)
        return half, memberships
    opened = sessions.start(
        memberships[0], hours=limits.session_hours, user_agent=user_agent, address_digest=known.network,
        proven_by=factors.PASSWORD,
    )  # fmt: skip
    record("person.signed_in", "person", known.person_id, by=opened.actor, session=str(opened.session_id))
    return opened, memberships


def begin_enrolment(person: Person, *, user_agent: str, network: str, limits: Limits) -> Half | None:
    """Open half a session in which somebody who followed a fresh link adds a first second factor; None for who needs none, has
    one already, or has no place today. A password alone never comes here."""
    memberships = list_memberships(person.id, clock.today())
    needed = any(one.organisation.kind in limits.required_of for one in memberships)
    if not needed or factors.has_any(person.id):
        return None
    return halfway.start(memberships[0], halfway.ENROLMENT, user_agent=user_agent, network=network)


def sign_out(row: SignInSession, *, by: Actor) -> None:
    """End a session and record it."""
    sessions.end(row)
    record("person.signed_out", "person", row.person_id, by=by, session=str(row.id))


def change_hat(row: SignInSession, membership: Membership, *, limits: Limits, by: Actor) -> SignedIn | Half:
    """Act under another of one's memberships: the old session ends, a new token begins (rights have changed). Half a session where
    that place needs a second factor and none was given, and in another house than the one that an agency's provider or a broken
    glass has opened: their word holds there alone. Wrong codes that were given before still count."""
    sessions.end(row)
    needed = membership.organisation.kind in limits.required_of and row.proven_by not in factors.STRONG
    if needed or (row.proven_by in factors.OF_ONE_HOUSE and membership.organisation_id != by.organisation_id):
        return halfway.start(membership, halfway.FACTOR, user_agent=row.user_agent, network=row.network_digest or "")
    opened = sessions.start(
        membership, hours=limits.session_hours, user_agent=row.user_agent, address_digest=row.network_digest or "",
        glass=bool(row.glass), until=row.expires_at, proven_by=row.proven_by or "", proven_at=row.proven_at,
    )  # fmt: skip
    proving.carry_on(row.id, opened.session_id)
    record("person.signed_in", "person", row.person_id, by=opened.actor, session=str(opened.session_id))
    return opened


def change_password(person: Person, password: str, *, keep: SignInSession | None, by: Actor) -> None:
    """Set a new password that ``passwords.weaknesses`` found good, and end every other session of the person."""
    person.password_hash = passwords.hashed(password)
    session().flush()
    sessions.end_others(person.id, except_id=keep.id if keep else None)
    record("person.password_set", "person", person.id, by=by)


def _write_down(account: str, place: str) -> None:
    attempt = SignInAttempt(at=clock.now(), account_digest=account, address_digest=place)
    session().add(attempt)
    session().flush()
    record("person.sign_in_refused", "sign-in", attempt.id, by=NOBODY, account_digest=account, address_digest=place)


def _forget(account: str, place: str) -> None:
    """The owner's own slips of the pen do not add up; attempts from elsewhere stay counted."""
    own = (SignInAttempt.account_digest == account, SignInAttempt.address_digest == place)
    session().execute(sa.delete(SignInAttempt).where(*own))


def _refuse_tired(where: sa.ColumnElement[bool], limits: Limits, beyond: int = 0) -> None:
    refuse_tired(where, attempts=limits.attempts + beyond, window=limits.window)
