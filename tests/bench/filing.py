"""Filing through the API: how many a second, how long each, at one, eight and thirty-two connections."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.bench.places import Place
from tests.bench.serving import Load, ask, burst

_serial = itertools.count(1)


def file_many(place: Place, port: int, name: str, *, count: int, connections: int) -> Load:
    """File ``count`` packages of a model, no two alike. Raises RuntimeError at the first that is not registered."""
    return burst([_filing(place, port, name) for _ in range(count)], connections)


def _filing(place: Place, port: int, name: str) -> Callable[[], None]:
    serial = next(_serial)
    unp, key = place.sender(name, serial)
    body = place.models[name].copy(f"S{serial}", unp)

    def one() -> None:
        status, answer = ask(
            port,
            "POST",
            "/api/v1/declarations",
            body,
            Authorization=f"Bearer {key}",
            Content_Type="application/xml",
            Idempotency_Key=f"S{serial}",
        )
        if status != 201:
            raise RuntimeError(f"a filing answered {status}: {answer[:800].decode()}")

    return one
