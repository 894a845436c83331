"""No side door: every view that hands out a file of a package is placed here with the entry it leaves (ASVS 8.2.3, 16.2.1).

Traders read what is theirs unrecorded; officers and the auditor leave an entry, also for a thumbnail.
"""

from __future__ import annotations

import ast

import pytest
import sqlalchemy as sa
from lxml import html

from app.database import Database, transaction
from app.declarations.models import Attachment
from config import ROOT
from tests.factories.world import World
from tests.journeys.roads import file_xml, open_case, packed, state

PLACED = {
    # officers and the auditor
    "reviews/views.file": "document.read",
    "reviews/viewer_views.page": "document.read",
    "reviews/asking_views.file": "document.read",
    "cases/views.file": "document.read",
    "traders/views.file": "document.read",
    # the trader's own; the auditor's reading leaves an entry
    "declarations/views.attachment": "document.read",
    "intake/answering_views.file": "document.read",
    "declarations/views.canonical": "declaration.read",
    "declarations/views.received": "declaration.read",
    "clearance/views.download": "declaration.read",
    "intake/views.received": "receipt.read",
    # their own alone, by policy: nobody else gets in
    "documents/views.download": "",
    "privacy/views.fetch": "",
    "api/documents.download_document": "",
    "api/receipts.show_received_bytes": "receipt.read",
    "api/versions.show_xml": "declaration.read",
    "api/versions.show_received": "declaration.read",
    "api/clearances.download_clearance": "declaration.read",
    # anyone's: nothing of a package
    "api/samples.show_sample": "",
}
WITNESSES = {
    "document.read": ("document.read", "document_read"),
    "declaration.read": ("package_read",),
    "receipt.read": ("receipt_read",),
}
HANDS_OUT = {
    ("serving", "answer"),
    ("serving", "attachment"),
    ("serving", "picture"),
    ("serving", "received"),
    ("raw", "answer"),
}


def _views() -> dict[str, str]:
    """Every view that hands out bytes of the store, and its source."""
    found = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = path.relative_to(ROOT / "app").with_suffix("").as_posix()
        if not (name.endswith("views") or name.startswith("api/")):
            continue
        source = path.read_text()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and _hands_out(node):
                found[f"{name}.{node.name}"] = ast.get_source_segment(source, node) or ""
    return found


def _hands_out(function: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    named = {
        (one.value.id, one.attr) for one in calls if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    }
    return bool(named & HANDS_OUT)


def test_every_view_that_hands_out_a_file_is_placed_and_leaves_its_entry():
    views = _views()
    assert set(views) == set(PLACED)
    for name, event in PLACED.items():
        if event:
            assert any(word in views[name] for word in WITNESSES[event]), name


@pytest.fixture
def filed(world: World) -> str:
    return file_xml(world.anna, packed("beef_flowers_pet"))


def _entries(database: Database, event: str, person: str) -> int:
    query = sa.text(
        "SELECT count(*) FROM ledger_entries WHERE event = :e AND person_id = (SELECT id FROM people WHERE email LIKE :p)"
    )
    with transaction(database, writing=False) as session:
        return session.execute(query, {"e": event, "p": f"{person}@%"}).scalar() or 0


def _grows(world: World, database: Database, who: str, path: str, event: str) -> None:
    before = _entries(database, event, who)
    answer = getattr(world, who).browser.get(path)
    assert answer.status_code == 200, path
    assert _entries(database, event, who) == before + 1, path


def test_each_way_to_a_file_leaves_an_entry(world: World, database: Database, filed: str) -> None:
    case = open_case(world.olga, state(world.anna, filed)["number"])
    with transaction(database, writing=False) as session:
        keys = {one.type_code: one.id for one in session.scalars(sa.select(Attachment))}
    first, second = f"{case}/files/{keys['01201']}", f"{case}/files/{keys['01202']}"
    _grows(world, database, "olga", first, "document.read")
    _grows(world, database, "olga", f"{second}/view", "document.read")
    world.audit.sign_in()
    _grows(world, database, "audit", first, "document.read")
    _grows(world, database, "audit", f"{filed}/files/{keys['01202']}", "document.read")
    for path in ("declaration.xml", "received"):
        _grows(world, database, "audit", f"{filed}/{path}", "declaration.read")
    receipt = html.fromstring(world.anna.get("/receipts").text).xpath("//a[contains(@href, '/receipts/')]/@href")[0]
    _grows(world, database, "audit", f"{receipt}/received", "receipt.read")


def test_a_trader_reads_what_is_theirs_unrecorded_and_nobody_elses(
    world: World, database: Database, filed: str
) -> None:
    with transaction(database, writing=False) as session:
        key = session.scalars(sa.select(Attachment.id)).first()
    for path in (f"{filed}/files/{key}", f"{filed}/declaration.xml", f"{filed}/received"):
        assert world.anna.browser.get(path).status_code == 200
        world.vera.sign_in()
        assert world.vera.browser.get(path).status_code == 404
        world.olga.sign_in()
        assert world.olga.browser.get(path).status_code == 404
    assert sum(_entries(database, event, "anna") for event in ("document.read", "declaration.read")) == 0
