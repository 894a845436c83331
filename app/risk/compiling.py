"""Indicators made ready to answer: parsed, references resolved, "not" carried down, found by goods prefix. Pure.

Compiled once per edition and kept in the process; what a package costs depends on the indicators its goods can meet, not on
how many there are.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from app.errors import Invalid
from app.risk import conditions
from app.risk.conditions import Group, Leaf, Named, Node, Not
from app.risk.facts import DECLARED, Ref
from app.risk.wording import fault

CACHED_ANSWERS = 20_000
"""Answers kept per compiled set before the memo is emptied: codes typed by strangers are not endless memory."""
SCORE, YELLOW, RED = "score", "yellow", "red"
EFFECTS = (SCORE, YELLOW, RED)
"""What firing does beside its weight: nothing more, or the lane is at least that colour."""
LEAST, HEAVIEST = 0, 100
MOST_CHAIN = 12
"""Indicators one behind the other by reference."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One version of an indicator in force (or on trial: ``shadow``), as plain values.

    ``agency`` wrote it; ``agencies`` are those whose lane it affects. ``direction`` "" is any; no ``prefixes`` is any goods.
    ``valid_to`` is exclusive.
    """

    code: str
    version: int
    agency: str
    agencies: tuple[str, ...]
    direction: str
    prefixes: tuple[str, ...]
    condition: Any
    weight: int
    effect: str
    shadow: bool
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class CompiledIndicator:
    """An indicator ready to be judged. ``node`` has no "not" and no reference; ``reads_items``: judged item by item."""

    row: IndicatorRow
    node: Node
    reads_items: bool
    groups: frozenset[str]
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class CompiledIndicators:
    """All indicators of one edition. ``edition`` names the content; ``broken`` are codes that could not be compiled, which
    fire never and are shown to their agency."""

    edition: str
    indicators: tuple[CompiledIndicator, ...]
    by_prefix: Mapping[str, tuple[CompiledIndicator, ...]]
    by_code: Mapping[str, CompiledIndicator]
    broken: tuple[str, ...] = ()
    _candidates: dict[tuple[str, str, date], tuple[CompiledIndicator, ...]] = field(default_factory=dict, compare=False)

    def candidates(self, code: str, direction: str, on: date) -> tuple[CompiledIndicator, ...]:
        """The indicators whose scope covers a goods code in a direction on a day, general ones first."""
        key = (code, direction, on)
        found = self._candidates.get(key)
        if found is None:
            if len(self._candidates) > CACHED_ANSWERS:
                self._candidates.clear()
            prefixes = ["", *(code[:length] for length in range(2, len(code) + 1))]
            # One indicator can name a prefix and a narrower one of it: it is judged once.
            found = self._candidates[key] = tuple(
                {
                    one.row.code + str(one.row.version): one
                    for prefix in prefixes
                    for one in self.by_prefix.get(prefix, ())
                    if one.row.direction in ("", direction) and one.row.valid_from <= on < one.row.valid_to
                }.values()
            )
        return found

    def groups(self, codes: Iterable[str], direction: str, on: date) -> frozenset[str]:
        """The groups of facts that the candidates of some goods codes want read: none where no candidate asks."""
        return frozenset().union(*(one.groups for code in set(codes) for one in self.candidates(code, direction, on)))

    def wanted(self, codes: Iterable[str], direction: str, on: date) -> frozenset[Ref]:
        """The facts beyond those declared that the candidates of some goods codes read, with their parameters."""
        return frozenset(
            ref for code in set(codes) for one in self.candidates(code, direction, on) for ref in one.refs
        )  # fmt: skip


def compile(rows: Iterable[IndicatorRow]) -> CompiledIndicators:  # noqa: A001  the shape fellows code against
    """Make rows ready. Never raises for a row: one that cannot be read is left out and named in ``broken``."""
    given = sorted(rows, key=lambda row: (row.code, row.version))
    own: dict[tuple[str, int], Node] = {}
    broken: list[str] = []
    for row in given:
        try:
            own[row.code, row.version] = _parsed(json.dumps(row.condition))
        except Invalid:
            broken.append(row.code)
    # A reference means what is in force; a newer version on trial beside it does not change what others ask.
    trees = {row.code: own[key] for row in sorted(given, key=_trial_first) if (key := (row.code, row.version)) in own}
    made = []
    for row in given:
        if (tree := own.get((row.code, row.version))) is None:
            continue
        try:
            made.append(_compiled(row, resolved(row.code, {**trees, row.code: tree})))
        except Invalid:
            broken.append(row.code)
    index: dict[str, list[CompiledIndicator]] = defaultdict(list)
    for one in made:
        for prefix in one.row.prefixes or ("",):
            index[prefix].append(one)
    return CompiledIndicators(
        edition_of(given), tuple(made), {prefix: tuple(held) for prefix, held in index.items()},
        {one.row.code: one for one in made}, tuple(broken),
    )  # fmt: skip


@lru_cache(maxsize=CACHED_ANSWERS)
def _parsed(condition: str) -> Node:
    """A condition from its text. A version is never edited, so that a change of one costs the reading of one."""
    return conditions.parse(json.loads(condition))


def _trial_first(row: IndicatorRow) -> tuple[bool, int]:
    return (not row.shadow, row.version)


def _compiled(row: IndicatorRow, node: Node) -> CompiledIndicator:
    refs = tuple(
        {ref.key: ref for ref in conditions.refs(node) if ref.kind.group not in (DECLARED, "answers")}.values()
    )
    return CompiledIndicator(row, cheapest_first(node), conditions.reads_items(node), conditions.groups(node), refs)


def cheapest_first(node: Node) -> Node:
    """The same condition with what the package itself says asked first: where that decides, nothing is read."""
    if not isinstance(node, Group):
        return node
    parts = sorted(map(cheapest_first, node.parts), key=lambda part: len(conditions.groups(part)))
    return Group(node.kind, tuple(parts), node.place)


def edition_of(rows: Sequence[IndicatorRow]) -> str:
    """The name of a content: equal rows give an equal hash, whatever their order."""
    content = [asdict(row) for row in sorted(rows, key=lambda row: (row.code, row.version))]
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def resolved(code: str, trees: Mapping[str, Node]) -> Node:
    """The condition of an indicator with every reference filled in, ready to judge.

    Raises Invalid: CONDITION-CYCLE with the chain named, CONDITION-REFERENCE for one that is not there.
    """
    return conditions.plain(_filled(trees[code], trees, (code,)))


def _filled(node: Node, trees: Mapping[str, Node], chain: tuple[str, ...]) -> Node:
    if isinstance(node, Leaf):
        return node
    if isinstance(node, Not):
        return Not(_filled(node.part, trees, chain), node.place)
    if isinstance(node, Group):
        return Group(node.kind, tuple(_filled(part, trees, chain) for part in node.parts), node.place)
    return _followed(node, trees, chain)


def _followed(node: Named, trees: Mapping[str, Node], chain: tuple[str, ...]) -> Node:
    field_id = f"condition-{node.place}"
    if node.code in chain or len(chain) > MOST_CHAIN:
        said = " → ".join((*chain, node.code))
        raise Invalid([fault("CONDITION-CYCLE", field_id, node.code, chain=said)])
    if node.code not in trees:
        raise Invalid([fault("CONDITION-REFERENCE", field_id, node.code, place=node.place, indicator=node.code)])
    return _filled(trees[node.code], trees, (*chain, node.code))
