"""Health for anyone, failed jobs for the administrator."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.database import transaction
from app.documents import storage
from app.jobs.registry import Step
from app.jobs.working import Worker
from app.ledger.models import Entry
from tests.jobs.test_jobs import wait_for


@pytest.fixture
def app(one_app, place):
    """The whole application here, not the small one of this folder."""
    database = one_app.extensions["akno.database"]
    database.dispose()
    place.copy("prepared", "current")
    one_app.extensions["akno.jobs"].forget_client()
    return one_app


@pytest.fixture
def running(app):
    worker = Worker(app, retry_seconds=0.01, heartbeat_seconds=0.2)
    worker.start()
    yield worker
    worker.stop()


def test_health_without_a_worker(client):
    answer = client.get("/health", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    told = answer.json
    assert told["status"] == "ready"
    assert told["scanner"] == "none"
    assert told["files"] == "not scanned (no scanner configured)"
    assert told["worker"] == {"alive": False, "age_seconds": None}
    page = client.get("/health?lang=en", headers={"Accept": "text/html"})
    assert "none: files are not scanned" in page.text
    assert page.text.count("demonstration") == 2, "what scans and what signs"
    assert "has never run" in page.text
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").status_code == 200


def test_health_with_a_worker(client, running):
    told = client.get("/readyz").json
    assert told["worker"]["alive"]
    assert told["worker"]["age_seconds"] < 10


def test_health_without_a_store(app, client, tmp_path):
    kept = storage.store()
    (tmp_path / "file").write_text("")
    storage.use(storage.LocalStore(tmp_path / "file" / "store"))
    try:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["storage"] is False
    finally:
        storage.use(kept)


def test_failed_job_is_listed_and_retried(app, database, world, running, register):
    mended = []

    def fragile():
        if not mended:
            raise OSError("the printer is on fire")

    register("test.fragile", Step(fragile))
    jobs = app.extensions["akno.jobs"]
    with transaction(database):
        jobs.enqueue("test.fragile", key="fragile")
    assert wait_for(lambda: bool(jobs.list_failed()))
    page = world.admin.get("/jobs?lang=en")
    assert "the printer is on fire" in page.text
    assert world.anna.get("/jobs").status_code == 403
    assert world.anna.post("/jobs/fragile/retry").status_code == 403
    mended.append(True)
    world.admin.get("/jobs")
    assert world.admin.post("/jobs/fragile/retry").status_code == 303
    assert wait_for(lambda: jobs.find("fragile").status == "SUCCESS")
    assert "the printer is on fire" not in world.admin.get("/jobs").text
    with transaction(database, writing=False) as session:
        entry = session.scalars(sa.select(Entry).where(Entry.event == "job.retried")).one()
    assert entry.payload == {"job": "fragile+2"}
    assert world.admin.post("/jobs/fragile/retry").status_code == 409
    assert world.admin.post("/jobs/nothing/retry").status_code == 404
