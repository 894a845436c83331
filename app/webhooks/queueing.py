"""Queueing: what is to be delivered to whom, written in the transaction of the feed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.database import new_id, session
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.messages import message
from app.webhooks.models import Delivery, Endpoint, FeedEntry


def queue(entries: Sequence[FeedEntry]) -> None:
    """Let each active endpoint of their organisations be told of some entries of the feed, in order."""
    endpoints = _endpoints({one.organisation_id for one in entries})
    rows = [
        row_of(entry, endpoint)
        for entry in entries
        for endpoint in endpoints[entry.organisation_id]
        if wants(endpoint, entry)
    ]
    if rows:
        session().execute(sa.insert(Delivery), rows)


def wants(endpoint: Endpoint, entry: FeedEntry) -> bool:
    """Whether an endpoint is to be told: its filter names the event (or is empty), and it was there when it happened."""
    return (not endpoint.events or entry.event in endpoint.events) and entry.at >= endpoint.created_at


def row_of(entry: FeedEntry, endpoint: Endpoint, *, replay: int = 0) -> dict[str, Any]:
    """Return the row of a delivery of an entry, due at once; ``replay`` counts how often it was asked for again."""
    now = clock.now()
    return {
        "id": new_id(), "endpoint_id": endpoint.id, "feed_position": entry.position, "replay": replay,
        "event": entry.event, "payload": told(entry), "created_at": now, "_status": DELIVERY.initial, "attempts": 0,
        "next_at": now,
    }  # fmt: skip


def told(entry: FeedEntry) -> dict[str, Any]:
    """Return the message of an entry of the feed."""
    settings = current_app.extensions["akno.settings"]
    return message(
        entry.event, event_id=entry.event_id, position=entry.position, at=entry.at, facts=entry.facts,
        declaration_id=entry.declaration_id, base_url=settings.base_url, portal=not settings.rehearsal,
    )  # fmt: skip


def _endpoints(houses: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Endpoint]]:
    query = sa.select(Endpoint).where(Endpoint.organisation_id.in_(list(houses)), Endpoint._status == "active")
    found: dict[uuid.UUID, list[Endpoint]] = defaultdict(list)
    for one in session().scalars(query.order_by(Endpoint.id)):
        found[one.organisation_id].append(one)
    return found
