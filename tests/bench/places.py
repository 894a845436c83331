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
from app.access import SYSTEM, Actor
from app.cli import founding
from app.cli.country import DOMAIN
from app.cli.founding import actor
from app.clock import today
from app.database import Database, session, transaction
from app.documents import uploading
from app.identity import apikeys
from app.identity.accounts import add_membership, create_person, register_organisation
from app.identity.apikeys import SCOPES
from app.identity.unp import holds
from app.migrating import migrate
from app.requirements import loading
from config import Settings
from tests.bench.packages import Model, bicycles, mixed
from tests.postgresql import Cluster, binaries

SECRET = "only for measuring: 0123456789abcdef0123456789abcdef"
PASSWORD = "four storks above the quiet mill"
TRADERS = 8
"""Traders who file bicycles: filings of one trader wait for each other, those of different ones do not."""
FILERS = {"bicycles": "vera", "mixed": "anna"}


@dataclass
class Place:
    """A prepared window: engine name, settings, application in this process, models, and who files each (UNP, key)."""

    engine: str
    settings: Settings
    app: Flask
    models: dict[str, Model]
    keys: dict[str, list[tuple[str, str]]]

    def sender(self, name: str, serial: int) -> tuple[str, str]:
        """UNP and key of the one who files the so-manieth package of a model: the traders take turns."""
        senders = self.keys[name]
        return senders[serial % len(senders)]

    @property
    def database(self) -> Database:
        """The two engines of the application."""
        found: Database = self.app.extensions["akno.database"]
        return found

    def environment(self) -> dict[str, str]:
        """What a server process of this window is told."""
        return {
            "AKNO_SECRET_KEY": SECRET,
            "AKNO_DEMONSTRATION": "1",
            "AKNO_DATABASE_URL": self.settings.database_url,
            "AKNO_STORAGE_DIR": str(self.settings.storage_dir),
            # Asked as often as one machine can: what a limit costs is measured, but nobody is turned away.
            "AKNO_API_REQUESTS_PER_MINUTE": "1000000",
            "AKNO_API_REQUESTS_PER_MINUTE_WITHOUT_KEY": "1000000",
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
        place = _prepared(
            engine, Settings(secret_key=SECRET, demonstration=True, database_url=url, storage_dir=folder / "storage")
        )
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
        keys = {name: [(model.unp, file_key(model))] for name, model in models.items()}
        keys["bicycles"] += [_trader(number) for number in range(1, TRADERS)]
    return Place(engine, settings, app, models, keys)


def _trader(number: int) -> tuple[str, str]:
    """Register another trader with one person and a key; returns UNP and key."""
    unp = next(text for text in (f"1900{number:02d}{n:03d}" for n in range(100, 400)) if holds(text))
    house = register_organisation(kind="trader", name=f"Trader {number}", unp=unp, by=SYSTEM)
    name = f"trader{number}"
    person = create_person(email=f"{name}@{DOMAIN}", full_name=name, language="en", password=PASSWORD, by=SYSTEM)
    add_membership(person, house, roles=("trader-owner",), valid_from=today(), by=SYSTEM)
    return unp, _key(actor(name))


def _key(by: Actor) -> str:
    return apikeys.create(label="bench", scopes=[right.value for right in SCOPES["file"]], by=by)[1]


def file_key(model: Model) -> str:
    """Make a key for whoever files a model and put the model's documents into that library; returns the key."""
    by = actor(FILERS[model.name])
    for name, data in model.files.items():
        kind, _, number = name.removesuffix(".pdf").partition("-")
        assert by.organisation_id is not None
        uploading.upload(owner_id=by.organisation_id, data=data, file_name=name, by=by, number=f"{kind} {number}")
    return _key(by)
