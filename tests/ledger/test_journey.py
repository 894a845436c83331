"""Everything that happens to a package is in the ledger, and nothing of what people said or are called is."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import etree, html

from app.cli.country import HOUSES, PEOPLE
from app.cli.packing import stand_in
from app.clock import today
from app.database import Database, transaction
from app.ledger.models import Entry
from tests.factories.world import World
from tests.journeys.roads import approve, file_bytes, file_xml, open_case, packed, state

NOTE = "Праверана асабіста намі, заўваг няма, канарэйка-7"
REASON = "Памыліліся адрасам атрымальніка, канарэйка-8"


def words_of(xml: bytes) -> Iterator[str]:
    """Every text of a package that is no code: descriptions, names, streets, marks."""
    for element in etree.fromstring(xml).iter(etree.Element):
        text = (element.text or "").strip()
        if re.search(r"[^A-Za-z0-9:._/+\-]", text) or re.search(r"[^\x00-\x7f]", text):
            yield text
            yield from (word for word in re.findall(r"\w{5,}", text) if not word.isdigit())


def test_no_leaf_names_anybody_or_says_anything(app: Flask, world: World, database: Database, worker) -> None:
    beef, bikes, panels = packed("beef_flowers_pet"), packed("bicycles"), packed("solar_panels")
    where = file_xml(world.anna, beef)
    number = state(world.anna, where)["number"]
    for officer in (world.olga, world.fyodar, world.nina):
        approve(officer, number, note=NOTE)
    approve(world.maria, number, note=NOTE)
    assert state(world.anna, where)["status"] == "released"
    worker.drain()
    _refuse(world, file_xml(world.vera, bikes))
    file_bytes(world.vera, bikes.xml.replace(b">IM</TypeCode>", b">QQ</TypeCode>", 1), "Сакрэтная назва.xml")
    _withdraw(world, file_xml(world.sofia, panels))
    with transaction(database, writing=False) as session:
        entries = session.scalars(sa.select(Entry)).all()
    for event in (
        "declaration.released",
        "declaration.refused",
        "declaration.withdrawn",
        "clearance.issued",
        "review.decided",
    ):
        assert event in {entry.event for entry in entries}, event
    secrets = {text for package in (beef, bikes, panels) for text in words_of(package.xml)}
    secrets |= {part for who in PEOPLE for part in (*who.full_name.split(), who.email + "@")}
    secrets |= {part for house in HOUSES for part in (house.name, house.address_line) if part}
    secrets |= {NOTE, REASON, "канарэйка", "Сакрэтная"} | {house.unp for house in HOUSES if house.unp}
    assert len(secrets) > 60
    leaves = "\n".join(entry.leaf.decode("ascii").encode().decode("unicode_escape") for entry in entries).casefold()
    plain = "\n".join(str(entry.payload) for entry in entries).casefold()
    said = leaves + plain
    found = {one for one in secrets if re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", said)}
    assert found == set()
    for entry in entries:
        assert entry.leaf_hash == hashlib.sha256(b"\x00" + entry.leaf).digest()
        assert "@" not in entry.leaf.decode("ascii")


def _refuse(world: World, where: str) -> None:
    open_case(world.maria, state(world.vera, where)["number"])
    page = world.maria.submit("/decide", **{"item-1-outcome": "refused", "note": NOTE})
    reasons = html.fromstring(page.text).xpath("//*[@name='item-1-reason_code']//option/@value")
    answer = world.maria.submit(
        "/decide",
        **{"item-1-outcome": "refused", "item-1-reason_code": next(one for one in reasons if one), "note": NOTE},
    )
    assert answer.status_code == 200
    assert state(world.vera, where)["status"] == "refused"


def _withdraw(world: World, where: str) -> None:
    world.sofia.get(where)
    page = world.sofia.browser.post(f"{where}/withdraw", data={"csrf_token": world.sofia.token(), "reason": REASON})
    assert page.status_code == 303, page.text
    assert state(world.sofia, where)["status"] == "withdrawn"


def test_every_change_of_state_has_its_entry(world: World, database: Database, worker) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    for officer in (world.olga, world.fyodar, world.nina, world.maria):
        approve(officer, number)
    worker.drain()
    identity = where.rpartition("/")[2]
    with transaction(database, writing=False) as session:
        events = [
            entry.event for entry in session.scalars(sa.select(Entry).order_by(Entry.position))
            if str(entry.declaration_id) == identity
        ]  # fmt: skip
    assert events[:2] == ["declaration.submitted", "declaration.routed"]
    assert events.count("review.opened") == 4
    assert events.count("review.claimed") == 4
    assert events.count("review.decided") == 4
    assert events.count("receipt.issued") == 1
    assert events.count("declaration.released") == 1
    assert (
        events.index("declaration.released") > max(n for n, event in enumerate(events) if event == "review.decided") - 1
    )
    assert events[-1] == "clearance.issued"


DEEDS = ("file", "claim", "decide", "withdraw", "mandate", "upload")


@pytest.mark.parametrize("deed", DEEDS)
def test_what_cannot_be_recorded_does_not_happen(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """The entry is in the transaction of the act: where it cannot be written, the act has not been done."""
    where = file_xml(world.vera, packed("bicycles"))
    found = state(world.vera, where)
    case = open_case(world.maria, found["number"]) if deed == "decide" else ""
    if deed == "claim":
        page = html.fromstring(world.maria.get("/queue").text)
        case = next(
            a.get("href") for a in page.xpath("//a[contains(@href, '/cases/')]") if found["number"] in a.text_content()
        )
    for who in (world.vera, world.maria, world.anna):
        who.get("/account")
        who.token()
    monkeypatch.setattr("app.ledger.recording._leaf", _raise)
    before = _states(database)
    token = {"csrf_token": world.vera.token()}
    theirs = {"csrf_token": world.maria.token()}
    answer = {
        "file": lambda: world.vera.post("/file", package=(io.BytesIO(b"anything"), "a.xml")),
        "claim": lambda: world.maria.browser.post(f"{case}/claim", data=theirs),
        "decide": lambda: world.maria.browser.post(
            f"{case}/decide",
            data=theirs | _shown(world, case) | {"rest": "yes", "payment": "paid", "payment_reference": "PP-1"},
        ),
        "withdraw": lambda: world.vera.browser.post(f"{where}/withdraw", data=token | {"reason": REASON}),
        "mandate": lambda: world.vera.post(
            "/mandates/new", broker_unp="191678343", scope=["export"], valid_from=today().isoformat()
        ),
        "upload": lambda: world.vera.post("/documents", files=(io.BytesIO(stand_in("01202", "7")), "a.pdf")),
    }[deed]()
    assert answer.status_code == 500, answer.text
    assert _states(database) == before
    assert state(world.vera, where)["status"] == "under-review"


def _shown(world: World, case: str) -> dict[str, str]:
    form = next(f for f in html.fromstring(world.maria.get(case).text).forms if "/decide" in (f.action or ""))
    return {str(name): str(value) for name, value in form.form_values() if name != "csrf_token"}


def _states(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables with a status, and how many entries there are."""
    with database.reading.connect() as connection:
        tables = ("declarations", "reviews", "mandates", "clearances", "receipts", "documents")
        found = {
            name: sorted(map(tuple, connection.execute(sa.text(f"SELECT id, {column} FROM {name}"))), key=str)
            for name, column in zip(tables, ("status", "status", "status", "status", "outcome", "sha256"), strict=True)
        }
        found["entries"] = [tuple(connection.execute(sa.text("SELECT count(*) FROM ledger_entries")).one())]
        return found


def _raise(*_arguments: object, **_keywords: object) -> bytes:
    raise RuntimeError("the ledger cannot be written")
