"""Entries get their places in order, once; what is signed is made anew from the bytes; nothing that was changed is signed."""

from __future__ import annotations

import contextlib
import itertools
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import transaction
from app.ledger import keys, log_finders, merkle, notes, outside, reading, sealing, tree
from app.ledger.log_models import Epoch, Leaf, Node, SignedCheckpoint
from app.ledger.models import Entry
from tests.ledger.sealed import Log, log

__all__ = ["log"]


def everything(log: Log, kind: type) -> list:
    with transaction(log.database, writing=False) as session:
        return list(session.scalars(sa.select(kind)))


def test_every_entry_has_one_place_in_the_order_of_the_reader(log: Log) -> None:
    log.record(3)
    log.record(14)
    log.seal(batch=5)
    with transaction(log.database, writing=False) as session:
        rows = session.execute(
            sa.select(Leaf.leaf_index, Entry.leaf, Leaf.leaf_hash)
            .join(Entry, Entry.position == Leaf.position)
            .order_by(Entry.transaction_id, Entry.position)
        ).all()
        assert len(rows) == session.scalar(sa.select(sa.func.count()).select_from(Entry))
    assert [row.leaf_index for row in rows] == list(range(len(rows)))
    edge, nodes = merkle.Frontier(), {}
    for _index, leaf, held in rows:
        assert merkle.leaf_hash(leaf) == held
        nodes |= {(level, number): one for level, number, one in edge.append(held)}
    assert {(one.level, one.number): one.node_hash for one in everything(log, Node)} == nodes
    with transaction(log.database, writing=False):
        assert tree.root(len(rows)) == edge.root()


def test_a_checkpoint_is_a_signed_note_of_the_tree_and_stands_outside_too(log: Log) -> None:
    first, second = log.grow(4, 3)
    assert log.sign() is None, "nothing has grown"
    with log.app.app_context(), transaction(log.database, writing=False):
        epoch = log_finders.current_epoch()
        key = notes.read_key(epoch.verifier_key)
        for one in (first, second):
            note = notes.read_note(one.note)
            assert note.signed_by(key)
            assert notes.read_checkpoint(note.text) == notes.Checkpoint(epoch.origin, one.size, one.root)
        proof = tree.prove(merkle.consistency(first.size, second.size))
        assert merkle.verify_consistency(first.size, second.size, first.root, second.root, proof)
    copies = list(outside.every(log.copies))
    assert [(copy.size, copy.root) for copy in copies] == [(one.size, one.root) for one in (first, second)]
    assert outside.newest(log.copies) == copies[-1]


def test_r15_a_line_that_was_cut_off_outside_spoils_none_behind_it(log: Log) -> None:
    """Power or the disk ended in the middle of a copy: it was never acknowledged, and the next one stands in its place."""
    (first,) = log.grow(4)
    (file,) = log.copies.glob("*.jsonl")
    with file.open("ab") as torn:
        torn.write(b'{"epoch":1,"note":"akn')
    (second,) = log.grow(3)
    assert [copy.size for copy in outside.every(log.copies)] == [first.size, second.size]
    assert outside.newest(log.copies).size == second.size


def test_a_second_lies_between_two_checkpoints(log: Log) -> None:
    log.record()
    log.seal()
    assert log.step(sealing.sign) is not None
    log.record()
    log.seal()
    assert log.step(sealing.sign) is None


FLIPS = {
    "leaf": "UPDATE ledger_leaves SET leaf_hash = :other WHERE leaf_index = :index",
    "tree": "UPDATE ledger_nodes SET node_hash = :other WHERE level = 3 AND number = :node",
}


