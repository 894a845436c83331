"""What was read is remembered: by the officer who opens a permit, by the auditor who opens anything."""

from __future__ import annotations

import sqlalchemy as sa
from lxml import html

from app.database import Database
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state


def _events(database: Database) -> list[str]:
    with database.reading.connect() as connection:
        rows = connection.execute(sa.text("SELECT event FROM ledger_entries ORDER BY position"))
        return [row[0] for row in rows]


def test_olga_opens_a_permit_and_it_is_remembered(world: World, database: Database) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    case = open_case(world.olga, state(world.anna, where)["number"])
    page = html.fromstring(world.olga.get(case).text)
    file = page.xpath("//a[contains(@href, '/files/')]/@href")[0]
    before = _events(database).count("document.read")
    answer = world.olga.browser.get(file)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert _events(database).count("document.read") == before + 1


def test_the_auditor_reads_everything_changes_nothing_and_is_remembered(world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    assert world.audit.get(where).status_code == 200
    assert _events(database).count("declaration.read") == 1
    assert world.audit.post(f"{where}/withdraw", reason="no").status_code == 403
    assert state(world.vera, where)["status"] == "under-review"


def test_the_administrator_cannot_read_packages(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    world.admin.get("/organisations")
    assert world.admin.browser.get(where).status_code == 404
    assert world.admin.browser.get("/queue").status_code == 403
