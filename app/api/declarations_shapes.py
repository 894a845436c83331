"""What filing, reading and changing a package looks like in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.api.shapes import FaultShape, Listed, Moment, Shape, example

Status = Literal[
    "draft", "registered", "under-review", "awaiting-trader", "partly-released", "released", "refused", "withdrawn"
]
MOST_VERSION = 99_999


class PackagePath(Shape):
    """A package in an address."""

    declaration_id: UUID


class VersionPath(PackagePath):
    """A version of a package in an address."""

    number: int = Field(description="From 1; the newest is `version` of the package")


class FilingLinks(Shape):
    """Where to go on."""

    declaration: str = Field(description="The package in this API")
    receipt: str = Field(description="The receipt in this API")
    page: str | None = Field(description="The package in the portal; null in test mode")


class FilingShape(Shape):
    """A registration: facts that never change, so that a repeated filing is answered with the same bytes."""

    outcome: Literal["registered"]
    id: UUID
    receipt: str
    number: str = Field(description="The registration number")
    lrn: str
    version: Literal[1]
    digest: str = Field(description="SHA-256 of the canonical XML of version 1")
    received_at: datetime
    package: str | None = Field(description="The package in the portal; null in test mode")
    links: FilingLinks


class PackagesAsked(Listed):
    """How to narrow a list of packages."""

    status: Status | None = Field(None, description="Only packages in this state")
    q: str = Field("", max_length=40, description="A registration number or an LRN, whole")
    updated_since: Moment | None = Field(None, description="Only packages that changed at or after this moment")


class PackageLine(Shape):
    """A package in a list."""

    id: UUID
    status: Status
    number: str | None
    lrn: str
    direction: str
    version: int
    digest: str
    goods: str = Field(description="The descriptions of the goods items, cut at 256 characters")
    items: int
    owner: str
    registered_at: datetime | None
    updated_at: datetime
    link: str


class PackagesShape(Shape):
    """One page of packages, last changed first."""

    rows: list[PackageLine]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class TurnShape(Shape):
    """Whose turn it is."""

    who: Literal["trader", "agencies", "customs", "nobody"]
    questions: list[int] = Field(description="Numbers of the questions that wait for an answer, the most urgent first")
    by: datetime | None = Field(description="Until when the most urgent one wants it")
    inspection: int | None = Field(description="The inspection to bring the goods to")
    agencies: list[str] = Field(description="The agencies at work now")


class ExtensionShape(Shape):
    """A deadline that was extended."""

    step: int
    due_at: datetime


class ClockShape(Shape):
    """The clock of a review; minutes are working time."""

    kind: str
    due_at: datetime | None = Field(description="null while the clock stands")
    paused_since: datetime | None
    minutes_left: int | None
    late: bool
    may_be_late: bool
    breached_at: datetime | None
    extensions: list[ExtensionShape]


class ItemOutcome(Shape):
    """What was decided of one goods item."""

    number: int
    outcome: str


class DecisionShape(Shape):
    """A decision: by which post, on which version. Where `how` is `automatic`, no officer signed but the window, by `rule`."""

    decided_at: datetime
    how: str
    rule: str | None = Field(None, description="The agency's rule by which the window signed on its behalf")
    post: str
    personal_number: str
    version: int
    digest: str
    items: list[ItemOutcome]


class ExpectedShape(Shape):
    """What experience says: of the last `count` cases half took no more than `half_minutes` of working time."""

    count: int
    half_minutes: int
    most_minutes: int = Field(description="Nine of ten took no more")
    about: datetime | None = Field(description="When this one will have taken as long as half of them")
    longer: bool = Field(description="It has taken longer already")


class PackageLane(Shape):
    """An agency that is concerned: why, for which goods items, and how far it is."""

    agency: str
    mode: str
    items: list[int]
    measures: list[str]
    status: str | None = Field(description="null: it signs nothing, its measure goes with another lane")
    result: str | None
    pane: str | None
    carried_from: int | None = Field(description="The version whose decision was carried over")
    results: dict[str, Any] = Field(description="Outcome by goods item")
    clock: ClockShape | None
    expected: ExpectedShape | None
    decisions: list[DecisionShape]


class QuestionLine(Shape):
    """A question of an agency."""

    number: int
    agency: str
    status: Literal["open", "answered", "lapsed", "settled", "withdrawn"]
    item: int | None = Field(description="The goods item; null: the whole package")
    pointer: str
    sign: str = Field(description="Code of the sign of non-compliance")
    wanted: list[str] = Field(description="Codes of the documents wanted")
    asked_at: datetime
    due_at: datetime
    on_silence: str
    answered_at: datetime | None
    link: str


class InspectionShape(Shape):
    """An inspection, as far as the trader is told of it: place and time once every agency has agreed."""

    number: int
    kind: str
    status: str
    items: list[int]
    place: str | None
    from_: datetime | None = Field(alias="from")
    to: datetime | None


class VersionLine(Shape):
    """A version: when and why it came, which approvals it kept, who looked again."""

    number: int
    cause: str = Field(description="filed, amended or answered")
    at: datetime
    digest: str
    carried: list[str]
    reopened: list[str]
    closed: list[str]
    link: str


class ClearanceLine(Shape):
    """A clearance of the package."""

    status: str
    number: str
    serial: int
    items: list[int]
    replaces: str | None
    code: str = Field(description="The code by which anybody can verify it")
    sha256: str | None
    page: str | None = Field(description="The paper in the portal; null in test mode")
    verify: str


class PackageLinks(Shape):
    """Where to go on."""

    versions: str
    xml: str
    received: str
    faults: str
    events: str
    questions: str
    page: str | None = Field(description="The package in the portal; null in test mode")


class PackageShape(Shape):
    """A package and how far it is: nothing that its page in the portal does not show."""

    id: UUID
    status: Status
    held: Literal["scanning", "stopped"] | None = Field(
        description="Of a registered package: its files are being scanned, or malicious software was found in one of them. "
        "A stopped one goes on when a change puts a clean file in its place"
    )
    number: str | None
    lrn: str
    version: int
    digest: str
    edition: str | None = Field(description="Hash of the edition of the law it stands under")
    registered_at: datetime | None
    updated_at: datetime
    turn: TurnShape | None
    lanes: list[PackageLane]
    not_triggered: list[str] = Field(description="Agencies that are not asked")
    questions: list[QuestionLine]
    inspections: list[InspectionShape]
    versions: list[VersionLine]
    clearances: list[ClearanceLine]
    links: PackageLinks


class VersionsShape(Shape):
    """The versions of a package, newest first."""

    rows: list[VersionLine]


class VersionShape(VersionLine):
    """One version with the edition of the law that it was judged by."""

    edition: str
    xml: str
    received: str


class FaultsShape(Shape):
    """The faults of the last arrival that belongs to a package."""

    receipt: str
    outcome: str
    fault_count: int
    errors: list[FaultShape]


class MomentShape(Shape):
    """One line of the timeline."""

    at: datetime
    event: str
    words: str
    agency: str
    items: dict[str, str] = Field(description="What was decided, by goods item")


class TimelineShape(Shape):
    """What happened to a package, oldest first: agencies, never officers."""

    rows: list[MomentShape]


class Withdrawal(Shape):
    """Why a package is taken back."""

    model_config = example({"reason": "The buyer has cancelled the order"})

    reason: str = Field(min_length=1, max_length=1000, pattern=r"\S")
