"""The whole of trust.md R36, too long for every day: fifty endpoints, five of them bad, a thousand events. ``make faults``."""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import Database
from tests.webhooks import crowd
from tests.webhooks.test_crowd import judge


@pytest.mark.timeout(600)
def test_fifty_receivers_and_a_thousand_events(app: Flask, database: Database) -> None:
    seen = crowd.run(app, database, endpoints=50, events=1000, pause=0.5)
    print(
        f"\n{database.name}: {len(seen.waits)} events to {50 - len(crowd.BAD)} good receivers: "
        f"half within {seen.quantile(0.5):.2f} s, 99 of 100 within {seen.quantile(0.99):.2f} s"
    )
    judge(seen, 20)
