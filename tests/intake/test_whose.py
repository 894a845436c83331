"""Whose package it is, who sent it, what a stranger is told, and which file proves a document."""

from __future__ import annotations

import hashlib
import re

import sqlalchemy as sa

from app.database import Database
from tests.factories.world import World
from tests.journeys.roads import faults_of, file_bytes, packed, state, upload_documents


def test_a_stranger_learns_nothing_of_what_a_trader_has_filed(world: World) -> None:
    """The same reference under somebody else's UNP: a mandate is wanted, and no number of the other is told."""
    package = packed("beef_flowers_pet")
    where = file_bytes(world.anna, package.as_zip(), "p.zip")
    number = state(world.anna, where)["number"]
    receipt = file_bytes(world.vera, package.xml, "copy.xml")
    faults = faults_of(world.vera, receipt)
    assert {fault["code"] for fault in faults} >= {"MANDATE-NEEDED"}
    assert "LRN-USED" not in {fault["code"] for fault in faults}
    assert number not in world.vera.browser.get(f"{receipt}/faults.json").text


def test_a_draft_is_filed_by_the_one_who_sends_it(world: World, database: Database) -> None:
    """The broker wrote it, the trader sends it: the officer's four eyes and the clearance's language follow the sender."""
    package = packed("beef_flowers_pet")
    refused = file_bytes(world.bogdan, package.xml, "p.xml")
    draft = world.bogdan.post(f"{refused}/open").headers["Location"]
    upload_documents(world.anna, package)
    world.anna.get(f"{draft}/check")
    assert world.anna.post(f"{draft}/send").headers["Location"] == draft
    assert state(world.anna, draft)["status"] == "under-review"
    with database.reading.connect() as connection:
        filer, person = connection.execute(sa.text("SELECT o.kind, p.email FROM declarations d "
            "JOIN organisations o ON o.id = d.filer_id JOIN people p ON p.id = d.filed_by_id")).one()  # fmt: skip
    assert (filer, person) == ("trader", world.anna.email)


def test_another_file_under_the_same_number_proves_nothing(world: World) -> None:
    """A document that names its file by SHA-256 is proved by that file; the number alone finds none in its place."""
    package = packed("beef_flowers_pet")
    upload_documents(world.anna, package)
    name, data = next((name, data) for name, data in sorted(package.files.items()))

    true = hashlib.sha256(data).hexdigest().encode()
    assert true in package.xml, name
    receipt = file_bytes(world.anna, package.xml.replace(true, b"0" * 64), "p.xml")
    assert "DOC-MISSING" in {fault["code"] for fault in faults_of(world.anna, receipt)}


def test_a_reference_with_a_line_break_does_not_break_the_download(world: World) -> None:
    lrn = re.compile(rb"<FunctionalReferenceID>")
    body = lrn.sub(b"<FunctionalReferenceID>A\xe2\x80\xae&#10;B", packed("bicycles").xml)
    receipt = file_bytes(world.anna, body, "p.xml")
    draft = world.anna.post(f"{receipt}/open").headers["Location"]
    answer = world.anna.browser.get(f"{draft}/declaration.xml")
    assert answer.status_code == 200
    assert "\u202e" not in answer.headers["Content-Disposition"]
    assert "%E2%80%AE" not in answer.headers["Content-Disposition"]


def test_a_bent_cursor_leads_nowhere(world: World) -> None:
    somewhere = "01a203cf-467a-7306-be27-53e6c92c056f"
    world.anna.get("/packages")
    world.olga.get("/queue")
    for place in (
        "x",
        "~",
        f"2026-99-01~{somewhere}",
        f"2026-01-01~{somewhere}",
        f"0001-01-01T00:00:00%2B23:59~{somewhere}",
    ):
        for page in ("/packages", "/receipts", "/documents"):
            assert world.anna.browser.get(f"{page}?cursor={place}").status_code == 404, (page, place)
        assert world.olga.browser.get(f"/queue?cursor={place}").status_code == 404, place
