"""The figures of a run: kept by name, printed side by side, written to instance/bench.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from config import INSTANCE

FILE = INSTANCE / "bench.json"
TARGETS = {
    "submit_p95": 150.0, "queue_p95_100k": 50.0, "queue_filters": 50.0, "queue_1m_over_10k": 1.2, "pdf_p95": 1000.0, "paper_cpu": 300.0,
    "paper_ready_p95": 1000.0, "sealing_adds": 2.0,
    "scoring_10k_over_10": 2.0, "scoring_share": 0.05,
    "check_flood": 2000.0, "check_flood_others_p99": 2000.0,
}  # fmt: skip
"""The most that each may be: milliseconds, hundredths, or a ratio."""


@dataclass
class Figures:
    """Figures by name; those of PostgreSQL carry its name at the end."""

    values: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str, engine: str, note: str = "") -> None:
        """Keep one figure; ``unit`` is ms, 1/s, %, ratio or count."""
        called = name if engine == "sqlite" else f"{name}_{engine}"
        self.values[called] = {"value": round(value, 3), "unit": unit, "engine": engine, "note": note}

    def of(self, name: str, engine: str) -> float | None:
        """Return a figure, None where it was not measured."""
        found = self.values.get(name if engine == "sqlite" else f"{name}_{engine}")
        return float(str(found["value"])) if found else None

    def write(self, file: Path = FILE) -> Path:
        """Write all figures as JSON; returns the file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self.values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return file

    def table(self, engines: list[str]) -> str:
        """Return the figures side by side, a column for each engine."""
        names = list(dict.fromkeys(name.removesuffix("_postgresql") for name in self.values))
        lines = [f"{'':28}" + "".join(f"{engine:>14}" for engine in engines) + "   unit   target"]
        for name in names:
            cells = [self.of(name, engine) for engine in engines]
            unit = next(str(one["unit"]) for key, one in self.values.items() if key.removesuffix("_postgresql") == name)
            target = TARGETS.get(name)
            met = "" if target is None else f"< {target:g} " + _met(cells, target)
            shown = "".join(f"{'-' if cell is None else f'{cell:,.2f}':>14}" for cell in cells)
            lines.append(f"{name:28}{shown}   {unit:6} {met}")
        return "\n".join(lines)


def _met(cells: list[float | None], target: float) -> str:
    return "met" if all(cell is None or cell < target for cell in cells) else "NOT MET"
