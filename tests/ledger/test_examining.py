"""R20: whatever is changed in the ledger, in any column, by whoever has rights on the database, is found and its place named."""

from __future__ import annotations

import hashlib
import json
import os
import random
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access import Actor
from app.database import transaction
from app.ledger import merkle, notes, raw, recording, recovering
from app.ledger.events import EVENTS
from app.ledger.log_models import Epoch, SignedCheckpoint
from app.ledger.recording import Happening
from tests.ledger.sealed import ID, PACKAGE, Log, examined, log

__all__ = ["log"]

SQLITE = os.environ.get("AKNO_TEST_ENGINE", "sqlite") == "sqlite"
FLIPS = 200 if SQLITE else 60
OTHER = uuid.UUID("01900000-0000-7000-8000-0000000000ff")
BY = Actor(person_id=uuid.uuid4(), organisation_id=uuid.uuid4(), agency="BY-DVPN")
AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
EDITS: dict[str, Any] = {
    "at": datetime(2026, 11, 22, 9, 30, 15, 123457, tzinfo=UTC), "event": "job.forgotten", "subject": "reviews", "subject_id": OTHER,
    "declaration_id": OTHER, "person_id": OTHER, "organisation_id": OTHER, "payload": {"agency": "BY-OTHER"},
}  # fmt: skip


def stored(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, uuid.UUID):
        return value.hex.encode()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}".encode()
    return value if value is None else (json.dumps(value) if isinstance(value, dict) else value).encode()


@pytest.mark.pure
@pytest.mark.parametrize("sqlite", [True, False])
def test_r20_every_edit_of_every_column_of_every_kind_of_entry_is_seen(sqlite: bool) -> None:
    for event, keys in EVENTS.items():
        kind = event.partition(".")[0]
        row = recording._row(Happening(event, kind, ID, dict.fromkeys(keys, "x"), PACKAGE), BY, AT)

        def values(held: dict[str, Any]) -> tuple[Any, ...]:
            given = [held[column] for column in raw._COLUMNS]
            if sqlite:
                return tuple(stored(one) for one in given)
            return tuple(json.dumps(one) if isinstance(one, dict) else one for one in given)

        assert raw.differing(row["leaf"], values(row), sqlite=sqlite) == []
        for column, value in EDITS.items():
            assert raw.differing(row["leaf"], values(row | {column: value}), sqlite=sqlite) == [column], (event, column)
        for column in ("declaration_id", "person_id", "organisation_id"):
            assert raw.differing(row["leaf"], values(row | {column: None}), sqlite=sqlite) == [column]
        for broken in (b"", b"[]", b"{}", row["leaf"][:-1], b"\xff", None):
            assert raw.differing(broken, values(row), sqlite=sqlite) == ["leaf"]


def test_a_ledger_that_nobody_touched_is_green(log: Log) -> None:
    log.grow(5, 9, 2)
    log.record(2)
    report = examined(log)
    assert [str(one) for one in report.findings] == []
    assert (report.checkpoints, report.copies, report.waiting) == (3, 3, 2)
    assert report.leaves > 16


def at_index(index: int) -> str:
    return f"(SELECT position FROM ledger_leaves WHERE leaf_index = {index})"


COLUMNS = {
    "at": "'2020-01-01 00:00:00.000000'" if SQLITE else "now()", "event": "'job.retried'", "subject": "'other'",
    "subject_id": f"'{OTHER.hex}'", "declaration_id": f"'{OTHER.hex}'", "person_id": f"'{OTHER.hex}'",
    "organisation_id": f"'{OTHER.hex}'", "payload": "'{}'", "leaf": "leaf_hash", "leaf_hash": "leaf",
    "transaction_id": "transaction_id + 1", "position": "position + 100000",
}  # fmt: skip


def test_r20_a_changed_column_is_found_and_its_index_named(log: Log) -> None:
    log.grow(12, 4)
    size = examined(log).leaves
    for at, (column, value) in enumerate(COLUMNS.items()):
        index = size - 3 - at
        report = examined(log, f"UPDATE ledger_entries SET {column} = {value} WHERE position = {at_index(index)}")
        assert report.first_bad == index, (column, list(map(str, report.findings)))
        if column not in ("position", "leaf", "leaf_hash"):
            assert any(one.where == column for one in report.findings), column


