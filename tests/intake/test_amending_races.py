"""A change of the package and another act at the same moment: one after the other, and never a decision on unseen bytes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.cli import founding
from app.database import Database, transaction
from app.declarations import finders
from app.errors import Conflict, Stale
from app.intake import withdrawing
from app.reviews import claiming, deciding
from app.reviews import finders as reviews
from app.reviews.examining import ItemDecision
from tests.factories.world import World
from tests.intake.amendments import (
    CUSTOMS,
    GOODS,
    NATURE,
    OFFICERS,
    PHYTO,
    VET,
    change,
    events,
    file,
    get,
    review,
    sign,
)

BEEF = (f"{GOODS}[1]/Commodity/Description", "Ялавічына астуджаная без касцей")
FLAKES = (f"{GOODS}[3]/Commodity/Description", "Шматкі ПЭТ мытыя")
ROUNDS = 4


def race(app: Flask, engines: Database, **acts: Callable[[], Any]) -> dict[str, BaseException | None]:
    """Run acts at once, each in its own transaction; returns what each raised, or None."""
    gate, told = threading.Barrier(len(acts)), dict[str, BaseException | None]()

    def run(name: str, act: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait()
            try:
                with transaction(engines):
                    act()
                told[name] = None
            except Exception as error:
                told[name] = error

    threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(told) == set(acts), "somebody waits for ever"
    return told


def decide_seen(key: uuid.UUID, agency: str, digest: str, **more: Any) -> None:
    """Decide on version 1 as it was on the screen."""
    by = founding.actor(OFFICERS[agency])
    rows = [one for one in reviews.list_reviews(key) if one.agency == agency]
    items = [ItemDecision(number, "approved") for number in rows[0].items]
    deciding.decide(rows[0], version=1, digest=digest, items=items, by=by, claim_minutes=5, **more)


def take_back(key: uuid.UUID) -> None:
    """Withdraw the package."""
    withdrawing.withdraw(get(key), reason="no", by=founding.actor("anna"))


def take_on(key: uuid.UUID) -> None:
    """Claim the veterinary case."""
    claiming.claim(review(key, VET), by=founding.actor("olga"))


@pytest.mark.parametrize("leaf", [BEEF, FLAKES], ids=["judged by the agency", "not its own"])
def test_decide_against_amend(world: World, app: Flask, database: Database, leaf: tuple[str, str]) -> None:
    """Either the decision is on version 1, and then carried or overtaken in the ledger, or it is 412 and not there."""
    for serial in range(ROUNDS):
        with app.app_context(), transaction(database):
            key = file(lrn=f"RACE-{serial}")
            digest = get(key).digest
            claiming.claim(review(key, VET), by=founding.actor("olga"))
        told = race(
            app, database, decide=partial(decide_seen, key, VET, digest), amend=partial(change, key, leaf, expected=1)
        )
        assert told["amend"] is None
        with app.app_context(), transaction(database, writing=False):
            happened = [one.event for one in events(key, "review.decided", "declaration.amended")]
            now = review(key, VET)
            if told["decide"] is None:
                assert happened == ["review.decided", "declaration.amended"]
                (decided,) = events(key, "review.decided")
                assert decided.payload["digest"] == finders.get_version(get(key), 1).digest
                assert now.status == ("queued" if leaf is BEEF else "decided")
            else:
                assert isinstance(told["decide"], Stale), told["decide"]
                assert told["decide"].facts["version"] == 2
                assert happened == ["declaration.amended"]
                assert now.decisions == []


def test_release_against_amend(world: World, app: Flask, database: Database) -> None:
    """Customs releases version 1, or the package is changed: never both."""
    for serial in range(ROUNDS):
        with app.app_context(), transaction(database):
            key = file(lrn=f"RACE-{serial}")
            digest = get(key).digest
            for agency in (VET, PHYTO, NATURE):
                sign(key, agency)
        paid = {"payment": "paid", "payment_reference": "PP-1"}
        told = race(
            app, database, release=partial(decide_seen, key, CUSTOMS, digest, **paid),
            amend=partial(change, key, FLAKES, expected=1),
        )  # fmt: skip
        with app.app_context(), transaction(database, writing=False):
            status, version = get(key).status, get(key).version
            if told["release"] is None:
                assert (status, version) == ("released", 1)
                assert isinstance(told["amend"], Conflict)
            else:
                assert isinstance(told["release"], Stale)
                assert told["amend"] is None
                assert (status, version) == ("under-review", 2)


def test_two_clerks_send_at_once(world: World, app: Flask, database: Database) -> None:
    with app.app_context(), transaction(database):
        key = file()
    told = race(
        app, database, anna=lambda: change(key, BEEF, expected=1), piotr=lambda: change(key, FLAKES, who="piotr", expected=1)
    )  # fmt: skip
    refused = [error for error in told.values() if error is not None]
    assert [type(error) for error in refused] == [Stale]
    with app.app_context(), transaction(database, writing=False):
        assert get(key).version == 2
        assert len(events(key, "declaration.amended")) == 1


def test_amend_against_withdraw(world: World, app: Flask, database: Database) -> None:
    for serial in range(ROUNDS):
        with app.app_context(), transaction(database):
            key = file(lrn=f"RACE-{serial}")
        told = race(
            app, database, amend=partial(change, key, BEEF, expected=1),
            withdraw=partial(take_back, key),
        )  # fmt: skip
        assert told["withdraw"] is None
        assert told["amend"] is None or isinstance(told["amend"], Conflict)
        with app.app_context(), transaction(database, writing=False):
            assert get(key).status == "withdrawn"
            assert not [one for one in reviews.list_reviews(key) if one.open]


def test_claim_against_amend(world: World, app: Flask, database: Database) -> None:
    """A claim on a case that is just being closed holds nothing; the one that comes first is carried or handed on."""
    for serial in range(ROUNDS):
        with app.app_context(), transaction(database):
            key = file(lrn=f"RACE-{serial}")
        told = race(
            app, database, claim=partial(take_on, key),
            amend=partial(change, key, BEEF, expected=1),
        )  # fmt: skip
        assert told["amend"] is None
        assert told["claim"] is None or isinstance(told["claim"], Conflict)
        with app.app_context(), transaction(database, writing=False):
            now = review(key, VET)
            assert (now.version, now.status in ("queued", "claimed")) == (2, True)
