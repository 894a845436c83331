"""The pages of the log: for anyone, for who holds a receipt or a code, for the auditor; and nothing by a number alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html

from app.database import Database, transaction
from app.ledger import checking, log_finders, merkle, notes, sealing
from app.ledger.log_models import Epoch, SignedCheckpoint
from app.ledger.models import Entry
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, packed, state
from tests.ledger.sealed import Log, log

__all__ = ["log"]


@pytest.fixture
def filed(world: World, log: Log, worker) -> dict:
    """A package that was filed, decided and cleared, and nothing sealed yet."""
    where = file_xml(world.vera, packed("bicycles"))
    found = state(world.vera, where)
    approve(world.maria, found["number"])
    worker.drain()
    with transaction(log.database, writing=False) as session:
        receipt = session.scalars(sa.select(Entry).where(Entry.event == "receipt.issued")).all()[-1]
        issued = session.scalars(sa.select(Entry).where(Entry.event == "clearance.issued")).one()
        code = session.scalar(sa.text("SELECT code FROM clearances"))
    return {
        "where": where,
        "number": found["number"],
        "receipt": receipt.subject_id,
        "code": code,
        "issued": issued.position,
    }


def test_proofs_of_a_receipt_and_a_clearance_hold_offline_and_nothing_is_told_by_a_number(
    world: World, client: FlaskClient, log: Log, filed: dict
) -> None:
    with transaction(log.database) as session:  # the worker of the fixture may have sealed some
        for table in ("checkpoints", "epochs", "leaves", "nodes"):
            session.execute(sa.text(f"DELETE FROM ledger_{table}"))
        session.execute(sa.text("DELETE FROM ledger_cursors WHERE reader = :name"), {"name": sealing.READER})
    receipt, clearance = f"/receipts/{filed['receipt']}/proof", f"/verify/{filed['code']}/proof"
    for path in (receipt, f"{receipt}.tlog-proof"):
        early = world.vera.browser.get(f"{path}?lang=en")
        assert (early.status_code, early.headers["Retry-After"]) == (425, "2")
        assert "sealed within seconds" in early.text
    assert client.get(f"{clearance}.tlog-proof").status_code == 425
    log.seal()
    log.sign()
    with transaction(log.database, writing=False) as session:
        key = notes.read_key(session.scalars(sa.select(Epoch)).one().verifier_key)
    mine = world.vera.browser.get(f"{receipt}.tlog-proof")
    found = checking.check(mine.text, key)
    assert (found.good, found.facts["event"]) == (True, "receipt.issued")
    assert mine.headers["Content-Disposition"].endswith(".tlog-proof")
    theirs = checking.check(client.get(f"{clearance}.tlog-proof").text, key)
    assert (theirs.good, theirs.facts["event"], len(theirs.facts["payload"]["sha256"])) == (
        True,
        "clearance.issued",
        64,
    )
    for page in (world.vera.browser.get(receipt), client.get(clearance)):
        assert page.status_code == 200
        assert str(key) in html.fromstring(page.text).text_content()
        assert "<svg" in page.text
        said = html.fromstring(page.text).xpath("string((//dl[@class='facts'])[1])")
        assert "+00:00" not in said, "moments are in the reader's words"
    read = html.fromstring(client.get(clearance).text)
    assert read.xpath("//p[@class='back']/a/@href") == [f"/verify/{filed['code']}"]
    world.anna.sign_in()
    assert world.anna.browser.get(receipt).status_code == 404, "another trader's receipt"
    assert client.get(receipt).status_code == 302
    for guess in (filed["number"], "BY-CLR-260101-0000001-1", "0" * 40, "x"):
        assert client.get(f"/verify/{guess}/proof").status_code == 404
        assert client.get(f"/verify/{guess}/proof.tlog-proof").status_code == 404
    for path in ("/log", "/log/checkpoint"):
        assert filed["number"] not in client.get(path, query_string={"number": filed["number"]}).text


def test_the_public_pages_show_a_checkpoint_that_anyone_can_check(client: FlaskClient, log: Log) -> None:
    assert client.get("/log").status_code == 200, "before anything is signed"
    assert client.get("/log/checkpoint").status_code == 404
    first, second = log.grow(5, 8)
    page = client.get("/log")
    text = html.fromstring(page.text).text_content()
    assert notes.encoded(second.root) in text
    with transaction(log.database, writing=False) as session:
        key = notes.read_key(session.scalars(sa.select(Epoch)).one().verifier_key)
    assert str(key) in text
    note = notes.read_note(client.get("/log/checkpoint").text)
    assert note.signed_by(key)
    said = notes.read_checkpoint(note.text)
    assert (said.size, said.root) == (second.size, second.root)
    lines = client.get("/log/consistency", query_string={"from": first.size, "to": second.size}).text.splitlines()
    steps = [notes.decoded(line, 32) for line in lines]
    assert merkle.verify_consistency(first.size, second.size, first.root, second.root, steps)
    for old, new in (("5", "4"), ("1", str(second.size + 1)), ("", ""), ("-1", "2"), ("01", "2"), ("x", "9" * 30)):
        assert client.get("/log/consistency", query_string={"from": old, "to": new}).status_code == 404
    assert "Demonstration" in page.text or "Дэманстрацыя" in page.text or "cas" in page.text


def test_a_log_that_signs_nothing_says_why(client: FlaskClient, log: Log) -> None:
    log.grow(3)
    log.record(2)
    log.seal()
    log.sql(
        "UPDATE ledger_leaves SET leaf_hash = :other WHERE leaf_index = (SELECT max(leaf_index) FROM ledger_leaves)",
        other=b"\1" * 32,
    )
    assert log.sign() is None
    page = client.get("/log", headers={"Accept-Language": "en"}).text
    assert "Nothing is signed at the moment" in page


def test_the_auditor_reads_the_record_by_package_thing_and_event(world: World, log: Log, filed: dict) -> None:
    log.seal()
    log.sign()
    page = world.audit.get(f"/ledger?package={filed['number']}&event=clearance.issued")
    rows = html.fromstring(page.text).xpath("//tbody/tr")
    assert len(rows) == 1
    proof = rows[0].xpath(".//a[contains(@href, '/proof')]/@href")[0]
    assert "<svg" in world.audit.get(proof).text
    file = world.audit.browser.get(f"{proof}.tlog-proof").text
    with transaction(log.database, writing=False) as session:
        key = notes.read_key(session.scalars(sa.select(Epoch)).one().verifier_key)
    assert checking.check(file, key).facts["subject"].startswith("clearance:")
    assert len(html.fromstring(world.audit.get(f"/ledger?subject={filed['receipt']}").text).xpath("//tbody/tr")) >= 1
    first = html.fromstring(world.audit.get("/ledger").text)
    assert len(first.xpath("//tbody/tr")) == 50
    following = first.xpath("//a[@rel='next']/@href")[0]
    assert html.fromstring(world.audit.get(following).text).xpath("//tbody/tr")
    for field, typed in (("subject", "nonsense"), ("event", "no.such")):
        refused = world.audit.browser.get(f"/ledger?{field}={typed}")
        assert refused.status_code == 422
        read = html.fromstring(refused.text)
        assert read.xpath(f"//*[@role='alert']//a[@href='#{field}']")
        assert read.xpath(f"//*[@id='{field}' and @aria-invalid='true']")
    assert world.audit.browser.get("/ledger?cursor=99999999999999999999999&package=none").status_code == 200
    assert world.audit.browser.get("/ledger/999999999999/proof").status_code == 404
    for other in (world.maria, world.vera, world.admin):
        other.sign_in()
        assert other.browser.get("/ledger").status_code == 403


def test_a_person_who_is_gone_leaves_the_record_green(log: Log, database: Database, filed: dict) -> None:
    """Entries name people by random ids: what NEED erases is not in them, so nothing changes when it goes."""
    from tests.ledger.sealed import examined

    log.seal()
    log.sign()
    rename = "UPDATE people SET full_name = '-', email = 'gone-' || email, personal_number = ''"
    report = examined(log, rename)
    assert report.good, [str(one) for one in report.findings]
    with transaction(database, writing=False) as session:
        people = session.execute(sa.text("SELECT full_name, email FROM people")).all()
        leaves = b"".join(entry.leaf for entry in session.scalars(sa.select(Entry))).decode()
        checkpoints = session.scalars(sa.select(SignedCheckpoint)).all()
    assert checkpoints
    assert not any(part in leaves for person in people for part in (person.full_name, person.email))


def test_finders_of_an_empty_log(log: Log) -> None:
    with transaction(log.database, writing=False):
        assert log_finders.last_checkpoint() is None or log_finders.current_epoch() is not None


def test_a_missing_hash_of_the_tree_is_no_mistake_page_of_consistency(client: FlaskClient, log: Log) -> None:
    log.grow(9)
    assert client.get("/log/consistency?from=3&to=9").status_code == 200
    log.sql("DELETE FROM ledger_nodes")
    assert client.get("/log/consistency?from=3&to=9").status_code == 425
