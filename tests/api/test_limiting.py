"""How often a caller may ask: exact counts, headers on every answer, and the same answer from several processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.api import limiting
from app.api.models import ApiRequest
from app.database import Database, transaction
from app.identity.models import ApiKey
from config import ROOT, Settings
from tests.conftest import SECRET, Place
from tests.intake.arrivals import DOOR, bearer, key_of, post
from tests.postgresql import free_port

DOCUMENT = "/api/openapi.json"
NOTHING = "/api/v1/nothing"
"""An address of nothing: it is counted like any other and costs no work."""


@pytest.fixture
def limit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the limits of the application: with a key, and without."""

    def to(with_key: int, without: int = 100_000) -> None:
        update = {"api_requests_per_minute": with_key, "api_requests_per_minute_without_key": without}
        monkeypatch.setitem(app.extensions, "akno.settings", app.extensions["akno.settings"].model_copy(update=update))

    return to


def ask(app: Flask, key: str = "", address: str = "127.0.0.1", path: str = NOTHING) -> Any:
    """One request."""
    return app.test_client().get(
        path, headers=bearer(key) if key else {}, environ_overrides={"REMOTE_ADDR": address}
    )  # fmt: skip


def later(database: Database, seconds: float) -> None:
    """Let time pass: what was asked was asked so much earlier."""
    with transaction(database) as session:
        for row in session.scalars(sa.select(ApiRequest)):
            row.at -= timedelta(seconds=seconds)


# --- counts -----------------------------------------------------------------------------------------------------------


def test_a_key_asks_exactly_as_often_as_it_may(app: Flask, database: Database, limit: Any) -> None:
    limit(5)
    key = key_of(database)
    answers = [ask(app, key) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429] * 3
    assert [int(answer.headers["RateLimit-Remaining"]) for answer in answers] == [4, 3, 2, 1, 0, 0, 0, 0]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"5"}
    refused = answers[-1]
    assert refused.get_json()["code"] == "too-many-requests"
    assert refused.mimetype == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert all("Retry-After" not in answer.headers for answer in answers[:5])


def test_the_minute_slides_and_the_wait_that_was_told_holds(app: Flask, database: Database, limit: Any) -> None:
    limit(3)
    key = key_of(database)
    ask(app, key)
    later(database, 40)
    assert [ask(app, key).status_code for _ in range(3)] == [404, 404, 429]
    wait = int(ask(app, key).headers["Retry-After"])
    assert 19 <= wait <= 20, "the oldest of the three leaves the minute first"
    for _ in range(5):
        assert ask(app, key).status_code == 429, "who is turned away is not counted once more for it"
    later(database, wait)
    assert [ask(app, key).status_code for _ in range(2)] == [404, 429]


def test_refused_filings_are_counted_and_filing_has_no_smaller_limit(
    app: Flask, database: Database, limit: Any
) -> None:
    limit(3)
    key = key_of(database)
    statuses = [post(app, key, b"<x/>", Idempotency_Key=str(number)).status_code for number in range(4)]
    assert statuses == [422, 422, 422, 429]


def test_each_key_and_each_address_has_its_own(app: Flask, database: Database, limit: Any) -> None:
    limit(2, 1)
    veras, annas = key_of(database, "vera"), key_of(database, "anna")
    assert [ask(app, veras).status_code for _ in range(3)] == [404, 404, 429]
    assert [ask(app, annas).status_code for _ in range(3)] == [404, 404, 429]
    assert [ask(app, path=DOCUMENT).status_code for _ in range(2)] == [200, 429]
    assert ask(app, path=DOCUMENT, address="203.0.113.9").status_code == 200


