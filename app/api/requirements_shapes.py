"""Shapes of "what do I need": the question, the answer of the law with the time it takes, goods found by words."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from app.api.reference_shapes import Texts
from app.api.shapes import Shape, example

VETERINARY = {"be": "Ветэрынарны нагляд", "ru": "Ветеринарный надзор", "en": "Veterinary supervision"}
BEEF = {
    "be": "Мяса буйной рагатай жывёлы, свежае або ахалоджанае",
    "ru": "Мясо крупного рогатого скота, свежее или охлажденное",
    "en": "Meat of bovine animals; fresh or chilled",
}


class RequirementsQuery(Shape):
    """A question about goods before anything is filed."""

    hs: str = Field(
        max_length=20, description="Goods code, 2 to 10 digits; blanks and dots do no harm", examples=["0201300000"]
    )
    direction: Literal["import", "export", "transit"] = Field(
        "import", description="Which way the goods go", examples=["import"]
    )
    origin: str = Field("", max_length=60, description="Country of origin: two letters, or a name", examples=["UA"])
    region: str = Field("", max_length=35, description="Region of origin where the law asks for it: `RU-ORE`")
    destination: str = Field("", max_length=60, description="Country of destination: two letters, or a name")
    procedure: str = Field("", max_length=7, description="Customs procedure, two digits; without it the usual one")
    on: str = Field("", max_length=10, description="Day of filing, 2026-11-22; today when it is not said")
    yes: list[str] = Field(
        [], max_length=60, description="Flags and measures answered yes: codes of `questions[].options[]`"
    )
    no: list[str] = Field([], max_length=60, description="Flags and measures answered no")


class AskedShape(Shape):
    """The question as it was understood."""

    code: str = Field(description="Digits only")
    name: Texts = Field(description="Name of the goods, of the heading or chapter where the code has none")
    direction: str
    origin: str = Field(description="Alpha-2 code, empty when not said: then no measure is left out because of it")
    region: str
    destination: str
    procedure: str
    on: date
    answers: dict[str, bool]


class TimeShape(Shape):
    """Working time as the record of events tells it: of the last `cases` half took no more than `half_minutes`, nine of ten
    no more than `most_minutes`."""

    cases: int
    half_minutes: int
    most_minutes: int


class FactShape(Shape):
    """What a measure read: which fact, where it stands in a package (WCO pointer), with which value."""

    name: str
    pointer: str
    value: str


class MeasureShape(Shape):
    """A measure that applies, with the law behind it."""

    code: str
    agency: str
    prefix: str = Field(description="Goods it covers: the beginning of the code, `*` for any goods")
    effect: str = Field(description="require, or prohibit unless a document proves an exception")
    measure_type: str
    kind: Texts
    clock: str
    act: str = Field(description="The acts as the data cite them")
    law: Texts
    edition: str = Field(description="First signs of the edition the measure is from")
    confidence: str = Field(description="verified, or recalled: then it has not been checked against the act")
    note: str
    text: Texts = Field(description="The note in three languages")
    required: list[list[list[str]]] = Field(
        description="For each document demanded the ways to satisfy it, each a set of codes"
    )
    may_be_asked: list[str] = Field(description="Documents that never hold a package back")
    service_hours: int = Field(description="Working hours the measure gives the agency; 0 where it says nothing")
    permit_lead_hours: int | None = Field(description="Working hours to get the permit")
    valid_from: date
    reason: str
    prohibited: bool
    facts: list[FactShape]


class LaneShape(Shape):
    """An agency that is asked. `signs`: it decides; `issues`: its papers are judged by customs."""

    agency: str
    name: Texts
    mode: Literal["signs", "issues"]
    service_hours: int
    behind: list[str] = Field(description="Customs only: the agencies on whose papers it decides")
    measures: list[MeasureShape]
    expected: TimeShape | None = Field(description="From real cases; null while too few are known (`enough_cases`)")


class WhyShape(Shape):
    """Why a measure does not apply, or that none covers the goods."""

    kind: str
    measure: str
    detail: str
    items: list[int]
    text: Texts


class NarrowerShape(Shape):
    """An agency that a longer code may lead to: the code asked about has too few digits to say."""

    agency: str
    name: Texts
    codes: list[str] = Field(description="Beginnings of the longer codes that its measures name, the first of them")
    more: int = Field(description="How many such beginnings there are beside these")


class NotTriggeredShape(Shape):
    """An agency that is not asked, and why."""

    agency: str
    name: Texts
    mode: str
    reasons: list[WhyShape]


class OptionShape(Shape):
    """One box of a question; its code is what `yes` and `no` of the query take."""

    code: str
    label: Texts
    answer: str = Field(description="Y, N, or empty when it was not answered")


class QuestionShape(Shape):
    """A question of the law whose answer changes the result."""

    code: str
    level: Literal["item", "package"]
    kind: Literal["yesno", "one", "many"]
    text: Texts
    options: list[OptionShape]
    none_allowed: bool
    items: list[int]
    measures: list[str]
    unanswered: bool


class KindShape(Shape):
    """A kind of document: who issues it, how to get it, under which codes of others it is known."""

    code: str
    label: Texts
    issuer: str = Field(description="Code of the agency; empty where no agency issues it")
    issuer_name: Texts
    how: Texts
    travels_under: str = Field(description="The code it has in box 44 abroad; empty when the same")
    twins: list[str] = Field(description="UN/CEFACT 1001 codes that are taken for it")


class WantedShape(Shape):
    """A document that is asked for: one of the ways in `one_of` does."""

    measure: str
    agency: str
    act: str
    law: Texts
    confidence: str
    one_of: list[list[str]]
    text: Texts
    issuers: list[str]
    how: Texts
    lead_hours: int | None = Field(description="Working hours to get it, as the data of the measure say")
    kinds: list[KindShape]


class BanShape(Shape):
    """The goods may not move, unless an exception is proved."""

    measure: str
    agency: str
    act: str
    law: Texts
    confidence: str
    note: str
    items: list[int]
    text: Texts


class NoticeShape(Shape):
    """Good to know; opens no review. `no_package`: these goods need no declaration."""

    kind: Literal["inform", "no_package"]
    measure: str
    agency: str
    act: str
    law: Texts
    note: str
    items: list[int]
    depends_on: str
    text: Texts


class RequirementsShape(Shape):
    """What the law asks of the goods on the day, under one edition; the same for everybody."""

    model_config = example(
        {
            "asked": {
                "code": "0201300000", "name": BEEF, "direction": "import", "origin": "UA", "region": "",
                "destination": "", "procedure": "40", "on": "2026-11-22", "answers": {},
            },
            "edition": "5f0c…",
            "triggered": [
                {
                    "agency": "BY-DVPN", "name": VETERINARY, "mode": "signs", "service_hours": 3, "behind": [],
                    "measures": [], "expected": {"cases": 48, "half_minutes": 95, "most_minutes": 340},
                }
            ],
            "narrower": [], "not_triggered": [], "questions": [], "package_questions": [], "documents": [],
            "prohibited": [], "notices": [], "expected": None, "enough_cases": 5,
        }
    )  # fmt: skip

    asked: AskedShape
    edition: str = Field(description="SHA-256 of the reference data the answer was given under")
    triggered: list[LaneShape] = Field(description="Customs last: it decides after the others")
    narrower: list[NarrowerShape] = Field(
        description="Agencies that this code is too short for: give more digits to know; empty for a whole code"
    )
    not_triggered: list[NotTriggeredShape]
    questions: list[QuestionShape] = Field(description="About the goods")
    package_questions: list[QuestionShape] = Field(
        description="Asked once per package, where its transport leaves them open"
    )
    documents: list[WantedShape]
    prohibited: list[BanShape]
    notices: list[NoticeShape]
    expected: TimeShape | None = Field(description="Of all agencies side by side; null while one of them is not known")
    enough_cases: int = Field(description="Cases of an agency from which on its time is told")


class GoodsQuery(Shape):
    """Which goods."""

    q: str = Field(
        min_length=1, max_length=160, description="Words in Belarusian, Russian or English, or the first digits",
        examples=["bicycles"],
    )  # fmt: skip
    limit: int = Field(30, ge=1, le=100, description="Most codes of the answer")


class GoodsFound(Shape):
    """A code of the Harmonised System, 2022."""

    code: str
    name: Texts = Field(description="Where a subheading has no name in a language, the name of its heading or chapter")
    own_name: str = Field(description="Its own name in English")
    link: str = Field(description="What such goods need")


class ChosenShape(Shape):
    """A code that was declared before for these very words; no classification by us."""

    code: str
    packages: int
    last_on: date
    traders: int = Field(description="How many traders; 0 for your own")


class FoundShape(Shape):
    """Codes that the words find, best first, and those declared before for the same words."""

    model_config = example(
        {
            "edition": "5f0c…", "every_word": True,
            "rows": [
                {
                    "code": "8712",
                    "name": {"be": "Ровары двухколавыя", "ru": "Велосипеды двухколесные", "en": "Bicycles and other cycles"},
                    "own_name": "Bicycles and other cycles", "link": "/api/v1/requirements?hs=8712",
                }
            ],
            "chosen_by_you": [], "chosen_by_others": [],
        }
    )  # fmt: skip

    edition: str
    every_word: bool = Field(description="Whether the rows have every word asked for, or only the most that any has")
    rows: list[GoodsFound]
    chosen_by_you: list[ChosenShape] = Field(description="With a key: what your organisation chose for these words")
    chosen_by_others: list[ChosenShape] = Field(description="Only what at least three other traders chose")
