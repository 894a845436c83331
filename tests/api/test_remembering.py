"""The request log: one row for each request of software, whatever became of it; nothing secret in it; gone after thirty days."""

from __future__ import annotations

import hashlib
import logging
import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.api import remembered, remembering
from app.api.models import ApiRequest
from app.cli.founding import actor
from app.database import Database, transaction
from app.identity import apikeys
from app.identity.models import ApiKey
from app.intake.models import Receipt
from tests.conftest import Drain
from tests.factories.world import World
from tests.intake.arrivals import DOOR, bearer, bicycles, key_of, post

DOCUMENT = "/api/openapi.json"
CANARY = "canary-MP1234567"


def log(database: Database) -> Sequence[ApiRequest]:
    """The rows of the log, oldest first."""
    with transaction(database, writing=False) as session:
        return session.scalars(sa.select(ApiRequest).order_by(ApiRequest.id)).all()


def only(database: Database) -> ApiRequest:
    """The one row of the log."""
    (row,) = log(database)
    return row


def key_row(database: Database) -> ApiKey:
    """The one key of the database."""
    with transaction(database, writing=False) as session:
        return session.scalars(sa.select(ApiKey)).one()


# --- one row for each -----------------------------------------------------------------------------------------------


def test_a_filing_is_remembered_in_its_own_transaction(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    answer = post(app, key, xml, Idempotency_Key="1")
    assert answer.status_code == 201, answer.text
    row, held = only(database), key_row(database)
    assert (row.status, row.code, row.method, row.path) == (201, "", "POST", DOOR)
    assert (row.key_id, row.caller_id) == (held.id, held.id)
    assert (row.body_size, row.body_sha256) == (len(xml), hashlib.sha256(xml).hexdigest())
    assert row.request_id == answer.headers["X-Request-Id"]
    assert row.milliseconds >= 0
    assert held.last_used_at == row.at.replace(minute=0, second=0, microsecond=0)


def test_a_read_without_a_key_is_remembered(app: Flask, database: Database) -> None:
    assert app.test_client().get(DOCUMENT).status_code == 200
    row = only(database)
    assert (row.status, row.method, row.path, row.key_id) == (200, "GET", DOCUMENT, None)
    assert (row.body_size, row.body_sha256) == (0, "")


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "key-needed"), (403, "not-allowed"), (404, "http-404"), (405, "http-405"), (413, "http-413"), (422, "faults"),
     (429, "too-many-requests"), (500, "our-mistake")],
)  # fmt: skip
def test_every_refusal_is_remembered(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    key = key_of(database, scopes=("declaration:read",) if status == 403 else ("declaration:submit",))
    browser, headers = app.test_client(), bearer(key, Idempotency_Key="1")
    asked = {"method": "POST", "path": DOOR, "data": b"<x/>", "headers": headers}
    if status == 401:
        asked["headers"] = bearer(key[:-1] + ("0" if key[-1] != "0" else "1"))
    elif status == 404:
        asked["path"] = "/api/v1/nothing"
    elif status == 405:
        asked["method"] = "PROPFIND"
    elif status == 413:
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 3)
    elif status == 429:
        _limited(app, monkeypatch, 1)
        browser.open(**asked)
    elif status == 500:
        monkeypatch.setattr("app.intake.receiving.open_bytes", _raise)
    answer = browser.open(**asked)
    assert answer.status_code == status, answer.text
    row = log(database)[-1]
    assert (row.status, row.code, row.request_id) == (status, code, answer.get_json()["request_id"])
    assert (row.key_id is None) == (status == 401)
    assert len(log(database)) == (2 if status == 429 else 1)


