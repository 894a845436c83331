"""Scoring as ratios: ten thousand indicators against ten, and its share of a filing. Pure, on one core.

``python -m tests.bench.risk`` prints them alone. The ten are all of the goods of the package (and two of any goods); those beside
them are spread evenly over every subheading of the Harmonized System, those of the package among them.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from app.cli import packing
from app.declarations.codec_reading import to_package
from app.requirements import packaged
from app.requirements.compiling import packaged_edition
from app.risk import compiling, gathering, scoring
from app.risk.compiling import CompiledIndicators, IndicatorRow
from app.risk.facts import ItemValues, RiskFacts

ON = date(2026, 5, 4)
CODES = ("3915101000", "8471300000", "2903440000", "7204490000", "8712003000")
FILING_MS = 8.0
"""CPU of one filing without scoring, as the budget of the issue counts it (5 % are 0.4 ms)."""
ROUNDS, REPEATS = 15, 40


def _condition(serial: int) -> dict[str, Any]:
    return {
        "all": [
            {"fact": "item.origin", "op": "among", "value": [("CN", "TR", "PL", "DE")[serial % 4], "VN"]},
            {"fact": "item.value_per_kg_to_peers", "op": "below", "value": "0.33"},
            {"any": [
                {"fact": "trader.first_time", "op": "is", "value": True},
                {"fact": "item.documents", "op": "contains_none", "value": ["01321"]},
            ]},
        ]
    }  # fmt: skip


def _declared(serial: int) -> dict[str, Any]:
    """Reads all that a package says that is dear to work out; two of them fire."""
    return {
        "all": [
            {"fact": "item.value_per_kg", "op": "above", "value": "0"},
            {"fact": "item.flags", "op": "contains_none", "value": ["WASTE_Y48"]},
            {"fact": "item.documents", "op": "contains_none", "value": ["01321"]},
            {"fact": "item.net_kg", "op": "above", "value": 0 if serial < 2 else 900_000_000},
        ]
    }  # fmt: skip


def _row(serial: int, prefixes: tuple[str, ...]) -> IndicatorRow:
    return IndicatorRow(
        f"BY-GTK-{serial:06}", 1, "BY-GTK", ("BY-GTK", "BY-MPR"), "import", prefixes, _condition(serial), 20, "score",
        False, date(2026, 1, 1), date(2027, 1, 1),
    )  # fmt: skip


def compiled(count: int) -> CompiledIndicators:
    """So many indicators: ten of the package's goods, the others over all subheadings."""
    subheadings = [row["code"] for row in packaged.table("hs_full_2022") if len(row["code"]) == 6]
    own = [_row(serial, (CODES[serial % 5][:4],) if serial < 8 else ()) for serial in range(min(count, 10))]
    step = max(1, len(subheadings) // max(1, count - 10))
    spread = [_row(10 + n, (subheadings[(n * step) % len(subheadings)],)) for n in range(max(0, count - 10))]
    return compiling.compile(own + spread)


def package() -> RiskFacts:
    """Five goods items, each with its facts read."""
    values = {
        "item.origin": "CN", "item.value_per_kg_to_peers": Decimal("0.9"), "item.documents": frozenset({"04021"}),
    }  # fmt: skip
    items = tuple(ItemValues(number, code, values) for number, code in enumerate(CODES, 1))
    return RiskFacts("import", ON, {"trader.first_time": False}, items)


def milliseconds(indicators: CompiledIndicators, facts: RiskFacts) -> float:
    """CPU of scoring one package, the quietest of several rounds."""
    scoring.score(indicators, facts)
    rounds = []
    for _round in range(ROUNDS):
        began = time.process_time()
        for _time in range(REPEATS):
            scoring.score(indicators, facts)
        rounds.append((time.process_time() - began) * 1000 / REPEATS)
    return min(rounds)


def gathered() -> float:
    """CPU of working out what a real package of several items says and scoring it against 500 indicators that read all of it."""
    edition = packaged_edition()
    filed = to_package(etree.fromstring(packing.sample("beef_flowers_pet", on=ON, lrn="BENCH-1").xml))
    codes = [line.code[:4] for line in filed.lines]
    rows = [replace(_row(serial, (codes[serial % len(codes)],)), condition=_declared(serial)) for serial in range(20)]
    spread = [replace(one.row, condition=_declared(9)) for one in compiled(490).indicators[10:]]
    indicators = compiling.compile([*rows, *spread])
    rounds = []
    for _round in range(ROUNDS):
        began = time.process_time()
        for _time in range(REPEATS):
            facts, _reads = gathering.gather(filed, None, edition, on=ON)
            scoring.score(indicators, facts)
        rounds.append((time.process_time() - began) * 1000 / REPEATS)
    return min(rounds)


def figures() -> dict[str, tuple[float, str]]:
    """Each figure with its unit: ``scoring_10k_over_10`` (at most 2), ``scoring_share`` of a filing at 500 indicators with its
    facts worked out (at most 0.05), and the milliseconds behind them."""
    facts = package()
    ten, thousands = (milliseconds(compiled(count), facts) for count in (10, 10_000))
    whole = gathered()
    return {
        "scoring_10": (ten, "ms"), "scoring_10k": (thousands, "ms"), "scoring_500_whole": (whole, "ms"),
        "scoring_10k_over_10": (thousands / ten, "ratio"), "scoring_share": (whole / FILING_MS, "ratio"),
    }  # fmt: skip


def main() -> None:
    """Print the figures."""
    for name, (value, unit) in figures().items():
        print(f"{name:22} {value:.4f} {unit}")


if __name__ == "__main__":
    main()
