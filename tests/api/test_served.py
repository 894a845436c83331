"""Fifty at once with one Idempotency-Key at the served window (trust.md R6 b): one package, one answer for all of them."""

from __future__ import annotations

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.database import transaction
from app.declarations.models import Declaration
from app.intake.models import Receipt
from tests.bench import places, serving
from tests.bench.places import Place

pytestmark = pytest.mark.pure
"""It brings its own databases, on every engine that is there: one run is enough."""

CROWD, LATER, WORKERS = 50, 5, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the crowd was answered."""

    status: int
    replayed: bool
    retry_after: str | None
    body: bytes


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", places.engines())
def test_fifty_at_once_with_one_key_are_one_package(engine: str) -> None:
    with places.opened(engine) as place, serving.served(place, workers=WORKERS) as port:
        answers = crowd(place, port, CROWD)
        assert {one.status for one in answers} <= {201, 409, 503}, sorted(one.status for one in answers)
        assert all(one.retry_after for one in answers if one.status != 201)
        done = [one for one in answers if one.status == 201]
        assert len([one for one in done if not one.replayed]) == 1, "one has filed, the others were told so"
        assert len({one.body for one in done}) == 1
        again = crowd(place, port, LATER)
        assert {(one.status, one.replayed) for one in again if one.status != 503} == {(201, True)}
        assert {one.body for one in again if one.status == 201} == {done[0].body}
        with transaction(place.database, writing=False) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 1
            assert session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def crowd(place: Place, port: int, count: int) -> list[Answer]:
    """All send the same bytes under the same key in the same moment."""
    unp, key = place.sender("bicycles", 1)
    body = place.models["bicycles"].copy("F1", unp)
    gate = threading.Barrier(count)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml", "Idempotency-Key": "one"}

    def send(_number: int) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        gate.wait()
        try:
            connection.request("POST", "/api/v1/declarations", body, headers)
            answer = connection.getresponse()
            said = answer.headers
            return Answer(
                answer.status, said.get("Idempotent-Replayed") == "true", said.get("Retry-After"), answer.read()
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(send, range(count)))
