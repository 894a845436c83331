"""Where the time of one filing goes: timers put around the product's functions from outside, and statements counted."""

from __future__ import annotations

import contextlib
import functools
import importlib
import itertools
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from sqlalchemy import event

from tests.bench.places import Place

WATCHED = (
    ("app.identity.apikeys", "recognise", "key"),
    ("app.documents.storage", "LocalStore.put", "store on disk"),
    ("app.documents.uploading", "keep", "writes"),
    ("app.declarations.wco", "read", "parse + schema"),
    ("app.declarations.codec", "to_package", "codec"),
    ("app.declarations.codec", "canonical", "codec"),
    ("app.intake.submission", "judge", "registers"),
    ("app.declarations.checking", "find_faults", "rules"),
    ("app.declarations.checking", "facts_of", "matching"),
    ("app.requirements.matching", "match", "matching"),
    ("app.intake.submission", "_register", "writes"),
    ("app.intake.receipts", "write", "writes"),
    ("app.intake.submission", "record_all", "ledger"),
    ("app.reviews.routing", "open_reviews", "routing"),
    ("app.declarations.versions", "file_version", "version"),
    ("app.api.declarations", "_registered", "answer"),
    ("app.database", "close_session", "commit"),
)


class Stages:
    """Own time of each stage, in milliseconds, for each filing."""

    def __init__(self) -> None:
        self.filings: list[dict[str, float]] = []
        self._stack: list[float] = []

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Put the timers around the functions; gone again afterwards."""
        with contextlib.ExitStack() as stack:
            for module, name, stage in WATCHED:
                owner: Any = importlib.import_module(module)
                *outer, attribute = name.split(".")
                for part in outer:
                    owner = getattr(owner, part)
                stack.enter_context(patch.object(owner, attribute, self._timed(getattr(owner, attribute), stage)))
            yield

    def filing(self, one: Callable[[], None]) -> None:
        """Time one filing; what no stage claims is HTTP and everything else."""
        self.filings.append(defaultdict(float))
        self._timed(one, "http")()

    def medians(self) -> dict[str, float]:
        """The median of each stage, the largest first."""
        names = {name for filing in self.filings for name in filing}
        found = {name: statistics.median(filing.get(name, 0.0) for filing in self.filings) for name in names}
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **keywords: Any) -> Any:
            self._stack.append(0.0)
            began = time.perf_counter()
            try:
                return function(*arguments, **keywords)
            finally:
                spent = time.perf_counter() - began
                inner = self._stack.pop()
                self.filings[-1][stage] += (spent - inner) * 1000
                if self._stack:
                    self._stack[-1] += spent

        return timed


class Statements:
    """The statements a block sends to the driver."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __enter__(self) -> Statements:
        event.listen(sa.Engine, "before_cursor_execute", self._saw)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(sa.Engine, "before_cursor_execute", self._saw)

    def _saw(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.sent.append(statement)


def look_at(place: Place, name: str, *, times: int) -> tuple[dict[str, float], int]:
    """File in this process; returns the medians of the stages in milliseconds and the statements of one filing."""
    stages, one = Stages(), filer(place, name)
    for _ in range(5):
        one()
    with Statements() as statements:
        one()
    with stages.watching():
        for _ in range(times):
            stages.filing(one)
    return stages.medians(), len(statements.sent)


def filer(place: Place, name: str) -> Callable[[], None]:
    """Return what files one more package of a model in this process, without a server."""
    client, serials = place.app.test_client(), itertools.count(1)

    def one() -> None:
        serial = next(serials)
        unp, key = place.sender(name, serial)
        body = place.models[name].copy(f"P{serial}", unp)
        answer = client.post(
            "/api/v1/declarations",
            data=body,
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": f"P{serial}"},
        )
        if answer.status_code != 201:
            raise RuntimeError(answer.text[:800])

    return one
