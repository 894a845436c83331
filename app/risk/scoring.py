"""Scoring a package: which indicators fire, why, and what lane follows for each agency. Pure.

The same facts and the same edition always give the same answer, and the explanation that is kept recomputes its own score:
``recompute`` takes nothing but the explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from app.risk import conditions
from app.risk.compiling import HEAVIEST, LEAST, RED, YELLOW, CompiledIndicator, CompiledIndicators
from app.risk.conditions import NOTHING, Leaf, Node, Values, value_of
from app.risk.facts import CODES, ITEM, NUMBER, RiskFacts, Value, reading
from app.risk.operators import BARE, compares, written

GREEN = "green"
LANES = (GREEN, YELLOW, RED)
"""The lanes, the lightest first."""
MOST_EXPLAINED = 20
"""Goods items of one signal whose values are kept; the numbers of the others are kept without them."""
MOST_UNTOLD = 100


class Limits(NamedTuple):
    """From which score on an agency looks at documents (yellow) and at the goods (red)."""

    yellow: int = 25
    red: int = 60


@dataclass(frozen=True, slots=True)
class Because:
    """One fact that made an indicator fire: its key, the goods item (0: the package), its value, the operator, the limit (or
    the key ``to`` of the fact it was compared with, the limit being that fact's value). Values as JSON holds them."""

    fact: str
    item: int
    value: Any
    op: str
    limit: Any
    to: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """An indicator that fired. ``items``: goods items it fired for, all numbers; ``unknown``: facts it could not tell."""

    code: str
    version: int
    agency: str
    agencies: tuple[str, ...]
    items: tuple[int, ...]
    weight: int
    effect: str
    shadow: bool
    because: tuple[Because, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Untold:
    """An indicator that might have fired, had these facts been known."""

    code: str
    agencies: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """What an edition says of a package. ``scores`` and ``lanes`` by agency; ``limits`` and ``relief`` are those used."""

    edition: str
    signals: tuple[Signal, ...]
    scores: Mapping[str, int]
    lanes: Mapping[str, str]
    untold: tuple[Untold, ...] = ()
    limits: Mapping[str, Limits] = field(default_factory=dict)
    relief: Mapping[str, int] = field(default_factory=dict)


def score(
    compiled: CompiledIndicators,
    facts: RiskFacts,
    *,
    agencies: Iterable[str] = (),
    limits: Mapping[str, Limits] | None = None,
    relief: Mapping[str, int] | None = None,
) -> Scored:
    """Score a package for the agencies named and for those whose indicators fire. ``relief``: points off the score of an agency
    (0 to 100), never off a lane that an indicator demands."""
    judged = _Judged(facts)
    for item in facts.items:
        for candidate in compiled.candidates(item.code, facts.direction, facts.on):
            judged.judge(candidate, item.number, item.values)
    signals = tuple(judged.signal(one) for one in judged.fired)
    # An indicator that fires for one item has told enough; those that could not be told for any item are said.
    untold = tuple(judged.untold(one) for one in list(judged.open)[:MOST_UNTOLD] if one not in judged.fired)
    scores, lanes = standing(signals, agencies, limits or {}, relief or {})
    return Scored(compiled.edition, signals, scores, lanes, untold, dict(limits or {}), dict(relief or {}))


class _Judged:
    """The indicators of one package as they are judged, item by item, by code and version."""

    def __init__(self, facts: RiskFacts) -> None:
        self.package = facts.package
        self.items = {item.number: item.values for item in facts.items}
        self.fired: dict[tuple[str, int], list[int]] = {}
        self.open: dict[tuple[str, int], list[int]] = {}
        self.known: dict[tuple[str, int], CompiledIndicator] = {}
        self.once: dict[tuple[str, int], bool | None] = {}

    def judge(self, candidate: CompiledIndicator, number: int, values: Values) -> None:
        key = (candidate.row.code, candidate.row.version)
        if candidate.reads_items:
            answer = conditions.holds(candidate.node, self.package, values)
        elif key in self.once:
            answer = self.once[key]
        else:
            answer = self.once[key] = conditions.holds(candidate.node, self.package, NOTHING)
        # A trial counts for nothing: what it cannot tell holds nobody up either.
        if answer is False or (answer is None and candidate.row.shadow):
            return
        self.known[key] = candidate
        (self.fired if answer else self.open).setdefault(key, []).append(number)

    def signal(self, key: tuple[str, int]) -> Signal:
        candidate, items = self.known[key], self.fired[key]
        row = candidate.row
        explained = items[:MOST_EXPLAINED] if candidate.reads_items else items[:1]
        because: dict[tuple[str, int, str, str], Because] = {}
        for number in explained:
            for one in proof(candidate.node, self.package, self.items[number], number):
                because[one.fact, one.item, one.op, str(one.limit)] = one
        return Signal(
            row.code, row.version, row.agency, row.agencies, tuple(items), row.weight, row.effect, row.shadow,
            tuple(because.values()), self.unknown(candidate, items[:1]),
        )  # fmt: skip

    def untold(self, key: tuple[str, int]) -> Untold:
        candidate = self.known[key]
        return Untold(candidate.row.code, candidate.row.agencies, self.unknown(candidate, self.open[key][:1]))

    def unknown(self, candidate: CompiledIndicator, items: list[int]) -> tuple[str, ...]:
        values = self.items[items[0]]
        blank = {
            one.ref.key: None
            for one in conditions.leaves(candidate.node)
            if conditions.leaf_holds(one, self.package, values) is None
        }
        return tuple(blank)


def proof(node: Node, package: Values, item: Values, number: int) -> list[Because]:
    """The facts that make a condition hold: with these alone, and nothing else known, it still holds."""
    if isinstance(node, Leaf):
        return [_because(node, package, item, number)] if conditions.leaf_holds(node, package, item) else []
    if not isinstance(node, conditions.Group):
        return []
    if node.kind == "all":
        return [one for part in node.parts for one in proof(part, package, item, number)]
    true = [part for part in node.parts if conditions.holds(part, package, item)]
    return [one for part in true for one in proof(part, package, item, number)]


def _because(node: Leaf, package: Values, item: Values, number: int) -> Because:
    value, other = value_of(node.ref, package, item), node.other
    limit = written(node.limit) if other is None else written(value_of(other, package, item))
    reads_item = node.ref.kind.level == ITEM or (other is not None and other.kind.level == ITEM)
    return Because(
        node.ref.key, number if reads_item else 0, written(value), node.op, limit, other.key if other else ""
    )  # fmt: skip


def standing(
    signals: Iterable[Signal], agencies: Iterable[str], limits: Mapping[str, Limits], relief: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, str]]:
    """The score (0 to 100) and the lane of each agency named or concerned. Shadow signals count for nothing."""
    weights = dict.fromkeys(agencies, 0)
    floors = dict.fromkeys(agencies, GREEN)
    for signal in signals:
        for agency in signal.agencies:
            counts = not signal.shadow
            weights[agency] = weights.get(agency, 0) + (signal.weight if counts else 0)
            floor = signal.effect if counts and signal.effect in LANES else GREEN
            floors[agency] = max(floors.get(agency, GREEN), floor, key=LANES.index)
    scores = {
        agency: max(LEAST, min(HEAVIEST, weight) - max(0, relief.get(agency, 0))) for agency, weight in weights.items()
    }
    return scores, {agency: _lane(scores[agency], floors[agency], limits.get(agency, Limits())) for agency in scores}


def _lane(points: int, floor: str, limits: Limits) -> str:
    lane = RED if points >= limits.red else YELLOW if points >= limits.yellow else GREEN
    return max(lane, floor, key=LANES.index)


def as_dict(scored: Scored) -> dict[str, Any]:
    """The explanation as it is kept with the package."""
    data = asdict(scored)
    data["limits"] = {agency: list(limits) for agency, limits in scored.limits.items()}
    return data


def from_dict(data: Mapping[str, Any]) -> Scored:
    """Read what ``as_dict`` wrote (or the same after JSON)."""
    signals = tuple(
        Signal(
            one["code"], one["version"], one["agency"], tuple(one["agencies"]), tuple(one["items"]), one["weight"],
            one["effect"], one["shadow"], tuple(Because(**why) for why in one["because"]), tuple(one["unknown"]),
        )
        for one in data["signals"]
    )  # fmt: skip
    untold = tuple(Untold(one["code"], tuple(one["agencies"]), tuple(one["facts"])) for one in data["untold"])
    limits = {agency: Limits(*pair) for agency, pair in data["limits"].items()}
    return Scored(
        data["edition"], signals, dict(data["scores"]), dict(data["lanes"]), untold, limits, dict(data["relief"])
    )  # fmt: skip


def recompute(data: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, str]]:
    """Scores and lanes from an explanation alone: each fact is compared with its limit again, and only signals whose every
    fact still holds are counted."""
    kept = from_dict(data)
    sound = [one for one in kept.signals if one.because and all(stands(why) for why in one.because)]
    return standing(sound, kept.scores, kept.limits, kept.relief)


def stands(why: Because) -> bool:
    """Whether one fact of an explanation stands in the relation it claims."""
    ref = reading(why.fact)
    value = known(ref.kind.type, why.value)
    if why.to:
        return compares(why.op, value, known(ref.kind.type, why.limit))
    limit = limit_of(ref.kind.type, why.op, why.limit)
    return bool(conditions.leaf_holds(conditions.leaf(ref, why.op, limit), {why.fact: value}, {why.fact: value}))


def known(kind: str, value: Any) -> Value:
    """A value from its JSON form."""
    if kind == NUMBER and value is not None:
        return Decimal(str(value))
    if kind == CODES and value is not None:
        return frozenset(value)
    kept: Value = value
    return kept


def limit_of(kind: str, op: str, limit: Any) -> Any:
    """A limit from its JSON form, as the operator takes it."""
    if op in BARE:
        return None
    if kind == NUMBER:
        return tuple(Decimal(str(one)) for one in limit) if isinstance(limit, (list, tuple)) else Decimal(str(limit))
    return tuple(limit) if isinstance(limit, (list, tuple)) else limit
