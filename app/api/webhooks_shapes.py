"""Shapes of webhooks: endpoints, deliveries, attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.api.events_shapes import EVENT, MOST, EventShape
from app.api.shapes import Listed, Shape, example
from app.webhooks.addresses import MOST_LETTERS
from app.webhooks.managing import LABEL, MOST_HOURS, OVERLAP_HOURS

_ID = "019ab1c2-0000-7000-8000-0000000000f1"
ENDPOINT: dict[str, Any] = {
    "id": _ID,
    "url": "https://hooks.example.by/akno",
    "label": "ERP",
    "events": ["declaration.released", "clearance.issued"],
    "status": "active",
    "created_at": "2026-11-22T06:14:02+00:00",
    "disabled_at": None,
    "disabled_because": None,
    "two_secrets_until": None,
    "lost_from": None,
    "links": {"self": f"/api/v1/webhooks/{_ID}", "deliveries": f"/api/v1/webhooks/{_ID}/deliveries"},
}
_DELIVERY = "019ab1c2-0000-7000-8000-0000000000f2"
DELIVERY: dict[str, Any] = {
    "id": _DELIVERY,
    "event_id": EVENT["data"]["id"],
    "type": "declaration.released",
    "position": 4711,
    "status": "delivered",
    "created_at": "2026-11-22T14:41:03+00:00",
    "ended_at": "2026-11-22T14:41:04+00:00",
    "attempts": 1,
    "next_at": None,
    "replay": 0,
    "links": {"self": f"/api/v1/webhooks/{_ID}/deliveries/{_DELIVERY}"},
}
ATTEMPT = {
    "number": 1, "at": "2026-11-22T14:41:03+00:00", "milliseconds": 84, "status": 200, "error": None, "answer": "ok",
}  # fmt: skip


class EndpointPath(Shape):
    """A webhook in an address."""

    endpoint_id: UUID


class DeliveryPath(EndpointPath):
    """A delivery in an address."""

    delivery_id: UUID


class EndpointMade(Shape):
    """A webhook to be added."""

    model_config = example({"url": "https://hooks.example.by/akno", "label": "ERP", "events": ["declaration.released"]})

    url: str = Field(max_length=MOST_LETTERS, description="https, port 443 or 8443, a server open to the internet")
    label: str = Field("", max_length=LABEL, description="What people call it")
    events: list[str] = Field(
        default_factory=list, max_length=100, description="Names of the catalogue of events; empty: every one"
    )


class EndpointChanged(Shape):
    """What is to change of a webhook; what is left out stays as it is."""

    model_config = example({"label": "Warehouse", "events": ["clearance.issued"]})

    url: str | None = Field(None, max_length=MOST_LETTERS)
    label: str | None = Field(None, max_length=LABEL)
    events: list[str] | None = Field(None, max_length=100)


class EndpointLinks(Shape):
    """Where to go on."""

    self: str
    deliveries: str


class EndpointShape(Shape):
    """A webhook of your organisation."""

    model_config = example(ENDPOINT)

    id: UUID
    url: str
    label: str
    events: list[str] = Field(description="Empty: every event")
    status: Literal["active", "disabled"]
    created_at: datetime
    disabled_at: datetime | None
    disabled_because: Literal["by-hand", "gone", "exhausted"] | None = Field(
        description="`gone`: it answered 410; `exhausted`: no attempt succeeded within three days"
    )
    two_secrets_until: datetime | None = Field(
        description="Until then each message is signed with the older secret too"
    )
    lost_from: int | None = Field(
        description="It stood still from this position of the feed on; POST …/replay sends what was lost"
    )
    links: EndpointLinks


class EndpointsShape(Shape):
    """All webhooks of your organisation, oldest first."""

    model_config = example({"rows": [ENDPOINT]})

    rows: list[EndpointShape]


class SecretShape(Shape):
    """The secrets with which messages are signed now, the newest first."""

    model_config = example({"secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="]})

    secrets: list[str]


class RotationAsked(Shape):
    """How long the older secret stays good."""

    model_config = example({"hours": 24})

    hours: int = Field(OVERLAP_HOURS, ge=0, le=MOST_HOURS, description="Hours for which both secrets hold")


class ReplayAsked(Shape):
    """What to send again: events after one position up to another; without both, what was lost since it last stood still."""

    model_config = example({}, {"after": 4700, "until": 4711})

    after: int | None = Field(None, ge=0, le=MOST)
    until: int | None = Field(None, ge=0, le=MOST)


class ReplayShape(Shape):
    """How many events were queued once more."""

    model_config = example({"queued": 11, "after": None})

    queued: int
    after: int | None = Field(description="There is more: ask again from here; null when everything is queued")


class DeliveryLinks(Shape):
    """Where to go on."""

    self: str


class DeliveryShape(Shape):
    """One event for one webhook."""

    model_config = example(DELIVERY)

    id: UUID
    event_id: UUID = Field(description="`webhook-id` of every attempt; the `id` of the event in the feed")
    type: str
    position: int | None = Field(description="Place in the feed; null for a test event")
    status: Literal["pending", "delivered", "failed"]
    created_at: datetime
    ended_at: datetime | None
    attempts: int
    next_at: datetime | None = Field(description="When it is tried next, where it is the first in the queue")
    replay: int = Field(description="0 the first time, then how often it was asked for again")
    links: DeliveryLinks


class DeliveriesShape(Shape):
    """One page of the delivery log, newest first."""

    model_config = example({"rows": [DELIVERY], "next": None})

    rows: list[DeliveryShape]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class DeliveriesAsked(Listed):
    """How to narrow the log."""

    limit: int = Field(25, ge=1, le=100, description="Deliveries of a page")
    status: Literal["pending", "delivered", "failed"] | None = Field(None, description="Only deliveries in this state")


class AttemptShape(Shape):
    """One attempt."""

    model_config = example(ATTEMPT)

    number: int
    at: datetime
    milliseconds: int
    status: int | None = Field(description="HTTP status of the answer; null where none came")
    error: str | None = Field(
        description="timeout, connection, certificate, broken-off, dns, or URL-… for an address that is not allowed"
    )
    answer: str = Field(description="The beginning of the answer, at most 1 KB, as text")


class DeliveryWholeShape(Shape):
    """A delivery with its attempts and what was sent."""

    model_config = example({"delivery": DELIVERY, "attempts": [ATTEMPT], "payload": EVENT})

    delivery: DeliveryShape
    attempts: list[AttemptShape]
    payload: EventShape
