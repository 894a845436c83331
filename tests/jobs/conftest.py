"""A small application with a database and the engine's tables, on the embedded database."""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import Base, Database
from app.jobs import models, registry
from app.jobs.engine import JobEngine
from app.jobs.working import Worker
from config import Settings


@pytest.fixture
def engines(tmp_path):
    engines = Database(f"sqlite:///{tmp_path / 'akno.db'}")
    Base.metadata.create_all(engines.writing, tables=[models.WorkerHeartbeat.__table__])
    yield engines
    engines.dispose()


@pytest.fixture
def jobs(engines):
    jobs = JobEngine(engines, "1")
    jobs.prepare()
    return jobs


@pytest.fixture
def app(engines, jobs):
    app = Flask("akno-test")
    settings = Settings(secret_key="s" * 40, database_url=str(engines.url), job_poll_seconds=0.05)
    app.extensions |= {"akno.settings": settings, "akno.database": engines, "akno.jobs": jobs}
    return app


@pytest.fixture
def register(monkeypatch):
    """Register a job for one test."""
    monkeypatch.setattr(registry, "JOBS", dict(registry.JOBS))
    return registry.register


@pytest.fixture
def moments(monkeypatch):
    """The readers and watches of one test alone."""
    monkeypatch.setattr(registry, "FOLLOWERS", {})
    monkeypatch.setattr(registry, "WATCHES", {})
    return registry


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    """What runs beside the worker of one test alone."""
    monkeypatch.setattr(registry, "SERVICES", {})
    return registry.alongside


@pytest.fixture
def worker(app):
    worker = Worker(app, retry_seconds=0.02, heartbeat_seconds=0.2)
    worker.start()
    yield worker
    worker.stop()
