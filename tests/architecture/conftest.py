"""The stage on which every role tries every route: the scene of ``access``, made once for a module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import database as transactions
from app.api import remembering
from tests.architecture.access import Scene, prepare
from tests.architecture.machines import Sent
from tests.conftest import Place
from tests.factories.world import World

CHANGING = re.compile(r'value="[^"]+"|[0-9a-f-]{36}')


class Stage:
    """The scene, a cookie or key for each column, and what the last request would have kept; nothing is kept unless
    ``keeping``."""

    def __init__(self, app: Flask, scene: Scene, cookies: dict[str, str]) -> None:
        self.app, self.scene, self.cookies = app, scene, cookies
        self.browser = app.test_client(use_cookies=False)
        self.kept: list[bool] = []
        self.keeping = False

    def send(self, role: str, method: str, url: str, form: Sent | dict[str, Any] | None = None) -> TestResponse:
        """Send one request as one role."""
        self.kept.clear()
        headers = {"Authorization": f"Bearer {self.scene.keys[role]}"} if role in self.scene.keys else {}
        headers |= {"Cookie": self.cookies[role]} if role in self.cookies else {}
        if isinstance(form, Sent):
            return self.browser.open(url, method=method, headers=headers | form.headers, **form.words())
        fields = {"data": form, "content_type": "multipart/form-data"} if method == "POST" and form else {}
        return self.browser.open(url, method=method, headers=headers, **fields)

    def ask(self, role: str, method: str, url: str, form: Sent | dict[str, Any]) -> int:
        """Send one request as one role; returns the status."""
        return self.send(role, method, url, form).status_code

    def page(self, role: str, url: str) -> str:
        """The page a role gets, without what differs between two loads of one page."""
        answer = self.browser.get(url, headers={"Cookie": self.cookies[role]})
        return f"{answer.status_code} {CHANGING.sub('', answer.text)}"


@pytest.fixture(scope="module")
def stage(one_app: Flask, place: Place, prepared: World) -> Iterator[Stage]:
    engines, jobs = one_app.extensions["akno.database"], one_app.extensions["akno.jobs"]
    engines.dispose()
    place.copy("prepared", "current")
    jobs.forget_client()
    patch = pytest.MonkeyPatch()
    patch.setitem(one_app.config, "WTF_CSRF_ENABLED", False)
    made = Stage(one_app, *prepare(one_app))
    close = transactions.close_session

    def undo(*, keep: bool) -> None:
        current = transactions._current.get()
        made.kept.append(keep and current is not None and current.get_bind() is engines.writing)
        close(keep=keep and made.keeping)

    remember = remembering.write_apart

    def remember_apart(row: dict[str, Any]) -> None:
        # The one thing that is kept of every request of the API, whatever became of it: that it was made.
        before = len(made.kept)
        remember(row)
        del made.kept[before:]

    patch.setattr(remembering, "write_apart", remember_apart)
    patch.setattr(transactions, "close_session", undo)
    yield made
    patch.undo()


@pytest.fixture
def kept_stage(stage: Stage, place: Place) -> Iterator[Stage]:
    """The same stage, on which everything is kept until the end of the test."""
    engines, jobs = stage.app.extensions["akno.database"], stage.app.extensions["akno.jobs"]
    engines.dispose()
    jobs.forget_client()
    place.copy("current", "scene")
    stage.keeping = True
    yield stage
    stage.keeping = False
    engines.dispose()
    jobs.forget_client()
    place.copy("scene", "current")
