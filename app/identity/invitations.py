"""Invitations: a signed link, good once and for seven days, with which a person sets a password; nobody else ever does."""

from __future__ import annotations

import hashlib
import uuid

from itsdangerous import BadData, URLSafeTimedSerializer

from app.access import Actor, require
from app.database import session
from app.errors import NotFound
from app.identity import passwords, policy, signin
from app.identity.models import Person
from app.identity.wording import refuse
from app.ledger.recording import record

DAYS = 7


class _Signing:
    """The signer of this process; told its key once by the edge."""

    signer: URLSafeTimedSerializer | None = None


def use_key(key: str) -> None:
    """Set the key of the links for this process."""
    _Signing.signer = URLSafeTimedSerializer(key, salt="akno invitation")


def _signer() -> URLSafeTimedSerializer:
    if _Signing.signer is None:
        raise RuntimeError("invitations have no key: the edge sets it")
    return _Signing.signer


def invite(person: Person, *, by: Actor) -> str:
    """Return the token of a link for one person: a first password, or a new one instead of a forgotten one."""
    require(policy.manage_people, by)
    record("person.link_issued", "person", person.id, by=by)
    return str(_signer().dumps([person.id.hex, _stamp(person)]))


def get_invited(token: str) -> Person:
    """Return the person a link belongs to; raises NotFound when it is not ours, too old, or used."""
    try:
        key, stamp = _signer().loads(token, max_age=DAYS * 86400)
    except (BadData, ValueError, TypeError):
        raise NotFound from None
    person = session().get(Person, uuid.UUID(hex=key))
    if person is None or person.disabled_at is not None or stamp != _stamp(person):
        raise NotFound
    return person


def accept(token: str, password: str) -> Person:
    """Set the password of the person a link belongs to; the link is used up. Raises NotFound or Invalid."""
    person = get_invited(token)
    refuse(passwords.weaknesses(password, person.email))
    signin.change_password(person, password, keep=None, by=Actor(person_id=person.id, language=person.language))
    return person


def _stamp(person: Person) -> str:
    """Changes with the password, so that a used link is dead."""
    return hashlib.sha256(f"{person.id}:{person.password_hash}".encode()).hexdigest()[:24]
