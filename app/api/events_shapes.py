"""Shapes of the feed of events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from app.api.shapes import Shape, example

MOST = 2**53 - 1
"""The largest whole number that every JSON reader keeps."""
_ID = "019ab1c2-0000-7000-8000-0000000000e1"
_PACKAGE = "019ab1c2-0000-7000-8000-0000000000d1"
EVENT: dict[str, Any] = {
    "type": "declaration.released",
    "timestamp": "2026-11-22T14:41:03.120Z",
    "data": {
        "id": _ID,
        "position": 4711,
        "declaration_id": _PACKAGE,
        "number": "06611/221126/0000017",
        "version": 1,
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "items": [1, 2, 3],
        "links": {
            "declaration": f"https://akno.example/api/v1/declarations/{_PACKAGE}",
            "page": f"https://akno.example/packages/{_PACKAGE}",
        },
    },
}


class EventLinks(Shape):
    """Where to ask for the rest."""

    declaration: str | None = None
    page: str | None = None
    clearance: str | None = None


class EventData(Shape):
    """What happened to what: ids, codes, numbers, moments. Beside these members stand the facts of the type."""

    model_config = ConfigDict(extra="allow")

    id: UUID = Field(description="The event: the same in the feed, in `webhook-id` at every attempt, and in a replay")
    position: int = Field(description="Its place in the feed of your organisation; rises, with gaps")
    declaration_id: UUID | None = None
    number: str | None = Field(None, description="Registration number of the package")
    links: EventLinks


class EventShape(Shape):
    """One event: to the letter what a webhook carries."""

    model_config = example(EVENT)

    type: str = Field(description="One of the catalogue of events")
    timestamp: datetime = Field(description="When it happened")
    data: EventData


class FeedShape(Shape):
    """Some events of your organisation's packages, oldest first."""

    model_config = example({"events": [EVENT], "after": 4711, "more": False})

    events: list[EventShape]
    after: int = Field(description="Ask with this next time, also where `events` is empty")
    more: bool = Field(description="There is more already; where not, wait for `Retry-After` seconds")


class FeedAsked(Shape):
    """From where on, how many, which."""

    after: int = Field(
        0, ge=0, le=MOST, description="`after` of the answer before; 0 begins with the first event there is"
    )
    limit: int = Field(100, ge=1, le=500, description="Events of one answer")
    types: str = Field(
        "", max_length=2000, description="Only these, with commas between them; without it every one",
        examples=["declaration.released,clearance.issued"],
    )  # fmt: skip
