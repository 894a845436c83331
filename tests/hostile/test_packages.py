"""Every file of the hostile manifest at both doors: its stable code, in little time, nothing fetched, nothing kept but a receipt."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask

from app.database import Database
from app.intake.verdicts import verdict
from app.requirements.compiling import packaged_edition
from tests.hostile.packages import ON, XML, Case, archives
from tests.intake.arrivals import bearer, counted, grown, key_of
from tests.patience import BLOWN_UP

NAMES = [*XML, *archives()]
KEPT = {"receipts": 1, "blobs": 1, "ledger_entries": 1}
"""What one refused filing leaves; that the same bytes are sent again keeps no second blob."""
OF_THE_DOOR = {"api_requests"}
"""The request log of the key: one line for each request, without its content."""

_calls: list[str] = []
_listening = False


def _hear(event: str, told: tuple[Any, ...]) -> None:
    if _listening and event == "socket.connect":
        _calls.append(str(told[1]))


sys.addaudithook(_hear)


@pytest.fixture
def silence() -> Iterator[None]:
    """No line is opened to anywhere while a hostile file is looked at."""
    global _listening
    _calls.clear()
    _listening = True
    yield
    _listening = False
    assert _calls == []


@cache
def case(name: str) -> Case:
    return XML[name]() if name in XML else archives()[name]


@pytest.mark.pure
@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_its_code(name: str, silence: None) -> None:
    one = case(name)
    begun = time.process_time()
    told = verdict(one.data, edition=packaged_edition(), on=ON)
    assert time.process_time() - begun < BLOWN_UP
    codes = {fault["code"] for fault in told["faults"]}
    assert codes == {one.code} if one.alone else one.code in codes
    assert told["verdict"] != "clean"
    assert "root:" not in json.dumps(told)
    assert all(len(fault["value"]) <= 200 for fault in told["faults"])
    assert all(
        fault["message"][tongue] and fault["remedy"][tongue]
        for fault in told["faults"]
        for tongue in ("be", "ru", "en")
    )


def test_the_manifest_says_why_and_by_which_requirement() -> None:
    for name in NAMES:
        one = case(name)
        assert one.why, name
        assert one.asvs, name


PARTS = 8
"""A test is over in a minute, also where the machine is busy and the database far."""


@pytest.mark.parametrize("part", range(PARTS))
def test_the_check_and_the_filing_answer_each_file_alike(
    app: Flask, database: Database, part: int, silence: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both doors of the API: 4xx with the code, nothing stored by the check, by the filing nothing but its receipt."""
    monkeypatch.setattr("app.api.limiting.weigh", lambda *_told: None)
    key, client = key_of(database), app.test_client()
    before = counted(database)
    for name in NAMES[part::PARTS]:
        one = case(name)
        checked = client.post(f"/api/v1/check?on={ON.isoformat()}", data=one.data)
        between = counted(database)
        assert grown(before, between).keys() <= OF_THE_DOOR, name
        assert checked.json["verdict"] in ("faults", "unreadable"), name
        assert checked.status_code == (422 if checked.json["verdict"] == "unreadable" else 200), name
        assert one.code in {fault["code"] for fault in checked.json["faults"]}, name
        filed = client.post("/api/v1/declarations", data=one.data, headers=bearer(key, Idempotency_Key=name))
        before = counted(database)
        assert (filed.status_code, filed.mimetype) == (422, "application/problem+json"), name
        assert filed.json["code"] == "faults", name
        codes = {fault["code"] for fault in filed.json["errors"]}
        assert codes if one.alone else one.code in codes, (name, codes)
        found = {table: more for table, more in grown(between, before).items() if table not in OF_THE_DOOR}
        assert found in (KEPT, {table: more for table, more in KEPT.items() if table != "blobs"}), name
    assert client.get("/healthz").status_code == 200
