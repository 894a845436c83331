"""The shipped indicators: each is read aloud in three languages without a raw code, fires on a made sample, and not on its
negation."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.risk import compiling, conditions, reasoning, scoring
from app.risk.compiling import IndicatorRow
from app.risk.conditions import Leaf
from app.risk.examples import shipped
from app.risk.facts import CODES, FACTS, FLAG, ITEM, LANGUAGES, NUMBER, ItemValues, RiskFacts
from app.risk.operators import declared

pytestmark = pytest.mark.pure
ON = date(2026, 5, 4)
BY_ID = {one["example"]: one for one in shipped()}


def row(example: dict[str, Any]) -> IndicatorRow:
    return IndicatorRow(
        f"BY-GTK-{example['example']}", 1, example["agency"], (example["agency"], *example["agencies"]),
        example["direction"], tuple(example["prefixes"]), example["condition"], example["weight"], example["effect"],
        False, date(2026, 1, 1), date(2027, 1, 1),
    )  # fmt: skip


def test_all_are_there_with_what_they_rest_on() -> None:
    assert [one for one in BY_ID if one.startswith("R")] == [f"R{number:02}" for number in range(1, 26)]
    assert {"A01", "A02"} < set(BY_ID), "undervaluation and precursors"
    for one in shipped():
        assert one["basis"]
        assert one["confidence"] in ("seen", "recalled", "measured")
        for texts in (one["titles"], one["reasons"], one["treatments"]):
            assert set(texts) == set(LANGUAGES), one["example"]
        assert 0 < one["weight"] <= 100


@pytest.mark.parametrize("example", BY_ID)
def test_each_is_read_aloud_without_raw_codes(example: str) -> None:
    node = conditions.parse(BY_ID[example]["condition"])
    assert not reasoning.always(node)
    for language in LANGUAGES:
        said = re.sub("«[^»]*»", "", conditions.aloud(node, language))
        assert not re.search(r"[a-z]+\.[a-z_]+|[A-Z]{2,}_[A-Z0-9]|\bL-[A-Z]{3}|\b0\d{4}\b|contains_|None", said), said
        if language != "en":
            assert re.search("[а-яё]", said)


SAMPLES: dict[str, dict[str, Any]] = {
    "R03": {"item.origin": "NG", "item.dispatch": "DE"},
    "R04": {"item.flags": {"WASTE_B3011"}, "item.description": "Змешаны пластык"},
    "R05": {"item.flags": {"USED"}, "item.documents": set()},
    "R10": {"item.description": "Recovered refrigerant"},
    "R12": {"item.description": "Газ в одноразовых баллонах"},
    "R13": {"item.refrigerants": set()},
    "R16": {"item.documents": set(), "item.scientific_name": ""},
    "R25": {"package.exporter_country": "PL", "item.origin": "TR", "item.dispatch": "PL", "item.origin_groups": set(), "item.dispatch_groups": {"BY-EMBARGO"}},
    "A02": {"item.cas": {"299-42-3"}, "item.documents": set()},
}  # fmt: skip
"""Where a sample is told by hand; for the others it is made from the condition."""


def _value(leaf: Leaf, *, fits: bool) -> Any:
    """A value of the leaf's type that fits it, or does not."""
    kind, limit = leaf.ref.kind.type, leaf.limit
    if kind == FLAG:
        return limit if fits else not limit
    pool: list[Any] = []
    if kind == NUMBER:
        pool = [Decimal(0), Decimal("0.1"), Decimal(1), Decimal(30), Decimal(100), Decimal(1000)]
    elif kind == CODES:
        pool = [frozenset(), frozenset({str(limit[0]) + "X"}), frozenset(limit)]
    else:
        pool = [str(limit[0]), "something else"]
    assert leaf.test is not None
    return next(value for value in pool if leaf.test(value) is fits)


def _sample(example: str, *, fits: bool) -> dict[str, Any]:
    if fits and example in SAMPLES:
        return {name: frozenset(v) if isinstance(v, set) else v for name, v in SAMPLES[example].items()}
    node = conditions.plain(conditions.parse(BY_ID[example]["condition"]))
    made: dict[str, Any] = {}
    for leaf in conditions.leaves(node):
        if leaf.other is not None:
            made |= {leaf.ref.key: "PL", leaf.other.key: "DE" if fits else "PL"}
        elif leaf.op in ("known", "missing"):
            empty: Any = frozenset() if leaf.ref.kind.type == CODES else ""
            made.setdefault(leaf.ref.key, "PL" if (leaf.op == "known") is fits else empty)
        elif leaf.ref.key not in made or not (declared(made[leaf.ref.key]) or fits):
            made[leaf.ref.key] = _value(leaf, fits=fits)
    return made


@pytest.mark.parametrize("example", BY_ID)
def test_each_fires_on_a_sample_and_not_on_its_negation(example: str) -> None:
    compiled = compiling.compile([row(BY_ID[example])])
    assert not compiled.broken
    code = ((BY_ID[example]["prefixes"] or ["8712"])[0] + "0" * 10)[:10]
    direction = BY_ID[example]["direction"] or "import"
    for fits in (True, False):
        values = _sample(example, fits=fits)
        package = {name: v for name, v in values.items() if FACTS[name.partition("(")[0]].level != ITEM}
        facts = RiskFacts(direction, ON, package, (ItemValues(1, code, values),))
        scored = scoring.score(compiled, facts)
        assert bool(scored.signals) is fits, values
        if fits:
            [signal] = scored.signals
            assert signal.because
            assert signal.items == (1,)
        else:
            node = compiled.indicators[0].node
            assert conditions.holds(conditions.negated(node), package, values) is not False
    # Other goods or another direction are no business of it.
    if BY_ID[example]["prefixes"]:
        assert not scoring.score(compiled, RiskFacts(direction, ON, {}, (ItemValues(1, "9999000000", {}),))).untold


def test_every_fact_of_the_catalogue_has_words_and_a_group() -> None:
    from app.risk import facts

    for kind in FACTS.values():
        assert kind.type in (FLAG, NUMBER, facts.TEXT, CODES)
        assert kind.level in (facts.PACKAGE, ITEM)
        assert kind.group in facts.GROUPS
        assert all(name in facts.PARAMETERS for name in kind.parameters)
        for language in LANGUAGES:
            assert kind.label[language].strip()
            assert all(f"{{{name}}}" in kind.label[language] or name in ("days",) for name in kind.parameters), kind
