"""Keys that end soon: their organisation is told fourteen and three days before, once each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.access import SYSTEM
from app.database import session
from app.identity.apikeys import ENDING
from app.identity.models import ApiKey, Membership
from app.jobs import registry
from app.ledger.recording import record

EARLY, LATE = ENDING.days, 3
"""How many days before its end a key is told of."""
PAGE = 100


def list_ending() -> Sequence[uuid.UUID]:
    """Return the first keys of which something is to be told: in force, ending, with none in their place yet."""
    return session().scalars(_untold(sa.select(ApiKey.id)).order_by(ApiKey.expires_at, ApiKey.id).limit(PAGE)).all()


def tell(key_id: uuid.UUID) -> bool:
    """Record that a key ends soon; returns whether it was this call that did. Safe to repeat and to do in two workers."""
    key = session().scalar(
        _untold(sa.select(ApiKey).where(ApiKey.id == key_id)).with_for_update(of=ApiKey, key_share=True)
    )
    if key is None or key.expires_at is None:
        return False
    key.told_days = days = days_before(key.expires_at, clock.now())
    house = session().scalar(sa.select(Membership.organisation_id).where(Membership.id == key.membership_id))
    record(
        "key.end_announced", "key", key.id, by=replace(SYSTEM, organisation_id=house),
        prefix=key.prefix, days=days, due_at=key.expires_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    return True


def days_before(end: datetime, now: datetime) -> int:
    """Return which of the two moments has come."""
    return LATE if end <= now + timedelta(days=LATE) else EARLY


def _untold(query: sa.Select[Any]) -> sa.Select[Any]:
    now, successor = clock.now(), aliased(ApiKey)
    early = sa.and_(ApiKey.told_days.is_(None), ApiKey.expires_at <= now + timedelta(days=EARLY))
    late = sa.and_(ApiKey.told_days > LATE, ApiKey.expires_at <= now + timedelta(days=LATE))
    return query.where(
        ApiKey.revoked_at.is_(None), ApiKey.expires_at > now, sa.or_(early, late),
        ~sa.select(successor.id).where(successor.successor_of_id == ApiKey.id).exists(),
    )  # fmt: skip


registry.watch("identity.keys", list_ending, tell)