@pytest.mark.parametrize("because", FLIPS)
def test_r22_a_bit_flipped_between_hashing_and_storing_is_never_signed(log: Log, because: str) -> None:
    """As at Yeti in 2022: the hash that was stored is not that of the bytes. Nothing is signed, the auditor sees why."""
    (first,) = log.grow(8)
    log.record(32)
    log.seal()
    log.sql(FLIPS[because], other=b"\1" * 32, index=first.size + 2, node=(first.size + 8) // 8)
    assert log.sign() is None
    assert log.sign() is None
    (epoch,) = everything(log, Epoch)
    assert epoch.stopped_because in ("leaf", "tree")
    assert [one.size for one in everything(log, SignedCheckpoint)] == [first.size]
    assert len(list(outside.every(log.copies))) == 1
    told = [entry for entry in everything(log, Entry) if entry.event == "log.stopped"]
    assert [entry.payload for entry in told] == [{"because": epoch.stopped_because}], "said once"


def test_an_entry_that_was_changed_before_it_was_sealed_is_not_sealed(log: Log) -> None:
    log.grow(2)
    log.record(3)
    log.sql(
        "UPDATE ledger_entries SET leaf = :leaf WHERE position = (SELECT max(position) - 1 FROM ledger_entries)",
        leaf=b"{}",
    )
    assert log.seal() == 0
    (epoch,) = everything(log, Epoch)
    assert epoch.stopped_because == "leaf"


def test_the_log_goes_on_when_what_stopped_it_is_mended(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.grow(2)
    log.record(3)
    log.seal()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "log_key", lambda settings: None)
        assert log.sign() is None
    assert log.sign() is not None
    events = [entry.event for entry in everything(log, Entry)]
    assert events.count("log.stopped") == events.count("log.resumed") == 1
    (epoch,) = everything(log, Epoch)
    assert (epoch.stopped_because, epoch.stopped_at) == ("", None)


def test_r24_a_running_worker_signs_nothing_that_contradicts_what_stands_outside(log: Log) -> None:
    log.grow(5)
    log.record(5)
    log.seal()
    with log.app.app_context(), transaction(log.database, writing=False):
        epoch, size = log_finders.current_epoch(), tree.size()
        key = keys.log_key(log.app.extensions["akno.settings"])
    for number, leaves, root in ((1, size, b"\2" * 32), (1, size + 1, b"\2" * 32), (2, 1, b"\2" * 32)):
        note = notes.sign(str(notes.Checkpoint(epoch.origin, leaves, root)), key, epoch.origin)
        outside.append(log.copies, number, str(note), epoch.began_at)
        assert log.sign(guarded=True) is None
    (epoch,) = everything(log, Epoch)
    assert epoch.stopped_because == "outside"


def test_r23_two_sealers_and_many_writers_make_one_sequence(log: Log) -> None:
    """Writers append while two sealers seal and sign; one sequence without gaps, every pair of checkpoints consistent."""
    done = threading.Event()
    with ThreadPoolExecutor(10) as threads:
        writers = [threads.submit(_write, log, f"W{n}") for n in range(8)]
        sealers = [threads.submit(_go_on, log, done) for _ in range(2)]
        for one in writers:
            one.result()
        done.set()
        for one in sealers:
            one.result()
    log.seal()
    log.sign()
    leaves = everything(log, Leaf)
    assert sorted(one.leaf_index for one in leaves) == list(range(len(everything(log, Entry))))
    signed = sorted(everything(log, SignedCheckpoint), key=lambda one: one.size)
    assert len(signed) > 1
    with transaction(log.database, writing=False):
        for old, new in itertools.combinations(signed, 2):
            proof = tree.prove(merkle.consistency(old.size, new.size))
            assert merkle.verify_consistency(old.size, new.size, old.root, new.root, proof)


def _write(log: Log, name: str) -> None:
    for n in range(8):
        _in_turn(lambda label: log.record(2, label=label), f"{name}-{n}")


def _in_turn(deed: Callable[[str], None], label: str) -> None:
    """SQLite has one writer: on a machine that is busy a turn may not come within its five seconds."""
    while True:
        with contextlib.suppress(sa.exc.OperationalError):
            deed(label)
            return


def _go_on(log: Log, done: threading.Event) -> None:
    while not done.wait(0.005):
        with contextlib.suppress(sa.exc.OperationalError), log.app.app_context(), transaction(log.database):
            reading.take_turn(sealing.READER)
            sealing.sign(pause=sealing.PAUSE * 0)
            sealing.seal(limit=7)


def test_a_key_is_made_once_and_others_may_not_read_it(tmp_path: Path) -> None:
    file = keys.make(tmp_path / "deep" / "key.pem")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert keys.make(file).read_bytes() == before
    assert keys.load(file) is not None
    file.chmod(0o640)
    with pytest.raises(keys.KeyUnfit, match="chmod 600"):
        keys.load(file)
    file.write_bytes(b"nothing")
    file.chmod(0o600)
    with pytest.raises(keys.KeyUnfit):
        keys.load(file)
    assert keys.load(tmp_path / "none.pem") is None


def test_administrators_and_auditors_are_told_that_nothing_is_signed(log: Log, worker) -> None:
    log.grow(3)
    log.record(3)
    log.seal()
    log.sql(
        "UPDATE ledger_leaves SET leaf_hash = :other WHERE leaf_index = (SELECT max(leaf_index) FROM ledger_leaves)",
        other=b"\1" * 32,
    )
    assert log.sign() is None
    worker.follow()
    with transaction(log.database, writing=False) as session:
        told = session.execute(
            sa.text("SELECT p.email FROM notices n JOIN people p ON p.id = n.person_id WHERE n.event = 'log.stopped'")
        ).all()
    assert {row.email.partition("@")[0] for row in told} >= {"admin", "audit"}


def test_a_reader_that_is_started_anew_seals_nothing_twice(log: Log) -> None:
    log.grow(5)
    log.sql("DELETE FROM ledger_cursors")
    log.record(3)
    assert log.seal() == 3
    assert log.sign() is not None
    log.sql("UPDATE ledger_cursors SET position = position + 2")
    log.record(4)
    assert log.seal() == 4, "nor leaves anything out"
