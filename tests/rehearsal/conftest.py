"""Two windows in one process: the live one of the other tests, and the one of test mode on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import create_app
from app.cli.rehearsing import prepare
from app.cli.work import REHEARSED, import_jobs
from app.database import Database, transaction
from app.jobs.working import Worker
from app.rehearsal import robot
from app.rehearsal.window import WINDOW, Rehearsal
from config import Settings
from tests.conftest import Place
from tests.factories.world import World
from tests.rehearsal.rehearsing import Integrator


@pytest.fixture(scope="session")
def both(settings: Settings, place: Place) -> Settings:
    """The settings of the tests with a second database."""
    return settings.model_copy(update={"rehearsal_database_url": place.url("rehearsal")})


@pytest.fixture(scope="session")
def one_app(both: Settings, prepared: World, place: Place) -> Iterator[Flask]:
    """The live application; the database of its test mode is prepared once."""
    app = create_app(both)
    app.config.update(TESTING=True)
    place.make_empty("rehearsal")
    beside: Rehearsal = app.extensions[WINDOW]
    place.copy("prepared", "current")
    prepare(beside.app)
    Worker(beside.app).beat()
    beside.app.config.update(TESTING=True)
    beside.database.dispose()
    app.extensions["akno.database"].dispose()
    place.copy("rehearsal", "rehearsal_prepared")
    yield app
    beside.app.extensions["akno.jobs"].forget_client()
    beside.database.dispose()
    app.extensions["akno.jobs"].forget_client()
    app.extensions["akno.database"].dispose()


@pytest.fixture
def beside(app: Flask, place: Place) -> Rehearsal:
    """The second window on a fresh copy of its prepared database, beside the live one on its own."""
    found: Rehearsal = app.extensions[WINDOW]
    found.database.dispose()
    place.copy("rehearsal_prepared", "rehearsal")
    found.app.extensions["akno.jobs"].forget_client()
    found.forget()
    robot._mirrored.clear()
    return found


@pytest.fixture
def robots(beside: Rehearsal) -> Callable[[], None]:
    """Let the robots look once, as the worker of test mode does every second."""
    import_jobs(REHEARSED)

    def look() -> None:
        with beside.app.app_context():
            with transaction(beside.database, writing=False):
                due = robot.list_due()
            for key in due:
                with transaction(beside.database):
                    robot.act(key)

    return look


@pytest.fixture
def test_database(beside: Rehearsal) -> Database:
    return beside.database


@pytest.fixture
def vera(beside: Rehearsal, world: World) -> Integrator:
    """Vera's program, with a test key she made on the page."""
    return Integrator(beside, world.vera)


@pytest.fixture
def anna(beside: Rehearsal, world: World) -> Integrator:
    """Anna's program: her package of beef, flowers and flakes asks three agencies."""
    return Integrator(beside, world.anna)
