"""Server-side sessions: a random token in the signed cookie, its hash in the table; dead means dead at once."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import contains_eager

from app import clock
from app.access import Actor
from app.database import session
from app.identity.accounts import actor_of
from app.identity.models import Membership, Organisation, Person, SignInSession


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """Whom a live session stands for; flask-login keeps ``get_id()``, the token, in the cookie."""

    token: str
    session_id: uuid.UUID
    membership_id: uuid.UUID
    actor: Actor

    def get_id(self) -> str:
        """Return the token of the session."""
        return self.token


def fingerprint(token: str) -> str:
    """Return the hash under which a token is stored (hex SHA-256: the token has 256 random bits, no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(membership: Membership, *, hours: int, user_agent: str = "") -> SignedIn:
    """Open a session with a new token under a membership (person and organisation loaded); it ends after ``hours``."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = SignInSession(
        token_hash=fingerprint(token),
        person_id=membership.person_id,
        membership_id=membership.id,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
        user_agent=user_agent[:200],
    )
    session().add(row)
    session().flush()
    return SignedIn(token, row.id, membership.id, actor_of(membership))


def find(token: str) -> SignedIn | None:
    """Return whom a token stands for, in one statement; None when the session, person, membership or house has ended."""
    query = (
        sa.select(SignInSession, Membership)
        .join(Membership, Membership.id == SignInSession.membership_id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(
            SignInSession.token_hash == fingerprint(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
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
    return SignedIn(token, row.id, membership.id, actor_of(membership))


def end(row: SignInSession) -> None:
    """End one session now; a replayed cookie finds nothing."""
    if row.ended_at is None:
        row.ended_at = clock.now()
        session().flush()


def end_others(person_id: uuid.UUID, *, except_id: uuid.UUID | None = None) -> None:
    """End every session of a person but one: after a new password (ASVS 7.4.3)."""
    query = sa.update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if except_id is not None:
        query = query.where(SignInSession.id != except_id)
    session().execute(query.values(ended_at=clock.now()))


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str:
    """Return what a person would call the browser and machine behind a user agent, or its first words."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or user_agent[:40]
