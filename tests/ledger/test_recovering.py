"""R24: a window on an old backup does not start; what is lost is said in the ledger, under a new name of the log."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from app.cli.ledger import group
from app.cli.work import guard_log
from app.database import transaction
from app.ledger import checking, log_finders, notes, outside, recovering, sealing
from app.ledger.models import Entry
from tests.ledger.sealed import Log, examined, log

__all__ = ["log"]


def run(log: Log, *words: str) -> Result:
    """A command of ``flask ledger``."""
    try:
        with log.app.app_context():
            return CliRunner().invoke(group, list(words))
    finally:
        log.app.extensions.pop(sealing.GUARDED, None)


def restored(log: Log, size: int) -> None:
    """Put a backup in place that was made when the log had so many entries."""
    log.sql(
        f"DELETE FROM ledger_entries WHERE position IN (SELECT position FROM ledger_leaves WHERE leaf_index >= {size})",
        f"DELETE FROM ledger_leaves WHERE leaf_index >= {size}",
        f"DELETE FROM ledger_nodes WHERE (number + 1) * (1 << level) > {size}",
        f"DELETE FROM ledger_checkpoints WHERE size > {size}",
        "UPDATE ledger_cursors SET position = (SELECT max(position) FROM ledger_leaves), transaction_id = "
        "(SELECT max(transaction_id) FROM ledger_leaves) WHERE reader = 'ledger.sealing'",
    )


def guarded(log: Log) -> str:
    """What a process says that starts now; an empty text when it starts."""
    try:
        recovering.guard(log.app)
    except recovering.LogContradicted as wrong:
        return str(wrong)
    finally:
        log.app.extensions.pop(sealing.GUARDED, None)
    return ""


def test_r24_a_window_on_an_old_backup_does_not_start(log: Log) -> None:
    first, second = log.grow(9, 6)
    assert guarded(log) == ""
    restored(log, first.size)
    words = guarded(log)
    assert f"{first.size} entries; a checkpoint of {second.size}" in words
    assert "flask ledger recover" in words
    with pytest.raises(Exception, match="ledger recover"):
        guard_log(log.app)
    log.app.extensions.pop(sealing.GUARDED, None)
    assert run(log, "seal").exit_code == 1
    report = examined(log)
    assert report.first_bad == first.size


def test_r24_a_window_on_another_story_does_not_start(log: Log) -> None:
    first, _second = log.grow(9, 6)
    restored(log, first.size)
    log.record(20, label="ELSE")
    log.seal()
    assert "not those that were signed" in guarded(log)
    assert log.sign(guarded=True) is None


def test_r24_recovery_is_an_entry_and_a_new_name_never_a_silent_fork(log: Log) -> None:
    first, second = log.grow(9, 6)
    with log.app.app_context(), transaction(log.database, writing=False) as session:
        entry = session.get(Entry, session.scalar(log_finders.sa.select(log_finders.sa.func.max(Entry.position))))
        kept, key = log_finders.find_proof(entry), notes.read_key(log_finders.current_epoch().verifier_key)
    restored(log, first.size)
    said = run(log, "recover")
    assert "a checkpoint of" in said.output
    assert guarded(log), "nothing was done yet"
    done = run(log, "recover", "--yes")
    assert done.exit_code == 0, done.output
    assert guarded(log) == ""
    with log.app.app_context(), transaction(log.database, writing=False) as session:
        epoch, last = log_finders.current_epoch(), log_finders.last_checkpoint()
        told = session.scalars(log_finders.sa.select(Entry).where(Entry.event == "log.recovered")).one()
    assert epoch.number == 2
    assert epoch.origin.endswith("/log/2")
    assert told.payload == {"size": first.size, "root": first.root.hex(), "witnessed": second.size}
    assert last.size == first.size + 1
    assert outside.newest(log.copies).epoch == 2
    assert examined(log).good, [str(one) for one in examined(log).findings]
    assert checking.check(str(kept), key).good, "who holds a proof of what was lost can still show it"
    assert run(log, "recover", "--yes").output.startswith("The database continues")
    log.grow(3)
    assert examined(log).good


def test_r24_an_epoch_that_no_entry_tells_of_is_found(log: Log) -> None:
    log.grow(5)
    report = examined(
        log, "INSERT INTO ledger_epochs (number, origin, verifier_key, began_at, from_size, stopped_because) "
        "SELECT 2, origin || '/2', '', began_at, 3, '' FROM ledger_epochs",
    )  # fmt: skip
    assert any("no entry says so" in str(one) for one in report.findings)


def test_the_tree_can_be_made_anew_and_must_be_what_was_signed(log: Log) -> None:
    log.grow(9, 6)
    log.sql("UPDATE ledger_nodes SET node_hash = :other WHERE level = 2 AND number = 1", other=b"\1" * 32)
    assert not examined(log).good
    assert run(log, "rebuild").exit_code == 0
    assert examined(log).good
    assert len(log.grow(2)) == 1


def test_a_proof_is_checked_with_a_file_and_a_key_alone(log: Log, tmp_path) -> None:
    log.grow(9)
    with log.app.app_context(), transaction(log.database, writing=False):
        entry = log_finders.find_entry("review.lapsed", log_finders.uuid.UUID("01900000-0000-7000-8000-00000000000a"))
        proof, key = log_finders.find_proof(entry), log_finders.current_epoch().verifier_key
    file = tmp_path / "a.tlog-proof"
    file.write_text(str(proof), encoding="utf-8")
    good = CliRunner().invoke(group, ["check-proof", str(file), "--key", key])
    assert good.exit_code == 0, good.output
    assert "event: review.lapsed" in good.output
    file.write_text(str(proof).replace("extra ", "extra AAAA"), encoding="utf-8")
    bad = CliRunner().invoke(group, ["check-proof", str(file), "--key", key])
    assert (bad.exit_code, "not-in-the-tree" in bad.output) == (1, True)
    assert run(log, "key").output.splitlines()[-1] == key


def test_a_fresh_database_of_the_demonstration_begins_a_new_epoch_beside_old_copies(log: Log) -> None:
    log.grow(4)
    log.sql(*(f"DELETE FROM ledger_{name}" for name in ("checkpoints", "epochs", "leaves", "nodes", "cursors")))
    assert guarded(log)
    assert recovering.settle_demonstration(log.app)
    assert guarded(log) == ""
    assert not recovering.settle_demonstration(log.app), "once"
    (signed,) = log.grow(2)
    assert signed.epoch == 2
