"""Shapes of accreditations: the line of the public register, and what a trader's own gives it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from app.api.reference_shapes import Texts
from app.api.shapes import Shape

Kind = Literal["aeo", "environmental-compliance", "recycler"]
State = Literal["granted", "suspended", "revoked", "expired", "withdrawn"]
NUMBER = "BY/AEO1/2026/00017"


class RegisterQuery(Shape):
    """Which lines of the register."""

    q: str = Field(
        "", max_length=100, description="Words of the holder's name, its UNP or the number", examples=["Вела"]
    )
    kind: Kind | None = Field(None, description="Of this kind alone")
    holding: bool = Field(False, description="Only what is in force today")
    cursor: str = Field("", max_length=64, description="`next` of the page before")


class ScopeShape(Shape):
    """What an accreditation covers; an empty list sets no limit of its sort."""

    goods: list[str] = Field(description="Beginnings of goods codes", examples=[["8712", "95"]])
    procedures: list[str] = Field(description="Customs procedures, two digits", examples=[["40"]])
    waste: list[str] = Field(description="Waste codes of the Basel Convention or national ones", examples=[["B3011"]])
    facilities: list[str]


class AccreditationShape(Shape):
    """A line of the public register: who, for what, from and until when. No person is named."""

    number: str = Field(examples=[NUMBER])
    kind: Kind
    type: str = Field(description="1, 2 or 3 for an authorised economic operator, else empty", examples=["1"])
    title: Texts
    agency: str = Field(description="Who granted it", examples=["BY-GTK"])
    holder: str = Field(description="Name of the organisation", examples=["ТАА «Вела Мінск»"])
    unp: str = Field(examples=["192381579"])
    state: State = Field(description="As it was last changed; `holds` says whether it counts today")
    holds: bool = Field(description="Whether it counts today: granted, not suspended, within its days")
    valid_from: date
    valid_to: date = Field(description="The first day on which it no longer holds")
    scope: ScopeShape


class RegisterShape(Shape):
    """A page of the public register, newest first."""

    rows: list[AccreditationShape]
    next: str | None = Field(description="Cursor of the next page; null on the last one")


class AdvantageShape(Shape):
    """What an accreditation gives its holder. It never touches a prohibition, a permit or a certificate."""

    code: Literal["lower-score", "sooner", "automatic", "told-ahead", "fewer-documents"]
    title: Texts
    words: Texts
    documents: list[str] = Field(description="Codes of the documents that are kept and shown only when asked for")


class GuaranteeShape(Shape):
    """The security behind an accreditation."""

    reference: str = Field(examples=["BG-2026-1"])
    amount: Decimal | None = Field(examples=["1000000.00"])
    currency: str = Field(examples=["EUR"])


class HeldShape(Shape):
    """An accreditation of your organisation that counts today, with what it gives you."""

    number: str = Field(examples=[NUMBER])
    kind: Kind
    type: str
    valid_to: date = Field(description="The first day on which it no longer holds")
    scope: ScopeShape
    guarantee: GuaranteeShape | None
    advantages: list[AdvantageShape]


class OwnShape(Shape):
    """The accreditations of your organisation that count today."""

    rows: list[HeldShape]
