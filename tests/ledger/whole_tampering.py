"""``make faults``: a thousand random flips (R20), and ten thousand entries of eight processes under two sealers (R23)."""

from __future__ import annotations

import multiprocessing
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.access import SYSTEM
from app.database import Database, transaction
from app.ledger import merkle, reading, recording, sealing, tree
from app.ledger.log_models import Leaf, SignedCheckpoint
from app.ledger.models import Entry
from config import Settings
from tests.ledger import test_examining
from tests.ledger.sealed import Log, examined, log

__all__ = ["log"]

PROCESSES, EACH, AT_ONCE = 8, 1250, 5


@pytest.mark.timeout(900)
def test_r20_a_thousand_random_flips_of_bits(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_examining, "FLIPS", 1000)
    test_examining.test_r20_random_flips_of_bits(log)


def write(url: str, name: str) -> None:
    """One process that records."""
    recording.use_key(b"a key of tests")
    database = Database(url)
    for start in range(0, EACH, AT_ONCE):
        rows = [
            recording.Happening("review.lapsed", "review", uuid.uuid4(), {"agency": f"{name}-{start + n}"})
            for n in range(AT_ONCE)
        ]
        for _ in range(100):
            try:
                with transaction(database):
                    recording.record_all(rows, by=SYSTEM)
                break
            except sa.exc.OperationalError:  # SQLite has one writer: the next try has its turn
                continue
    database.dispose()


def seal(settings: Settings, done: multiprocessing.Event) -> None:
    """One process that seals and signs."""
    app = create_app(settings)
    while not done.is_set():
        try:
            with app.app_context(), transaction(app.extensions["akno.database"]):
                reading.take_turn(sealing.READER)
                sealing.sign(pause=sealing.PAUSE / 10)
                sealing.seal(limit=50)
        except sa.exc.OperationalError:
            continue


@pytest.mark.timeout(900)
def test_r23_eight_processes_and_two_sealers_make_one_sequence(log: Log, settings: Settings, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    done = spawn.Event()
    own = settings.model_copy(update={"log_copies_dir": tmp_path / "copies"})
    before = examined(log)
    writers = [spawn.Process(target=write, args=(settings.database_url, f"W{n}")) for n in range(PROCESSES)]
    sealers = [spawn.Process(target=seal, args=(own, done)) for _ in range(2)]
    for one in (*writers, *sealers):
        one.start()
    for one in writers:
        one.join()
    done.set()
    for one in sealers:
        one.join()
    assert [one.exitcode for one in (*writers, *sealers)] == [0] * 10
    log.seal()
    log.sign()
    with transaction(log.database, writing=False) as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(Entry))
        assert count >= PROCESSES * EACH + before.waiting
        assert session.scalars(sa.select(Leaf.leaf_index).order_by(Leaf.leaf_index)).all() == list(range(count))
        signed = session.scalars(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size)).all()
        assert len(signed) > 5
        for at, old in enumerate(signed):
            for new in signed[at + 1 :]:
                proof = tree.prove(merkle.consistency(old.size, new.size))
                assert merkle.verify_consistency(old.size, new.size, old.root, new.root, proof)
