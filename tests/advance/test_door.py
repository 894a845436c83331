"""Advance information by the API: registered once, changed under its number, refused with reasons, seen by its own side."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app import clock
from app.database import Database
from tests.advance.messages import key_of, xml
from tests.factories.world import World


def _send(app: Flask, headers: dict[str, str], body: bytes, key: str) -> object:
    return app.test_client().post("/api/v1/advance", data=body, headers=headers | {"Idempotency-Key": key})


def test_it_is_registered_once_and_changed_under_the_same_number(app: Flask, database: Database) -> None:
    headers = key_of(app, database, "stas", "advance")
    first = _send(app, headers, xml(), "k-1")
    assert first.status_code == 201, first.text
    told = first.get_json()
    assert told["number"] == f"BY/{clock.today():%d%m%y}/000000001"
    assert told["outcome"] == "registered"
    assert told["version"] == 1
    body = xml()
    again = _send(app, headers, body, "k-1b")
    same = _send(app, headers, body, "k-1b")
    assert same.headers["Idempotent-Replayed"] == "true"
    assert same.get_json() == again.get_json()
    changed = _send(app, headers, xml(dispatch="DE"), "k-2").get_json()
    assert changed["outcome"] == "amended"
    assert changed["number"] == told["number"]
    other = _send(app, headers, xml(reference="TRIP-2"), "k-3").get_json()
    assert other["number"].endswith("/000000002")
    rows = app.test_client().get("/api/v1/advance", headers=headers).get_json()["rows"]
    assert [row["reference"] for row in rows] == ["TRIP-2", "TRIP-1"]
    assert app.test_client().get(told["links"]["self"], headers=headers).get_json()["status"] == "registered"


def test_the_same_bytes_under_another_key_are_the_same_number(app: Flask, database: Database) -> None:
    headers, body = key_of(app, database, "stas", "advance"), xml()
    first = _send(app, headers, body, "k-1")
    second = _send(app, headers, body, "k-2")
    assert second.status_code == 201
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.get_json()["number"] == first.get_json()["number"]
    reused = _send(app, headers, xml(reference="X"), "k-1")
    assert reused.status_code == 422
    assert reused.get_json()["code"] == "key-reused"


def test_what_is_wrong_is_said_and_nothing_is_lost(app: Flask, database: Database) -> None:
    headers = key_of(app, database, "stas", "advance")
    late = _send(app, headers, xml(planned_at=clock.now() + timedelta(minutes=20), post="BP-XXX"), "k-1")
    assert late.status_code == 422
    told = late.get_json()
    assert {one["code"] for one in told["errors"]} == {"ADVANCE-LEAD", "ADVANCE-POST"}
    assert told["receipt"].startswith("P-")
    assert _send(app, headers, xml(), "k-2").get_json()["number"].endswith("/000000001")


def test_a_message_of_ten_megabytes_is_refused_in_words(app: Flask, database: Database) -> None:
    headers = key_of(app, database, "stas", "advance")
    answer = _send(app, headers, xml() + b" " * (10 * 1024 * 1024), "k-1")
    assert answer.status_code == 422
    assert [one["code"] for one in answer.get_json()["errors"]] == ["ADVANCE-TOO-LARGE"]


def test_tricks_with_entities_are_refused(app: Flask, database: Database) -> None:
    headers = key_of(app, database, "stas", "advance")
    trick = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + xml().partition(b"?>")[2]
    answer = _send(app, headers, trick.replace(b"TRIP-1", b"&a;"), "k-1")
    assert [one["code"] for one in answer.get_json()["errors"]] == ["XML-DTD"]


def test_schema_faults_name_place_and_line(app: Flask, database: Database) -> None:
    headers = key_of(app, database, "stas", "advance")
    body = xml().replace(b"8712003000", b"87x").replace(b'unitCode="KGM"', b'unitCode="LBR"')
    errors = _send(app, headers, body, "k-1").get_json()["errors"]
    assert {one["code"] for one in errors} == {"SCHEMA-PATTERN"}
    assert any(one["xpath"].endswith("/Commodity/Classification/ID") and one["line"] for one in errors)


def test_no_other_house_sees_it(app: Flask, database: Database, world: World) -> None:
    headers = key_of(app, database, "stas", "advance")
    here = _send(app, headers, xml(), "k-1").get_json()["links"]["self"]
    stranger = key_of(app, database, "anna", "advance", "read")
    assert app.test_client().get(here, headers=stranger).status_code == 404
    assert app.test_client().get("/api/v1/advance", headers=stranger).get_json()["rows"] == []
    # The trader whose goods they are sees it; the warehouse where they will be unloaded too, and neither changes it.
    for name, scopes in (("vera", ("advance", "read")), ("zoya", ("movement",))):
        assert app.test_client().get(here, headers=key_of(app, database, name, *scopes)).status_code == 200
    taken = app.test_client().put(
        here, data=xml(dispatch="DE"), headers=key_of(app, database, "vera", "advance") | {"Idempotency-Key": "v-1"}
    )
    assert taken.status_code == 403
