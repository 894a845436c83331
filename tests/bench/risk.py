"""Scoring as ratios: ten thousand indicators against ten, and its share of a filing. Pure, on one core.

``python -m tests.bench.risk`` prints them alone. The ten are all of the goods of the package (and two of any goods); those beside
them are spread evenly over every subheading of the Harmonized System, those of the package among them.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from decimal import Decimal
from typing import Any

from app.requirements import packaged
from app.risk import compiling, scoring
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


def measure() -> dict[str, float]:
    """``scoring_10k_over_10`` (at most 2) and ``scoring_share`` of a filing at 500 indicators (at most 0.05)."""
    facts = package()
    ten, many, thousands = (milliseconds(compiled(count), facts) for count in (10, 500, 10_000))
    return {
        "scoring_10_ms": ten, "scoring_500_ms": many, "scoring_10k_ms": thousands,
        "scoring_10k_over_10": thousands / ten, "scoring_share": many / FILING_MS,
    }  # fmt: skip


def main() -> None:
    """Print the figures, the middle of three runs."""
    runs = [measure() for _run in range(3)]
    for name in runs[0]:
        print(f"{name:22} {statistics.median(run[name] for run in runs):.4f}")


if __name__ == "__main__":
    main()
