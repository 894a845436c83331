"""The door of the API: who comes with which key, the guard of every operation, and what all operations answer alike.

Only keys open it: a browser's cookie is not looked at, so there is nothing to forge. An operation is a function with pydantic
models for its ``path``, ``query`` and ``body``; from them and its answers the OpenAPI document is made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, g, request
from flask_babel import gettext as _
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from app.access import NOBODY, Policy, require
from app.api import problem
from app.api.shapes import Problem
from app.database import looking
from app.identity import apikeys
from app.web import actor

PREFIX = "/api/v1"
KEY = "key"
"""The name of the one security scheme."""

View = Callable[..., Any]


def resource(name: str, import_name: str, words: str) -> APIBlueprint:
    """Return the blueprint of one resource; ``words`` say in the OpenAPI document what it is."""
    made = APIBlueprint(
        f"api_{name}",
        import_name,
        url_prefix=PREFIX,
        abp_tags=[Tag(name=name, description=words)],
        operation_id_callback=lambda *, name, path, method: name,
    )
    made.before_request(_admit)
    return made


def _admit() -> Response | None:
    """Find whom the key stands for. A key that is sent must be good, also where none is needed."""
    g.actor, g.key = NOBODY, None
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    with looking(current_app.extensions["akno.database"]):
        found = apikeys.find_holder(secret.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        return key_needed()
    g.key, g.actor = found
    return None


def key_needed() -> Response:
    """The answer to whoever comes without a key that works."""
    g.refused = True
    answer = problem.problem(401, "key-needed", _("An API key is needed."), "Authorization: Bearer akno_…")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="akno"'
    return answer


def guarded(
    policy: Policy, finder: Callable[..., Any] | None = None, *, path: type[BaseModel] | None = None
) -> Callable[[View], View]:
    """Guard an operation as ``web.guard`` guards a page: 401 without a key, 404 for what is not yours, 403 with the reason.

    ``finder`` takes the values of ``path`` and ``actor=``; the operation gets what it found as its first argument.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def asked(**said: Any) -> Any:
            who = actor()
            if not who.signed_in:
                return key_needed()
            if finder is None:
                require(policy, who)
                return view(**said)
            where = said.pop("path")
            thing = finder(**dict(where), actor=who)
            require(policy, who, thing)
            return view(thing, **said)

        asked.guarded_by = policy  # type: ignore[attr-defined]
        if path is not None:
            asked.__annotations__ = {**view.__annotations__, "path": path}
        return asked

    return decorate


def answers(
    *,
    shape: type[BaseModel] | None = None,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    kinds: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    by_key: bool = True,
) -> dict[str | int, Any]:
    """Return the ``responses`` of an operation: the good answer, and a problem document for each refusal.

    ``kinds``: media types of the good answer beside or instead of JSON, each with its schema. ``headers``: name and words.
    Every operation may answer 400 (bad request), 429 (too many), 500 and 503; one that needs a key also 401 and 403.
    """
    content = {"application/json": {"schema": _schema(shape)}} if shape is not None else {}
    content |= {kind: {"schema": schema} for kind, schema in (kinds or {}).items()}
    good: dict[str, Any] = {"description": "OK" if status == 200 else "Done"}
    if content:
        good["content"] = content
    if headers:
        good["headers"] = {
            name: {"description": words, "schema": {"type": "string"}} for name, words in headers.items()
        }
    usual = (400, 401, 403, 429, 500, 503) if by_key else (400, 401, 429, 500, 503)
    refused = {code: problem_answer() for code in sorted({*usual, *refusals})}
    return {status: good, **refused}


def problem_answer() -> dict[str, Any]:
    """A refusal in the OpenAPI document (RFC 9457)."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": "Refused: see `code`", "content": {problem.MEDIA_TYPE: {"schema": schema}}}


def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}
