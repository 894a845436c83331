"""The reference data that travels with the program: the CSV files in ``data``, read as text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``data/<name>.csv``. Everything is text: leading zeros matter, and ``NA`` is Namibia.

    Raises FileNotFoundError for a table that does not travel with the program. The rows are shared: do not change them.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
