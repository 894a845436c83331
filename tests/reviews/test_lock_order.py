"""Everybody locks the package before its reviews: a decision that claims on the way never waits against a withdrawal."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from app import database
from app.database import Database
from app.declarations.models import Declaration
from app.errors import Conflict
from app.reviews import deciding
from app.reviews.models import Review
from tests.reviews.making import Country, approve, file_committed, get


def test_claim_and_decide_waits_for_the_package_with_free_hands(
    both_engines: Database, country_of_both: Country
) -> None:
    """While a withdrawal holds the package, the officer's decision waits at it and holds no review yet."""
    if both_engines.name == "sqlite":
        pytest.skip("one writer: nobody waits holding anything")
    olga, filed = country_of_both.olga, file_committed(both_engines, country_of_both)
    failed: list[BaseException] = []

    def decide() -> None:
        try:
            with database.transaction(both_engines):
                review = get(filed, olga)
                deciding.decide(review, version=1, digest=filed.digest, items=approve(review), by=olga, claim_minutes=5)
        except BaseException as error:
            failed.append(error)

    officer = threading.Thread(target=decide)
    with both_engines.writing.connect() as trader, both_engines.writing.connect() as watch:
        trader.execute(sa.select(Declaration.id).where(Declaration.id == filed.declaration_id).with_for_update())
        officer.start()
        _wait_until_it_waits(watch)
        mine = sa.select(Review.id).where(Review.id == filed.reviews["BY-DVPN"]).with_for_update(nowait=True)
        assert trader.execute(mine).one()
        trader.rollback()
    officer.join(timeout=60)
    assert failed == []


def _wait_until_it_waits(watch: sa.Connection) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        waiting = watch.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
        if waiting:
            return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the package")


def test_a_decision_that_fails_takes_no_claim_with_it(both_engines: Database, country_of_both: Country) -> None:
    olga, filed = country_of_both.olga, file_committed(both_engines, country_of_both)

    def decide_unseen() -> None:
        with database.transaction(both_engines):
            review = get(filed, olga)
            deciding.decide(review, version=1, digest="0" * 64, items=approve(review), by=olga, claim_minutes=5)

    with pytest.raises(Conflict, match="changed since"):
        decide_unseen()
    with database.transaction(both_engines, writing=False):
        assert get(filed, olga).status == "queued"
