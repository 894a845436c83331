"""Shapes of clearances: the facts on the paper, and what anyone learns from a code or a file."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.reference_shapes import Texts
from app.api.shapes import Shape, example

Status = Literal["requested", "issued", "superseded", "revoked"]
NUMBER = "BY-CLR-261122-0000017-4"
CODE = "7K2M9-QX4TB-W3E5R-8Y1HJ-6N0PZ-ASDFG-CV2B4-M8Q1X"
OFFICE = {"be": "Мінск-2", "ru": "Минск-2", "en": "Minsk-2"}


class ClearancePath(Shape):
    """A clearance in an address."""

    clearance_id: UUID


class CodePath(Shape):
    """The code under which anyone verifies a clearance."""

    code: str = Field(max_length=200, description="40 letters and digits, however they are grouped", examples=[CODE])


class ClearanceLinks(Shape):
    """Where to go on."""

    self: str
    pdf: str | None = Field(description="null while the paper is being drawn up")
    verify: str = Field(description="The public page of verification, as the QR code of the paper names it")
    declaration: str
    page: str | None = Field(description="The clearance in the portal; null in test mode")


class ClearanceHead(Shape):
    """A clearance in short."""

    id: UUID
    number: str
    status: Status
    serial: int = Field(description="The how-many-th release of the package")
    items: list[int] = Field(description="Goods items that it lets go")
    version: int = Field(description="The version of the package that was released")
    digest: str = Field(description="SHA-256 of the canonical XML of that version")
    code: str = Field(description="The code of verification")
    sha256: str | None = Field(description="SHA-256 of the PDF; null while it is being drawn up")
    requested_at: datetime
    issued_at: datetime | None
    revoked_at: datetime | None
    replaces: str | None = Field(description="Number of the clearance whose place this one takes")
    links: ClearanceLinks


class ClearancesShape(Shape):
    """All clearances of a package, the first release first. A package has few: there is one page."""

    rows: list[ClearanceHead]


class PartyShape(Shape):
    """Somebody in the package."""

    role: str
    name: str
    id: str = Field(description="UNP or foreign tax number")
    address: str


class GoodsShape(Shape):
    """A goods item and what became of it at the moment of the release."""

    number: int
    code: str
    description: str
    origin_code: str
    origin: Texts
    net_kg: Decimal | None
    packages: str
    result: Literal["approved", "conditions", "earlier", "held", "refused", "unknown"]
    by: str = Field(description="`earlier`: number of the clearance that let it go")
    waits: Texts | None = Field(description="`held`: the agencies whose word is missing")


class JudgementShape(Shape):
    """What was decided on some items alike."""

    items: list[int]
    outcome: str
    conditions: str
    ground: str
    appeal: str
    appeal_days: int | None


class SignatureShape(Shape):
    """One decision of an agency. Names of officers are empty unless this window prints them."""

    id: str = Field("", description="Under which the ledger knows the decision")
    post: str
    personal_number: str
    name: str
    decided_at: datetime
    how: str
    judgements: list[JudgementShape]
    second_post: str
    second_number: str
    second_name: str
    payment: str
    payment_reference: str
    rule: str = Field(
        "", description="The agency's rule by which the window signed, where no officer did (how: automatic)"
    )


class SignOffShape(Shape):
    """One agency: what it decided, under which acts, for whom else it stands."""

    agency: str
    agency_name: Texts
    releases: bool = Field(description="Whether this agency's decision lets the goods go (customs)")
    law: list[str]
    stands_for: Texts | None
    signatures: list[SignatureShape]


class EarlierShape(Shape):
    """A clearance that released other items of the same package before this one."""

    number: str
    items: list[int]
    released_at: datetime


class ClearanceShape(ClearanceHead):
    """A clearance with all that stands on its paper."""

    registration_number: str
    registered_at: datetime
    released_at: datetime
    direction: str
    reference: str = Field(description="The sender's own reference (LRN)")
    office_code: str
    office: Texts
    parties: list[PartyShape]
    goods: list[GoodsShape]
    sign_offs: list[SignOffShape]
    not_asked: Texts | None = Field(description="Agencies that sign and were not asked for these goods")
    earlier: list[EarlierShape]
    released: list[int]
    held: list[int]
    refused: list[int]
    released_net_kg: Decimal
    test: bool = Field(description="A paper of test mode: it releases no goods")
    demonstration: bool = Field(description="Signed by the demonstration authority: it releases no goods")


class FileSignatureShape(Shape):
    """What the signature in a file says; the register is the truth, this is the convenience."""

    state: Literal["sound", "altered", "foreign", "unsigned", "unreadable"] = Field(
        description="`sound`: ours, over every byte of the file. With `unknown` beside it the paper is forged with our key"
    )
    signer: str = ""
    fingerprint: str = Field("", description="SHA-256 of the certificate, hex")
    signed_at: datetime | None = Field(None, description="By the word of the paper itself")


class VerifiedShape(Shape):
    """What anyone learns who holds the code or the file: no name, no address, no document number."""

    model_config = example(
        {
            "state": "genuine",
            "number": NUMBER,
            "issued_at": "2026-11-22T09:14:02+00:00",
            "revoked_at": None,
            "office": OFFICE,
            "item_count": 3,
            "released": [1, 2, 3],
            "released_net_kg": "18400",
            "held_back": [],
            "earlier": [],
            "version": 1,
            "serial": 1,
            "successor": None,
            "later": [],
            "test": False,
            "signature": None,
            "key_withdrawn_at": None,
        }
    )

    state: Literal["genuine", "altered", "superseded", "revoked", "test", "unknown"] = Field(
        description="`altered`: not our bytes, but the code of this clearance stands in them; `test`: asked of the live window "
        "about a paper of test mode"
    )
    number: str | None = None
    issued_at: datetime | None = None
    revoked_at: datetime | None = None
    office: Texts | None = None
    item_count: int | None = Field(None, description="Goods items in the package")
    released: list[int] = Field(default_factory=list, description="Items that this clearance lets go")
    released_net_kg: Decimal | None = None
    held_back: list[int] = Field(default_factory=list, description="Items that it does not let go")
    earlier: list[EarlierShape] = Field(default_factory=list)
    version: int | None = None
    serial: int | None = None
    successor: str | None = Field(None, description="`superseded`: the number that holds in its place")
    later: list[str] = Field(default_factory=list, description="Clearances of other goods of the same package")
    test: bool = Field(False, description="A paper of test mode, whatever its state there: it releases no goods")
    signature: FileSignatureShape | None = Field(None, description="Of a file only")
    key_withdrawn_at: datetime | None = Field(
        None, description="The key that signed it is withdrawn as compromised since then"
    )
