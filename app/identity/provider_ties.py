"""Who is who at an identity provider: an administrator links a person with a subject there; an e-mail address alone never does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import NotAllowed
from app.identity import factors, halfway, policy, sessions
from app.identity.account_models import ProviderTie
from app.identity.accounts import not_oneself
from app.identity.finders import list_memberships
from app.identity.halfway import Half
from app.identity.models import Person
from app.identity.provider import Recognised
from app.identity.sessions import SignedIn
from app.identity.wording import fault, refuse
from app.ledger.recording import digest, record
from app.turns import take_turn


class NotLinked(NotAllowed):
    """The provider knows this person, the window does not: an administrator has to link them. ``subject`` is who it is there."""

    def __init__(self, subject: str) -> None:
        super().__init__("nobody is linked with this subject")
        self.subject = subject


def link(person: Person, *, provider: str, subject: str, by: Actor) -> ProviderTie:
    """Link a person with a subject at a provider. Raises NotAllowed, also for oneself; Invalid when the subject is missing or
    somebody else's."""
    require(policy.manage_people, by)
    not_oneself(person.id, by)
    subject = subject.strip()
    refuse([fault("SUBJECT-MISSING", "subject")] if not 0 < len(subject) <= 255 else [])
    mark = _mark(provider, subject)
    take_turn("provider-tie", mark)  # two who link the same subject: the second is told, not broken on the index
    known = session().scalar(
        sa.select(ProviderTie).where(ProviderTie.provider == provider, ProviderTie.subject_digest == mark)
    )
    refuse([fault("SUBJECT-TAKEN", "subject", subject)] if known is not None else [])
    tie = ProviderTie(
        person_id=person.id, provider=provider, subject_digest=mark, created_at=clock.now(), created_by_id=by.person_id
    )
    session().add(tie)
    session().flush()
    record("person.provider_linked", "person", person.id, by=by, provider=provider)
    return tie


def unlink(person: Person, *, provider: str, by: Actor) -> None:
    """Take the link away; the person's sessions end. Raises NotAllowed."""
    require(policy.manage_people, by)
    not_oneself(person.id, by)
    mine = sa.delete(ProviderTie).where(ProviderTie.person_id == person.id, ProviderTie.provider == provider)
    gone = session().scalars(mine.returning(ProviderTie.id)).all()
    if gone:
        sessions.end_others(person.id)
        record("person.provider_unlinked", "person", person.id, by=by, provider=provider)


def list_ties(person_id: uuid.UUID) -> Sequence[ProviderTie]:
    """Return a person's links."""
    return session().scalars(sa.select(ProviderTie).where(ProviderTie.person_id == person_id).limit(10)).all()


def sign_in(
    known: Recognised, *, provider: str, agency: str, user_agent: str, network: str, hours: int
) -> SignedIn | Half:
    """Open a session for whom the provider recognised, under a place in the provider's own agency and no other; half a session
    where the provider did not ask for a second factor. Raises NotLinked."""
    mark = _mark(provider, known.subject)
    query = sa.select(ProviderTie.person_id).join(Person, Person.id == ProviderTie.person_id)
    person_id = session().scalar(
        query.where(ProviderTie.provider == provider, ProviderTie.subject_digest == mark, Person.disabled_at.is_(None))
    )
    places = list_memberships(person_id, clock.today()) if person_id is not None else ()
    membership = next((one for one in places if one.organisation.agency == agency), None)
    if membership is None:
        raise NotLinked(known.subject)
    if not known.strong:
        return halfway.start(membership, halfway.FACTOR, user_agent=user_agent, network=network)
    opened = sessions.start(
        membership, hours=hours, user_agent=user_agent, address_digest=network, proven_by=factors.PROVIDER
    )
    record("person.signed_in", "person", membership.person_id, by=opened.actor, session=str(opened.session_id))
    return opened


def _mark(provider: str, subject: str) -> str:
    return digest(f"subject:{provider}:{subject}")
