"""Reads of the feed, of endpoints, and of what became of each delivery. Everything is scoped by the actor's organisation."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access import Actor, Permission
from app.database import session
from app.errors import NotFound
from app.web import Page
from app.webhooks.models import Attempt, Delivery, Endpoint, FeedEntry

PAGE = 25
COUNTED = 1000
"""The most waiting or lost events that are counted; beyond it the answer is "at least"."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Some entries of a feed, oldest first; ``following``: where to go on, ``more``: whether there is more already."""

    entries: Sequence[FeedEntry]
    following: int
    more: bool


def list_feed(actor: Actor, *, after: int, limit: int, events: Iterable[str] = ()) -> Feed:
    """Return the entries of one's organisation after a position. One walk along an index, however long the past is.

    The end is looked up first: a filter that fits nothing leads on to it, and nothing that comes meanwhile is passed over.
    """
    mine = FeedEntry.organisation_id == actor.organisation_id
    end = session().scalar(sa.select(sa.func.max(FeedEntry.position)).where(mine)) or 0
    query = sa.select(FeedEntry).where(mine, FeedEntry.position > after, FeedEntry.position <= end)
    wanted = list(events)
    if wanted:
        query = query.where(FeedEntry.event.in_(wanted))
    rows = session().scalars(query.order_by(FeedEntry.position).limit(limit + 1)).all()
    if len(rows) > limit:
        return Feed(rows[:limit], rows[limit - 1].position, True)
    return Feed(rows, max(after, end), False)


def list_endpoints(actor: Actor) -> Sequence[Endpoint]:
    """Return the endpoints of one's organisation that are not removed, oldest first; there are at most fifty."""
    query = sa.select(Endpoint).where(Endpoint.organisation_id == actor.organisation_id, Endpoint._status != "removed")
    return session().scalars(query.order_by(Endpoint.id)).all()


def get_endpoint(endpoint_id: uuid.UUID, *, actor: Actor) -> Endpoint:
    """Return an endpoint of one's organisation. Raises NotFound: not there, removed and not yours look alike."""
    found = session().get(Endpoint, endpoint_id)
    if found is None or found.status == "removed" or not _manages(actor, found):
        raise NotFound()
    return found


def _manages(actor: Actor, endpoint: Endpoint) -> bool:
    return endpoint.organisation_id == actor.organisation_id and actor.can(Permission.WEBHOOK_MANAGE)


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery with its endpoint and its attempts, first one first."""

    delivery: Delivery
    endpoint: Endpoint
    attempts: Sequence[Attempt]

    @property
    def organisation_id(self) -> uuid.UUID:
        """Whose it is."""
        return self.endpoint.organisation_id


def get_delivery(endpoint_id: uuid.UUID, delivery_id: uuid.UUID, *, actor: Actor) -> Told:
    """Return a delivery of an endpoint of one's organisation. Raises NotFound."""
    endpoint = get_endpoint(endpoint_id, actor=actor)
    found = session().get(Delivery, delivery_id)
    if found is None or found.endpoint_id != endpoint.id:
        raise NotFound()
    query = sa.select(Attempt).where(Attempt.delivery_id == found.id).order_by(Attempt.number)
    return Told(found, endpoint, session().scalars(query).all())


def list_deliveries(
    endpoint: Endpoint, cursor: str | None = None, *, status: str = "", limit: int = PAGE
) -> Page[Delivery]:
    """Return a page of the delivery log of an endpoint, newest first. Raises NotFound for a bent cursor."""
    query = sa.select(Delivery).where(Delivery.endpoint_id == endpoint.id)
    if status:
        query = query.where(Delivery._status == status)
    if cursor:
        query = query.where(Delivery.id < _key(cursor))
    rows = session().scalars(query.order_by(Delivery.id.desc()).limit(limit + 1)).all()
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def last_attempts(deliveries: Sequence[Delivery]) -> dict[uuid.UUID, Attempt]:
    """Return the latest attempt of each of some deliveries; one statement."""
    keys = [one.id for one in deliveries if one.attempts]
    query = sa.select(Attempt).where(Attempt.delivery_id.in_(keys)).order_by(Attempt.number)
    return {one.delivery_id: one for one in session().scalars(query)} if keys else {}


def count_waiting(endpoints: Sequence[Endpoint]) -> dict[uuid.UUID, int]:
    """Return how many events wait for each of some endpoints, each counted up to COUNTED; one statement."""
    parts = [
        sa.select(
            sa.select(Delivery.endpoint_id)
            .where(Delivery.endpoint_id == one.id, Delivery._status == "pending", Delivery.feed_position > 0)
            .limit(COUNTED)
            .subquery()
        )
        for one in endpoints
    ]
    if not parts:
        return {}
    every = sa.union_all(*parts).subquery()
    query = sa.select(every.c.endpoint_id, sa.func.count()).group_by(every.c.endpoint_id)
    return {key: number for key, number in session().execute(query)}


def list_lost(endpoint: Endpoint, *, limit: int = COUNTED) -> Sequence[FeedEntry]:
    """Return the events of the feed that an endpoint should have been told and was not, since it last stood still; oldest
    first, at most ``limit``."""
    if endpoint.lost_from is None:
        return []
    told = sa.select(Delivery.id).where(
        Delivery.endpoint_id == endpoint.id,
        Delivery.feed_position == FeedEntry.position,
        Delivery._status.in_(("pending", "delivered")),
    )
    query = within(endpoint, endpoint.lost_from).where(~told.exists())
    return session().scalars(query.order_by(FeedEntry.position).limit(limit)).all()


def within(endpoint: Endpoint, after: int, until: int | None = None) -> sa.Select[FeedEntry]:
    """Return the query for what an endpoint's filter names between two positions (``after`` itself is left out)."""
    query = sa.select(FeedEntry).where(
        FeedEntry.organisation_id == endpoint.organisation_id,
        FeedEntry.position > after,
        FeedEntry.at >= endpoint.created_at,
    )
    if until is not None:
        query = query.where(FeedEntry.position <= until)
    return query.where(FeedEntry.event.in_(endpoint.events)) if endpoint.events else query


def end_of_feed(organisation_id: uuid.UUID) -> int:
    """Return the last position of an organisation's feed, 0 for an empty one."""
    query = sa.select(sa.func.max(FeedEntry.position)).where(FeedEntry.organisation_id == organisation_id)
    return session().scalar(query) or 0


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None
