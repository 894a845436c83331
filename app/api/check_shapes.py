"""The shape of a verdict, as every way of checking gives it (app.intake.verdicts)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from app.api.reference_shapes import Texts
from app.api.shapes import Shape, example

_BICYCLES = {"be": "Мытня", "ru": "Таможня", "en": "Customs"}
CLEAN = {
    "format": "akno-verdict/1",
    "verdict": "clean",
    "code": "clean",
    "on": "2026-11-22",
    "edition": "4c93b1280af68652d742dde28cfe527c86da1b9244ba8ba40124d1378f6d18c3",
    "schema": "9d587ba91df848ffa259cd17f4bc529d7455c3c4f3d912b12d8f750875f4317d",
    "sha256": "53c234e5e8472b6ac51c1ae1cab3fe06fad053beb8ebfd8977b010655bfdd3c3",
    "bytes": 5310,
    "container": "xml",
    "lrn": "VM-26-0412",
    "direction": "import",
    "items": 1,
    "count": 0,
    "more": 0,
    "faults": [],
    "agencies": [
        {"agency": "BY-GTK", "name": _BICYCLES, "signs": True, "items": [1], "hours": 4, "behind": [], "measures": []}
    ],
    "agencies_not_asked": [],
    "missing": [],
    "files_wanted": [],
    "not_asked": ["LRN-USED", "UNP-UNKNOWN"],
}


class CheckQuery(Shape):
    """How a file is to be looked at."""

    on: date | None = Field(
        None, description="Day of filing (YYYY-MM-DD) whose law is asked; today in Minsk when left out"
    )


class FoundFault(Shape):
    """One fault, in all three languages."""

    code: str = Field(description="Stable; the rule catalogue explains it")
    message: Texts
    remedy: Texts
    path: str = Field(description="XPath with element names and true indexes in the file as received")
    line: int | None = Field(description="Line in the file as received, from 1")
    pointer: str = Field(description="WCO pointer, for example 42A/67A/68A[2]/23A/21A/145")
    value: str = Field(description="What stands there, cut at 200 characters")
    field: str = Field(description="The field of the web form that holds it; empty where there is none")
    kind: str = Field(description="schema (the file), container (the ZIP), rule, or requirement (what the law asks)")


class FoundDocument(Shape):
    """A document of the package that a measure is satisfied by."""

    code: str
    number: str
    path: str


class FoundMeasure(Shape):
    """A measure of the law that applies, on which goods items, and the documents found for it."""

    measure: str
    prefix: str = Field(description="First digits of the goods codes it covers; * for all goods")
    effect: str = Field(description="require, prohibit or inform")
    control: Texts
    act: Texts
    confidence: str = Field(description="recalled: not checked against the act")
    items: list[int]
    documents: list[FoundDocument]


class FoundLane(Shape):
    """An agency that will be asked, and why."""

    agency: str
    name: Texts
    signs: bool = Field(description="false: it issues papers only, and customs decides on them")
    items: list[int]
    hours: int = Field(description="Working hours of its service standard")
    behind: list[str] = Field(description="Customs alone: the agencies on whose papers it decides")
    measures: list[FoundMeasure]


class UntouchedAgency(Shape):
    """An agency that will not be asked, and why not."""

    agency: str
    name: Texts
    why: list[Texts]


class MissingDocument(Shape):
    """A document that the law asks for: which, by which measure, and where to get it."""

    documents: Texts
    codes: list[str]
    agency: str
    measure: str
    act: Texts
    problem: str = Field(
        description="absent, expired, early, no_number, misplaced, or not_shown: named, and its file did not come along"
    )
    items: list[int]
    where: Texts
    hours: int | None = Field(description="Working hours to allow for obtaining it")


class VerdictShape(Shape):
    """What the window says about a file before it is filed; equal, byte for byte, to the offline checker's."""

    model_config = example(CLEAN)

    format: Literal["akno-verdict/1"]
    verdict: Literal["clean", "faults", "unreadable"]
    code: str = Field(description="The verdict; of an unreadable file the code of its first fault")
    on: date
    edition: str = Field(description="SHA-256 of the reference data it was judged by")
    schema_: str = Field(alias="schema", description="SHA-256 of the schema set")
    sha256: str = Field(description="Of the bytes that were checked")
    bytes: int
    container: Literal["xml", "zip"]
    lrn: str
    direction: str
    items: int
    count: int = Field(description="All faults")
    more: int = Field(description="Faults that are not listed: at most 100 are")
    faults: list[FoundFault]
    agencies: list[FoundLane]
    agencies_not_asked: list[UntouchedAgency]
    missing: list[MissingDocument]
    files_wanted: list[MissingDocument] = Field(
        description="Named with a number alone: their files have to come in the ZIP or lie in the library of the trader"
    )
    not_asked: list[str] = Field(description="Codes that only filing can give: they ask a registry, or who sends")
