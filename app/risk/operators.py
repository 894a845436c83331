"""Operators of conditions: what each asks of a value, its opposite, its words. Pure.

Every operator has its opposite here, so that "not" is carried down to the leaves and an explanation never says "not (not …)".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.errors import Text
from app.requirements import searching
from app.risk.facts import CODES, FLAG, NUMBER, TEXT, Value

Test = Callable[[Any], bool]

OPERATORS: dict[str, tuple[str, ...]] = {
    FLAG: ("is",),
    NUMBER: (
        "below", "at_most", "above", "at_least", "is", "is_not", "between", "outside", "known", "missing",
    ),
    TEXT: (
        "is", "is_not", "among", "not_among", "starts_with", "not_starts_with", "contains_any", "contains_none", "known",
        "missing",
    ),
    CODES: (
        "contains_any", "contains_none", "starts_with", "not_starts_with", "known", "missing",
    ),
}  # fmt: skip
"""The operators of each type of fact, in the order of the form."""

OPPOSITE: dict[str, str] = {
    "is": "is_not", "is_not": "is", "among": "not_among", "not_among": "among", "below": "at_least",
    "at_least": "below", "above": "at_most", "at_most": "above", "between": "outside", "outside": "between",
    "contains_any": "contains_none", "contains_none": "contains_any", "starts_with": "not_starts_with",
    "not_starts_with": "starts_with", "known": "missing", "missing": "known",
}  # fmt: skip

COMPARING = ("is", "is_not", "below", "at_most", "above", "at_least")
"""Operators that can compare a fact with another fact of the same unit."""
LISTS = ("among", "not_among", "starts_with", "not_starts_with", "contains_any", "contains_none", "between", "outside")
"""Operators whose value is a list."""
BARE = ("known", "missing")
"""Operators that take no value: whether the package says it at all. Only for what the package itself declares."""

WORDS: dict[str, Text] = {
    "is": {"en": "is", "be": "— гэта", "ru": "— это"},
    "is_not": {"en": "is not", "be": "— не", "ru": "— не"},
    "among": {"en": "is one of:", "be": "— адно з пералічанага:", "ru": "— одно из перечисленного:"},
    "not_among": {"en": "is none of:", "be": "— ніводнае з пералічанага:", "ru": "— ни одно из перечисленного:"},
    "below": {"en": "is below", "be": "— менш чым", "ru": "— меньше чем"},
    "at_most": {"en": "is at most", "be": "— не больш чым", "ru": "— не больше чем"},
    "above": {"en": "is above", "be": "— больш чым", "ru": "— больше чем"},
    "at_least": {"en": "is at least", "be": "— не менш чым", "ru": "— не меньше чем"},
    "between": {"en": "is from", "be": "— у межах", "ru": "— в пределах"},
    "outside": {"en": "is outside", "be": "— па-за межамі", "ru": "— вне пределов"},
    "starts_with": {"en": "begins with", "be": "— пачынаецца з", "ru": "— начинается с"},
    "not_starts_with": {"en": "does not begin with", "be": "— не пачынаецца з", "ru": "— не начинается с"},
    "contains_any": {
        "en": "includes any of:",
        "be": "— ёсць штосьці з пералічанага:",
        "ru": "— есть что-то из перечисленного:",
    },
    "contains_none": {
        "en": "includes none of:",
        "be": "— няма нічога з пералічанага:",
        "ru": "— нет ничего из перечисленного:",
    },
    "known": {"en": "is declared", "be": "— заяўлена", "ru": "— заявлено"},
    "missing": {"en": "is not declared", "be": "— не заяўлена", "ru": "— не заявлено"},
}
"""Each operator as it is read aloud between a fact and a value."""


@lru_cache(maxsize=5_000)
def folded(text: str) -> str:
    """A text as it is compared: case, similar letters and runs of blanks make no difference."""
    return " ".join(searching.fold(text).split())


def _number(op: str, limit: Any) -> Test:
    if op in ("between", "outside"):
        low, high = limit
        return (lambda value: low <= value <= high) if op == "between" else (lambda value: not low <= value <= high)
    tests: dict[str, Test] = {
        "is": lambda value: value == limit,
        "is_not": lambda value: value != limit,
        "below": lambda value: value < limit,
        "at_most": lambda value: value <= limit,
        "above": lambda value: value > limit,
        "at_least": lambda value: value >= limit,
    }
    return tests[op]


def _text(op: str, limit: Any) -> Test:
    if op in ("is", "is_not"):
        wanted = folded(limit)
        return (lambda value: folded(value) == wanted) if op == "is" else (lambda value: folded(value) != wanted)
    listed = frozenset(folded(one) for one in limit)
    starts, found = tuple(listed), _beginning(listed)
    tests: dict[str, Test] = {
        "among": lambda value: folded(value) in listed,
        "not_among": lambda value: folded(value) not in listed,
        "starts_with": lambda value: folded(value).startswith(starts),
        "not_starts_with": lambda value: not folded(value).startswith(starts),
        "contains_any": lambda value: found.search(folded(value)) is not None,
        "contains_none": lambda value: found.search(folded(value)) is None,
    }
    return tests[op]


def _beginning(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words at the beginning of a word: "used" is in "used cells" and not in "unused". What officers write is never
    a pattern of theirs: every sign of it stands for itself."""
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(words)) + ")")


def _codes(op: str, limit: Any) -> Test:
    listed, starts = frozenset(limit), tuple(limit)
    tests: dict[str, Test] = {
        "contains_any": lambda value: not listed.isdisjoint(value),
        "contains_none": lambda value: listed.isdisjoint(value),
        "starts_with": lambda value: any(code.startswith(starts) for code in value),
        "not_starts_with": lambda value: not any(code.startswith(starts) for code in value),
    }
    return tests[op]


def test_of(kind: str, op: str, limit: Any) -> Test:
    """What an operator with its limit asks of a known value of one type. Raises KeyError for an operator of another type."""
    if kind == FLAG:
        return (lambda value: value is limit) if op == "is" else (lambda value: value is not limit)
    return {NUMBER: _number, TEXT: _text, CODES: _codes}[kind](op, limit)


def compares(op: str, one: Value, other: Value) -> bool:
    """Whether two known facts of one unit stand in this relation."""
    if isinstance(one, str) and isinstance(other, str):
        same = folded(one) == folded(other)
        return same if op == "is" else not same
    return _number(op, other)(one)


def declared(value: Value) -> bool:
    """Whether the package says the fact at all: an empty text or list says nothing."""
    return value is not None and value != "" and value != frozenset()


def written(value: Value | tuple[Any, ...]) -> Any:
    """A value as JSON holds it: decimals as text, sets as sorted lists."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (frozenset, tuple)):
        parts = [written(one) for one in value]
        return sorted(parts) if isinstance(value, frozenset) else parts
    return value
