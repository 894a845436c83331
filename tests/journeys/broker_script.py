"""A broker's script against the served window: files packages from XML, follows its webhook, downloads the clearances.

The window is two web processes and a worker, as an installation runs them; the customs officer decides beside it.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import founding
from app.database import session, transaction
from app.identity import apikeys, mandates
from app.identity.apikeys import SCOPES
from app.identity.models import Organisation
from app.reviews import deciding, finders
from app.reviews.examining import ItemDecision
from app.reviews.models import Review
from tests.bench.places import Place, opened
from tests.bench.serving import ask, process, served
from tests.journeys.roads import PAID
from tests.webhooks.receivers import Received, Receiver, receiving

BROKER, TRADER, OFFICER = "bogdan", "vera", "maria"


@dataclass(frozen=True, slots=True)
class Script:
    """What a run of the script brought: numbers of the packages filed, PDF by clearance number, what the webhook told, what
    the feed tells, and the seconds of it all."""

    filed: frozenset[str]
    papers: Mapping[str, bytes]
    told: list[dict[str, Any]]
    feed: list[dict[str, Any]]
    seconds: float


def run(engine: str, count: int, folder: Any, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> Script:
    """File ``count`` packages for a trader who gave the broker a mandate, and fetch as many clearances."""
    monkeypatch.setenv("AKNO_WEBHOOK_ALLOW_LOOPBACK", "1")
    monkeypatch.setenv("AKNO_MAIL_DIR", str(folder / "mail"))
    with opened(engine) as place, receiving() as receiver, served(place) as port:
        flask = [*_flask(), "work", "--executor", "broker"]
        with process(place, *flask):
            return _Broker(place, port, _key(place)).work(receiver, count, patience)


def _flask() -> list[str]:
    return [str(Path(sys.executable).with_name("flask")), "--app", "wsgi"]


def _key(place: Place) -> str:
    """The broker's mandate from the trader, and a key for the script."""
    with place.app.app_context(), transaction(place.database):
        house = session().scalars(sa.select(Organisation).where(Organisation.unp == place.models["bicycles"].unp)).one()
        broker = founding.actor(BROKER)
        mandate = mandates.offer(
            house, session().get_one(Organisation, broker.organisation_id), scope=["import"],
            valid_from=clock.today(), valid_to=clock.today() + timedelta(days=30), by=founding.actor(TRADER),
        )  # fmt: skip
        mandates.accept(mandate, by=broker)
        rights = [right.value for name in ("file", "read", "webhooks") for right in SCOPES[name]]
        return apikeys.create(label="script", scopes=rights, by=broker)[1]


class _Broker:
    """The script, and beside it the officer."""

    def __init__(self, place: Place, port: int, key: str) -> None:
        self.place, self.port, self.key = place, port, key

    def work(self, receiver: Receiver, count: int, patience: float) -> Script:
        began = time.monotonic()
        events = ["declaration.submitted", "declaration.released", "clearance.issued"]
        self.call(
            "POST", "/webhooks", {"url": receiver.url("/events"), "label": "script", "events": events}, wanted=201
        )
        filed = frozenset(self.file(number) for number in range(1, count + 1))
        papers: dict[str, bytes] = {}
        followed = self.follow(receiver, began + patience)
        while len(papers) < count:
            self.decide_some()
            for event in next(followed):
                if event["type"] == "clearance.issued":
                    papers[event["data"]["clearance_number"]] = self.fetch(event)
        for _more in followed:
            if len({one.id for one in receiver.received}) >= 3 * count:
                break
        seconds = time.monotonic() - began
        told = [json.loads(one.body) for one in _once(receiver.received)]
        return Script(filed, papers, told, list(self.feed(events)), seconds)

    def file(self, number: int) -> str:
        model = self.place.models["bicycles"]
        body = model.copy(f"J{number}", model.unp)
        return str(self.call("POST", "/declarations", body, wanted=201, Idempotency_Key=f"order-{number}")["number"])

    def follow(self, receiver: Receiver, deadline: float) -> Iterator[list[dict[str, Any]]]:
        """What came since the last look, each event once."""
        seen: set[str] = set()
        while True:
            fresh = [one for one in list(receiver.received) if one.id not in seen]
            seen |= {one.id for one in fresh}
            yield [json.loads(one.body) for one in _once(fresh)]
            assert time.monotonic() < deadline, "the events did not come in time"
            time.sleep(0.1)

    def fetch(self, event: dict[str, Any]) -> bytes:
        path = urlsplit(event["data"]["links"]["clearance"]).path.removeprefix("/api/v1")
        return bytes(self.raw("GET", f"{path}/pdf", None, wanted=200))

    def feed(self, events: list[str]) -> Iterator[dict[str, Any]]:
        after, more = 0, True
        while more:
            page = self.call("GET", f"/events?after={after}&limit=100&types={','.join(events)}", None)
            yield from page["events"]
            after, more = page["after"], page["more"]

    def decide_some(self) -> None:
        """The officer approves what lies in the queue, each case in a transaction of its own."""
        with transaction(self.place.database, writing=False):
            waiting = session().scalars(sa.select(Review.id).where(Review._status == "queued").limit(10)).all()
        for key in waiting:
            self._decide(key)

    def _decide(self, key: uuid.UUID) -> None:
        with self.place.app.app_context(), transaction(self.place.database):
            officer = founding.actor(OFFICER)
            review = finders.get_review(key, actor=officer)
            items = [ItemDecision(number, "approved") for number in review.items]
            digest = review.declaration.digest
            deciding.decide(review, version=1, digest=digest, items=items, **PAID, by=officer, claim_minutes=30)

    def call(self, method: str, path: str, body: Any, *, wanted: int = 200, **headers: str) -> Any:
        return json.loads(self.raw(method, path, body, wanted=wanted, **headers))

    def raw(self, method: str, path: str, body: Any, *, wanted: int, **headers: str) -> bytes:
        """Ask once; who asked too often waits as long as the answer says."""
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = "application/xml" if isinstance(body, bytes) else "application/json"
        while True:
            status, answer = ask(
                self.port, method, f"/api/v1{path}", sent,
                Authorization=f"Bearer {self.key}", Content_Type=kind, **headers,
            )  # fmt: skip
            if status != 429:
                assert status == wanted, answer[:2000].decode()
                return answer
            time.sleep(2)


def _once(received: list[Received]) -> list[Received]:
    return list({one.id: one for one in received}.values())


def judge(script: Script, count: int) -> None:
    """What must hold however many packages there are."""
    assert len(script.filed) == count
    assert len(script.papers) == count
    assert all(paper.startswith(b"%PDF") for paper in script.papers.values())
    assert len({bytes(paper) for paper in script.papers.values()}) == count
    for kind in ("declaration.submitted", "declaration.released", "clearance.issued"):
        assert {one["data"]["number"] for one in script.told if one["type"] == kind} == script.filed
    by_id = {one["data"]["id"]: one for one in script.feed}
    assert by_id == {one["data"]["id"]: one for one in script.told}, "feed and webhook say the same"
    places = [one["data"]["position"] for one in script.told]
    assert places == sorted(places), "in the order of the feed"
