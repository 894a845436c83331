"""The version of the API: named by every answer, pinned by a request, refused when it never was."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api import dating
from app.database import Database
from tests.api.test_door import problem
from tests.intake.arrivals import bearer, key_of


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/v1/reference", "/api/v1/declarations", "/api/v1/nothing", "/api/nothing"])  # fmt: skip
def test_every_answer_names_its_version(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Akno-Version"] == dating.CURRENT


def test_a_page_has_none(client: FlaskClient) -> None:
    assert "Akno-Version" not in client.get("/sign-in", headers={"Akno-Version": "1999-01-01"}).headers


def test_a_request_may_pin_the_version(app: Flask, database: Database) -> None:
    key = key_of(database)
    pinned = app.test_client().get("/api/v1/declarations", headers=bearer(key, Akno_Version=dating.CURRENT))
    assert (pinned.status_code, pinned.headers["Akno-Version"]) == (200, dating.CURRENT)
    for unknown in ("1999-01-01", "", "latest", "v1"):
        answer = app.test_client().get("/api/v1/declarations", headers=bearer(key, Akno_Version=unknown))
        body = problem(answer, 400)
        assert (body["code"], body["versions"]) == ("version-unknown", list(dating.VERSIONS))
        assert answer.headers["Akno-Version"] == dating.CURRENT
