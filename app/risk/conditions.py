"""Conditions of indicators: a small typed tree, read from JSON, that a person can read aloud. Pure; never code.

``{"all": [...]}``, ``{"any": [...]}``, ``{"not": ...}``, ``{"indicator": "BY-MPR-0007"}`` or a fact:
``{"fact": "item.origin", "op": "among", "value": ["CN"]}``, with ``"of": {"prefix": "3915", "months": "24"}`` where the fact has
parameters, and ``"to": {"fact": ...}`` in the place of a value to compare two facts. Three-valued (Kleene): a fact that is not
known makes a condition neither true nor false, and what is not true never fires.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.risk import vocabulary
from app.risk.facts import DECLARED, ITEM, TEXT, Ref, Value
from app.risk.operators import BARE, OPPOSITE, WORDS, Test, compares, declared, test_of, written

DEEPEST, MOST_LEAVES = 6, 40
"""Levels of a tree, and facts in it: what a person can still follow."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fact compared with a value or with another fact. ``place`` counts from 1: ``2.1``."""

    ref: Ref
    op: str
    limit: Any
    other: Ref | None
    test: Test | None
    place: str = ""

    def opposite(self) -> Leaf:
        """The leaf that holds where this one does not, and is unknown where this one is."""
        if self.ref.kind.type == "flag":
            return Leaf(
                self.ref, self.op, not self.limit, self.other, test_of("flag", "is", not self.limit), self.place
            )
        return leaf(self.ref, OPPOSITE[self.op], self.limit, self.other, self.place)


