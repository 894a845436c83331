"""What a report from the road looks like in JSON."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from app import clock
from app.api.shapes import Moment, Shape, example


class SealSeen(Shape):
    """A seal as it was seen."""

    number: str = Field(min_length=1, max_length=35)
    state: Literal["whole", "broken"] = "whole"


class MovementReported(Shape):
    """A report: which consignment (its number, or the vehicle or container that carries it), what, when and where.

    Where: the code of a post or office, or latitude and longitude in degrees (WGS 84).
    """

    # Of this hour, so that it can be sent as it is.
    model_config = example(
        {
            "vehicle": "AB12345",
            "kind": "position",
            "at": f"{clock.now():%Y-%m-%dT%H:00:00Z}",
            "latitude": 52.43,
            "longitude": 24.9,
        }
    )

    kind: Literal["position", "arrival", "departure", "seal"]
    at: Moment = Field(description="When it was; at most 5 minutes ahead of us and 7 days ago")
    number: str = Field("", max_length=20)
    vehicle: str = Field("", max_length=35)
    container: str = Field("", max_length=17)
    post: str = Field("", max_length=17)
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    seals: list[SealSeen] | None = Field(
        None, max_length=50, description="Every seal that was seen; null: nobody looked"
    )


class MovementShape(Shape):
    """A report as it was taken."""

    id: UUID
    number: str = Field(description="Of the advance information")
    kind: Literal["position", "arrival", "departure", "seal"]
    at: datetime
    reported_at: datetime
    status: str = Field(description="Of the advance information now: an arrival moves it to `arrived`")
