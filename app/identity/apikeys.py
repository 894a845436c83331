"""Keys for the software of a trader or broker: shown once, found by prefix, compared by hash in constant time (S-TIME)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app import clock
from app.access import Actor, Permission, require
from app.database import session
from app.identity import policy
from app.identity.accounts import actor_of, narrowed
from app.identity.finders import list_memberships
from app.identity.models import ApiKey, Membership, Organisation, Person
from app.identity.wording import fault, refuse
from app.ledger.recording import record

P = Permission
SCOPES: dict[str, tuple[Permission, ...]] = {
    "file": (P.DECLARATION_PREPARE, P.DECLARATION_SUBMIT, P.DOCUMENT_UPLOAD),
    "read": (P.DECLARATION_READ, P.DOCUMENT_READ, P.CLEARANCE_DOWNLOAD, P.MEASURE_READ),
    "answer": (P.DECLARATION_READ, P.DECLARATION_AMEND, P.QUESTION_ANSWER, P.DOCUMENT_UPLOAD),
    "withdraw": (P.DECLARATION_READ, P.DECLARATION_WITHDRAW),
    "webhooks": (P.WEBHOOK_MANAGE,),
}
"""What a key can be made for on the account page, and the rights behind each."""

DAYS = 365
_UNKNOWN = hashlib.sha256(b"no such key").hexdigest()


def create(*, label: str, scopes: Sequence[str], by: Actor) -> tuple[ApiKey, str]:
    """Make a key with some of one's own rights (values of Permission); returns it and the text that is shown once.

    The text is ``akno_<prefix>_<secret>``; it works for a year. Raises NotAllowed, or Invalid with all faults.
    """
    require(policy.manage_keys, by)
    faults = [] if label.strip() else [fault("LABEL-MISSING", "label")]
    if not scopes or set(scopes) - {right.value for right in by.permissions}:
        faults.append(fault("SCOPES-UNFIT", "scopes"))
    refuse(faults)
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    now = clock.now()
    key = ApiKey(
        prefix=prefix,
        secret_hash=_hash(secret),
        label=label.strip()[:80],
        scopes=sorted(set(scopes)),
        person_id=by.person_id,
        membership_id=_membership(by).id,
        created_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    session().add(key)
    session().flush()
    record("key.created", "key", key.id, by=by, prefix=prefix, scopes=key.scopes)
    return key, f"akno_{prefix}_{secret}"


def find_holder(text: str) -> tuple[ApiKey, Actor] | None:
    """Return a key and whom it stands for, with the rights of its scopes; None when unknown, revoked, expired or its owner
    gone."""
    house, _, rest = text.strip().partition("_")
    prefix, _, secret = rest.partition("_")
    found = _find(prefix) if house == "akno" else None
    same = hmac.compare_digest(found[0].secret_hash if found else _UNKNOWN, _hash(secret))
    if found is None or not same:
        return None
    key, membership = found
    return key, narrowed(actor_of(membership, channel="api"), key.scopes)


def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """End a key at once. Raises NotAllowed."""
    require(policy.manage_keys, by)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        session().flush()
        record("key.revoked", "key", key.id, by=by, prefix=key.prefix)
    return key


def _find(prefix: str) -> tuple[ApiKey, Membership] | None:
    row = session().execute(_query(), {"prefix": prefix, "now": clock.now(), "today": clock.today()}).first()
    return (row[0], row[1]) if row else None


@cache
def _query() -> sa.Select[ApiKey, Membership]:
    """Built once: every request of a machine begins with it. Key, membership, person and organisation in one row."""
    today: Any = sa.bindparam("today", type_=sa.Date())
    return (
        sa.select(ApiKey, Membership)
        .join(Membership, Membership.id == ApiKey.membership_id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(
            ApiKey.prefix == sa.bindparam("prefix"),
            ApiKey.revoked_at.is_(None),
            sa.or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > sa.bindparam("now")),
            Person.disabled_at.is_(None),
            Membership.as_of(today),
            Organisation.closed_at.is_(None),
        )
        .options(contains_eager(Membership.person), contains_eager(Membership.organisation))
    )


def _membership(by: Actor) -> Membership:
    held = list_memberships(by.person_id, clock.today()) if by.person_id else ()
    return next(membership for membership in held if membership.organisation_id == by.organisation_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