@dataclass(frozen=True, slots=True)
class Group:
    """``kind`` all: every part; any: at least one."""

    kind: str
    parts: tuple[Node, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of its part."""

    part: Node
    place: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What another indicator asks; resolved when indicators are compiled."""

    code: str
    place: str = ""


Node = Leaf | Group | Not | Named
Values = Mapping[str, Value]
NOTHING: Values = {}


def leaf(ref: Ref, op: str, limit: Any, other: Ref | None = None, place: str = "") -> Leaf:
    """A leaf with its test made ready."""
    test = None if op in BARE or other is not None else test_of(ref.kind.type, op, limit)
    return Leaf(ref, op, limit, other, test, place)


def parse(raw: Any, *, place: str = "1") -> Node:
    """Read a condition. Raises Invalid with every fault, each with its place in the tree."""
    from app.risk.reading import read

    return read(raw, place)


def value_of(ref: Ref, package: Values, item: Values) -> Value:
    """The value of a fact for a package and one of its items; None where it is not known."""
    return (item if ref.kind.level == ITEM else package).get(ref.key)


def leaf_holds(node: Leaf, package: Values, item: Values) -> bool | None:
    """Whether one leaf holds; None where it cannot be told."""
    value = value_of(node.ref, package, item)
    if node.op in BARE:
        return declared(value) == (node.op == "known")
    if value is None or (value == "" and node.ref.kind.type == TEXT):
        return None
    if node.other is not None:
        other = value_of(node.other, package, item)
        return None if other is None or other == "" else compares(node.op, value, other)
    assert node.test is not None
    return node.test(value)


def holds(node: Node, package: Values, item: Values = NOTHING) -> bool | None:
    """Whether a condition holds for a package and one of its items: yes, no, or None where it cannot be told."""
    if isinstance(node, Leaf):
        return leaf_holds(node, package, item)
    if isinstance(node, Not):
        inner = holds(node.part, package, item)
        return None if inner is None else not inner
    if isinstance(node, Named):
        return None
    decisive = node.kind == "any"
    answer: bool | None = not decisive
    for part in node.parts:
        one = holds(part, package, item)
        if one is decisive:
            return decisive
        if one is None:
            answer = None
    return answer


def plain(node: Node) -> Node:
    """The same condition with every "not" carried down to the facts: what is compiled and explained."""
    if isinstance(node, Not):
        return negated(node.part)
    if isinstance(node, Group):
        return Group(node.kind, tuple(plain(part) for part in node.parts), node.place)
    return node


def negated(node: Node) -> Node:
    """The opposite of a condition, with "not" carried down to the facts."""
    if isinstance(node, Leaf):
        return node.opposite()
    if isinstance(node, Not):
        return plain(node.part)
    if isinstance(node, Named):
        return Not(node, node.place)
    return Group("any" if node.kind == "all" else "all", tuple(negated(part) for part in node.parts), node.place)


def leaves(node: Node) -> Iterator[Leaf]:
    """Every fact of a condition in the order written."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Group):
        for part in node.parts:
            yield from leaves(part)


def named(node: Node) -> Iterator[Named]:
    """Every indicator that a condition refers to."""
    if isinstance(node, Named):
        yield node
    elif isinstance(node, Not):
        yield from named(node.part)
    elif isinstance(node, Group):
        for part in node.parts:
            yield from named(part)


def refs(node: Node) -> Iterator[Ref]:
    """Every fact a condition reads, both sides of a comparison."""
    for one in leaves(node):
        yield one.ref
        if one.other is not None:
            yield one.other


def groups(node: Node) -> frozenset[str]:
    """The groups of facts that must be read before the condition can be judged; what is declared needs no read."""
    return frozenset(ref.kind.group for ref in refs(node)) - {DECLARED, "answers"}


def reads_items(node: Node) -> bool:
    """Whether any fact of the condition is one of a goods item."""
    return any(ref.kind.level == ITEM for ref in refs(node))


_JOINED = {
    "all": {"en": " and ", "be": " і ", "ru": " и "},
    "any": {"en": " or ", "be": " або ", "ru": " или "},
}
_NOT = {"en": "it is not so that ({part})", "be": "не так, што ({part})", "ru": "неверно, что ({part})"}
_INDICATOR = {"en": "indicator {code} fires", "be": "спрацоўвае індыкатар {code}", "ru": "срабатывает индикатор {code}"}
_OR = {"en": " or ", "be": " або ", "ru": " или "}
_AND = {"en": " to ", "be": " – ", "ru": " – "}
_FALSE = {"en": "it is not so that {label}", "be": "не так, што {label}", "ru": "неверно, что {label}"}


def said(ref: Ref, language: str) -> str:
    """A fact in words, its parameters filled in."""
    given = dict(zip(ref.kind.parameters, ref.args, strict=True))
    if "code" in given:
        given["code"] = vocabulary.say("document", given["code"], language)
    if "prefix" in given:
        given["prefix"] = _OR[language].join(given["prefix"].split("+"))
    return ref.kind.label[language].format(**given)


def said_value(ref: Ref, op: str, limit: Any, language: str) -> str:
    """The value of a comparison in words."""
    if op in ("between", "outside"):
        return _AND[language].join(str(written(one)) for one in limit)
    listed = limit if isinstance(limit, (tuple, frozenset)) else (limit,)
    return _OR[language].join(_said_code(ref, op, str(written(one)), language) for one in listed)


def _said_code(ref: Ref, op: str, code: str, language: str) -> str:
    if ref.kind.type == TEXT and not ref.kind.values:
        return f"«{code}»"
    stem = vocabulary.say(f"{ref.kind.values}-stem", code, language) if "starts_with" in op else code
    return stem if stem != code else vocabulary.say(ref.kind.values, code, language)


def said_leaf(node: Leaf, language: str) -> str:
    """One comparison in words."""
    label = said(node.ref, language)
    if node.ref.kind.type == "flag":
        return label if node.limit else _FALSE[language].format(label=label)
    words = WORDS[node.op][language]
    if node.op in BARE:
        return f"{label} {words}"
    if node.other is not None:
        return f"{label} {words} {said(node.other, language)}"
    return f"{label} {words} {said_value(node.ref, node.op, node.limit, language)}"


def aloud(node: Node, language: str, *, top: bool = True) -> str:
    """One sentence that says the condition in a language (be, ru, en), without its final stop."""
    if isinstance(node, Leaf):
        return said_leaf(node, language)
    if isinstance(node, Named):
        return _INDICATOR[language].format(code=node.code)
    if isinstance(node, Not):
        return _NOT[language].format(part=aloud(node.part, language))
    text = _JOINED[node.kind][language].join(aloud(part, language, top=False) for part in node.parts)
    return text if top or len(node.parts) == 1 else f"({text})"
