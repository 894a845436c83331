"""What an accreditation gives its holder: stated in data, asked here by risk, requirements and reviews. Pure.

No advantage touches a prohibition, and none stands in place of a permit or a certificate: the callers ask only where
neither is at stake, and a test holds the table to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from app.errors import Text
from app.traders.kinds import table, text

LOWER_SCORE, SOONER, AUTOMATIC, TOLD_AHEAD, FEWER_DOCUMENTS = (
    "lower-score", "sooner", "automatic", "told-ahead", "fewer-documents",
)  # fmt: skip
CODES = (LOWER_SCORE, SOONER, AUTOMATIC, TOLD_AHEAD, FEWER_DOCUMENTS)
USUAL = Decimal(1)
"""The factor of a waiting time that nothing shortens."""


@dataclass(frozen=True, slots=True)
class Advantage:
    """One advantage of a kind. ``value``: points off for lower-score, the factor of the time for sooner; ``documents``: the
    codes that are not shown when a package is filed."""

    code: str
    value: Decimal
    documents: tuple[str, ...]
    title: Text
    words: Text
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What an accreditation covers: prefixes of goods codes, customs procedures, waste codes, facilities by their words.
    An empty list sets no limit of its sort."""

    goods: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    waste: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()

    def covers(self, code: str = "", procedure: str = "", waste: str = "") -> bool:
        """Whether goods, a procedure, a waste code lie within; what is not asked ("") hinders nothing."""
        fits = not code or not self.goods or code.startswith(self.goods)
        runs = not procedure or not self.procedures or procedure[:2] in self.procedures
        return fits and runs and (not waste or not self.waste or waste in self.waste)

    def as_dict(self) -> dict[str, Any]:
        """Return the scope as it is stored."""
        return {name: list(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scope:
        """Read what ``as_dict`` wrote."""
        return cls(*(tuple(data.get(name, ())) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The security behind an accreditation: its reference, and the amount in a currency where it is known."""

    reference: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Held:
    """An accreditation that counts on a day: granted, within its days, not suspended. ``valid_to`` is exclusive."""

    kind: str
    type: str
    number: str
    scope: Scope
    valid_to: date
    advantages: tuple[Advantage, ...]
    guarantee: Guarantee | None = None

    def has(self, advantage: str) -> Advantage | None:
        """Return an advantage by its code, or None."""
        return next((one for one in self.advantages if one.code == advantage), None)


def points_off(held: Iterable[Held], *, code: str = "", procedure: str = "") -> int:
    """Return the points taken off a score for goods: the best accreditation counts, they do not add up."""
    found = _having(held, LOWER_SCORE, code, procedure)
    return int(max((advantage.value for _one, advantage in found), default=Decimal(0)))


def relieving(held: Iterable[Held], *, code: str = "", procedure: str = "") -> Held | None:
    """Return the accreditation that takes the most points off a score for goods, or None."""
    found = _having(held, LOWER_SCORE, code, procedure)
    return max(found, key=lambda one: one[1].value)[0] if found else None


def sooner(held: Iterable[Held], *, code: str = "", procedure: str = "") -> Decimal:
    """Return the factor of the time within which a case is to be looked at: 1 where nothing shortens it."""
    return min((advantage.value for _one, advantage in _having(held, SOONER, code, procedure)), default=USUAL)


def automatic(held: Iterable[Held], *, code: str = "", procedure: str = "") -> Held | None:
    """Return an accreditation under which goods may be signed off by a rule, or None."""
    return next((one for one, _advantage in _having(held, AUTOMATIC, code, procedure)), None)


def told_ahead(held: Iterable[Held]) -> Held | None:
    """Return an accreditation whose holder is told before arrival whether a check awaits it, or None."""
    return next((one for one, _advantage in _having(held, TOLD_AHEAD)), None)


def waived(held: Iterable[Held], document: str, *, code: str = "", procedure: str = "") -> Held | None:
    """Return an accreditation that stands in place of a document, or None. Never for a prohibition: its documents prove an
    exception, and whoever matches them does not ask."""
    found = _having(held, FEWER_DOCUMENTS, code, procedure)
    return next((one for one, advantage in found if document in advantage.documents), None)


def waived_codes(held: Iterable[Held], *, code: str = "", procedure: str = "") -> dict[str, str]:
    """Return the codes of all documents that holders keep for goods, each with the number that stands in their place."""
    return {
        document: one.number
        for one, advantage in _having(held, FEWER_DOCUMENTS, code, procedure)
        for document in advantage.documents
    }


def advantages_of(kind: str, type_code: str = "") -> Sequence[Advantage]:
    """Return what a kind (and type) gives, in the order of the table."""
    return tuple(one for of, types, one in _advantages() if of == kind and (not types or type_code in types))


@cache
def waivable() -> frozenset[str]:
    """Return every code of a document that some kind spares its holder: a look at others need not be taken."""
    return frozenset(code for _of, _types, one in _advantages() for code in one.documents)


def _having(held: Iterable[Held], advantage: str, code: str = "", procedure: str = "") -> list[tuple[Held, Advantage]]:
    found = ((one, one.has(advantage)) for one in held if one.scope.covers(code, procedure))
    return [(one, what) for one, what in found if what is not None]


@cache
def _advantages() -> tuple[tuple[str, tuple[str, ...], Advantage], ...]:
    return tuple(
        (
            row["kind"],
            tuple(row["types"].split()),
            Advantage(
                row["advantage"], Decimal(row["value"] or 0), tuple(row["documents"].split()), text(row, "title"),
                text(row, "words"), row["source"], row["confidence"],
            ),
        )
        for row in table("advantages")
    )  # fmt: skip
