"""What a web worker makes at its start is there before anybody asks, and is the very thing that is served."""

from __future__ import annotations

import runpy
import threading
from types import SimpleNamespace
from typing import cast

from flask import Flask
from flask_openapi import OpenAPI

from app.api.document import document
from app.cli.warming import warm
from app.intake import bundling
from config import ROOT


def test_a_worker_makes_the_document_and_the_checker_when_it_starts(app: Flask) -> None:
    bundling.bundle.cache_clear()
    app.extensions.pop("akno.openapi", None)
    warm(app).join(60)
    made = app.extensions["akno.openapi"]
    assert bundling.bundle.cache_info().currsize == 1
    assert document(cast(OpenAPI, app)) is made
    assert app.test_client().get("/api/openapi.json").get_json() == made


def test_gunicorn_does_it_by_its_settings(app: Flask) -> None:
    app.extensions.pop("akno.openapi", None)
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["post_worker_init"](SimpleNamespace(wsgi=app))
    for thread in threading.enumerate():
        if thread.name == "akno-warming":
            thread.join(60)
    assert app.extensions["akno.openapi"]["paths"]
