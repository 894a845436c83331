"""What advance information looks like in JSON: facts of one's own side, never what officers think of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.shapes import Listed, Shape, example

Status = Literal["registered", "quoted", "arrived", "closed", "expired", "withdrawn"]


class AdvancePath(Shape):
    """Advance information in an address."""

    advance_id: UUID = Field(description="From `id` of a list or of the registration")


class AdvanceAsked(Listed):
    """Which to list."""

    q: str = Field("", max_length=35, description="A number, your reference or the vehicle, exactly")
    status: Status | None = Field(None, description="Only those in this state")


class AdvanceLinks(Shape):
    """Where to go on."""

    self: str
    page: str | None = Field(description="Its page in the portal; null in test mode")


class AdvanceLine(Shape):
    """Advance information as a row."""

    id: UUID
    number: str = Field(description="BY/DDMMYY/NNNNNNNNN: quoted by the declaration as document 10060")
    reference: str = Field(description="Yours: Declaration/FunctionalReferenceID")
    status: Status
    version: int
    direction: Literal["import", "export", "transit"]
    vehicle: str
    post: str = Field(description="Code of the border post")
    planned_at: datetime
    goods: str
    registered_at: datetime
    arrived_at: datetime | None
    links: AdvanceLinks


class AdvancesShape(Shape):
    """A page of advance information, newest first."""

    rows: list[AdvanceLine]
    next: str | None


class ReportLine(Shape):
    """A report from the road."""

    kind: Literal["position", "arrival", "departure", "seal"]
    at: datetime
    reported_at: datetime
    post: str
    latitude: float | None
    longitude: float | None


class AdvanceShape(AdvanceLine):
    """Advance information with the reports on it, newest first."""

    digest: str = Field(description="SHA-256 of the bytes of the version that holds")
    reports: list[ReportLine]


class AdvanceFiled(Shape):
    """The answer to a message: its number for ever, and the version it made."""

    outcome: Literal["registered", "amended"]
    id: UUID
    number: str
    reference: str
    version: int
    receipt: str
    received_at: datetime
    links: AdvanceLinks


class AdvanceWithdrawal(Shape):
    """Why the goods do not come."""

    model_config = example({"reason": "The buyer called the order off."})

    reason: str = Field(min_length=1, max_length=2000)
