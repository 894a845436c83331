"""Keys for the software of a trader or broker: shown once, found by prefix, compared by hash in constant time (S-TIME).

A key reads ``akno_live_<prefix>_<secret>``, in test mode ``akno_test_…``. Its last six signs are the CRC-32 of all before them,
so that whoever looks for leaked keys can tell a real one without asking us. The older ``akno_<prefix>_<secret>`` keeps working.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from app import clock
from app.access import Actor, Permission, require
from app.database import session
from app.errors import Conflict, NotAllowed
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
    "advance": (P.ADVANCE_FILE,),
    "movement": (P.MOVEMENT_REPORT,),
}
"""What a key can be made for on the account page, and the rights behind each."""

DAYS = (30, 90, 180, 365)
"""For how many days a key can be made."""
OVERLAPS = (1, 24, 72, 168)
"""For how many hours the older key can stay good beside the one that takes its place."""
ENDING = timedelta(days=14)
"""How long before its end a key is shown as one that ends soon, and its people are told."""
PATTERN = r"akno_(live|test)_[0-9a-f]{10}_[0-9A-Za-z]{49}"
"""How a key looks, for those who look for leaked ones."""
_FORM = re.compile(r"akno_(?:live_|test_)?([0-9a-f]{10})_([0-9A-Za-z_-]{1,64})")
_SIGNED = re.compile(PATTERN)
_SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_SIGNS = 43  # base 62: 256 bits
_SUM_SIGNS = 6
_LOCK = {"key_share": True}
"""The row is locked against other changes, not against the requests that name the key in their log: nobody waits for them."""
_UNKNOWN = hashlib.sha256(b"no such key").hexdigest()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A key whose secret is right; ``actor`` is None when it is revoked, has ended, or its owner is gone."""

    key: ApiKey
    actor: Actor | None


def create(
    *, label: str, scopes: Sequence[str], by: Actor, days: int = DAYS[-1], test: bool = False
) -> tuple[ApiKey, str]:
    """Make a key with some of one's own rights (values of Permission); returns it and the text that is shown once.

    It works for ``days``. ``test``: a key of test mode. Raises NotAllowed, or Invalid with all faults.
    """
    require(policy.manage_keys, by)
    faults = [] if label.strip() else [fault("LABEL-MISSING", "label")]
    if not scopes or set(scopes) - {right.value for right in by.permissions}:
        faults.append(fault("SCOPES-UNFIT", "scopes"))
    if days not in DAYS:
        faults.append(fault("DAYS-UNFIT", "days"))
    refuse(faults)
    return _add(label.strip()[:80], sorted(set(scopes)), days=days, test=test, by=by)


def rotate(
    key: ApiKey, *, overlap_hours: int, by: Actor, days: int = DAYS[-1], test: bool = False
) -> tuple[ApiKey, str]:
    """Make a key with the same scopes in the place of another, which stays good for ``overlap_hours`` and then ends.

    Returns the new key and the text that is shown once. It stands for whoever made it, not for who made the older one.
    Raises NotAllowed, Conflict for a key that has ended or was rotated before, or Invalid.
    """
    require(policy.manage_keys, by)
    refuse(
        ([] if overlap_hours in OVERLAPS else [fault("OVERLAP-UNFIT", "overlap")])
        + ([] if days in DAYS else [fault("DAYS-UNFIT", "days")])
    )
    session().refresh(key, with_for_update=_LOCK)
    now = clock.now()
    if has_ended(key, now):
        raise Conflict(_l("This key has ended. Make a new one."))
    if find_successor(key) is not None:
        raise Conflict(_l("This key was rotated before. Rotate the one that took its place, or make a new one."))
    if set(key.scopes) - {right.value for right in by.permissions}:
        raise NotAllowed(_l("This key may do what you may not. Somebody with its rights can rotate it."))
    made, text = _add(key.label, key.scopes, days=days, test=test, by=by, successor_of=key)
    until = now + timedelta(hours=overlap_hours)
    key.expires_at = min(key.expires_at, until) if key.expires_at else until
    session().flush()
    record(
        "key.rotated", "key", key.id, by=by,
        prefix=key.prefix, successor=made.prefix, until=key.expires_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    return made, text


def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """End a key at once. Raises NotAllowed."""
    require(policy.manage_keys, by)
    session().refresh(key, with_for_update=_LOCK)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        session().flush()
        record("key.revoked", "key", key.id, by=by, prefix=key.prefix)
    return key


def has_ended(key: ApiKey, now: datetime) -> bool:
    """Whether a key is revoked or past its end."""
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)


