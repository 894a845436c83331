"""The window with webhooks that may lead to this machine, and a courier that does not pause long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.database import Database, transaction
from app.webhooks import feeding, managing
from app.webhooks.courier import Courier
from app.webhooks.models import Endpoint
from config import Settings
from tests.webhooks.people import actor_of


@pytest.fixture
def app(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application, with loopback allowed."""
    app.extensions["akno.settings"] = settings.model_copy(update={"webhook_allow_loopback": True})
    yield app
    app.extensions["akno.settings"] = settings


@pytest.fixture
def couriers(app: Flask) -> Iterator[Callable[..., Courier]]:
    """Start couriers; all of them end with the test."""
    made: list[Courier] = []

    def start(**options: Any) -> Courier:
        one = Courier(app, **({"look_seconds": 0.02, "seconds": 5.0} | options))
        made.append(one)
        one.start()
        return one

    yield start
    for one in made:
        one.stop()


@pytest.fixture
def register(app: Flask, database: Database) -> Callable[..., Endpoint]:
    """Add an endpoint of somebody's organisation."""

    def add(url: str, *, name: str = "vera", **more: Any) -> Endpoint:
        with app.app_context(), transaction(database):
            return managing.register(url=url, by=actor_of(name), **more)

    return add


@pytest.fixture
def follow(app: Flask, database: Database) -> Callable[[], None]:
    """Let the feed take in what is new."""

    def read_on() -> None:
        more = True
        while more:
            with app.app_context(), transaction(database):
                more = bool(feeding.follow())

    return read_on
