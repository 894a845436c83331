"""What a web worker makes once, made when it starts: beside the first requests, not before or within them."""

from __future__ import annotations

import logging
import threading
from typing import cast

from flask import Flask
from flask_openapi import OpenAPI

from app.api.document import document
from app.intake import bundling

log = logging.getLogger("akno.web")


def warm(app: Flask) -> threading.Thread:
    """Make the OpenAPI document and the offline checker in a thread; whoever asks meanwhile makes or waits for them as ever."""
    thread = threading.Thread(target=_make, args=(app,), name="akno-warming", daemon=True)
    thread.start()
    return thread


def _make(app: Flask) -> None:
    try:
        with app.test_request_context("/api/openapi.json"):
            document(cast(OpenAPI, app))
        bundling.bundle()
    except Exception:
        # Nothing depends on it: the first request that needs one of them makes it and says what is wrong.
        log.exception("what a worker makes at its start could not be made")
