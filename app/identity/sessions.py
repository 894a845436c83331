"""Server-side sessions: a random token in the signed cookie, its hash in the table; dead means dead at once."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import contains_eager

from app import clock
from app.access import Actor
from app.database import session
from app.identity import places
from app.identity.accounts import actor_of
from app.identity.devices import device
from app.identity.models import Membership, Organisation, Person, SignInSession
from app.ledger.recording import Happening, record, record_all

__all__ = ["SignedIn", "device", "end", "end_others", "find", "fingerprint", "is_stale", "start", "touch"]

PASSWORD = "password"  # noqa: S105 - a kind of proof, not a password
"""What proves no more than that somebody knows a password."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used: once a minute a request leaves its moment."""


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """Whom a live session stands for; flask-login keeps ``get_id()``, the token, in the cookie."""

    token: str
    session_id: uuid.UUID
    membership_id: uuid.UUID
    actor: Actor
    seen_at: datetime | None = None
    glass: bool = False
    """Whether it was opened by breaking the glass: every page says so."""
    proven_at: datetime | None = None
    proven_by: str = ""
    """When and by what the person last proved who they are."""

    def get_id(self) -> str:
        """Return the token of the session."""
        return self.token


def fingerprint(token: str) -> str:
    """Return the hash under which a token is stored (hex SHA-256: the token has 256 random bits, no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(
    membership: Membership,
    *,
    hours: int,
    user_agent: str = "",
    address_digest: str = "",
    glass: bool = False,
    until: datetime | None = None,
    proven_by: str = "",
    proven_at: datetime | None = None,
) -> SignedIn:
    """Open a session with a new token under a membership (person and organisation loaded); it ends after ``hours``, or at
    ``until``: a session in the place of another one lives no longer than that one would have.

    ``address_digest`` is ``places.network_digest`` of where the request came from; a place that is new to the person is told
    to the person. Without one (a change of hats on an old session) no place is looked at. ``proven_by``: by what the person
    has proven who they are, now or at ``proven_at``.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    proven_by = proven_by or ("glass" if glass else "")
    proven_at = proven_at or (now if proven_by else None)
    place = places.remember(membership.person_id, address_digest, user_agent) if address_digest else places.KNOWN
    row = SignInSession(
        token_hash=fingerprint(token), person_id=membership.person_id, membership_id=membership.id, created_at=now,
        expires_at=until or now + timedelta(hours=hours), user_agent=user_agent[:200], seen_at=now,
        network_digest=address_digest or None, place=place, glass=glass, proven_at=proven_at, proven_by=proven_by or None,
    )  # fmt: skip
    session().add(row)
    session().flush()
    if place == places.NEW:
        places.tell(membership.person_id, row.id, membership.organisation_id)
    return SignedIn(token, row.id, membership.id, _actor(membership, glass=glass), now, glass, proven_at, proven_by)


def _actor(membership: Membership, *, glass: bool) -> Actor:
    """What is done behind broken glass says so in the ledger."""
    return actor_of(membership, "glass" if glass else "web")


def find(token: str, *, idle: timedelta | None = None, required_of: Collection[str] = ()) -> SignedIn | None:
    """Return whom a token stands for, in one statement; None when the session, person, membership or house has ended, or
    when the session was not used for longer than ``idle``. Half a session is none; nor is one under a membership of a kind in
    ``required_of`` whose person gave no second factor: whatever way leads there, nobody stands behind it."""
    now = clock.now()
    query = (
        sa.select(SignInSession, Membership)
        .join(Membership, Membership.id == SignInSession.membership_id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(
            SignInSession.token_hash == fingerprint(token),
            SignInSession.ended_at.is_(None),
            SignInSession.waits_for.is_(None),
            SignInSession.expires_at > now,
            Person.disabled_at.is_(None),
            Membership.as_of(clock.today()),
            Organisation.closed_at.is_(None),
        )
        .options(contains_eager(Membership.person), contains_eager(Membership.organisation))
    )
    found = session().execute(query).first()
    if found is None:
        return None
    row, membership = found
    seen, glass = row.seen_at or row.created_at, bool(row.glass)
    if membership.organisation.kind in required_of and (row.proven_by or PASSWORD) == PASSWORD:
        return None
    if idle is not None and seen + idle + SEEN_EVERY <= now:
        return None
    actor = _actor(membership, glass=glass)
    return SignedIn(token, row.id, membership.id, actor, seen, glass, row.proven_at, row.proven_by or "")


def is_stale(signed_in: SignedIn) -> bool:
    """Whether the moment of the last request is to be written anew."""
    return signed_in.seen_at is None or clock.now() - signed_in.seen_at >= SEEN_EVERY


def touch(session_id: uuid.UUID) -> None:
    """Remember that a session is used: one statement, at most once a minute."""
    used = sa.update(SignInSession).where(SignInSession.id == session_id).values(seen_at=clock.now())
    session().execute(used.execution_options(synchronize_session=False))


def end(row: SignInSession, *, by: Actor | None = None) -> None:
    """End one session now; a replayed cookie finds nothing. With ``by`` it is recorded as somebody's own deed."""
    if row.ended_at is None:
        row.ended_at = clock.now()
        session().flush()
        if by is not None:
            record("session.ended", "person", row.person_id, by=by, session=str(row.id))


def end_others(person_id: uuid.UUID, *, except_id: uuid.UUID | None = None, by: Actor | None = None) -> int:
    """End every session of a person but one: after a new password or another factor (ASVS 7.4.3); returns how many."""
    query = sa.update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if except_id is not None:
        query = query.where(SignInSession.id != except_id)
    ended = session().scalars(query.values(ended_at=clock.now()).returning(SignInSession.id)).all()
    if by is not None:
        record_all([Happening("session.ended", "person", person_id, {"session": str(key)}) for key in ended], by=by)
    return len(ended)
