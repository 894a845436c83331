"""Many endpoints, some of them bad (trust.md R36): how long the others wait for their events."""

from __future__ import annotations

import itertools
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.access import SYSTEM
from app.cli.founding import actor
from app.database import Database, session, transaction
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.identity import unp
from app.identity.accounts import register_organisation
from app.ledger.recording import Happening, record_all
from app.webhooks import feeding
from app.webhooks.courier import Courier
from app.webhooks.lifecycle import ENDPOINT
from app.webhooks.models import Delivery, Endpoint
from tests.webhooks import receivers
from tests.webhooks.receivers import Receiver, receiving

BAD = ("/hang", "/500", "/redirect", "/flood", "/410")
FOLLOW_SECONDS = 1.0
"""As often as the worker looks into the ledger."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of it: seconds from the event to its arrival at each good endpoint, shortest first; what bad ones got."""

    waits: tuple[float, ...]
    expected: int
    asked: Counter[str]
    statuses: dict[str, str]
    deliveries: Counter[tuple[str, str]]

    def quantile(self, share: float) -> float:
        """The wait that this share did not exceed."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]


def run(app: Flask, database: Database, *, endpoints: int, events: int, pause: float, patience: float = 120) -> Crowd:
    """Let ``events`` happen in the houses of ``endpoints``, one house each, with ``pause`` seconds between rounds; five of
    the endpoints are bad. Returns when every good one has everything, or ``patience`` seconds are over."""
    behaviours = {
        "/hang": receivers.hang(30),
        "/500": receivers.status(500),
        "/redirect": receivers.status(302, b"", Location="/inside"),
        "/flood": receivers.flood(10_000_000_000),
        "/410": receivers.status(410),
    }
    with receiving(behaviours) as receiver:
        paths = [*BAD, *(f"/good/{number}" for number in range(endpoints - len(BAD)))]
        houses = _settle(database, [receiver.url(path) for path in paths])
        stop = threading.Event()
        follower = threading.Thread(target=_follow_on, args=(app, database, stop), daemon=True)
        courier = Courier(app)
        follower.start()
        courier.start()
        try:
            rounds = events // endpoints
            for _ in range(rounds):
                _happen(database, houses)
                time.sleep(pause)
            expected = rounds * (endpoints - len(BAD))
            deadline = time.monotonic() + patience
            while _good(receiver) < expected and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            stop.set()
            follower.join(10)
            courier.stop()
        return _counted(database, receiver, expected)


def _settle(database: Database, urls: list[str]) -> list[uuid.UUID]:
    """An organisation with a package and an endpoint for each address; returns the packages."""
    with transaction(database):
        numbers = _unps()
        person, now, packages = actor("vera").person_id, clock.now(), []
        for number, url in enumerate(urls):
            house = register_organisation(kind="trader", name=f"House {number}", unp=next(numbers), by=SYSTEM)
            package = Declaration(
                owner_id=house.id, filer_id=house.id, filed_by_id=person, number=f"N-{number}", created_at=now,
                updated_at=now, version=1,
            )  # fmt: skip
            DECLARATION.begin(package)
            endpoint = Endpoint(
                organisation_id=house.id, url=url, label="", events=[], created_at=now, created_by_id=person
            )
            ENDPOINT.begin(endpoint)
            session().add_all([package, endpoint])
            packages.append(package)
        session().flush()
        return [one.id for one in packages]


def _unps() -> Iterator[str]:
    """Tax numbers whose check digit fits."""
    return (text for number in itertools.count(190_000_000) if unp.holds(text := str(number)))


def _happen(database: Database, packages: list[uuid.UUID]) -> None:
    with transaction(database):
        record_all((Happening("declaration.resumed", "declaration", one, {}, one) for one in packages), by=SYSTEM)


def _follow_on(app: Flask, database: Database, stop: threading.Event) -> None:
    while not stop.wait(FOLLOW_SECONDS):
        more = True
        while more:
            with app.app_context(), transaction(database):
                more = bool(feeding.follow())


def _good(receiver: Receiver) -> int:
    return sum(one.path.startswith("/good/") for one in list(receiver.received))


def _counted(database: Database, receiver: Receiver, expected: int) -> Crowd:
    waits = [
        (one.at - datetime.fromisoformat(json.loads(one.body)["timestamp"])).total_seconds()
        for one in receiver.received
        if one.path.startswith("/good/")
    ]
    with transaction(database, writing=False) as current:
        urls = {one.id: one for one in current.scalars(sa.select(Endpoint))}
        path = {key: "/" + one.url.split("/", 3)[3] for key, one in urls.items()}
        made = current.execute(sa.select(Delivery.endpoint_id, Delivery._status)).all()
    return Crowd(
        tuple(sorted(waits)), expected, Counter(one.path for one in receiver.received),
        {path[key]: one.status for key, one in urls.items()}, Counter((path[key], status) for key, status in made),
    )  # fmt: skip
