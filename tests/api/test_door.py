"""The door for software: keys, receipts, what is sent twice, what is refused, and problem documents for all of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.cli.founding import actor
from app.database import Database, transaction
from app.identity import accounts, apikeys
from app.identity.models import ApiKey, Person
from app.intake.models import Receipt
from tests.factories.world import World
from tests.intake.arrivals import DOOR, FILE, bearer, bicycles, counted, grown, key_of, post, relabelled
from tests.journeys.roads import packed, state


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer, after looking at what every one of them must have (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    assert body["title"]
    assert body["type"]
    assert body["code"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "no-store"
    return body


# --- who is there --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer akno", "Bearer akno_", "Bearer akno__", "Bearer akno_0123456789_wrong", "Basic dmVyYTp4",
     "Bearer " + "x" * 5000, "Bearer akno_%s_x" % ("'" * 5), "akno_0123456789_wrong"],
)  # fmt: skip
def test_without_a_key_that_works_nothing_is_looked_at(app: Flask, database: Database, given: str) -> None:
    before = counted(database)
    answer = app.test_client().post(DOOR, data=b"<x/>", headers={"Authorization": given} if given else {})
    assert problem(answer, 401)["code"] == "key-needed"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert grown(before, counted(database)) == {}


def test_a_key_with_another_secret_is_no_key(app: Flask, database: Database) -> None:
    key = key_of(database)
    problem(post(app, key[:-1] + ("a" if key[-1] != "a" else "b"), b"x"), 401)
    problem(post(app, key + "x", b"x"), 401)


def test_a_revoked_key_is_dead_at_once(app: Flask, database: Database) -> None:
    key = key_of(database)
    assert post(app, key, b"x").status_code == 422
    with transaction(database) as session:
        apikeys.revoke(session.scalars(sa.select(ApiKey)).one(), by=actor("vera"))
    problem(post(app, key, b"x"), 401)


def test_an_expired_key_is_dead(app: Flask, database: Database) -> None:
    key = key_of(database)
    with transaction(database) as session:
        session.scalars(sa.select(ApiKey)).one().expires_at = session.scalars(sa.select(ApiKey.created_at)).one()
    problem(post(app, key, b"x"), 401)


def test_the_key_of_somebody_disabled_is_dead(app: Flask, database: Database) -> None:
    key = key_of(database)
    with transaction(database) as session:
        vera = session.scalars(sa.select(Person).where(Person.email.like("vera@%"))).one()
        accounts.disable(vera, by=actor("admin"))
    problem(post(app, key, b"x"), 401)


def test_a_key_may_do_what_its_scopes_say(app: Flask, database: Database) -> None:
    before = counted(database)
    answer = post(app, key_of(database, scopes=("declaration:read",)), b"x")
    assert problem(answer, 403)["code"] == "not-allowed"
    assert set(grown(before, counted(database))) <= {"api_keys", "ledger_entries"}


def test_cookies_are_not_looked_at(app: Flask, world: World, database: Database) -> None:
    world.vera.get("/account")
    problem(world.vera.browser.post(DOOR, data=b"x", headers={"X-CSRFToken": world.vera.token()}), 401)
    key = key_of(database, "anna")
    package = packed("bicycles")
    answer = world.vera.browser.post(DOOR, data=package.xml, headers=bearer(key, Idempotency_Key="1"))
    body = problem(answer, 422)
    assert "MANDATE-NEEDED" in {error["code"] for error in body["errors"]}, "Anna files, whoever's cookie comes along"


# --- filing --------------------------------------------------------------------------------------------------------


def test_a_package_is_registered(app: Flask, world: World, database: Database) -> None:
    answer = post(app, key_of(database), bicycles(database, app))
    assert answer.status_code == 201
    body = answer.get_json()
    assert answer.headers["Location"] == body["links"]["declaration"] == f"{DOOR}/{body['id']}"
    assert "Idempotent-Replayed" not in answer.headers
    assert body["outcome"] == "registered"
    found = state(world.vera.sign_in(), body["package"])
    assert (found["number"], found["digest"]) == (body["number"], body["digest"])


def test_a_zip_is_registered(app: Flask, database: Database) -> None:
    package = packed("beef_flowers_pet")
    answer = post(app, key_of(database, "anna"), package.as_zip(), X_File_Name="package.zip")
    assert answer.status_code == 201, answer.text


def test_equal_content_needs_a_word(app: Flask, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    first = post(app, key, xml).get_json()
    body = problem(post(app, key, relabelled(xml, "SECOND")), 409)
    assert body["code"] == "duplicate-content"
    (error,) = body["errors"]
    assert first["number"] in error["value"]
    assert first["receipt"] in error["value"]
    answer = post(app, key, relabelled(xml, "SECOND"), X_Second_Consignment="yes")
    assert answer.status_code == 201


def test_a_refused_filing_keeps_its_receipt_and_bytes(app: Flask, world: World, database: Database) -> None:
    sent = packed("bicycles").xml.replace(b">IM</TypeCode>", b">QQ</TypeCode>", 1)
    body = problem(post(app, key_of(database), sent, X_File_Name="bikes.xml"), 422)
    with transaction(database, writing=False) as session:
        receipt = session.scalars(sa.select(Receipt).where(Receipt.number == body["receipt"])).one()
    assert (receipt.outcome, receipt.channel, receipt.body_name) == ("refused", "api", "bikes.xml")
    assert world.vera.sign_in().browser.get(f"/receipts/{receipt.id}/received").data == sent
    assert body["fault_count"] == len(body["errors"])


def test_a_broker_without_a_mandate_is_told(app: Flask, database: Database) -> None:
    body = problem(post(app, key_of(database, "bogdan"), packed("bicycles").xml), 422)
    assert "MANDATE-NEEDED" in {error["code"] for error in body["errors"]}


@pytest.mark.parametrize(
    ("asked", "given"),
    [("be", "be"), ("ru-RU,ru;q=0.9", "ru"), ("en-GB", "en"), ("de,ru;q=0.5", "ru"), ("de", "en"), (None, "en"), ("@@;q=x", "en")],
)  # fmt: skip
def test_faults_speak_the_language_that_is_asked_for(
    app: Flask, database: Database, asked: str | None, given: str
) -> None:
    answer = post(app, key_of(database), b"", **({"Accept_Language": asked} if asked else {}))
    (error,) = problem(answer, 422)["errors"]
    assert answer.headers["Content-Language"] == error["message_lang"] == given
    words = {"be": "Файл пусты", "ru": "Файл пуст", "en": "empty"}
    assert words[given].lower() in error["message"].lower()
    assert error["remedy"]


def test_every_fault_says_where_and_how(app: Flask, database: Database) -> None:
    xml = packed("bicycles").xml.replace(b">IM</TypeCode>", b">QQ</TypeCode>", 1)
    for error in problem(post(app, key_of(database), xml), 422)["errors"]:
        assert set(error) == {"code", "message", "message_lang", "remedy", "xpath", "pointer", "line", "value"}
        assert error["xpath"].startswith("/Declaration")
        assert error["pointer"].startswith("42A")


# --- the edges -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_a_problem_document(app: Flask, database: Database, method: str) -> None:
    key = key_of(database)
    headers = bearer(key, X_HTTP_Method_Override="POST")
    answer = app.test_client().open(DOOR, method=method, headers=headers)
    problem(answer, 405)
    assert "POST" in answer.headers["Allow"]
    assert counted(database)["receipts"] == 0


def test_nothing_here_is_a_problem_document(app: Flask) -> None:
    problem(app.test_client().get("/api/v1/nothing"), 404)
    problem(app.test_client().post("/api/v2/declarations", data=b"x"), 404)


def test_too_large_a_body_is_a_problem_document(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    key = key_of(database)
    problem(post(app, key, b"x" * 10_001), 413)
    assert counted(database)["receipts"] == 0
    problem(post(app, key, b"x" * 10_000), 422)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
)
def test_bytes_are_bytes_whatever_they_are_called(app: Flask, database: Database, kind: str) -> None:
    xml = bicycles(database, app)
    headers = bearer(key_of(database), Content_Type=kind, Idempotency_Key="1")
    assert app.test_client().post(DOOR, data=xml, headers=headers).status_code == 201


def test_query_and_headers_cannot_set_what_is_not_theirs(app: Flask, world: World, database: Database) -> None:
    xml, key = bicycles(database, app), key_of(database)
    answer = app.test_client().post(
        f"{DOOR}?status=released&number=1&owner_id=2&lang=ru&confirmed=yes", data=xml,
        headers=bearer(key, Idempotency_Key="1"),
    )  # fmt: skip
    assert answer.status_code == 201
    assert state(world.vera.sign_in(), answer.get_json()["package"])["status"] == "under-review"
    again = bearer(key, Idempotency_Key="2")
    problem(app.test_client().post(f"{DOOR}?confirmed=yes", data=relabelled(xml, "B"), headers=again), 409)


def test_a_name_with_unseen_signs_is_cleaned_at_the_door(app: Flask, world: World, database: Database) -> None:
    name = "a\u202eb.xml".encode().decode("latin-1")
    problem(post(app, key_of(database, scopes=FILE), b"x", X_File_Name=name), 422)
    with transaction(database, writing=False) as session:
        kept = session.scalars(sa.select(Receipt)).one()
    assert kept.body_name.isprintable()
    assert world.vera.sign_in().browser.get(f"/receipts/{kept.id}/received").status_code == 200
