"""A filing that is sent again: the table of outcomes of trust.md R6 and R7, row by row."""

from __future__ import annotations

import os
import signal
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import clock
from app.cli.founding import actor
from app.database import Database, transaction
from app.declarations.models import Declaration
from app.intake import receiving
from app.intake.models import Receipt
from tests.api.test_door import problem
from tests.factories.world import World
from tests.intake.arrivals import DOOR, bearer, bicycles, counted, file_raw, grown, key_of, post, relabelled


def filed(app: Flask, key: str, body: bytes, name: str, **headers: str) -> Any:
    return post(app, key, body, Idempotency_Key=name, **headers)


def packages(database: Database) -> int:
    return counted(database)["declarations"]


# --- (a) the same key, the same bytes -------------------------------------------------------------------------------


def test_ten_times_the_same_is_the_same_status_and_the_same_bytes(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = filed(app, key, xml, "order-1")
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    for _ in range(10):
        again = filed(app, key, xml, "order-1")
        assert (again.status_code, again.data) == (201, first.data)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Location"] == first.headers["Location"]
    assert packages(database) == 1


def test_a_refusal_is_repeated_too(app: Flask, database: Database) -> None:
    key = key_of(database)
    first, again = filed(app, key, b"<x/>", "order-1"), filed(app, key, b"<x/>", "order-1")
    one, other = problem(first, 422), problem(again, 422)
    assert one.pop("request_id") != other.pop("request_id")
    assert one == other
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert counted(database)["receipts"] == 1


def test_a_refusal_of_equal_content_is_repeated_too(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    assert filed(app, key, xml, "1").status_code == 201
    one = problem(filed(app, key, relabelled(xml, "B"), "2"), 409)
    other = problem(filed(app, key, relabelled(xml, "B"), "2", X_Second_Consignment="yes"), 409)
    assert (one.pop("request_id"), one) != (other.pop("request_id"), one)
    assert one == other
    assert filed(app, key, relabelled(xml, "B"), "3", X_Second_Consignment="yes").status_code == 201


def test_what_became_of_the_package_since_changes_nothing_of_the_answer(
    app: Flask, world: World, database: Database
) -> None:
    xml, key = bicycles(database, app), key_of(database, scopes=WHOLE)
    first = filed(app, key, xml, "order-1")
    here = first.headers["Location"]
    changed = xml.replace(b"<Description>", b"<Description>New ", 1)
    headers = bearer(key, If_Match=f'"{first.get_json()["digest"]}"')
    amended = app.test_client().post(f"{here}/amendments", data=changed, headers=headers)
    assert amended.status_code == 201, amended.text
    assert filed(app, key, xml, "order-1").data == first.data
    gone = app.test_client().post(f"{here}/withdraw", json={"reason": "sold"}, headers=bearer(key))
    assert gone.get_json()["status"] == "withdrawn"
    assert filed(app, key, xml, "order-1").data == first.data


WHOLE = (
    "declaration:submit", "declaration:prepare", "declaration:read", "declaration:amend", "declaration:withdraw",
    "document:upload", "question:answer",
)  # fmt: skip

# --- (c) other bytes, (d) another organisation, (f) later ------------------------------------------------------------


def test_the_same_key_with_other_bytes_is_refused(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = filed(app, key, xml, "order-1").get_json()
    before = counted(database)
    body = problem(filed(app, key, xml + b"\n", "order-1"), 422)
    assert (body["code"], body["receipt"]) == ("key-reused", first["receipt"])
    assert set(grown(before, counted(database))) <= {"api_requests"}


def test_the_key_of_another_organisation_is_another_key(app: Flask, database: Database) -> None:
    veras, annas = key_of(database, "vera"), key_of(database, "anna")
    one = problem(filed(app, veras, b"<x/>", "1"), 422)
    other = filed(app, annas, b"<x/>", "1")
    assert one["receipt"] != problem(other, 422)["receipt"]
    assert "Idempotent-Replayed" not in other.headers


def test_two_keys_of_one_organisation_share_the_names_of_filings(app: Flask, database: Database) -> None:
    """A machine that was given a new key goes on with what it began under the old one."""
    xml = bicycles(database, app)
    first = filed(app, key_of(database), xml, "1")
    assert filed(app, key_of(database), xml, "1").data == first.data


@pytest.mark.parametrize("hours", [25, 24 * 8])
def test_a_retry_long_after_is_still_the_first_answer(app: Flask, database: Database, hours: int) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = filed(app, key, xml, "order-1")
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
        again = filed(app, key, xml, "order-1")
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"


# --- (e) the answer was lost, (g) no key, (h) a long one --------------------------------------------------------------


def test_an_answer_that_was_lost_is_told_again(app: Flask, database: Database) -> None:
    """The process is killed between the commit and the answer: what it wrote is there, and the retry finds it."""
    xml, key = bicycles(database, app), key_of(database)
    database.dispose()
    child = os.fork()
    if not child:  # pragma: no cover - the process that dies
        with transaction(database):
            receiving.receive(xml, body_name="a.xml", channel="api", by=actor("vera"), key="order-1")
        os.kill(os.getpid(), signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with transaction(database, writing=False) as session:
        number = session.scalars(sa.select(Receipt.number)).one()
    again = filed(app, key, xml, "order-1")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.get_json()["receipt"] == number
    assert packages(database) == 1


def test_a_failure_of_ours_leaves_the_key_free(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    xml, key = bicycles(database, app), key_of(database)
    with monkeypatch.context() as broken:
        broken.setattr("app.intake.submission.record_all", _raise)
        body = problem(filed(app, key, xml, "1"), 500)
        assert "forced" not in str(body)
    again = filed(app, key, xml, "1")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    raise RuntimeError("a forced failure")


@pytest.mark.parametrize("text", ["", "k" * 256, "k" * 1024])
def test_an_idempotency_key_is_needed_and_has_its_length(app: Flask, database: Database, text: str) -> None:
    key = key_of(database)
    answer = app.test_client().post(DOOR, data=b"x", headers=bearer(key) | ({"Idempotency-Key": text} if text else {}))
    assert problem(answer, 400)["code"] == "idempotency-key"
    assert counted(database)["receipts"] == 0
    assert filed(app, key, b"x", "k" * 255).status_code == 422


# --- R7: the same without the key --------------------------------------------------------------------------------------


def test_the_same_bytes_under_another_key_name_the_earlier_receipt(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = filed(app, key, xml, "1").get_json()
    before = counted(database)
    for body in (xml, b"\n" + xml):
        answer = filed(app, key, body, str(uuid.uuid4()))
        told = problem(answer, 409)
        assert told["code"] == "duplicate-content"
        assert told["registered_receipt"] == first["receipt"]
        assert told["declaration"] == first["links"]["declaration"]
        assert "Idempotent-Replayed" not in answer.headers
    assert set(grown(before, counted(database))) <= {"api_requests", "blobs"}


def test_what_was_filed_by_the_page_is_named_too(app: Flask, world: World, database: Database) -> None:
    xml = bicycles(database, app)
    file_raw(world.vera, xml, "a.xml")
    told = problem(filed(app, key_of(database), xml, "1"), 409)
    assert told["code"] == "duplicate-content"
    assert packages(database) == 1


def test_equal_content_within_a_day_needs_a_word(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = filed(app, key, xml, "1").get_json()
    told = problem(filed(app, key, relabelled(xml, "SECOND"), "2"), 409)
    assert told["code"] == "duplicate-content"
    assert told["registered_receipt"] == first["receipt"]
    assert told["receipt"] != first["receipt"]
    (error,) = told["errors"]
    assert first["number"] in error["value"]
    assert filed(app, key, relabelled(xml, "SECOND"), "3", X_Second_Consignment="yes").status_code == 201
    with transaction(database) as session:
        for one in session.scalars(sa.select(Declaration)):
            one.registered_at -= timedelta(hours=25)
    assert filed(app, key, relabelled(xml, "THIRD"), "4").status_code == 201
