"""The public check: anybody drops a file, nothing is kept, and the page says the same as the program and the API."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app import clock
from app.database import Database
from app.documents import storage
from app.intake import bundling
from app.intake.verdicts import as_bytes, verdict
from app.requirements.compiling import packaged_edition
from config import Settings
from tests.intake.arrivals import counted, grown
from tests.intake.zips import honest

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
BICYCLES = (SAMPLES / "packages" / "bicycles.xml").read_bytes()
SPOILT = (
    BICYCLES.replace(b"8712003000", b"99")
    .replace(b"<FunctionCode>", b"<Surprise/><FunctionCode>")
    .replace(b"</DeclarationOfficeID>", b"9</DeclarationOfficeID>")
)
ON = "2026-11-22"


def check(client: FlaskClient, body: bytes, name: str = "package.xml", **fields: Any) -> Any:
    """Send a file to the page as a stranger's browser does."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/check").text)
    assert token
    data = {"csrf_token": token[1], "on": ON, "package": (io.BytesIO(body), name)} | fields
    return client.post("/check", data=data, content_type="multipart/form-data")


def kept(settings: Settings) -> set[str]:
    return {str(path) for path in Path(settings.storage_dir).rglob("*")}


def test_nothing_is_stored_by_page_or_api(client: FlaskClient, database: Database, settings: Settings) -> None:
    rows, files = counted(database), kept(settings)
    for body in (BICYCLES, SPOILT, b"", honest({"declaration.xml": BICYCLES})):
        assert check(client, body).status_code == 200
        assert client.post("/api/v1/check", data=body).status_code in (200, 422)
    assert grown(rows, counted(database)) == {}
    assert kept(settings) == files
    assert storage.store().read is not None


@pytest.mark.parametrize("body", [BICYCLES, SPOILT, b"", b"PK\x03\x04", honest({"declaration.xml": SPOILT})])
def test_the_api_says_byte_for_byte_what_the_engine_says(client: FlaskClient, body: bytes) -> None:
    answer = client.post(f"/api/v1/check?on={ON}", data=body)
    expected = verdict(body, edition=packaged_edition(), on=date.fromisoformat(ON))
    assert answer.data == as_bytes(expected)
    unreadable = expected["verdict"] == "unreadable"
    assert (answer.status_code, answer.mimetype) == (
        (422, "application/problem+json") if unreadable else (200, "application/json")
    )


def test_without_a_day_it_is_today(client: FlaskClient) -> None:
    assert client.post("/api/v1/check", data=BICYCLES).json["on"] == clock.today().isoformat()
    assert client.post("/api/v1/check?on=yesterday", data=BICYCLES).status_code == 400


def test_the_page_names_each_fault_with_its_place_and_its_rule(client: FlaskClient) -> None:
    page = html.fromstring(check(client, SPOILT).text)
    told = verdict(SPOILT, edition=packaged_edition(), on=date.fromisoformat(ON))
    text = page.text_content()
    for fault in told["faults"]:
        assert fault["message"]["be"] in text or fault["message"]["en"] in text
        assert fault["path"] in text
    assert page.xpath("//a[contains(@href, '/rules#OFFICE-UNKNOWN')]")
    marks = [one.text for one in page.xpath("//pre//mark")]
    assert "065339" in marks
    assert {one.get("id") for one in page.xpath("//h2[@id]")} >= {"verdict", "kind-schema", "kind-rule"}


def test_the_lists_to_take_along_are_the_verdict(client: FlaskClient) -> None:
    page = html.fromstring(check(client, SPOILT.replace(b"<ID>CMR", b"<ID>=CMR")).text)
    links = {one.get("download"): one.get("href") for one in page.xpath("//a[starts-with(@href, 'data:')]")}
    as_json = base64.b64decode(links["faults.json"].partition(",")[2])
    assert json.loads(as_json)["verdict"] == "faults"
    table = base64.b64decode(links["faults.csv"].partition(",")[2]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["code"] for row in rows] == [fault["code"] for fault in json.loads(as_json)["faults"]]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_a_clean_file_tells_what_will_happen_and_leads_to_filing(client: FlaskClient) -> None:
    body = (SAMPLES / "packages" / "beef_flowers_pet.xml").read_bytes()
    page = html.fromstring(check(client, body).text)
    assert len(page.xpath("//section[@aria-labelledby='who']/div[@class='lane']")) == 4
    assert page.xpath("//section[@aria-labelledby='files']//li")
    assert page.xpath("//a[@href='/file']")
    assert page.xpath("//details[contains(@class, 'not-asked')]")


def test_equal_faults_stand_together(client: FlaskClient) -> None:
    flood = BICYCLES.replace(b"</Declaration>", b"<Surprise/>" * 60 + b"</Declaration>")
    page = html.fromstring(check(client, flood).text)
    assert len(page.xpath("//section[@aria-labelledby='kind-schema']//ol/li")) < 5


def test_the_day_may_be_written_as_people_write_it(client: FlaskClient) -> None:
    for said in ("22.11.2026", "2026-11-22"):
        answer = check(client, BICYCLES, on=said)
        assert answer.status_code == 200
        assert 'name="on" value="2026-11-22"' in answer.text


def test_no_file_or_no_day_keeps_the_page(client: FlaskClient) -> None:
    answer = check(client, b"", "", on="32.11.2026")
    assert answer.status_code == 422
    assert 'id="package-error"' in answer.text
    assert 'id="on-error"' in answer.text


def test_the_check_is_found_from_the_start_page(client: FlaskClient) -> None:
    assert html.fromstring(client.get("/").text).xpath("//main//a[@href='/check']")


def test_the_bundle_is_handed_out_with_its_digest(client: FlaskClient, app: Flask) -> None:
    made = bundling.bundle()
    answer = client.get("/developers/bundle")
    assert answer.data == made.data
    assert answer.headers["ETag"] == f'"{made.sha256}"'
    assert made.file_name in answer.headers["Content-Disposition"]
    assert client.get(f"/developers/bundle/{made.file_name}").data == made.data
    assert client.get("/developers/bundle/akno_check-0.0.1-py3-none-any.whl").status_code == 404
    again = client.get("/developers/bundle", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert made.sha256 in client.get("/check").text


def test_of_a_flood_of_faults_the_page_says_the_faults_alone(client: FlaskClient) -> None:
    """Reading the file once more for what would be kept would double the time of an answer that helps nobody yet."""
    stray = b"<AdditionalDocument><TypeCode>zzzzzzz</TypeCode></AdditionalDocument>"
    flood = check(client, BICYCLES.replace(b"</Declaration>", stray * 200 + b"</Declaration>"))
    assert flood.status_code == 200
    assert 'id="kept"' not in flood.text
    assert 'id="kept"' in check(client, BICYCLES).text


def test_the_page_is_counted_as_the_api_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anyone may send it a file to work on: beyond so many a minute from one address the page says when to come again."""
    settings = app.extensions["akno.settings"].model_copy(update={"api_requests_per_minute_without_key": 2})
    monkeypatch.setitem(app.extensions, "akno.settings", settings)
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/check").text)[1]  # type: ignore[index]
    answers = [
        client.post("/check", data={"csrf_token": token, "package": (io.BytesIO(b"<x/>"), "a.xml")}) for _ in range(3)
    ]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "Retry-After" in answers[2].headers
    assert client.get("/check").status_code == 200
