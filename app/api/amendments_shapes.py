"""What changing a filed package looks like in JSON."""

from __future__ import annotations

from pydantic import Field

from app.api.declarations_shapes import MOST_VERSION, VersionLine
from app.api.shapes import FaultShape, Shape


class AmendmentAsked(Shape):
    """Which version was seen, for who does not send If-Match."""

    version: int | None = Field(None, ge=1, le=MOST_VERSION, description="The version that you changed")


class AmendedShape(VersionLine):
    """The new version."""

    declaration: str = Field(description="The package in this API")


class ChangeShape(Shape):
    """One place that differs."""

    kind: str = Field(description="added, removed, changed or moved")
    item: int | None
    path: str
    before: str
    after: str


class AmendmentEffect(Shape):
    """What a change would do if it were sent now."""

    version: int = Field(description="The version it was held against")
    changes: list[ChangeShape] = Field(description="The first thousand")
    change_count: int
    fault_count: int
    errors: list[FaultShape] = Field(description="What stands in the way")
    carried: list[str] = Field(description="Agencies whose approvals stay")
    reopened: list[str] = Field(description="Agencies that look again")
    opened: list[str] = Field(description="Agencies that were not asked before")
    closed: list[str] = Field(description="Agencies that are asked no more")
