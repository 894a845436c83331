"""Every list goes out as its page shows it: the same guard, the same filter, both kinds."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from app import spreadsheets
from app.cli.founding import actor
from app.database import Database, transaction
from app.identity import apikeys
from tests.factories.world import World
from tests.intake.arrivals import FILE, bearer
from tests.journeys.roads import file_bytes, file_xml, packed

LISTS = {
    "/packages/export": "vera", "/receipts/export": "vera", "/documents/export": "vera", "/mandates/export": "vera",
    "/rulings/own/export": "vera", "/organisations/export": "admin", "/people/export": "admin",
}  # fmt: skip


def rows_of(answer: Any) -> list[list[str]]:
    """What a CSV says; in Belarusian and Russian a semicolon parts the cells."""
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("path", LISTS)
def test_a_list_goes_out_in_both_kinds_in_every_language_and_to_nobody_else(world: World, path: str) -> None:
    who = getattr(world, LISTS[path]) if LISTS[path] in ("vera",) else world.admin
    for language in ("be", "ru", "en"):
        who.get(f"/account?lang={language}")
        table = who.browser.get(f"{path}.csv")
        assert table.status_code == 200
        assert table.headers["Content-Type"].startswith("text/csv")
        assert table.headers["Content-Disposition"].startswith("attachment")
        book = load_workbook(io.BytesIO(who.browser.get(f"{path}.xlsx").data))
        delimiter = "," if language == "en" else ";"
        text = table.data.decode("utf-8-sig")
        head = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert [cell.value for cell in book.worksheets[0][1]] == head
    assert world.olga.get(f"{path}.csv").status_code == 403
    assert who.browser.get(f"{path}.pdf").status_code == 404
    assert world.app is not None
    assert world.app.test_client().get(f"{path}.csv").status_code == 302


def test_packages_and_receipts_with_the_filter_shown(world: World) -> None:
    vera = world.vera
    file_xml(vera, packed("bicycles", lrn="=1+1"))
    file_bytes(vera, b"<x/>", "-bad.xml")
    vera.get("/packages/new?lang=be")
    vera.submit("/packages", follow=False, direction="export")
    rows = rows_of(vera.browser.get("/packages/export.csv"))
    assert len(rows) == 3
    assert "'=1+1" in rows[1] + rows[2]
    assert len(rows_of(vera.browser.get("/packages/export.csv?status=draft"))) == 2
    assert len(rows_of(vera.browser.get("/packages/export.csv?search==1%2B1"))) == 2
    assert vera.browser.get("/packages/export.csv?status=nothing").status_code == 404
    receipts = rows_of(vera.browser.get("/receipts/export.csv"))
    assert len(receipts) == 3
    assert any("'-bad.xml" in row for row in receipts)
    page = vera.get("/packages?status=draft")
    assert "/packages/export.csv?status=draft" in page.text


def test_a_long_list_is_cut_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    vera = world.vera
    for number in range(3):
        file_bytes(vera, b"<x/>", f"bad-{number}.xml")
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    rows = rows_of(vera.browser.get("/receipts/export.csv"))
    assert len(rows) == 4
    assert len(rows[-1]) == 1


def test_the_requests_of_a_key(world: World, app: Any, database: Database) -> None:
    with transaction(database):
        key, secret = apikeys.create(label="tests", scopes=FILE, by=actor("vera"))
        key_id = key.id
    for _turn in range(3):
        assert app.test_client().get("/api/v1/receipts", headers=bearer(secret)).status_code == 200
    vera = world.vera
    vera.get("/account")
    rows = rows_of(vera.browser.get(f"/account/keys/{key_id}/requests/export.csv"))
    assert len(rows) == 4
    assert {row[2] for row in rows[1:]} == {"/api/v1/receipts"}
    assert world.anna.get(f"/account/keys/{key_id}/requests/export.csv").status_code in (403, 404)
    assert "requests/export.xlsx" in vera.get(f"/account/keys/{key_id}/requests").text
