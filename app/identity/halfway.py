"""Half a session: the password was right, the second factor is missing. It is good for giving or adding that factor, and nothing
else: ``sessions.find`` does not know it, so for every guard its owner is nobody.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app import clock
from app.access import NOBODY, Actor
from app.database import session
from app.identity import sessions
from app.identity.accounts import actor_of
from app.identity.models import Membership, Organisation, Person, SignInSession
from app.identity.sessions import SignedIn
from app.jobs import registry
from app.ledger.finders import has_happened_to
from app.ledger.recording import record

FACTOR, ENROLMENT = "factor", "enrolment"
GOOD_FOR = {FACTOR: timedelta(minutes=10), ENROLMENT: timedelta(minutes=30)}
"""How long somebody may stand on the threshold; who adds a first factor may have to install an app before."""
QUIET = timedelta(hours=1)
"""Who was told that somebody knows the password is not told again for so long: a thousand tries are one piece of news."""
MISSING = "missing"
PAGE = 100


@dataclass(frozen=True)
class Half:
    """Somebody on the threshold: ``waits_for`` a factor to be given, or a first one to be added (after a fresh link alone)."""

    token: str
    row: SignInSession
    membership: Membership

    @property
    def waits_for(self) -> str:
        """What is missing."""
        return self.row.waits_for or ""

    @property
    def person(self) -> Person:
        """Who it would be."""
        return self.membership.person

    @property
    def actor(self) -> Actor:
        """Who it would be, without any right: for the ledger, never for a guard."""
        return replace(actor_of(self.membership), permissions=frozenset(), roles=())


def start(membership: Membership, waits_for: str, *, user_agent: str = "", network: str = "") -> Half:
    """Open half a session with a token of its own under a membership (person and organisation loaded)."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = SignInSession(
        token_hash=sessions.fingerprint(token), person_id=membership.person_id, membership_id=membership.id,
        created_at=now, expires_at=now + GOOD_FOR[waits_for], user_agent=user_agent[:200], network_digest=network or None,
        waits_for=waits_for,
    )  # fmt: skip
    session().add(row)
    session().flush()
    return Half(token, row, membership)


def find(token: str) -> Half | None:
    """Return who stands on the threshold with this token; None when it is too late or a whole session."""
    query = (
        sa.select(SignInSession, Membership)
        .join(Membership, Membership.id == SignInSession.membership_id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(
            SignInSession.token_hash == sessions.fingerprint(token),
            SignInSession.waits_for.is_not(None),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
            Person.disabled_at.is_(None),
            Membership.as_of(clock.today()),
            Organisation.closed_at.is_(None),
        )
        .options(contains_eager(Membership.person), contains_eager(Membership.organisation))
    )
    found = session().execute(query).first()
    return Half(token, *found) if found is not None else None


def finish(half: Half, *, proven_by: str, hours: int) -> SignedIn:
    """Let somebody in who has proven who they are: the half session ends, a whole one begins under a new token."""
    mine = sa.update(SignInSession).where(
        SignInSession.person_id == half.person.id, SignInSession.waits_for.is_not(None),
        SignInSession.network_digest.is_not_distinct_from(half.row.network_digest), SignInSession.ended_at.is_(None),
    )  # fmt: skip
    # Other tries from here were her own: nobody needs to be told of them.
    session().execute(mine.values(ended_at=clock.now()))
    opened = sessions.start(
        half.membership, hours=hours, user_agent=half.row.user_agent, address_digest=half.row.network_digest or "",
        proven_by=proven_by,
    )  # fmt: skip
    record("person.signed_in", "person", half.person.id, by=opened.actor, session=str(opened.session_id))
    return opened


# --- those who never came in ------------------------------------------------------------------------------------------------


def list_forsaken() -> Sequence[uuid.UUID]:
    """Return the first sessions whose owner gave a right password and no factor until it was too late."""
    query = _forsaken(sa.select(SignInSession.id)).order_by(SignInSession.expires_at, SignInSession.id)
    return session().scalars(query.limit(PAGE)).all()


def tell(session_id: uuid.UUID) -> bool:
    """Close such a session and record that somebody knows the password: the owner is told. Safe to repeat."""
    query = _forsaken(sa.select(SignInSession, Membership.organisation_id)).where(SignInSession.id == session_id)
    found = session().execute(query.with_for_update(of=SignInSession)).first()
    if found is None:
        return False
    row, organisation_id = found
    row.ended_at = clock.now()
    session().flush()
    told = has_happened_to(row.person_id, "person.factor_refused", since=clock.now() - QUIET)
    if row.waits_for == FACTOR and not told:
        whose = replace(NOBODY, organisation_id=organisation_id)
        record("person.factor_refused", "person", row.person_id, by=whose, kind=MISSING)
    return True


def _forsaken(query: Any) -> Any:
    return query.join(Membership, Membership.id == SignInSession.membership_id).where(
        SignInSession.waits_for.is_not(None), SignInSession.ended_at.is_(None), SignInSession.expires_at <= clock.now()
    )


registry.watch("identity.threshold", list_forsaken, tell)
