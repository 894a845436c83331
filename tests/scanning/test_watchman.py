"""R27, R19: the watchman of the worker: files at once and in turn, patience, alarm, several workers, the commands."""

from __future__ import annotations

import os
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import Database, transaction
from app.documents import scanning, storage, uploading
from app.documents.models import Blob, ScannerState
from app.documents.scanning import Result
from app.documents.watchman import Watchman
from app.notifications.models import Notice
from tests.conftest import Drain
from tests.factories.world import World
from tests.scanning.conftest import Scene
from tests.scanning.guard import MARKER, unwell


def keep(scene: Scene, *files: bytes) -> list[str]:
    database: Database = scene.app.extensions["akno.database"]
    with scene.app.app_context(), transaction(database):
        return [uploading.keep(data, media_type="application/xml").sha256 for data in files]


def blobs(scene: Scene) -> dict[str, Blob]:
    return {one.sha256: one for one in scene.rows(Blob)}


def settle(scene: Scene, *results: Result) -> None:
    with scene.app.app_context(), transaction(scene.app.extensions["akno.database"]):
        scanning.settle(results)


def test_the_running_worker_scans_what_waits_and_remembers_who_said_what(scene: Scene) -> None:
    """The watchman as a service of the real worker, with its own thread."""
    clean, bad = keep(scene, b"<a/>", b"<a>" + MARKER + b"</a>")
    watchman = Watchman(scene.app, look_seconds=0.02)
    watchman.start()
    over = threading.Event()
    for _ in range(500):
        if all(one.scan_due_at is None for one in blobs(scene).values()):
            break
        over.wait(0.02)
    watchman.stop()
    found = blobs(scene)
    assert (found[clean].scan, found[bad].scan) == ("clean", "infected")
    assert found[clean].scan_engine.startswith("1.")
    assert found[clean].scanned_at is not None
    assert "Marker" in found[bad].scan_found
    with scene.app.app_context():
        assert storage.store().has(clean)
        assert not storage.store().has(bad)


def test_where_the_gate_stands_open_nobody_watches(scene: Scene) -> None:
    scene.set(scanner="none")
    keep(scene, b"<a/>")
    watchman = Watchman(scene.app, look_seconds=0.01)
    watchman.start()
    watchman.stop()
    assert [one.scan for one in scene.rows(Blob)] == ["not scanned"]
    assert scene.rows(ScannerState) == []


def test_r27_a_scanner_that_scans_nothing_is_waited_for_with_growing_patience(scene: Scene, tmp_path) -> None:
    """It answers when asked how it is, and is silent over every file."""
    answers = {b"PING": b"PONG\0", b"VERSION": b"ClamAV 1.4.6\0", b"INSTREAM": None}
    (key,) = keep(scene, b"<a/>")
    with unwell(tmp_path, answers) as place:
        scene.set(clamd_socket=place, scanner_seconds=0.2)
        watchman = Watchman(scene.app, ask_seconds=0)
        assert watchman.round() == 1
        assert watchman.round() == 0, "not due again at once"
    waiting = blobs(scene)[key]
    assert (waiting.scan, waiting.scan_problem, waiting.scan_tries) == ("not scanned", "slow", 1)
    assert [one.state for one in scene.rows(ScannerState)] == ["slow"]


