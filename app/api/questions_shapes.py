"""What a question of an agency and its answer look like in JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.declarations_shapes import MOST_VERSION, PackagePath, QuestionLine
from app.api.shapes import Shape, example


class QuestionPath(PackagePath):
    """A question of a package in an address."""

    number: int = Field(description="From 1, rising within the package")


class QuestionsShape(Shape):
    """The questions of a package, oldest first."""

    rows: list[QuestionLine]


class AnswerFile(Shape):
    """A file that came with an answer."""

    name: str
    sha256: str
    type: str
    number: str


class MessageShape(Shape):
    """One message of a thread."""

    at: datetime
    side: Literal["agency", "trader"]
    text: str
    version: int | None = Field(description="The version of the package that it made")
    files: list[AnswerFile]


class ThreadShape(QuestionLine):
    """A question with its thread."""

    path: str = Field(description="XPath of the place in the package")
    sign_text: str = Field(description="The officer's words about it")
    version: int = Field(description="The version that was asked about")
    answer_version: int | None
    messages: list[MessageShape]
    page: str | None = Field(description="The question in the portal; null in test mode")


class PaperAsked(Shape):
    """A document that comes with an answer: new, or in place of one that is there."""

    type: str = Field(min_length=1, max_length=6, description="Code of the kind of document (classifier)")
    number: str = Field(min_length=1, max_length=70, description="As printed on the document")
    document_id: UUID | None = Field(None, description="The file, from your library")
    issued: date | None = None
    effective: date | None = None
    expires: date | None = None
    item: int | None = Field(None, ge=1, le=999, description="The goods item; null: the whole package")
    replaces: int = Field(
        0, ge=0, le=999, description="The place of the document that it replaces there, from 1; 0: new"
    )


class AnswerAsked(Shape):
    """An answer: words, a corrected value, documents; one of them at least."""

    model_config = example(
        {"version": 1, "text": "28 inches; the data sheet comes with the goods."},
        {
            "version": 1,
            "text": "The right words, and the data sheet.",
            "value": "City bicycles, 28 inches, steel frame",
            "documents": [{"type": "09999", "number": "DS-28/2026", "issued": "2026-11-20", "item": 1}],
        },
    )

    version: int = Field(ge=1, le=MOST_VERSION, description="The version of the package that you looked at")
    text: str = Field("", max_length=4000)
    value: str | None = Field(
        None, min_length=1, max_length=4000, description="What shall stand at `path`, as in the XML"
    )
    unit: str | None = Field(None, min_length=1, max_length=8, description="Its unit or currency, where it has one")
    documents: list[PaperAsked] = Field(default_factory=list, max_length=20)
