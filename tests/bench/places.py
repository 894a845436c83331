"""A window to measure: its own throw-away database, store and keys, on SQLite or on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from app.cli import founding
from app.cli.founding import actor
from app.clock import today
from app.database import Database, session, transaction
from app.documents import uploading
from app.identity import apikeys
from app.identity.apikeys import SCOPES
from app.migrating import migrate
from app.requirements import loading
from config import Settings
from tests.bench.packages import Model, bicycles, mixed
from tests.postgresql import Cluster, binaries

SECRET = "only for measuring: 0123456789abcdef0123456789abcdef"
PASSWORD = "correct horse battery staple"
FILERS = {"bicycles": "vera", "mixed": "anna"}


@dataclass
class Place:
    """A prepared window: engine name, settings, application in this process, models and the key that files each."""

    engine: str
    settings: Settings
    app: Flask
    models: dict[str, Model]
    keys: dict[str, str]

    @property
    def database(self) -> Database:
        """The two engines of the application."""
        found: Database = self.app.extensions["akno.database"]
        return found

    def environment(self) -> dict[str, str]:
        """What a server process of this window is told."""
        return {
            "AKNO_SECRET_KEY": SECRET,
            "AKNO_DATABASE_URL": self.settings.database_url,
            "AKNO_STORAGE_DIR": str(self.settings.storage_dir),
        }


@contextlib.contextmanager
def opened(engine: str) -> Iterator[Place]:
    """Make a window, give it away for measuring, and remove every trace of it."""
    folder = Path(tempfile.mkdtemp(prefix="akno-bench-"))
    cluster = Cluster(durable=True) if engine == "postgresql" else None
    place = None
    try:
        if cluster:
            cluster.execute("CREATE DATABASE bench")
        url = cluster.url("bench") if cluster else f"sqlite:///{folder / 'bench.db'}"
        place = _prepared(engine, Settings(secret_key=SECRET, database_url=url, storage_dir=folder / "storage"))
        yield place
    finally:
        if place:
            place.app.extensions["akno.jobs"].forget_client()
            place.database.dispose()
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def engines() -> list[str]:
    """The engines that can be measured on this machine."""
    return ["sqlite", "postgresql"] if binaries() else ["sqlite"]


def _prepared(engine: str, settings: Settings) -> Place:
    app = create_app(settings)
    database: Database = app.extensions["akno.database"]
    migrate(database, app.extensions["akno.jobs"])
    models = {model.name: model for model in (bicycles(today()), mixed(today()))}
    with app.app_context(), transaction(database):
        loading.load(session())
        founding.found(PASSWORD)
        keys = {name: file_key(model) for name, model in models.items()}
    return Place(engine, settings, app, models, keys)


def file_key(model: Model) -> str:
    """Make a key for whoever files a model and put the model's documents into that library; returns the key."""
    by = actor(FILERS[model.name])
    _key, text = apikeys.create(label="bench", scopes=[right.value for right in SCOPES["file"]], by=by)
    for name, data in model.files.items():
        kind, _, number = name.removesuffix(".pdf").partition("-")
        assert by.organisation_id is not None
        uploading.upload(owner_id=by.organisation_id, data=data, file_name=name, by=by, number=f"{kind} {number}")
    return text
