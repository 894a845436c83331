"""What an indicator may ask: the closed catalogue of typed facts, and the facts of one package.

Pure: values in, values out. The catalogue is ``data/facts.csv``; its texts are read aloud, so each is a noun or a statement.
None is "not known": it never fires, and the officer is told what could not be told.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.errors import Text

DATA = Path(__file__).parent / "data"
LANGUAGES = ("be", "ru", "en")
FLAG, NUMBER, TEXT, CODES = "flag", "number", "text", "codes"
PACKAGE, ITEM = "package", "item"
DECLARED = "declared"
GROUPS = (
    DECLARED, "history", "peers", "documents", "company", "accreditation", "advance", "alerts", "answers",
)  # fmt: skip
"""Who supplies a fact. ``declared`` and ``answers`` stand in the package itself; each other group is a read, made only
when a candidate indicator asks for it."""

Value = bool | int | Decimal | str | frozenset[str] | None
"""A fact: None is not known (also what cannot be divided: a ratio to nothing)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a fact: ``pattern`` is what it may be written as, ``least``/``most`` bound a number."""

    name: str
    pattern: str
    least: int = 0
    most: int = 0

    def takes(self, written: str) -> bool:
        """Whether a value typed for the parameter can be one."""
        if not re.fullmatch(self.pattern, written):
            return False
        return not self.most or self.least <= int(written) <= self.most


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        # One or several prefixes of goods, joined: 3915 or 3915+8549.
        "prefix": Parameter("prefix", r"[0-9]{2,10}(\+[0-9]{2,10}){0,9}"),
        "months": Parameter("months", r"[0-9]{1,2}", 1, 36),
        "days": Parameter("days", r"[0-9]{1,4}", 1, 1095),
        "code": Parameter("code", r"[0-9A-Z][0-9A-Z-]{2,7}"),
    }
)
"""The closed set of parameters: goods prefixes, months back, days back, kind of document."""


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact of the catalogue. ``values`` names the vocabulary its codes are from, "" where there is none; ``parameters``
    are names of ``PARAMETERS`` in their order; facts of one ``unit`` can be compared with each other."""

    name: str
    type: str
    level: str
    group: str
    unit: str
    values: str
    parameters: tuple[str, ...]
    label: Text = field(hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact as a condition names it: with the values of its parameters, in their order, as written."""

    kind: FactKind
    args: tuple[str, ...] = ()
    # The name under which ``values`` hold it: ``item.origin``, ``trader.prior_packages(3915,24)``.
    key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        key = f"{self.kind.name}({','.join(self.args)})" if self.args else self.kind.name
        object.__setattr__(self, "key", key)

    def arg(self, name: str) -> str:
        """The value of one parameter. Raises ValueError for one that the fact does not have."""
        return self.args[self.kind.parameters.index(name)]


@dataclass(frozen=True, slots=True)
class ItemValues:
    """The facts of one goods item by ``Ref.key``; a key that is not there is not known."""

    number: int
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """The facts of one package on the day ``on``."""

    direction: str
    on: date
    package: Mapping[str, Value]
    items: tuple[ItemValues, ...]


def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.csv``, all text. Raises FileNotFoundError for a table that is not there."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _kind(row: Mapping[str, str]) -> FactKind:
    label = {language: row[f"label_{language}"] for language in LANGUAGES}
    parameters = tuple(row["params"].split())
    return FactKind(
        row["name"], row["type"], row["level"], row["group"], row["unit"], row["values"], parameters, label
    )  # fmt: skip


@cache
def catalogue() -> Mapping[str, FactKind]:
    """Every fact by its name, in the order of the form."""
    return MappingProxyType({row["name"]: _kind(row) for row in rows("facts")})


FACTS: Mapping[str, FactKind] = catalogue()
"""The closed catalogue of facts by name."""


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """A part of a whole, None where either is not known or the whole is nothing: there is no division by nothing."""
    if part is None or whole is None or whole == 0:
        return None
    return part / whole


@cache
def reading(key: str) -> Ref:
    """The fact a key names. Raises KeyError for one that is not in the catalogue."""
    name, _, args = key.partition("(")
    return Ref(FACTS[name], tuple(args.removesuffix(")").split(",")) if args else ())
