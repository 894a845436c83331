"""Sending again: a test event, one delivery once more, a range of the feed, or whatever was lost while an endpoint stood
still. Everything queues behind what waits already, so the order of an endpoint holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import new_id, session
from app.errors import Conflict, Invalid, NotFound
from app.webhooks import finders, managing, policy
from app.webhooks.knowledge import TEST
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.messages import message
from app.webhooks.models import Delivery, Endpoint, FeedEntry
from app.webhooks.queueing import row_of
from app.webhooks.wording import fault

AT_ONCE = 1000
"""Events of the feed that are queued by one call."""
MOST_TESTS = 5
MOST_POSITION = 2**53 - 1
"""Beyond it no position of a feed is named: any program counts so far without rounding."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many deliveries were queued, and the position after which the next call goes on (None: all were)."""

    number: int
    following: int | None


def send_test(endpoint: Endpoint, *, by: Actor) -> Delivery:
    """Send a test event, past everything that waits; also to an endpoint that stands still. It is tried once.

    Raises NotAllowed, Conflict when some are on their way already.
    """
    endpoint = _locked(endpoint, by)
    serials = sa.select(sa.func.max(Delivery.replay)).where(
        Delivery.endpoint_id == endpoint.id, Delivery.feed_position == 0
    )
    waiting = sa.select(sa.func.count()).select_from(Delivery).where(
        Delivery.endpoint_id == endpoint.id, Delivery.feed_position == 0, Delivery._status == "pending"
    )  # fmt: skip
    if (session().scalar(waiting) or 0) >= MOST_TESTS:
        raise Conflict(_l("Test events are on their way to this webhook already. Look at the log in a minute."))
    event_id, now = new_id(), clock.now()
    made = Delivery(
        endpoint_id=endpoint.id, feed_position=0, replay=(session().scalar(serials) or 0) + 1, event=TEST,
        payload=message(
            TEST, event_id=event_id, position=0, at=now, facts={}, declaration_id=None,
            base_url=current_app.extensions["akno.settings"].base_url,
        ),
        created_at=now, attempts=0, next_at=now,
    )  # fmt: skip
    DELIVERY.begin(made)
    session().add(made)
    session().flush()
    return made


def replay(told: finders.Told, *, by: Actor) -> Delivery:
    """Send one event of the log again, with the same id. Raises NotAllowed; Conflict when it waits already, is a test, or
    the endpoint stands still."""
    endpoint = _locked(told.endpoint, by)
    _must_work(endpoint)
    if told.delivery.feed_position == 0:
        raise Conflict(_l("A test event is not sent again: send a new one."))
    entry = session().get_one(FeedEntry, told.delivery.feed_position)
    if not _queue(endpoint, [entry]):
        raise Conflict(_l("This event waits for the webhook already."))
    return (
        session()
        .scalars(
            sa.select(Delivery)
            .where(Delivery.endpoint_id == endpoint.id, Delivery.feed_position == entry.position)
            .order_by(Delivery.replay.desc())
            .limit(1)
        )
        .one()
    )


def replay_range(endpoint: Endpoint, *, after: int, until: int, by: Actor) -> Replayed:
    """Send again what the filter names after one position of the feed up to another, at most AT_ONCE events.

    Raises NotAllowed, Invalid for no range, Conflict when the endpoint stands still.
    """
    endpoint = _locked(endpoint, by)
    if not 0 <= after <= until <= MOST_POSITION:
        raise Invalid([fault("RANGE-WRONG", "until", f"{after}, {until}")])
    _must_work(endpoint)
    query = finders.within(endpoint, after, until).order_by(FeedEntry.position).limit(AT_ONCE + 1)
    return _in_parts(endpoint, session().scalars(query).all())


def replay_lost(endpoint: Endpoint, *, by: Actor) -> Replayed:
    """Send what the endpoint was not told while it stood still, oldest first, at most AT_ONCE events.

    Raises NotAllowed, Conflict when it stands still.
    """
    endpoint = _locked(endpoint, by)
    _must_work(endpoint)
    done = _in_parts(endpoint, finders.list_lost(endpoint, limit=AT_ONCE + 1))
    endpoint.lost_from = done.following
    session().flush()
    return done


def _in_parts(endpoint: Endpoint, entries: Sequence[FeedEntry]) -> Replayed:
    now = entries[:AT_ONCE]
    return Replayed(_queue(endpoint, now), now[-1].position if len(entries) > AT_ONCE else None)


def _queue(endpoint: Endpoint, entries: Sequence[FeedEntry]) -> int:
    """Queue entries once more, but for those that wait already; returns how many were queued."""
    serials, waiting = _before(endpoint, [one.position for one in entries])
    rows = [
        row_of(one, endpoint, replay=serials.get(one.position, -1) + 1)
        for one in entries
        if one.position not in waiting
    ]
    if rows:
        session().execute(sa.insert(Delivery), rows)
    return len(rows)


def _before(endpoint: Endpoint, positions: Sequence[int]) -> tuple[dict[int, int], set[int]]:
    """Of some positions: the last serial of each that was told before, and which of them wait now."""
    if not positions:
        return {}, set()
    query = (
        sa.select(Delivery.feed_position, Delivery.replay, Delivery._status)
        .where(Delivery.endpoint_id == endpoint.id, Delivery.feed_position >= positions[0])
        .where(Delivery.feed_position <= positions[-1])
        .order_by(Delivery.feed_position, Delivery.replay)
    )
    rows = session().execute(query).all()
    return {row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2] == "pending"}


def _locked(endpoint: Endpoint, by: Actor) -> Endpoint:
    found = managing.locked(endpoint.id)
    if found is None or found.status == "removed":
        raise NotFound()
    require(policy.manage, by, found)
    return found


def _must_work(endpoint: Endpoint) -> None:
    if endpoint.status != "active":
        raise Conflict(_l("This webhook stands still. Let it work again first."), {"state": endpoint.status})
