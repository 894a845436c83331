"""C-RET: what is kept no longer goes, some at a time; what is kept stays; the ledger says how many went and is untouched."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

import app.tables
from app import clock
from app.database import Base, Database, transaction
from app.declarations.models import Declaration
from app.documents import storage, uploading
from app.documents.models import Blob
from app.identity.models import SignInAttempt
from app.privacy import keeping
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, packed, state

assert app.tables.ALL_MODELS


def counts(session) -> dict[str, int]:
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def leaves_verify(session) -> int:
    """R20, the raw rows: every hash is that of its leaf, and every leaf says the payload of its row."""
    rows = session.execute(sa.text("SELECT leaf, leaf_hash, payload, event FROM ledger_entries")).all()
    for leaf, leaf_hash, payload, event in rows:
        assert hashlib.sha256(b"\x00" + bytes(leaf)).digest() == bytes(leaf_hash)
        said = json.loads(bytes(leaf))
        assert said["event"] == event
        assert said["payload"] == (payload if isinstance(payload, dict) else json.loads(payload))
    return len(rows)


def test_a_package_goes_five_years_after_its_end_with_everything_of_it(world: World, database: Database) -> None:
    gone = file_xml(world.anna, packed("beef_flowers_pet"))
    stays = file_xml(world.vera, packed("bicycles"))
    number = state(world.anna, gone)["number"]
    approve(world.olga, number)
    kept = state(world.vera, stays)["number"]
    with transaction(database) as session:
        old = clock.now() - timedelta(days=1828)
        table = Declaration.__table__
        session.execute(sa.update(table).values(updated_at=old))
        session.execute(sa.update(table).where(table.c.number == number).values(status="refused"))
        before = counts(session)
        entries = leaves_verify(session)
        assert keeping.expire("packages") == 1
        assert keeping.expire("packages") == 0
        assert keeping.expire("receipts") == 0
        session.execute(sa.text("UPDATE receipts SET received_at = :old"), {"old": "2020-01-01 00:00:00+00:00"})
        assert keeping.expire("receipts") == 1
        after = counts(session)
        assert leaves_verify(session) == entries + 2
        assert session.scalars(sa.select(Declaration.number)).all() == [kept]
    for table in ("versions", "reviews", "attachments", "lines", "decisions", "marks", "receipts"):
        assert after[table] < before[table], table
    for table in ("versions", "reviews", "documents", "people", "organisations"):
        assert after[table] > 0, table
    assert world.anna.browser.get(gone).status_code == 404
    assert world.vera.browser.get(stays).status_code == 200


def test_drafts_and_attempts_that_are_old_go_and_young_ones_stay(world: World, database: Database) -> None:
    world.anna.get("/packages/new")
    with transaction(database) as session:
        old, young = clock.now() - timedelta(days=91), clock.now() - timedelta(days=89)
        for at in (old, old, young):
            session.add(SignInAttempt(at=at, account_digest="a" * 64, address_digest="b" * 64))
        session.flush()
        assert keeping.expire("sign-in-attempts") == 2
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 1
        told = session.execute(sa.text("SELECT payload FROM ledger_entries WHERE event = 'data.expired'")).scalar()
    assert (told if isinstance(told, dict) else json.loads(told)) == {"kept_as": "sign-in-attempts", "rows": 2}


def test_a_file_that_nothing_refers_to_goes_and_one_that_is_named_stays(world: World, database: Database) -> None:
    file_xml(world.anna, packed("beef_flowers_pet"))
    with transaction(database) as session:
        orphan = uploading.keep(b"%PDF-1.7 nobody names me", media_type="application/pdf").sha256
        session.execute(sa.update(Blob).values(stored_at=clock.now() - timedelta(days=8)))
        before = set(session.scalars(sa.select(Blob.sha256)))
        assert keeping.expire("orphans") == 1
        assert before - set(session.scalars(sa.select(Blob.sha256))) == {orphan}
    assert not storage.store().has(orphan)
    assert all(storage.store().has(one) for one in before - {orphan})


def test_the_worker_asks_nothing_until_the_next_night(database: Database) -> None:
    nightly = keeping._Nightly()
    with transaction(database, writing=False):
        assert list(nightly.due()) == []
        assert all(night > clock.now() for night in nightly.next.values())
        said: list[str] = []
        engine = keeping.session().get_bind()
        sa.event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        assert list(nightly.due()) == []
        assert said == []


@pytest.mark.parametrize("dry", [True, False])
def test_the_command_shows_and_does(app, database: Database, dry: bool) -> None:
    with transaction(database) as session:
        session.add(
            SignInAttempt(at=clock.now() - timedelta(days=100), account_digest="a" * 64, address_digest="b" * 64)
        )
    answer = app.test_cli_runner().invoke(args=["personal", "retention", *(["--dry-run"] if dry else [])])
    assert answer.exit_code == 0, answer.output
    assert f"sign-in-attempts: kept 90 days, 1 {'would go' if dry else 'went'}" in answer.output
    with transaction(database, writing=False) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == (1 if dry else 0)
