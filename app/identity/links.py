"""Links that let one person in once: made, given their token, found, used up (ASVS 6.4, 7.2; trust.md S-RACE).

The token has 256 random bits and only its hash is stored, so there is nothing to compare sign by sign. Whoever uses a link takes
its row first: of two at once one wins, and to the other it is a link that leads nowhere.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.errors import NotFound
from app.identity.account_models import AccountLink
from app.identity.accounts import actor_of
from app.identity.finders import list_memberships
from app.identity.models import Person
from app.identity.sessions import fingerprint


class DeadLink(NotFound):
    """A link that leads nowhere: never made, used, too old, or its person is disabled; told apart by nobody."""


INVITATION, RESET, GLASS = "invitation", "reset", "glass"
LIVES: Mapping[str, timedelta] = {
    INVITATION: timedelta(hours=72), RESET: timedelta(minutes=30), GLASS: timedelta(minutes=15),
}  # fmt: skip
LETTER = "accounts.letter"
"""The job that gives a link its token and posts it; its only argument is the id of the link."""
_LONGEST = 64


def make(kind: str, person_id: uuid.UUID | None, *, account: str = "", address: str = "") -> AccountLink:
    """Make a link without a token: nobody can use it before ``give_token``. Digests say who asked, for counting."""
    now = clock.now()
    link = AccountLink(
        kind=kind, at=now, person_id=person_id, account_digest=account, address_digest=address,
        expires_at=now + LIVES[kind],
    )  # fmt: skip
    session().add(link)
    session().flush()
    return link


def give_token(link: AccountLink) -> str:
    """Give a link its token and return it: it is known to nobody else. A second call makes the first token worthless."""
    token = secrets.token_urlsafe(32)
    link.token_hash = fingerprint(token)
    session().flush()
    return token


def get_unwritten(link_id: uuid.UUID) -> tuple[AccountLink, Person] | None:
    """Return a link whose letter is to be written, with its person; None when it leads nowhere (any more)."""
    return _one(AccountLink.id == link_id, lock=True)


def get_person(kind: str, token: str) -> Person:
    """Return whom a link of this kind lets in. Raises DeadLink."""
    return _find(kind, token, lock=False)[1]


def use(kind: str, token: str) -> Person:
    """Use a link up, and with it every other open link of the person; returns the person. Raises DeadLink."""
    link, person = _find(kind, token, lock=True)
    now = clock.now()
    link.used_at = now
    session().flush()
    others = sa.update(AccountLink).where(AccountLink.person_id == person.id, AccountLink.used_at.is_(None))
    session().execute(others.values(used_at=now).execution_options(synchronize_session=False))
    return person


def oneself(person: Person) -> Actor:
    """Return the actor somebody is who came by a link: known, with the first place of today, on no other errand."""
    places = list_memberships(person.id, clock.today())
    return (
        actor_of(places[0]) if places else Actor(person_id=person.id, name=person.full_name, language=person.language)
    )


def _find(kind: str, token: str, *, lock: bool) -> tuple[AccountLink, Person]:
    found = None
    if len(token) <= _LONGEST:
        known = sa.and_(AccountLink.token_hash == fingerprint(token), AccountLink.kind == kind)
        found = _one(known, lock=lock)
    if found is None:
        raise DeadLink
    return found


def _one(where: sa.ColumnElement[bool], *, lock: bool) -> tuple[AccountLink, Person] | None:
    query = (
        sa.select(AccountLink, Person)
        .join(Person, Person.id == AccountLink.person_id)
        .where(where, AccountLink.used_at.is_(None), AccountLink.expires_at > clock.now())
        .where(Person.disabled_at.is_(None))
    )
    if lock:
        query = query.with_for_update(of=AccountLink)
    row = session().execute(query).first()
    return (row[0], row[1]) if row is not None else None
