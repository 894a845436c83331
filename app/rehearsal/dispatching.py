"""Who comes with a key of test mode is led to the second window, before the live one has looked at anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g
from flask_babel import gettext as _

from app.errors import Unavailable
from app.rehearsal.window import NAMES, WINDOW, Rehearsal
from config import Settings

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
API = "/api/"
MODE = "Akno-Mode"
"""The header of every answer of test mode."""
RETRY_AFTER = "15"
"""Seconds after which a program may try again while test mode is being prepared."""


class Dispatcher:
    """In front of the live application: a request to the API with a test key goes to the second window, all else goes on."""

    def __init__(self, live: Wsgi, rehearsal: Rehearsal) -> None:
        self.live, self.rehearsal = live, rehearsal

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if self.rehearsal.set_up and for_rehearsal(environ.get("PATH_INFO", ""), environ.get("HTTP_AUTHORIZATION", "")):
            return (self.rehearsal.app if self.rehearsal.ready else self._not_yet)(environ, start_response)
        return self.live(environ, start_response)

    def _not_yet(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Say that there is no database yet, without asking it anything, not even to remember the request."""
        app = self.rehearsal.app
        with app.request_context(environ):
            g.request_id = uuid.uuid4().hex[:12]
            refusal = Unavailable(_("Test mode is being prepared. Try again in a minute."))
            answer: Response = app.extensions["akno.problem"](refusal)
            answer.headers.update({MODE: "test", "Retry-After": RETRY_AFTER, "X-Request-Id": g.request_id})
            return answer(environ, start_response)


def for_rehearsal(path: str, authorization: str) -> bool:
    """Whether a request is one of test mode: an address of the API, and a bearer key that says so. Pure."""
    scheme, _space, key = authorization.partition(" ")
    return path.startswith(API) and scheme.lower() == "bearer" and key.strip().startswith(NAMES)


def init_rehearsal(app: Flask, settings: Settings, make: Callable[[Settings], Flask]) -> None:
    """Put the second window beside a live application; let the application of test mode say what it is."""
    if settings.rehearsal:
        _say_so(app)
        return
    rehearsal = Rehearsal(settings, app.extensions["akno.database"], make)
    app.extensions[WINDOW] = rehearsal
    # Flask's own way to put something in front of an application; for mypy it is a method.
    app.wsgi_app = Dispatcher(app.wsgi_app, rehearsal)  # type: ignore[method-assign]


def _say_so(app: Flask) -> None:
    @app.after_request
    def _mark(response: Response) -> Response:
        response.headers[MODE] = "test"
        return response
