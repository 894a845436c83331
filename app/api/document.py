"""The OpenAPI document, generated from the operations and their models: served at /api/openapi.json."""

from __future__ import annotations

import re
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify
from flask_openapi import OpenAPI
from pydantic import BaseModel

from app.api import shapes
from app.web import public

blueprint = Blueprint("api_document", __name__, url_prefix="/api")

SCHEME = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "akno_…",
        "description": "A key of the account page. Keys that begin with akno_test_ open the window of test mode.",
    }
}


@blueprint.get("/openapi.json")
@public
def show() -> Response:
    """The document of the whole API."""
    return jsonify(document(cast(OpenAPI, current_app)))


def document(app: OpenAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application; made once."""
    kept: dict[str, Any] | None = app.extensions.get("akno.openapi")
    if kept is None:
        kept = app.extensions["akno.openapi"] = _made(app)
    return kept


def _made(app: OpenAPI) -> dict[str, Any]:
    made: dict[str, Any] = app.api_doc
    made["components"]["schemas"] |= _schemas()
    made["components"]["securitySchemes"] = SCHEME
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            operation["security"] = [{"key": []}] if _needs_key(app, path, method) else [{}, {"key": []}]
            operation["description"] = operation.get("description", "").replace("<br/>", "\n").strip()
    return made


def _schemas() -> dict[str, Any]:
    """Every shape by its name, with those it contains."""
    found: dict[str, Any] = {}
    for kind in _kinds(BaseModel):
        if kind.__module__.startswith(shapes.__package__ or "app.api"):
            schema = kind.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
            schema.pop("$defs", None)
            found[kind.__name__] = schema
    return found


def _kinds(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for below in kind.__subclasses__() for one in (below, *_kinds(below))]


def _needs_key(app: OpenAPI, path: str, method: str) -> bool:
    """Whether an operation is guarded: read off the very view that is served."""
    for rule in app.url_map.iter_rules():
        if re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule) == path and method.upper() in (rule.methods or ()):
            return getattr(app.view_functions[rule.endpoint], "guarded_by", "public") != "public"
    raise LookupError(f"{method} {path} is in the document and not served")