ROWS = {
    "an entry is deleted": f"DELETE FROM ledger_entries WHERE position = {at_index(20)}",
    "a leaf is deleted": "DELETE FROM ledger_leaves WHERE leaf_index = 20",
    "a leaf is bent": "UPDATE ledger_leaves SET leaf_hash = :other WHERE leaf_index = 20",
    "a leaf points elsewhere": "UPDATE ledger_leaves SET position = 100000 WHERE leaf_index = 20",
    "a hash of the tree is bent": "UPDATE ledger_nodes SET node_hash = :other WHERE level = 2 AND number = 5",
    "a hash of the tree is deleted": "DELETE FROM ledger_nodes WHERE level = 2 AND number = 5",
}


@pytest.mark.parametrize("deed", ROWS)
def test_r20_a_row_that_is_bent_or_gone_is_found(log: Log, deed: str) -> None:
    log.grow(30, 4)
    values = {"other": b"\1" * 32} if ":other" in ROWS[deed] else {}
    assert examined(log, ROWS[deed], **values).first_bad == 20


def copy_of(index: int, position: str, prefix: str = "") -> str:
    """Insert what stands at an index once more at another position."""
    names = "transaction_id, at, event, subject, subject_id, declaration_id, person_id, organisation_id, payload, leaf, leaf_hash"
    return f"INSERT INTO ledger_entries (position, {names}) SELECT {position}, {names} FROM ledger_entries WHERE position = {at_index(index)}"


def test_r20_tails_swaps_duplicates_and_insertions(log: Log) -> None:
    log.grow(10, 4)
    size = examined(log).leaves
    cut = [
        f"DELETE FROM ledger_entries WHERE position >= {at_index(size - 3)}",
        f"DELETE FROM ledger_leaves WHERE leaf_index >= {size - 3}",
    ]
    report = examined(log, *cut)
    assert report.first_bad == size - 3, "the tail is cut, and the checkpoints say so"
    first, second = size - 6, size - 4
    swap = [
        f"UPDATE ledger_entries SET leaf = (SELECT leaf FROM ledger_entries WHERE position = {at_index(one)}) WHERE position = {at_index(other)}"
        for one, other in ((first, second),)
    ]
    assert examined(log, *swap).first_bad == second
    swapped = [
        f"UPDATE ledger_leaves SET position = -position WHERE leaf_index IN ({first}, {second})",
        f"UPDATE ledger_leaves SET position = (SELECT -o.position FROM ledger_leaves o WHERE o.leaf_index = {second}) WHERE leaf_index = {first}",
    ]
    assert examined(log, *swapped).first_bad == first
    assert not examined(log, copy_of(first, "1000000")).good, "the same entry again at the end"
    assert not examined(log, copy_of(first, "-5")).good, "put before all others"


def test_r20_a_forged_entry_among_the_old_ones_is_found(log: Log) -> None:
    """With bytes and hash that fit each other: it was never sealed where it stands."""
    log.grow(10)

    def forge(session) -> None:
        row = recording._row(Happening("review.lapsed", "review", ID, {"agency": "FORGED"}, PACKAGE), BY, AT)
        session.execute(sa.insert(recording.Entry), row | {"position": -7, "transaction_id": 0})

    report = examined(log, forge)
    assert any("put among entries" in str(one) for one in report.findings)


def rewritten(session) -> None:
    """An insider changes one entry, its bytes and its hash, and makes the whole tree anew to fit."""
    entry = session.scalars(sa.select(recording.Entry).where(recording.Entry.event == "review.lapsed").limit(1)).one()
    facts = json.loads(entry.leaf)
    facts["payload"]["agency"] = "BENT"
    leaf = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    session.execute(
        sa.update(recording.Entry)
        .where(recording.Entry.position == entry.position)
        .values(leaf=leaf, leaf_hash=merkle.leaf_hash(leaf), payload=facts["payload"])
    )
    session.expire_all()
    recovering.rebuild()


def with_own_key(session) -> None:
    """… and signs every checkpoint with a key of their own."""
    own = Ed25519PrivateKey.generate()
    for epoch in session.scalars(sa.select(Epoch)):
        epoch.verifier_key = str(notes.key_of(own, epoch.origin))
        for row in session.scalars(sa.select(SignedCheckpoint)):
            row.root = hashlib.sha256(b"anything").digest()
            row.note = str(notes.sign(str(notes.Checkpoint(epoch.origin, row.size, row.root)), own, epoch.origin))
    session.flush()


def without_checkpoints(session) -> None:
    """… or takes every checkpoint away."""
    session.execute(sa.text("DELETE FROM ledger_checkpoints"))
    session.execute(sa.text("DELETE FROM ledger_epochs"))


