"""The OpenAPI document, generated from the operations and their models: served at /api/openapi.json."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify
from flask_openapi import OpenAPI
from pydantic import BaseModel

from app.api import dating, door, raw, shapes
from app.api.problem import MEDIA_TYPE
from app.web import public
from config import ROOT

blueprint = Blueprint("api_document", __name__, url_prefix="/api")

SCHEME = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "akno_…",
        "description": "A key of the account page. Keys that begin with akno_test_ open the window of test mode.",
    }
}
HEADERS: dict[str, str] = {
    "X-Request-Id": "Names this request; tell it to us when something is wrong",
    "RateLimit-Limit": "Requests a minute that this key (or address) has",
    "RateLimit-Remaining": "How many of them are left",
    "RateLimit-Reset": "Seconds until the next one becomes free",
    dating.HEADER: "The version of the API that answered",
}
"""Headers of every answer."""
OF_STATUS: dict[str, dict[str, str]] = {
    "401": {"WWW-Authenticate": "Bearer"},
    "429": {"Retry-After": "Seconds to wait"},
    "503": {"Retry-After": "Seconds to wait"},
}
LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of messages: be, ru or en; English when none of them is asked for",
    "schema": {"type": "string"},
    "example": "en",
}
EXAMPLES = ROOT / "app" / "api" / "examples.json"
"""Answers as the window gave them, by the name of their shape; for shapes that name no example of their own."""
PACKAGE = ROOT / "tests" / "samples" / "packages" / "bicycles.xml"
"""The package of the examples; where the program is installed without its tests there is none."""
CHANGES = ("amend_declaration", "preview_amendment")
_MAKING = threading.Lock()
_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


@blueprint.get("/openapi.json")
@public
def show() -> Response:
    """The document of the whole API."""
    return jsonify(document(cast(OpenAPI, current_app)))


def document(app: OpenAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application; made once."""
    kept: dict[str, Any] | None = app.extensions.get("akno.openapi")
    if kept is None:
        # One at a time: it is made in place, of what the framework keeps.
        with _MAKING:
            kept = app.extensions.get("akno.openapi")
            if kept is None:
                kept = app.extensions["akno.openapi"] = _made(app)
    return kept


def _made(app: OpenAPI) -> dict[str, Any]:
    made: dict[str, Any] = app.api_doc
    for operations in made["paths"].values():
        for operation in operations.values():
            _put_in_place(operation)
    made["servers"] = [{"url": app.extensions["akno.settings"].base_url}]
    made["components"]["schemas"] |= _schemas(_asked(made))
    made["components"]["securitySchemes"] = SCHEME
    made["components"]["headers"] = {name: _header(words) for name, words in HEADERS.items()}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(operation, needs_key=_needs_key(app, path, method))
    return made


def _put_in_place(operation: dict[str, Any]) -> None:
    """The body and the headers that an operation takes as bytes (``raw.asked``)."""
    body = operation.pop(raw.BODY, None)
    if body is not None:
        operation["requestBody"] = body
    operation["parameters"] = [*operation.get("parameters", ()), *operation.pop(raw.HEADERS, ())]


def _complete(operation: dict[str, Any], *, needs_key: bool) -> None:
    """What all operations have in common: who may ask, the headers of request and answers, an example of the bytes sent."""
    operation["security"] = [{"key": []}] if needs_key else [{}, {"key": []}]
    operation["description"] = operation.get("description", "").replace("<br/>", "\n").strip()
    named = {one["name"] for one in operation.get("parameters", ())}
    common = [one for one in (dating.described(), LANGUAGE) if one["name"] not in named]
    operation["parameters"] = [*operation.get("parameters", ()), *common]
    if "requestBody" in operation:
        operation["responses"].setdefault("413", door.problem_answer(413))
    for status, answer in operation["responses"].items():
        own = {name: _header(words) for name, words in OF_STATUS.get(status, {}).items()}
        if MEDIA_TYPE in answer.get("content", {}):
            own["Content-Language"] = _header("The language of the messages")
        everywhere = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
        answer["headers"] = {**everywhere, **own, **answer.get("headers", {})}
    content = operation.get("requestBody", {}).get("content", {})
    if raw.ZIP in content and PACKAGE.is_file():
        content[raw.XML].setdefault("example", _package(operation["operationId"]))


def _package(operation: str) -> str:
    """The package of the examples; for a change of it another description of its goods."""
    text = PACKAGE.read_text(encoding="utf-8")
    return text.replace("<Description>", "<Description>City ", 1) if operation in CHANGES else text


def _header(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}


def _asked(made: dict[str, Any]) -> set[str]:
    """The names of the shapes that stand in bodies of requests; what has a default there may be left out."""
    bodies = [operation.get("requestBody", {}) for one in made["paths"].values() for operation in one.values()]
    return set(_REFERENCE.findall(json.dumps(bodies)))


def _schemas(asked: set[str]) -> dict[str, Any]:
    """Every shape by its name, with those it contains."""
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.is_file() else {}
    kinds = {kind.__name__: kind for kind in _kinds(BaseModel) if kind.__module__.startswith(str(shapes.__package__))}
    wanted, found = set(asked), dict[str, Any]()
    for name in _bodies_first(kinds, wanted):
        mode: Any = "validation" if name in wanted else "serialization"
        schema = kinds[name].model_json_schema(mode=mode, ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        if name in examples:
            schema.setdefault("examples", [examples[name]])
        found[name] = schema
    return found


def _bodies_first(kinds: dict[str, type[BaseModel]], wanted: set[str]) -> Iterator[str]:
    """The names of all shapes; ``wanted`` grows by those that the shapes of bodies contain."""
    waiting = [name for name in sorted(wanted) if name in kinds]
    while waiting:
        schema = kinds[waiting.pop()].model_json_schema(ref_template="#/components/schemas/{model}")
        inside = {name for name in _REFERENCE.findall(json.dumps(schema)) if name in kinds} - wanted
        wanted |= inside
        waiting += sorted(inside)
    yield from kinds


def _kinds(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for below in kind.__subclasses__() for one in (below, *_kinds(below))]


def _needs_key(app: OpenAPI, path: str, method: str) -> bool:
    """Whether an operation is guarded: read off the very view that is served."""
    for rule in app.url_map.iter_rules():
        if re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule) == path and method.upper() in (rule.methods or ()):
            return getattr(app.view_functions[rule.endpoint], "guarded_by", "public") != "public"
    raise LookupError(f"{method} {path} is in the document and not served")
