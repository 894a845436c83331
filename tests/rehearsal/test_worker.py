"""The worker of test mode as it is: a process that prepares the second window from nothing and lets its robots decide."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from app.database import Database
from app.rehearsal.window import WINDOW, Rehearsal
from config import ROOT, Settings
from tests.conftest import Place
from tests.factories.world import World
from tests.intake.arrivals import bearer, key_of
from tests.journeys.roads import file_xml, open_case, packed, state
from tests.rehearsal.rehearsing import KEYS, Integrator

PATIENCE = 120.0


def environment(settings: Settings) -> dict[str, str]:
    """The settings of the tests, as a process is told them."""
    return os.environ | {
        "AKNO_DATABASE_URL": settings.database_url,
        "AKNO_REHEARSAL_DATABASE_URL": settings.rehearsal_database_url,
        "AKNO_STORAGE_DIR": str(settings.storage_dir),
        "AKNO_MAIL_DIR": str(settings.mail_dir),
        "AKNO_SECRET_KEY": settings.secret_key.get_secret_value(),
        "AKNO_JOB_POLL_SECONDS": "0.05",
        "AKNO_DEMONSTRATION": "1",
    }


@contextmanager
def worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``flask work --rehearsal``, ended by its own pid."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "work", "--rehearsal"],
            cwd=ROOT, env=environment(settings), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something holds; says what the worker said when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture
def unprepared(app: Flask, place: Place) -> Rehearsal:
    """A second window whose database is empty."""
    beside: Rehearsal = app.extensions[WINDOW]
    beside.database.dispose()
    place.make_empty("rehearsal")
    beside.app.extensions["akno.jobs"].forget_client()
    beside.forget()
    return beside


@pytest.mark.timeout(300)
def test_from_an_empty_database_to_a_clearance_that_says_test(
    app: Flask, database: Database, both: Settings, unprepared: Rehearsal, world: World, tmp_path: Path
) -> None:
    live = key_of(database, "anna", ("declaration:read",))
    assert not unprepared.ready
    assert 'action="/account/test-keys"' not in world.anna.get(KEYS).text
    # What a reference asks of the robots is nothing to the officers of the live window, nor to the robots there.
    package = file_xml(world.anna, packed("beef_flowers_pet", lrn="AN-LIVE-REFUSE"))
    log = tmp_path / "worker.log"
    with worker(both, log) as process:
        wait_for(lambda: unprepared.ready, process, log)
        anna = Integrator(unprepared, world.anna)
        for ending in ("SLOW", "APPROVE", "REFUSE", "QUESTION", "PART"):
            anna.file("beef_flowers_pet", f"AN-{ending}")
        wait_for(lambda: "claimed" in anna.cases("AN-SLOW"), process, log)
        assert anna.status("AN-SLOW") == "under-review"
        ended = {"APPROVE": "released", "REFUSE": "refused", "QUESTION": "awaiting-trader", "PART": "partly-released"}
        wait_for(lambda: all(anna.status(f"AN-{e}") == said for e, said in ended.items()), process, log)
        wait_for(lambda: [one.status for one in anna.clearances("AN-APPROVE")] == ["issued"], process, log)
        wait_for(lambda: [one.status for one in anna.clearances("AN-PART")] == ["issued"], process, log)
    (clearance,) = anna.clearances("AN-APPROVE")
    assert anna.get(f"/clearances/{clearance.id}").get_json()["test"] is True
    paper = anna.get(f"/clearances/{clearance.id}/pdf").data
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert str(pdf.docinfo.get("/Title", "")).startswith("TEST")
    # Signed too, with a key of test mode whose certificate says so; the live key signs nothing here.
    assert b"TEST, RELEASES NO GOODS".hex().upper().encode() in paper
    assert b"DEMONSTRATION".hex().upper().encode() not in paper
    seen = anna.get(f"/verify/{clearance.code}").get_json()
    assert (seen["state"], seen["test"]) == ("genuine", True)
    told = {one["type"] for one in anna.get("/events").get_json()["events"]}
    assert "declaration.released" in told, told
    assert app.test_client().get("/api/v1/events", headers=bearer(live)).get_json()["events"] == []
    # Whoever checks the paper at the live window is told what it is, and that it clears nothing.
    page = app.test_client().get(f"/verify/{clearance.code}?lang=en", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "This is a paper of test mode" in page.text
    for answer in (
        app.test_client().get(f"/api/v1/verify/{clearance.code}"),
        app.test_client().post("/api/v1/verify", data=paper, content_type="application/pdf"),
    ):
        assert (answer.get_json()["state"], answer.get_json()["test"]) == ("test", True)
    unknown = app.test_client().get(f"/verify/{'A' * 40}", headers={"Accept-Language": "en"})
    assert "test mode" not in unknown.text
    filed = state(world.anna, package)
    assert filed["status"] == "under-review"
    assert re.fullmatch(r"/cases/[0-9a-f-]{36}", open_case(world.olga, filed["number"]).split("?")[0])
    assert "Traceback" not in log.read_text(), log.read_text()


def test_where_nothing_is_set_up_the_worker_says_how(both: Settings, tmp_path: Path) -> None:
    told = environment(both) | {"AKNO_REHEARSAL_DATABASE_URL": both.database_url}
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "work", "--rehearsal"]
    ended = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert "AKNO_REHEARSAL_DATABASE_URL" in ended.stderr
