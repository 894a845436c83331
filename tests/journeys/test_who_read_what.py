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
    file = page.xpath("//a[contains(@href, '/files/') and not(contains(@href, '/view'))]/@href")[0]
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


def test_each_way_in_which_the_auditor_reads_is_remembered(world: World, database: Database) -> None:
    """The page, the data, the XML, the case, the receipt: none of them is a side door."""
    where = file_xml(world.vera, packed("bicycles"))
    number = state(world.vera, where)["number"]
    case = open_case(world.maria, number)
    receipt = html.fromstring(world.vera.get("/receipts").text).xpath("//a[contains(@href, '/receipts/')]/@href")[0]
    world.audit.get("/packages")
    for path in (where, f"{where}/status.json", f"{where}/declaration.xml", f"{where}/received", case):
        before = _events(database).count("declaration.read")
        assert world.audit.browser.get(path).status_code == 200, path
        assert _events(database).count("declaration.read") == before + 1, path
    for path in (receipt, f"{receipt}/faults.json", f"{receipt}/received"):
        before = _events(database).count("receipt.read")
        assert world.audit.browser.get(path).status_code == 200, path
        assert _events(database).count("receipt.read") == before + 1, path


def test_the_administrator_cannot_read_packages(world: World) -> None:
    where = file_xml(world.vera, packed("bicycles"))
    world.admin.get("/organisations")
    assert world.admin.browser.get(where).status_code == 404
    assert world.admin.browser.get("/queue").status_code == 403