def test_patience_grows_and_ends_when_the_scanner_works_again(scene: Scene, clamd: str) -> None:
    (key,) = keep(scene, b"<a/>")
    pauses = []
    for _ in range(7):
        settle(scene, Result(key, problem="down"))
        waiting = blobs(scene)[key]
        pauses.append(round((waiting.scan_due_at - clock.now()).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] in (299, 300)
    database: Database = scene.app.extensions["akno.database"]
    for state in ("down", "works"):
        with scene.app.app_context(), transaction(database):
            scanning.note(state)
    assert scene.scan() == 1, "tried at once"
    assert blobs(scene)[key].scan == "clean"


def test_the_alarm_is_told_once_to_the_administrators_and_so_is_its_end(
    world: World, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = scene.app.extensions["akno.database"]
    begun = clock.now()
    for minutes, state in ((0, "down"), (4, "slow"), (5, "down"), (9, "down"), (10, "works"), (11, "works")):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        with scene.app.app_context(), transaction(database):
            scanning.note(state)
    assert scene.events("scanner.stopped", "scanner.resumed") == [{"because": "down"}, {}]
    Drain(world.app).follow()
    told = [one.event for one in scene.rows(Notice) if one.event.startswith("scanner.")]
    assert sorted(set(told)) == ["scanner.resumed", "scanner.stopped"]
    assert "/health" in {one.path for one in scene.rows(Notice)}


def test_r19_two_workers_that_scan_the_same_file_say_it_once(scene: Scene) -> None:
    (key,) = keep(scene, b"<a/>")
    settle(scene, Result(key, "1.4.6/0"))
    settle(scene, Result(key, "1.4.6/0", found="Too.Late"))
    assert blobs(scene)[key].scan == "clean", "what was settled is not settled again"
    assert [one["result"] for one in scene.events("document.scanned")] == ["clean"]


def test_what_the_window_made_itself_waits_for_nobody(scene: Scene) -> None:
    database: Database = scene.app.extensions["akno.database"]
    with scene.app.app_context(), transaction(database):
        made = uploading.keep(b"a picture of ours", media_type="image/png", ours=True)
        assert made.scan_due_at is None
        # Bytes that a stranger brought first and that are ours after all.
        same = uploading.keep(b"the same paper", media_type="application/pdf")
        assert same.scan_due_at is not None
        assert uploading.keep(b"the same paper", ours=True).scan_due_at is None
    assert scene.scan() == 0


def test_new_signatures_find_what_was_clean_before(world: World, scene: Scene) -> None:
    (key,) = keep(scene, b"<a/>")
    scene.look()
    runner = scene.app.test_cli_runner()
    answer = runner.invoke(args=["scanner", "rescan"])
    assert "1 clean file" in answer.output, answer.output
    assert blobs(scene)[key].scan == "clean", "open meanwhile"
    settle(scene, Result(key, "1.4.6/1", found="New.Thing"))
    with scene.app.app_context():
        scanning.lock_up([key])
    assert [one["result"] for one in scene.events("document.scanned")] == ["clean", "infected"]
    answer = runner.invoke(args=["scanner", "purge", "--days", "0"])
    assert "1 files wiped" in answer.output, answer.output


def test_the_command_asks_the_scanner_itself(scene: Scene) -> None:
    runner = scene.app.test_cli_runner()
    answer = runner.invoke(args=["scanner", "status"])
    assert answer.exit_code == 0, answer.output
    assert "ClamAV 1." in answer.output
    scene.set(clamd_socket="/nowhere")
    answer = runner.invoke(args=["scanner", "status"])
    assert (answer.exit_code, "down" in answer.output) == (1, True)
    scene.set(scanner="none")
    assert runner.invoke(args=["scanner", "status"]).exit_code == 1


def test_a_page_of_what_is_due_is_short_and_the_longest_waiting_comes_first(scene: Scene) -> None:
    keys = keep(scene, *(f"<a>{n}</a>".encode() for n in range(scanning.AT_ONCE + 3)))
    database: Database = scene.app.extensions["akno.database"]
    with scene.app.app_context(), transaction(database) as session:
        first = sa.update(Blob).where(Blob.sha256 == keys[-1])
        session.execute(first.values(scan_due_at=clock.now() - timedelta(hours=1)))
        due = scanning.list_due()
    assert len(due) == scanning.AT_ONCE
    assert due[0] == keys[-1]


@pytest.mark.skipif(
    os.environ.get("AKNO_TEST_ENGINE") != "postgresql",
    reason="SQLite has one writer: there the one waits for the other",
)
def test_who_files_on_bytes_and_who_settles_them_do_not_wait_for_each_other(scene: Scene) -> None:
    """A filing holds the keys of the bytes it stands on, in an order of its own: the watchman needs no key."""
    first, second = sorted(keep(scene, b"<a/>", b"<b/>"))
    engines: Database = scene.app.extensions["akno.database"]
    over = threading.Thread(target=lambda: settle(scene, Result(first, "1/1"), Result(second, "1/1")), daemon=True)
    with scene.app.app_context(), transaction(engines) as session:
        for sha256 in (second, first):
            session.execute(
                sa.select(Blob.sha256).where(Blob.sha256 == sha256).with_for_update(read=True, key_share=True)
            )
            if sha256 == second:
                over.start()
                over.join(10)
                assert not over.is_alive()
    assert {one.scan for one in blobs(scene).values()} == {"clean"}