def standing(key: ApiKey, now: datetime) -> str:
    """Return how a key stands: ``revoked``, ``ended``, ``ending`` (soon, see ENDING) or ``good``."""
    if has_ended(key, now):
        return "revoked" if key.revoked_at is not None else "ended"
    return "ending" if key.expires_at is not None and key.expires_at <= now + ENDING else "good"


def find_successor(key: ApiKey) -> ApiKey | None:
    """Return the key that took the place of this one, or None."""
    return session().scalar(sa.select(ApiKey).where(ApiKey.successor_of_id == key.id))


def find_holder(text: str) -> tuple[ApiKey, Actor] | None:
    """Return a key and whom it stands for, with the rights of its scopes; None when unknown, revoked, expired or its owner
    gone."""
    found = recognise(text)
    return (found.key, found.actor) if found is not None and found.actor is not None else None


def recognise(text: str) -> Recognised | None:
    """Return the key of a text whose secret is right, in one statement at most; None for any other text."""
    form = _FORM.fullmatch(text)
    found = _find(form[1]) if form and (_SIGNED.fullmatch(text) is None or _is_summed(text)) else None
    same = hmac.compare_digest(found[0].secret_hash if found else _UNKNOWN, _hash(form[2] if form else ""))
    if found is None or not same:
        return None
    key, membership, alive = found
    return Recognised(key, narrowed(actor_of(membership, channel="api"), key.scopes) if alive else None)


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour: the last use of a key is known to the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def note_use(key_id: Any, *, at: datetime) -> None:
    """Write down the hour in which a key was used last; asked once an hour, not at each request."""
    hour = hour_of(at)
    older = sa.or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < hour)
    session().execute(sa.update(ApiKey).where(ApiKey.id == key_id, older).values(last_used_at=hour))


def _add(
    label: str, scopes: list[str], *, days: int, test: bool, by: Actor, successor_of: ApiKey | None = None
) -> tuple[ApiKey, str]:
    prefix = secrets.token_hex(5)
    body = "".join(secrets.choice(_SIGNS) for _ in range(_SECRET_SIGNS))
    text = f"akno_{'test' if test else 'live'}_{prefix}_{body}"
    text += _sum(text)
    now = clock.now()
    key = ApiKey(
        prefix=prefix,
        secret_hash=_hash(text.rpartition("_")[2]),
        label=label,
        scopes=scopes,
        person_id=by.person_id,
        membership_id=_membership(by).id,
        created_at=now,
        expires_at=now + timedelta(days=days),
        successor_of_id=successor_of.id if successor_of else None,
    )
    session().add(key)
    session().flush()
    record("key.created", "key", key.id, by=by, prefix=prefix, scopes=key.scopes)
    return key, text


def _is_summed(text: str) -> bool:
    return _sum(text[:-_SUM_SIGNS]) == text[-_SUM_SIGNS:]


def _sum(text: str) -> str:
    """CRC-32 of a text in base 62, six signs, zeros in front: as GitHub's tokens carry theirs."""
    number, signs = zlib.crc32(text.encode()), ""
    for _ in range(_SUM_SIGNS):
        number, rest = divmod(number, len(_SIGNS))
        signs = _SIGNS[rest] + signs
    return signs


def _find(prefix: str) -> tuple[ApiKey, Membership, bool] | None:
    row = session().execute(_query(), {"prefix": prefix, "now": clock.now(), "today": clock.today()}).first()
    return (row[0], row[1], bool(row[2])) if row else None


@cache
def _query() -> sa.Select[ApiKey, Membership, bool]:
    """Built once: every request of a machine begins with it. Key, membership, person and organisation in one row."""
    today: Any = sa.bindparam("today", type_=sa.Date())
    alive = sa.and_(
        ApiKey.revoked_at.is_(None),
        sa.or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > sa.bindparam("now")),
        Person.disabled_at.is_(None),
        Membership.as_of(today),
        Organisation.closed_at.is_(None),
    )
    return (
        sa.select(ApiKey, Membership, alive.label("alive"))
        .join(Membership, Membership.id == ApiKey.membership_id)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(ApiKey.prefix == sa.bindparam("prefix"))
        .options(contains_eager(Membership.person), contains_eager(Membership.organisation))
    )


def _membership(by: Actor) -> Membership:
    held = list_memberships(by.person_id, clock.today()) if by.person_id else ()
    return next(membership for membership in held if membership.organisation_id == by.organisation_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
