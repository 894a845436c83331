"""The short form of the bench: twenty anomalies planted in two thousand packages are among the twenty that rank highest."""

from __future__ import annotations

from app.database import Database
from tests.bench import anomalies


def test_planted_anomalies_rank_highest(database: Database) -> None:
    found = anomalies.run(database, packages=2_000, planted=20)
    assert found.precision >= 0.75, anomalies.told(found)
    assert found.flagged < 60
    assert "20 planted in 2000" in anomalies.told(found)
