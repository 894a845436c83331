"""The version of the API is a day: every answer names the one that answered, a request may pin the one it was written for."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request

from app import web
from app.api import problem

HEADER = "Akno-Version"
CURRENT = "2026-11-22"
VERSIONS = (CURRENT,)
"""Every version that is answered, newest first. A new one comes only with a change that could break a client."""


def init_dates(app: Flask) -> None:
    """Check the version that a request names, and name the one that answers."""

    @app.before_request
    def _pinned() -> Response | None:
        said = request.headers.get(HEADER, CURRENT).strip() if web.wants_json() else CURRENT
        if said in VERSIONS:
            return None
        g.refused = True
        return problem.problem(400, "version-unknown", versions=list(VERSIONS))

    @app.after_request
    def _named(response: Response) -> Response:
        if web.wants_json():
            said = request.headers.get(HEADER, CURRENT).strip()
            response.headers[HEADER] = said if said in VERSIONS else CURRENT
        return response


def described() -> dict[str, Any]:
    """The header of a request, as the OpenAPI document describes it for every operation."""
    return {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "The version your client was written for; without it the present one answers",
        "schema": {"type": "string", "enum": list(VERSIONS)},
    }