def test_guessing_keys_is_counted_by_the_address(app: Flask, database: Database, limit: Any) -> None:
    limit(100, 3)
    key = key_of(database)
    guess = "akno_0123456789_guess"
    assert [ask(app, guess).status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert ask(app, key).status_code == 404, "a good key from the same address is not kept out"


def test_nobody_without_a_key_makes_us_write_without_end(app: Flask, database: Database, limit: Any) -> None:
    limit(100, 2)
    for _ in range(10):
        ask(app, address="203.0.113.10")
    with transaction(database, writing=False) as session:
        assert Counter(session.scalars(sa.select(ApiRequest.status))) == {404: 2, 429: 1}


def test_without_a_limit_nothing_is_counted(app: Flask, database: Database, limit: Any) -> None:
    limit(0, 0)
    answer = ask(app, key_of(database))
    assert answer.status_code == 404
    assert "RateLimit-Limit" not in answer.headers


@pytest.mark.parametrize("status", [200, 401, 403, 404, 405, 413, 422, 500])
def test_the_headers_are_on_every_answer(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    key = key_of(database, scopes=("declaration:read",) if status == 403 else ("declaration:submit",))
    headers = bearer(key if status != 401 else key + "x", Idempotency_Key="1")
    path = {200: DOCUMENT, 404: NOTHING}.get(status, DOOR)
    method = {200: "GET", 404: "GET", 405: "PROPFIND"}.get(status, "POST")
    if status == 413:
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 3)
    if status == 500:
        monkeypatch.setattr("app.intake.receiving.open_bytes", _raise)
    answer = app.test_client().open(path, method=method, headers=headers, data=None if method == "GET" else b"<x/>")
    assert answer.status_code == status, answer.text
    assert int(answer.headers["RateLimit-Limit"]) == 100_000
    assert 0 <= int(answer.headers["RateLimit-Remaining"]) < 100_000
    assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    raise RuntimeError("a forced failure")


def test_a_request_costs_one_look_and_one_row(app: Flask, database: Database) -> None:
    """Beside the look at the key: one count, and one insert; in no more than a transaction of its own."""
    key = key_of(database)
    ask(app, key)
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(" ".join(statement.split())[:60])

    for engine in (database.reading, database.writing, database.noting):
        sa.event.listen(engine, "before_cursor_execute", hear)
    ask(app, key)
    for engine in (database.reading, database.writing, database.noting):
        sa.event.remove(engine, "before_cursor_execute", hear)
    asked = [one for one in said if "BEGIN" not in one]
    assert len(asked) == 3, asked
    assert asked[0].startswith("SELECT api_keys")
    assert asked[1].startswith("SELECT count(*)")
    assert asked[2].startswith("INSERT INTO api_requests")


def test_the_count_walks_its_own_index(app: Flask, database: Database) -> None:
    """However many were turned away: a caller who hammers does not make the counting dearer."""
    key_of(database)
    with transaction(database) as session:
        key = session.scalars(sa.select(ApiKey)).one()
        rows = [_row(key, 429, number / 1000) for number in range(3000)] + [_row(key, 200, 30)]
        session.execute(sa.insert(ApiRequest), rows)
        if database.name == "postgresql":
            session.execute(sa.text("ANALYZE api_requests"))
    query = limiting._query().params(caller=key.id, since=clock.now() - timedelta(seconds=60), most=600)
    explain = "EXPLAIN QUERY PLAN " if database.name == "sqlite" else "EXPLAIN "
    with database.reading.connect() as connection:
        text = query.compile(connection, compile_kwargs={"render_postcompile": True})
        plan = connection.exec_driver_sql(explain + str(text), _driver_values(text, database)).all()
    assert "ix_api_requests_counted" in str(plan), plan


def _driver_values(compiled: Any, database: Database) -> Any:
    values = {name: _bound(compiled, name, value) for name, value in compiled.params.items()}
    return tuple(values[name] for name in compiled.positiontup) if compiled.positiontup else values


def _bound(compiled: Any, name: str, value: Any) -> Any:
    process = compiled._bind_processors.get(name)
    return process(value) if process else value


def _row(key: ApiKey, status: int, seconds: float) -> dict[str, Any]:
    return {
        "caller_id": key.id, "key_id": key.id, "at": clock.now() - timedelta(seconds=seconds), "method": "GET",
        "path": "/", "status": status, "request_id": "x", "milliseconds": 1,
    }  # fmt: skip


# --- addresses (pure) -------------------------------------------------------------------------------------------------


@given(st.ip_addresses(v=4))
def test_an_address_of_version_four_stands_for_itself(address: Any) -> None:
    assert limiting.house_of(str(address)) == str(address)
    assert limiting.house_of(f"::ffff:{address}") == str(address)


@given(st.ip_addresses(v=6), st.integers(min_value=0, max_value=2**64 - 1))
def test_one_house_of_version_six_is_one_caller(address: Any, host: int) -> None:
    if address.ipv4_mapped is None:
        neighbour = type(address)(int(address) >> 64 << 64 | host)
        assert neighbour.ipv4_mapped or limiting.house_of(str(neighbour)) == limiting.house_of(str(address))


@given(st.text(max_size=200))
def test_any_text_is_an_address(text: str) -> None:
    assert len(limiting.house_of(text)) <= 64


# --- two processes ----------------------------------------------------------------------------------------------------


@contextmanager
def served(settings: Settings, *, limit: int) -> Iterator[int]:
    """The window on the same database, by two web processes of four threads each, on a free port of loopback."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AKNO_")}
    environment = kept | {
        "AKNO_SECRET_KEY": SECRET, "AKNO_DATABASE_URL": settings.database_url,
        "AKNO_STORAGE_DIR": str(settings.storage_dir), "AKNO_API_REQUESTS_PER_MINUTE": str(limit),
        "AKNO_API_REQUESTS_PER_MINUTE_WITHOUT_KEY": str(limit), "AKNO_ARGON2_MEMORY_KIB": "64",
    }  # fmt: skip
    gunicorn = Path(sys.executable).with_name("gunicorn")
    words = [str(gunicorn), "wsgi:app", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen(words, cwd=ROOT, env=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _wait(port: int) -> None:
    for _ in range(1800):
        with suppress(OSError):
            if _asked(port, "/healthz") == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not come up within 90 s")


def _asked(port: int, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_two_processes_count_together(app: Flask, database: Database, settings: Settings, place: Place) -> None:
    limit = 40
    one, other = bearer(key_of(database, "vera")), bearer(key_of(database, "anna"))
    with served(settings, limit=limit) as port:
        in_turn = [_asked(port, NOTHING, **one) for _ in range(limit + 10)]
        assert in_turn == [404] * limit + [429] * 10, "one after the other: exact, whichever process answers"
        at_once: list[int] = []

        def work() -> None:
            at_once.extend(_asked(port, NOTHING, **other) for _ in range(20))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counts = Counter(at_once)
        assert set(counts) == {404, 429}
        assert limit <= counts[404] <= limit + 7, "beyond the limit at most what was under way when it was reached"
        assert _asked(port, NOTHING, **other) == 429
    with transaction(database, writing=False) as session:
        rows = Counter(session.scalars(sa.select(ApiRequest.status).where(ApiRequest.key_id.is_not(None))))
    assert rows == Counter(in_turn) + counts + Counter([429]), "one row for each answer, none lost, none doubled"
