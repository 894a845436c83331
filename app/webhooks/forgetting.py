"""Forgetting: what has ended is kept in the log for thirty days; the feed keeps every event for good."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.database import session
from app.jobs import registry
from app.webhooks.models import Attempt, Delivery, Endpoint

KEPT = timedelta(days=30)
AT_ONCE = 500
"""Deliveries forgotten in one transaction; the worker looks every second."""


def list_due() -> Sequence[int]:
    """Return one key where there is something to forget."""
    return [1] if session().scalar(_old().limit(1)) is not None else []


def forget(_key: int) -> None:
    """Forget some of what ended long ago, with its attempts. Safe to repeat."""
    keys = session().scalars(_old().limit(AT_ONCE)).all()
    session().execute(sa.delete(Attempt).where(Attempt.delivery_id.in_(keys)))
    session().execute(sa.delete(Delivery).where(Delivery.id.in_(keys)))


def _old() -> sa.Select[uuid.UUID]:
    """What ended, oldest first: ids rise with time, so this walks the beginning of the table alone. An endpoint that misses
    something keeps its log, for what it was told must not count as missed."""
    until = _first_id(clock.now() - KEPT)
    waits = sa.select(Endpoint.id).where(Endpoint.lost_from.is_not(None))
    query = sa.select(Delivery.id).where(Delivery.id < until, Delivery._status != "pending")
    return query.where(Delivery.endpoint_id.not_in(waits)).order_by(Delivery.id)


def _first_id(moment: datetime) -> uuid.UUID:
    """The smallest id that is made at a moment (UUIDv7: milliseconds in its first 48 bits)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


registry.watch("webhooks.forgetting", list_due, forget)
