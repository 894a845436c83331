"""Our two tables as values: what is kept how long, and where a person stands in the database.

Every column that points at a person must be placed in ``people_columns.csv``; ``unplaced`` says which is not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from app.database import Base
from app.errors import Text

DATA = Path(__file__).resolve().parent / "data"
DELETE, NAME, END, ACT, TRACE = "delete", "name", "end", "act", "trace"
ACTIONS: Mapping[str, Text] = {
    DELETE: {
        "be": "Выдаляецца: служыць толькі самому чалавеку", "ru": "Удаляется: служит только самому человеку",
        "en": "Deleted: it serves nobody but the person",
    },
    NAME: {
        "be": "Імя замяняецца: тут была яго копія", "ru": "Имя заменяется: здесь была его копия",
        "en": "The name is replaced: this was a copy of it",
    },
    END: {
        "be": "Спыняецца, словы сціраюцца", "ru": "Прекращается, слова стираются", "en": "Ended, its words are wiped",
    },
    ACT: {
        "be": "Застаецца з імем: службовы акт, які закон патрабуе захоўваць",
        "ru": "Остаётся с именем: служебный акт, который закон требует хранить",
        "en": "Stays with the name: an official act that the law requires to be kept",
    },
    TRACE: {
        "be": "Застаецца без імя: толькі нумар, які вядзе да выдаленай асобы",
        "ru": "Остаётся без имени: только номер, ведущий к удалённому лицу",
        "en": "Stays without the name: a number alone, which leads to an erased person",
    },
}  # fmt: skip
"""What an erasure does with a place, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column that points at a person, what an erasure does there, and the copied words beside it."""

    table: str
    column: str
    action: str
    columns: tuple[str, ...]
    title: Text


@dataclass(frozen=True, slots=True)
class Kept:
    """One class of data: how long it is kept, what happens then, on which ground. ``unit`` is days, years or empty."""

    name: str
    table: str
    amount: int
    unit: str
    action: str
    what: Text
    ground: Text
    confidence: str

    def cutoff(self, now: datetime) -> datetime:
        """Return the moment before which it is kept no longer; a year counts 365.25 days, rounded up."""
        days = self.amount if self.unit == "days" else (self.amount * 1461 + 3) // 4
        return now - timedelta(days=days)


@cache
def places() -> tuple[Place, ...]:
    """Return where people stand in the database."""
    return tuple(
        Place(row["table"], row["column"], row["action"], tuple(row["columns"].split()), _text(row, "title"))
        for row in _table("people_columns")
    )


@cache
def kept() -> tuple[Kept, ...]:
    """Return the classes of data, in the order of the table."""
    return tuple(
        Kept(
            row["class"], row["table"], int(row["amount"]), row["unit"], row["action"], _text(row, "what"),
            _text(row, "ground"), row["confidence"],
        )
        for row in _table("retention")
    )  # fmt: skip


def pointing() -> Iterator[tuple[str, str]]:
    """Yield every column of the database that points at a person."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "people.id" for key in column.foreign_keys):
                yield table.name, column.name


def unplaced() -> list[tuple[str, str]]:
    """Return the columns that point at a person and are not placed: with one of them nobody can be erased."""
    known = {(place.table, place.column) for place in places()}
    return [found for found in pointing() if found not in known]


def table_of(name: str) -> sa.Table:
    """Return a table of the database by name. Raises KeyError."""
    return Base.metadata.tables[name]


def _text(row: Mapping[str, str], name: str) -> Text:
    return {language: row[f"{name}_{language}"] for language in ("be", "ru", "en")}


def _table(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
