"""What a receipt looks like in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.shapes import FaultShape, Shape


class ReceiptPath(Shape):
    """A receipt in an address."""

    receipt_id: UUID


class ReceiptLine(Shape):
    """What arrived, when, and what became of it."""

    id: UUID
    number: str
    outcome: Literal["registered", "refused", "duplicate"]
    channel: str = Field(description="form, xml, zip or api")
    received_at: datetime
    lrn: str
    file_name: str
    sha256: str = Field(description="Of the bytes as received")
    fault_count: int
    declaration: str | None = Field(description="The package, where there is one")
    link: str


class ReceiptsShape(Shape):
    """One page of receipts, newest first."""

    rows: list[ReceiptLine]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class ReceiptShape(ReceiptLine):
    """A receipt with its faults (the first hundred of them)."""

    errors: list[FaultShape]
