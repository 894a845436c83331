"""The sample to begin with: whoever asks for it can file it as it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.clock import today
from app.database import Database
from app.declarations import sampling
from app.declarations.checking import check_bytes
from app.rehearsal.magic import OUTCOMES, magic_of
from app.requirements.compiling import packaged_edition
from tests.api.test_door import problem
from tests.intake.arrivals import DOOR, FILE, bearer, key_of


def ask(app: Flask, key: str, **query: str):
    return app.test_client().get("/api/v1/samples/package", query_string=query, headers=bearer(key))


@pytest.mark.parametrize("name", ["anna", "vera", "bogdan"])
def test_the_sample_registers_for_traders_and_brokers(app: Flask, database: Database, name: str) -> None:
    key = key_of(database, name, FILE)
    for number in range(2):
        answer = ask(app, key)
        assert (answer.status_code, answer.mimetype) == (200, "application/xml")
        filed = app.test_client().post(DOOR, data=answer.data, headers=bearer(key, Idempotency_Key=f"sample-{number}"))
        assert filed.status_code == 201, filed.text
        assert filed.get_json()["lrn"].startswith("SAMPLE-")


def test_each_outcome_of_test_mode_can_be_asked_for(app: Flask, database: Database) -> None:
    key = key_of(database, "anna", FILE)
    for outcome in OUTCOMES:
        text = ask(app, key, outcome=outcome.lower()).text
        lrn = text.partition("<FunctionalReferenceID>")[2].partition("<")[0]
        assert magic_of(lrn) == outcome
    assert problem(ask(app, key, outcome="win"), 400)["code"] == "request"
    assert problem(ask(app, key_of(database, "anna", ("declaration:read",))), 403)["code"] == "not-allowed"
    assert problem(app.test_client().get("/api/v1/samples/package"), 401)["code"] == "key-needed"


@pytest.mark.pure
@pytest.mark.parametrize("days", [-400, -1, 0, 1, 400, 2000])
def test_it_is_clean_on_any_day(days: int) -> None:
    on: date = today() + timedelta(days=days)
    data = sampling.sample(unp="190142358", name="ТАА «Белмяса»", lrn="SAMPLE-1", mark="1A2B3C4D", on=on)
    checked = check_bytes(data, edition=packaged_edition(), on=on)
    assert [fault.code for fault in (*checked.schema_faults, *checked.rule_faults)] == []