@pytest.mark.parametrize("further", [None, with_own_key, without_checkpoints])
def test_r20_a_chain_that_an_insider_made_anew_is_caught_by_what_stands_outside(log: Log, further) -> None:
    first, second = log.grow(10, 6)
    report = examined(log, rewritten, *([further] if further else []))
    assert report.first_bad == 0
    assert any(f"first {first.size} entries" in str(one) for one in report.findings)
    assert second.size == report.leaves


def test_r20_random_flips_of_bits(log: Log) -> None:
    """Of every stored column that the log rests on; ``make faults`` turns a thousand."""
    log.grow(12, 7)
    dice = random.Random(20)
    size = examined(log).leaves
    columns = [("ledger_entries", one) for one in ("leaf", "leaf_hash")] + [("ledger_leaves", "leaf_hash")]
    columns += [("ledger_nodes", "node_hash"), ("ledger_checkpoints", "root"), ("ledger_checkpoints", "note")]
    if SQLITE:
        columns += [("ledger_entries", one) for one in raw._COLUMNS]
    missed = []
    for _ in range(FLIPS):
        table, column = dice.choice(columns)
        flip = Flip(table, column, dice, size)
        if examined(log, flip).good:
            missed.append(f"{flip.table}.{flip.column} at {flip.key}: {flip.before!r} -> {flip.after!r}")
    assert missed == []


class Flip:
    """One bit of one stored value, turned."""

    KEYS = {
        "ledger_entries": "position", "ledger_leaves": "leaf_index", "ledger_nodes": "1000 * level + number",
        "ledger_checkpoints": "size",
    }  # fmt: skip

    def __init__(self, table: str, column: str, dice: random.Random, size: int) -> None:
        self.table, self.column, self.dice = table, column, dice
        self.key, self.before, self.after = 0, b"", b""

    def __call__(self, session) -> None:
        name = self.KEYS[self.table]
        text = self.column in ("note", *raw._COLUMNS)
        read = (
            self.column
            if not text
            else f"CAST({self.column} AS BLOB)"
            if SQLITE
            else f"convert_to({self.column}, 'UTF8')"
        )
        query = f"SELECT {name}, {read} FROM {self.table} WHERE {self.column} IS NOT NULL ORDER BY 1"
        self.key, self.before = self.dice.choice(session.execute(sa.text(query)).all())
        bit = self.dice.randrange(len(self.before) * 8)
        if text and not SQLITE:
            bit = bit // 8 * 8  # PostgreSQL keeps no text that is not UTF-8
            if self.before[bit // 8] >= 128:
                bit = 0
        changed = bytearray(self.before)
        changed[bit // 8] ^= 1 << bit % 8
        self.after = bytes(changed)
        write = ":after" if not text else "CAST(:after AS TEXT)" if SQLITE else "convert_from(:after, 'UTF8')"
        session.execute(
            sa.text(f"UPDATE {self.table} SET {self.column} = {write} WHERE {name} = :key"),
            {"after": self.after, "key": self.key},
        )


def test_since_a_checkpoint_only_what_came_later_is_examined(log: Log) -> None:
    first, second = log.grow(8, 8)
    early = f"UPDATE ledger_entries SET event = 'job.retried' WHERE position = {at_index(first.size - 2)}"
    late = f"UPDATE ledger_entries SET event = 'job.retried' WHERE position = {at_index(first.size + 2)}"
    assert examined(log, early, since=first.size).good
    assert examined(log, late, since=first.size).first_bad == first.size + 2
    assert examined(log, since=second.size).good


def test_the_command_says_what_is_wrong_and_ends_with_one(log: Log) -> None:
    from app.cli.ledger import group

    log.grow(8)
    run = CliRunner()
    with log.app.app_context():
        good = run.invoke(group, ["verify"], obj=None)
    assert (good.exit_code, "everything is as it was recorded" in good.output) == (0, True), good.output
    log.sql(
        "UPDATE ledger_entries SET event = 'job.retried' WHERE position = (SELECT max(position) FROM ledger_entries)"
    )
    with log.app.app_context():
        bad = run.invoke(group, ["verify"])
    assert bad.exit_code == 1
    with transaction(log.database, writing=False) as session:
        last = session.scalar(sa.text("SELECT max(leaf_index) FROM ledger_leaves"))
    assert f"first bad index {last}" in bad.output
    assert "(event)" in bad.output
