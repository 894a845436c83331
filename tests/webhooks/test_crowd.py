"""Receivers that misbehave hold up nobody else (trust.md R36, a short form; the whole of it: make faults)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.database import Database
from app.webhooks import attempting
from tests.webhooks import crowd


def judge(seen: crowd.Crowd, rounds: int) -> None:
    """What must hold however many there are."""
    assert len(seen.waits) == seen.expected, "every good endpoint has every event, once"
    assert seen.quantile(0.99) < 10
    assert seen.asked["/inside"] == 0, "no redirect is followed"
    assert seen.asked["/410"] == 1, "who is gone is asked no more"
    assert seen.statuses["/410"] == "disabled"
    assert [path for path, status in seen.statuses.items() if status == "disabled"] == ["/410"]
    assert seen.asked["/flood"] == rounds, "who answers too much has taken it, and is read no further"
    for path in ("/hang", "/500", "/redirect"):
        assert 1 <= seen.asked[path] <= len(attempting.RETRIES)
        assert seen.deliveries[path, "pending"] == rounds, "the first is tried again, the others wait behind it"


def test_receivers_that_misbehave_hold_up_nobody_else(app: Flask, database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(crowd, "FOLLOW_SECONDS", 0.1)
    judge(crowd.run(app, database, endpoints=15, events=90, pause=0.05, patience=30), 6)
