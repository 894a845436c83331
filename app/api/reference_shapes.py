"""Shapes of the reference data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.api.shapes import Shape, example

EDITION = {"number": 1, "hash": "5f0c…", "loaded_at": "2026-11-22T06:00:00+00:00"}
INCOTERMS = {
    "name": "incoterms",
    "title": {"be": "Умовы пастаўкі", "ru": "Условия поставки", "en": "Terms of delivery"},
    "columns": ["code", "name_be", "name_ru", "name_en"],
    "link": "/api/v1/reference/incoterms",
}
CIF = {"code": "CIF", "name_en": "Cost, Insurance and Freight", "valid_from": "2020-01-01", "valid_to": None}


def _iso(value: object) -> object:
    """A day is written year-month-day: pydantic alone would take a number of seconds too."""
    if isinstance(value, str) and len(value) != len("2026-11-22"):
        raise ValueError("year-month-day")
    return value


Day = Annotated[date, BeforeValidator(_iso)]


class Texts(Shape):
    """One text in the three languages of the window."""

    be: str
    ru: str
    en: str


class EditionShape(Shape):
    """One state of all reference data together."""

    number: int = Field(description="Rises by one with each load that changes anything")
    hash: str = Field(description="SHA-256 of the content; the offline bundle names the same")
    loaded_at: datetime


class ListShape(Shape):
    """One list: what it is called, which columns its rows have, where it is."""

    name: str
    title: Texts
    columns: list[str]
    link: str


class ReferenceShape(Shape):
    """What there is: the edition that holds, the ones before it, and every list."""

    model_config = example({"edition": EDITION, "editions": [EDITION], "lists": [INCOTERMS]})

    edition: EditionShape
    editions: list[EditionShape] = Field(description="Newest first, at most twenty")
    lists: list[ListShape]


class RowsShape(Shape):
    """Some rows of one list, in the order of their codes."""

    model_config = example({"name": "incoterms", "edition": EDITION, "on": "2026-11-22", "rows": [CIF], "next": None})

    name: str
    edition: EditionShape
    on: date = Field(description="The rows hold on this day")
    rows: list[dict[str, str | int | bool | None]] = Field(
        description="By column; `valid_from` is the first day, `valid_to` the first day on which a row no longer holds"
    )
    next: str | None = Field(description="The cursor of the next page; null on the last one")


class ListPath(Shape):
    """Which list."""

    name: str = Field(max_length=40, description="The name of a list, as `/reference` gives it", examples=["incoterms"])


class RowsQuery(Shape):
    """Which rows of a list."""

    on: Day | None = Field(None, description="Rows that hold on this day; today when it is not said")
    edition: str = Field(
        "",
        max_length=64,
        description="Number or hash of the edition you rely on: 410 when another one holds by now",
        examples=["1"],
    )
    cursor: str = Field("", max_length=400, description="`next` of the page before")
    limit: int = Field(500, ge=1, le=1000, description="Rows of a page; a CSV is always the whole list")
