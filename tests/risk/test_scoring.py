"""Scoring: an explanation recomputes its own score; the same facts and edition give the same lane; what is unknown never fires."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.risk import compiling, conditions, scoring
from app.risk.compiling import IndicatorRow
from app.risk.facts import ItemValues, RiskFacts

pytestmark = pytest.mark.pure
ON = date(2026, 5, 4)


def row(code: str, condition: Any, **other: Any) -> IndicatorRow:
    """An indicator of the environment agency shared with customs, in force for two years."""
    given = {
        "version": 1, "agency": "BY-MPR", "agencies": ("BY-MPR", "BY-GTK"), "direction": "import", "prefixes": ("3915",),
        "weight": 30, "effect": "score", "shadow": False, "valid_from": date(2026, 1, 1), "valid_to": date(2028, 1, 1),
    }  # fmt: skip
    return IndicatorRow(code=code, condition=condition, **{**given, **other})


def package(*items: dict[str, Any], **values: Any) -> RiskFacts:
    """A package of plastic waste."""
    goods = tuple(ItemValues(number, "3915101000", one) for number, one in enumerate(items or ({},), 1))
    return RiskFacts("import", ON, values, goods)


LIGHT = {"fact": "item.value_per_kg", "op": "below", "value": "0.5"}
HEAVY = {"fact": "item.net_kg", "op": "above", "value": 1000}
POLAND = {"fact": "item.origin", "op": "among", "value": ["PL"]}
ELSEWHERE = {"fact": "item.origin", "op": "is_not", "to": {"fact": "item.dispatch"}}
NO_PERMIT = {"fact": "item.documents", "op": "contains_none", "value": ["01321"]}
FIRST = {"fact": "trader.prior_packages", "of": {"prefix": "3915", "months": "24"}, "op": "is", "value": 0}

_LEAVES = st.sampled_from([LIGHT, HEAVY, POLAND, ELSEWHERE, NO_PERMIT, FIRST])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
_ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "item.value_per_kg": st.sampled_from([None, Decimal("0.2"), Decimal("0.5"), Decimal("3")]),
        "item.net_kg": st.sampled_from([None, 10, Decimal("20000")]),
        "item.origin": st.sampled_from([None, "", "PL", "CN"]),
        "item.dispatch": st.sampled_from([None, "PL", "CN"]),
        "item.documents": st.sampled_from([None, frozenset(), frozenset({"01321"})]),
    },
)
_PACKAGES = st.builds(
    lambda items, prior: package(*items, **({"trader.prior_packages(3915,24)": prior} if prior is not None else {})),
    st.lists(_ITEMS, min_size=1, max_size=3),
    st.sampled_from([None, 0, 3]),
)


def _read(raw: Any) -> conditions.Node | None:
    try:
        return conditions.parse(raw)
    except Exception:
        return None


@given(_TREES, _PACKAGES)
def test_the_opposite_of_a_condition_is_its_opposite(raw: Any, facts: RiskFacts) -> None:
    node = _read(raw)
    if node is None:
        return
    said = conditions.holds(node, facts.package, facts.items[0].values)
    opposite = conditions.holds(conditions.negated(node), facts.package, facts.items[0].values)
    assert opposite == (None if said is None else not said)
    assert conditions.holds(conditions.plain(node), facts.package, facts.items[0].values) == said


@given(_TREES, _TREES, _PACKAGES)
def test_laws_of_kleene(one: Any, other: Any, facts: RiskFacts) -> None:
    first, second = _read(one), _read(other)
    if first is None or second is None:
        return
    values = (facts.package, facts.items[0].values)
    a, b = conditions.holds(first, *values), conditions.holds(second, *values)
    both = conditions.holds(conditions.Group("all", (first, second)), *values)
    either = conditions.holds(conditions.Group("any", (first, second)), *values)
    assert both == conditions.holds(conditions.Group("all", (second, first)), *values)
    assert both == (False if False in (a, b) else None if None in (a, b) else True)
    assert either == (True if True in (a, b) else None if None in (a, b) else False)


@given(st.lists(_TREES, min_size=1, max_size=4), _PACKAGES, st.integers(0, 40))
@settings(max_examples=200)
def test_an_explanation_recomputes_its_own_score(trees: list[Any], facts: RiskFacts, relief: int) -> None:
    rows = [
        row(f"BY-MPR-{serial:04}", raw, weight=20 * serial, effect=("score", "yellow", "red")[serial % 3])
        for serial, raw in enumerate(trees, 1)
        if _read(raw) is not None
    ]
    compiled = compiling.compile(rows)
    scored = scoring.score(compiled, facts, agencies=("BY-GTK",), relief={"BY-GTK": relief})
    kept = json.loads(json.dumps(scoring.as_dict(scored)))
    assert scoring.recompute(kept) == (dict(scored.scores), dict(scored.lanes))
    assert scoring.from_dict(kept) == scoring.from_dict(scoring.as_dict(scored))
    for signal in scored.signals:
        # With the facts of the explanation alone, and nothing else known, the condition still holds.
        node = compiled.by_code[signal.code].node
        number = signal.items[0]
        known: dict[str, Any] = {}
        for why in signal.because:
            if why.item in (0, number):
                kind = conditions.parse(LIGHT) and scoring.reading(why.fact).kind.type
                known[why.fact] = scoring.known(kind, why.value)
                if why.to:
                    known[why.to] = scoring.known(kind, why.limit)
        assert conditions.holds(node, known, known) is True


@given(st.lists(_TREES, min_size=1, max_size=4), _PACKAGES)
def test_the_same_facts_and_edition_give_the_same_lane(trees: list[Any], facts: RiskFacts) -> None:
    rows = [row(f"BY-MPR-{n:04}", raw) for n, raw in enumerate(trees, 1) if _read(raw) is not None]
    one, other = compiling.compile(rows), compiling.compile(list(reversed(rows)))
    assert one.edition == other.edition
    assert scoring.score(one, facts) == scoring.score(other, facts)


def test_what_is_not_known_never_fires_and_is_told() -> None:
    compiled = compiling.compile([row("BY-MPR-0001", {"all": [FIRST, POLAND]}, effect="red")])
    scored = scoring.score(compiled, package({"item.origin": "PL"}), agencies=("BY-GTK",))
    assert scored.signals == ()
    assert scored.lanes == {"BY-GTK": "green"}
    assert [one.facts for one in scored.untold] == [("trader.prior_packages(3915,24)",)]


def test_a_trial_is_seen_and_counts_for_nothing() -> None:
    compiled = compiling.compile([row("BY-MPR-0001", POLAND, effect="red", weight=100, shadow=True)])
    scored = scoring.score(compiled, package({"item.origin": "PL"}))
    assert [signal.shadow for signal in scored.signals] == [True]
    assert scored.scores == {"BY-MPR": 0, "BY-GTK": 0}
    assert set(scored.lanes.values()) == {"green"}


def test_relief_lowers_a_score_and_never_a_demanded_lane() -> None:
    compiled = compiling.compile([row("BY-MPR-0001", POLAND, effect="yellow", weight=60)])
    scored = scoring.score(compiled, package({"item.origin": "PL"}), relief={"BY-GTK": 60})
    assert scored.scores == {"BY-MPR": 60, "BY-GTK": 0}
    assert scored.lanes == {"BY-MPR": "red", "BY-GTK": "yellow"}


def test_only_what_is_in_force_for_the_goods_on_the_day_is_judged() -> None:
    rows = [
        row("BY-MPR-0001", POLAND),
        row("BY-MPR-0002", POLAND, prefixes=("3916",)),
        row("BY-MPR-0003", POLAND, direction="export"),
        row("BY-MPR-0004", POLAND, valid_to=ON),
        row("BY-MPR-0005", POLAND, prefixes=(), direction=""),
        row("BY-MPR-0006", POLAND, prefixes=("39", "3915")),
    ]
    scored = scoring.score(compiling.compile(rows), package({"item.origin": "PL"}))
    assert [signal.code for signal in scored.signals] == ["BY-MPR-0005", "BY-MPR-0006", "BY-MPR-0001"]


def test_only_candidates_ask_for_more_facts() -> None:
    rows = [row("BY-MPR-0001", {"all": [FIRST, POLAND]}), row("BY-MPR-0002", POLAND, prefixes=("8471",))]
    compiled = compiling.compile(rows)
    assert compiled.groups(["3915101000"], "import", ON) == {"history"}
    assert {ref.key for ref in compiled.wanted(["3915101000"], "import", ON)} == {"trader.prior_packages(3915,24)"}
    assert compiled.groups(["8471300000"], "import", ON) == frozenset()


def test_a_version_on_trial_stands_beside_the_one_in_force() -> None:
    trial = row("BY-MPR-0001", HEAVY, version=2, shadow=True)
    compiled = compiling.compile(
        [trial, row("BY-MPR-0001", POLAND), row("BY-MPR-0002", {"indicator": "BY-MPR-0001"})]
    )  # fmt: skip
    scored = scoring.score(compiled, package({"item.origin": "PL", "item.net_kg": 2000}))
    assert {(one.code, one.version, one.shadow) for one in scored.signals} == {
        ("BY-MPR-0001", 1, False), ("BY-MPR-0001", 2, True), ("BY-MPR-0002", 1, False),
    }  # fmt: skip


def test_indicators_in_a_circle_are_left_out_with_their_names() -> None:
    rows = [row("BY-MPR-0001", {"indicator": "BY-MPR-0002"}), row("BY-MPR-0002", {"indicator": "BY-MPR-0001"})]
    compiled = compiling.compile(rows)
    assert compiled.indicators == ()
    assert compiled.broken == ("BY-MPR-0001", "BY-MPR-0002")
