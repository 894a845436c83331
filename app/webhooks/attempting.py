"""Attempts in the database: take up what is due, with a lease, and write down what came of it. No network in here.

A lease is the token of an attempt: whoever lost it (a worker that stood still for a minute) writes nothing down.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.access import SYSTEM
from app.database import session
from app.identity.models import Organisation
from app.webhooks import finders, managing
from app.webhooks.delivering import Outcome
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.messages import written
from app.webhooks.models import TRIAL, Attempt, Delivery, Endpoint

LEASE = timedelta(seconds=60)
"""Far longer than an attempt may take: who holds one and is not heard of for so long is no more."""
_S, _M, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RETRIES = (5 * _S, 5 * _M, 30 * _M, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H)
"""Pauses after each failed attempt (Standard Webhooks 1.0): 75 hours in all."""
JITTER = 0.1
"""Share by which a pause is longer, at random: so that what failed together is not tried together for ever."""
_SEEN = 256
"""The most due deliveries that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt to be made: where, what, signed by which secrets, under which lease."""

    delivery_id: uuid.UUID
    endpoint_id: uuid.UUID
    url: str
    message_id: str
    body: bytes
    secrets: tuple[bytes, ...]
    attempts: int
    lease: datetime
    trial: bool


def any_due() -> bool:
    """Whether an attempt is to be made now; only looks."""
    now = clock.now()
    return any(session().scalar(query.limit(1)) is not None for query in (_trials(now), _heads(now)))


def claim(*, free: int, patient: int, slow: Collection[uuid.UUID] = ()) -> list[Task]:
    """Take up at most ``free`` due attempts with a lease: of each endpoint the oldest of its queue alone, and test events.

    ``patient``: how many of them may be for endpoints that failed the last time or are ``slow``, so that those never hold
    up the others. In the caller's writing transaction.
    """
    if free <= 0:
        return []
    now = clock.now()
    taken: list[Delivery] = []
    for delivery in [*_locked(_trials(now)), *_locked(_heads(now))]:
        waits_long = delivery.attempts > 0 or delivery.endpoint_id in slow
        if len(taken) == free or (waits_long and patient <= 0):
            continue
        patient -= waits_long
        delivery.leased_until = now + LEASE
        taken.append(delivery)
    session().flush()
    endpoints = _endpoints({one.endpoint_id for one in taken})
    return [_task(one, endpoints[one.endpoint_id]) for one in taken]


def settle(results: Sequence[tuple[Task, Outcome]]) -> None:
    """Write down what came of attempts: delivered, to be tried again, or given up, with the endpoint stopped.

    In the caller's writing transaction. Endpoints are locked before deliveries, as everywhere.
    """
    ends = {task.endpoint_id: managing.locked(task.endpoint_id) for task in _ending(results)}
    for task, outcome in sorted(results, key=lambda result: result[0].delivery_id):
        query = sa.select(Delivery).where(Delivery.id == task.delivery_id).with_for_update()
        delivery = session().scalars(query.execution_options(populate_existing=True)).one()
        if delivery.status == "pending" and delivery.leased_until == task.lease:
            _settle(delivery, outcome, ends.get(task.endpoint_id))
    session().flush()


def release(tasks: Iterable[Task]) -> None:
    """Give back leases under which nothing was sent: a worker that ends leaves no minute of waiting behind."""
    for task in tasks:
        mine = sa.update(Delivery).where(Delivery.id == task.delivery_id, Delivery.leased_until == task.lease)
        session().execute(mine.values(leased_until=None).execution_options(synchronize_session=False))


def _settle(delivery: Delivery, outcome: Outcome, endpoint: Endpoint | None) -> None:
    now = clock.now()
    delivery.attempts += 1
    delivery.leased_until = None
    session().add(
        Attempt(
            delivery_id=delivery.id, number=delivery.attempts, at=now - timedelta(milliseconds=outcome.milliseconds),
            milliseconds=outcome.milliseconds, status_code=outcome.status, error=outcome.error, answer=outcome.text,
        )
    )  # fmt: skip
    if outcome.delivered:
        DELIVERY.step(delivery, "arrive", by=SYSTEM)
    elif _is_last(delivery, outcome):
        DELIVERY.step(delivery, "give_up", by=SYSTEM)
        if endpoint is not None:
            because = managing.GONE if outcome.gone else managing.EXHAUSTED
            managing.stop(endpoint, because=because, lost_from=_before(delivery, endpoint))
    else:
        pause = RETRIES[delivery.attempts - 1]
        delivery.next_at = now + pause * (1 + JITTER * random.random())  # noqa: S311
        return
    delivery.next_at, delivery.ended_at = None, now


def _is_last(delivery: Delivery, outcome: Outcome) -> bool:
    return outcome.gone or delivery.feed_position == 0 or delivery.attempts > len(RETRIES)


def _ending(results: Iterable[tuple[Task, Outcome]]) -> list[Task]:
    """The attempts after which an endpoint may be stopped, in the order in which endpoints are locked."""
    ends = [
        task
        for task, outcome in results
        if outcome.gone or (not task.trial and not outcome.delivered and task.attempts >= len(RETRIES))
    ]
    return sorted(ends, key=lambda task: task.endpoint_id)


def _before(delivery: Delivery, endpoint: Endpoint) -> int:
    """The place in the feed before what did not arrive; a test stands in no feed, so nothing before the end is missing."""
    return delivery.feed_position - 1 if delivery.feed_position else finders.end_of_feed(endpoint.organisation_id)


def _heads(now: datetime) -> sa.Select[Delivery]:
    """Of each active endpoint the oldest of its queue, where it is due: while it waits, the ones behind it wait too."""
    queued = aliased(Delivery)
    head = (
        sa.select(queued.id)
        .where(
            queued.endpoint_id == Endpoint.id,
            queued._status == "pending",
            queued.feed_position > 0,
        )
        .order_by(queued.id)
        .limit(1)
        .correlate(Endpoint)
        .scalar_subquery()
    )
    query = sa.select(Delivery).select_from(Endpoint).join(Delivery, Delivery.id == head)
    query = query.join(Organisation, Organisation.id == Endpoint.organisation_id)
    query = query.where(Endpoint._status == "active", Organisation.closed_at.is_(None), _free(now))
    return query.order_by(Delivery.attempts > 0, Delivery.next_at)


def _trials(now: datetime) -> sa.Select[Delivery]:
    there = sa.select(Endpoint.id).where(Endpoint.id == Delivery.endpoint_id, Endpoint._status != "removed")
    query = sa.select(Delivery).where(sa.text(TRIAL), there.exists(), _free(now))
    return query.order_by(Delivery.next_at)


def _free(now: datetime) -> sa.ColumnElement[bool]:
    unheld = sa.or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    return sa.and_(Delivery.next_at <= now, unheld)


def _locked(query: sa.Select[Delivery]) -> Sequence[Delivery]:
    """What another courier is taking up at this moment is passed over."""
    query = query.limit(_SEEN).with_for_update(of=Delivery, skip_locked=True)
    return session().scalars(query.execution_options(populate_existing=True)).all()


def _endpoints(keys: set[uuid.UUID]) -> dict[uuid.UUID, Endpoint]:
    query = sa.select(Endpoint).where(Endpoint.id.in_(keys)).execution_options(populate_existing=True)
    return {one.id: one for one in session().scalars(query)} if keys else {}


def _task(delivery: Delivery, endpoint: Endpoint) -> Task:
    if delivery.leased_until is None:
        raise RuntimeError("a delivery is taken up with a lease")
    return Task(
        delivery.id, endpoint.id, endpoint.url, str(delivery.payload["data"]["id"]), written(delivery.payload),
        tuple(managing.secrets_of(endpoint)), delivery.attempts, delivery.leased_until, delivery.feed_position == 0,
    )  # fmt: skip