def _limited(app: Flask, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    settings = app.extensions["akno.settings"]
    update = {"api_requests_per_minute": limit, "api_requests_per_minute_without_key": limit}
    monkeypatch.setitem(app.extensions, "akno.settings", settings.model_copy(update=update))


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    raise RuntimeError(f"a forced failure {CANARY}")


def test_a_refused_filing_is_remembered_with_its_receipt(app: Flask, database: Database) -> None:
    key = key_of(database)
    assert post(app, key, b"<x/>", Idempotency_Key="1").status_code == 422
    assert only(database).status == 422
    with transaction(database, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def test_pages_are_not_in_the_log(world: World, database: Database) -> None:
    world.vera.get("/account")
    assert log(database) == []


def test_the_owner_sees_that_a_dead_key_is_still_sent(app: Flask, database: Database) -> None:
    key = key_of(database)
    with transaction(database) as session:
        apikeys.revoke(session.scalars(sa.select(ApiKey)).one(), by=actor("vera"))
    answer = post(app, key, b"<x/>")
    assert answer.status_code == 401
    row = only(database)
    assert (row.status, row.key_id) == (401, key_row(database).id)
    assert row.caller_id != row.key_id, "it is counted as the address's, not as the key's"
    assert key_row(database).last_used_at is None


def test_the_last_use_is_written_once_an_hour(app: Flask, database: Database) -> None:
    key = key_of(database)
    written: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE api_keys"):
            written.append(statement)

    for engine in (database.writing, database.noting):
        sa.event.listen(engine, "before_cursor_execute", hear)
    for _ in range(3):
        app.test_client().get("/api/v1/nothing", headers=bearer(key))
    for engine in (database.writing, database.noting):
        sa.event.remove(engine, "before_cursor_execute", hear)
    assert len(written) == 1


def test_only_the_log_does_not_wait_for_the_disk(app: Flask, database: Database) -> None:
    """What is filed is on the disk when it is answered; the row of a read may be lost to a power cut, never to a crash."""
    # The cluster of the tests waits for no disk at all: there it is told apart by who set it.
    asked = (
        "PRAGMA synchronous"
        if database.name == "sqlite"
        else "SELECT setting || ' by ' || source FROM pg_settings WHERE name = 'synchronous_commit'"
    )
    waits = {}
    for name in ("writing", "reading", "noting"):
        with getattr(database, name).connect() as connection:
            waits[name] = str(connection.exec_driver_sql(asked).scalar())
    if database.name == "postgresql":
        assert waits["noting"] == "off by client"
        assert "by client" not in waits["writing"] + waits["reading"]
        return
    assert (waits["writing"], waits["noting"]) == ("2", "1"), "full, and normal"


# --- neither answer nor row is lost in silence -----------------------------------------------------------------------


def test_a_filing_whose_row_cannot_be_written_is_no_success(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml, key = bicycles(database, app), key_of(database)
    before = _count(database, "declarations")
    with monkeypatch.context() as broken:
        broken.setattr(remembering, "_write", _refuse_to_write)
        assert post(app, key, xml, Idempotency_Key="1").status_code == 503
    assert _count(database, "declarations") == before
    assert post(app, key, xml, Idempotency_Key="1").status_code == 201


def test_an_answer_stays_true_when_it_cannot_be_remembered(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(remembering, "_write", _refuse_to_write)
    with caplog.at_level(logging.ERROR, "akno.api"):
        answer = app.test_client().get(DOCUMENT)
    assert answer.status_code == 200
    assert log(database) == []
    assert answer.headers["X-Request-Id"] in caplog.text, "the row is on the log of the process"


def test_what_could_not_be_kept_is_remembered_as_the_failure_it_was(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of the filing is undone with it; what is left is the row of the answer that was given."""
    xml, key = bicycles(database, app), key_of(database)
    with monkeypatch.context() as broken:
        broken.setattr(sa.orm.Session, "commit", _break_once(broken))
        answer = post(app, key, xml, Idempotency_Key="1")
    assert answer.status_code == 503
    assert [row.status for row in log(database)] == [503]


def _break_once(patch: pytest.MonkeyPatch) -> Any:
    commit = sa.orm.Session.commit

    def broken(session: Any) -> None:
        if session.get_bind().url.database and session.dirty is not None and not getattr(broken, "done", False):
            writing = session.scalar(sa.text("SELECT count(*) FROM receipts"))
            if writing:
                broken.done = True  # type: ignore[attr-defined]
                raise sa.exc.OperationalError("COMMIT", {}, RuntimeError("disk full"))
        commit(session)

    return broken


def _refuse_to_write(_row: dict[str, Any]) -> None:
    raise sa.exc.OperationalError("INSERT", {}, RuntimeError("database is locked"))


def _count(database: Database, table: str) -> int:
    with database.reading.connect() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


# --- nothing secret --------------------------------------------------------------------------------------------------


def test_nothing_secret_is_in_the_log(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = key_of(database)
    browser = app.test_client()
    headers = bearer(key, Idempotency_Key=CANARY, X_File_Name=f"{CANARY}.xml", User_Agent=CANARY, Cookie=f"a={CANARY}")
    with caplog.at_level(logging.DEBUG):
        browser.post(f"{DOOR}?password={CANARY}", data=f"<x>{CANARY}</x>".encode(), headers=headers)
        browser.get(f"/api/v1/{CANARY}/declarations/{key}?q={CANARY}", headers=headers)
        browser.get(f"/api/v1/{CANARY}", headers=bearer(CANARY), environ_overrides={"REMOTE_ADDR": "203.0.113.77"})
        browser.get(f"/api/v1/declarations/{key}", headers=headers)
        monkeypatch.setattr("app.intake.receiving.open_bytes", _raise)
        browser.post(DOOR, data=b"<y/>", headers=headers | {"Idempotency-Key": "2"})
    rows = log(database)
    assert len(rows) == 5
    kept = " ".join(str(getattr(row, column.key)) for row in rows for column in ApiRequest.__table__.columns)
    for secret in (CANARY, key, key.rpartition("_")[2], "203.0.113.77", "127.0.0.1", "password"):
        assert secret not in kept
        if secret not in (CANARY, "password"):
            assert secret not in caplog.text
    assert re.search(r"/api/v1/…/declarations/…", kept)


# --- how its owner reads it -------------------------------------------------------------------------------------------


def _rows(
    database: Database, key: ApiKey, statuses: Sequence[int], age: timedelta = timedelta(), *, nameless: bool = False
) -> None:
    with transaction(database) as session:
        for number, status in enumerate(statuses):
            session.add(
                ApiRequest(
                    caller_id=key.id, key_id=None if nameless else key.id, at=clock.now() - age - timedelta(seconds=number), method="GET",
                    path="/api/v1/x", status=status, code="", request_id=uuid.uuid4().hex[:12], milliseconds=1,
                )
            )  # fmt: skip


def test_the_list_is_paged_newest_first_and_narrowed(app: Flask, world: World, database: Database) -> None:
    key_of(database)
    key = key_row(database)
    _rows(database, key, [200, 404, 422, 500, 201] * 30)
    page = f"/account/keys/{key.id}/requests"
    seen, address = [], page
    while address:
        text = world.vera.get(address).text
        seen += re.findall(r'id="request-([0-9a-f]{12})"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = found[1].replace("&amp;", "&") if found else ""
    expected = sorted(log(database), key=lambda row: (row.at, row.id), reverse=True)
    assert seen == [row.request_id for row in expected]
    for kind, many in (("answered", 60), ("refused", 60), ("failed", 30)):
        with app.app_context(), transaction(database, writing=False):
            first = remembered.list_requests(key, kind)
            rest = remembered.list_requests(key, kind, first.following) if first.following else None
        assert len(first.rows) + (len(rest.rows) if rest else 0) == many


@pytest.mark.parametrize("bent", ["?kind=other", "?cursor=x", "?cursor=2026-01-01~x", "?cursor=~", "?cursor=%00"])
def test_a_bent_address_leads_nowhere(world: World, database: Database, bent: str) -> None:
    key_of(database)
    assert world.vera.get(f"/account/keys/{key_row(database).id}/requests{bent}").status_code in (400, 404)


def test_only_the_house_of_the_key_reads_its_log(world: World, database: Database) -> None:
    key_of(database)
    path = f"/account/keys/{key_row(database).id}"
    for address in (path, f"{path}/requests"):
        assert world.vera.get(address).status_code == 200
        assert world.anna.get(address).status_code == 404
        assert world.bogdan.get(address).status_code == 404


# --- thirty days ------------------------------------------------------------------------------------------------------


def test_what_is_older_than_thirty_days_is_forgotten_page_by_page(
    app: Flask, database: Database, worker: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_of(database)
    key = key_row(database)
    _rows(database, key, [200] * 25, timedelta(days=30))
    _rows(database, key, [200] * 5, timedelta(days=29, hours=23))
    monkeypatch.setattr(remembered, "AT_ONCE", 10)
    left = []
    for _ in range(4):
        worker.watch()
        left.append(len(log(database)))
    assert left == [20, 10, 5, 5]


def test_what_came_without_a_key_is_forgotten_after_a_day(
    app: Flask, database: Database, worker: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in nobody's log; whoever has no key must not be able to fill the disk."""
    key_of(database)
    key = key_row(database)
    _rows(database, key, [200] * 15, timedelta(days=1), nameless=True)
    _rows(database, key, [200] * 2, timedelta(hours=23), nameless=True)
    _rows(database, key, [200] * 4, timedelta(days=29))
    monkeypatch.setattr(remembered, "AT_ONCE", 10)
    left = []
    for _ in range(3):
        worker.watch()
        left.append(len(log(database)))
    assert left == [11, 6, 6]
