"""The door of the API: who comes with which key, the guard of every operation, and what all operations answer alike.

Only keys open it: a browser's cookie is not looked at, so there is nothing to forge. An operation is a function with pydantic
models for its ``path``, ``query`` and ``body``; from them and its answers the OpenAPI document is made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from app import web
from app.access import NOBODY, Policy, require
from app.api import dating, limiting, problem, reading, remembering
from app.api.shapes import Problem
from app.database import looking
from app.errors import TooMany
from app.identity import apikeys
from app.web import actor

PREFIX = "/api/v1"
KEY = "key"
"""The name of the one security scheme."""

View = Callable[..., Any]


def resource(name: str, import_name: str, words: str) -> APIBlueprint:
    """Return the blueprint of one resource; ``words`` say in the OpenAPI document what it is."""
    return APIBlueprint(
        f"api_{name}",
        import_name,
        url_prefix=PREFIX,
        abp_tags=[Tag(name=name, description=words)],
        operation_id_callback=lambda *, name, path, method: name,
    )


def init_door(app: Flask) -> None:
    """Let every request below /api/ through the door, also one for an address that is none of ours."""
    app.json = reading.StrictJson(app)
    app.before_request(_admit)
    dating.init_dates(app)
    remembering.init_within(app)


def _admit() -> Response | None:
    """Find whom the key stands for. A key that is sent must be good, also where none is needed.

    Whoever comes to a guarded operation without one is told so before the request is looked at.
    """
    if not web.wants_json():
        if web.is_counted() and _weigh(None):
            raise TooMany(_("From one address only so many are taken in a minute. Wait a minute, then send it again."))
        return None
    g.actor, g.key = NOBODY, None
    remembering.listen()
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    with looking(current_app.extensions["akno.database"]):
        found = apikeys.recognise(secret.strip()) if scheme.lower() == "bearer" else None
        exceeded = _weigh(found)
    if exceeded:
        g.refused = True
        return problem.problem(429, "too-many-requests")
    if not scheme:
        view = current_app.view_functions.get(request.endpoint or "")
        return reading.refuse_repeated() if getattr(view, "guarded_by", "public") == "public" else key_needed()
    if found is None or found.actor is None:
        return key_needed(ended=found is not None)
    g.key, g.actor = found.key, found.actor
    return reading.refuse_repeated()


def _weigh(found: apikeys.Recognised | None) -> bool:
    """Keep who asks and how much they may still ask in this minute; returns whether that is nothing more."""
    g.caller = limiting.caller_of(found, request.remote_addr or "")
    g.allowance = limiting.weigh(g.caller, current_app.extensions["akno.settings"], g.started_at)
    return g.allowance is not None and g.allowance.exceeded


def key_needed(*, ended: bool = False) -> Response:
    """The answer to whoever comes without a key that works; ``ended``: with one that worked once."""
    g.refused = True
    detail = _("This key is revoked or has ended. Make a new one on the page of your keys.") if ended else ""
    answer = problem.problem(401, "key-needed", detail=detail)
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

        if path is not None:
            asked.__annotations__ = {**view.__annotations__, "path": path}
        return web.marked(asked, guarded_by=policy)

    return decorate


def said(shape: BaseModel, status: int = 200, *, tag: str | None = None, **headers: str) -> Response:
    """Answer with a shape as JSON. ``tag``: its ETag (304 for who has it already); a header ``Retry_After="5"`` as keyword."""
    answer = Response(shape.model_dump_json(), status=status, mimetype="application/json")
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return tagged(answer, tag) if tag is not None else answer


def tagged(answer: Response, tag: str) -> Response:
    """Give an answer its ETag, and leave the bytes out for who has them already (If-None-Match: 304)."""
    answer.set_etag(tag)
    answer.make_conditional(request)
    return answer


def page(endpoint: str, **ids: Any) -> str | None:
    """Return the address of a page of the portal; None in test mode, whose packages stand in no portal."""
    return None if current_app.extensions["akno.settings"].rehearsal else url_for(endpoint, **ids)


def answers(
    *,
    shape: type[BaseModel] | None = None,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    kinds: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    by_key: bool = True,
    tagged: bool = False,
) -> dict[str | int, Any]:
    """Return the ``responses`` of an operation: the good answer, and a problem document for each refusal.

    ``kinds``: media types of the good answer beside or instead of JSON, each with its schema. ``headers``: name and words.
    ``tagged``: it has an ETag, and who sends it back in If-None-Match is answered 304.
    Every operation may answer 400 (bad request), 429 (too many), 500 and 503; one that needs a key also 401 and 403.
    """
    content = {"application/json": {"schema": _schema(shape)}} if shape is not None else {}
    content |= {kind: {"schema": schema} for kind, schema in (kinds or {}).items()}
    good: dict[str, Any] = {"description": "OK" if status == 200 else "Done"}
    if content:
        good["content"] = content
    said = {
        **(headers or {}),
        **({"ETag": "Of this answer; in If-None-Match it spares you the bytes"} if tagged else {}),
    }
    if said:
        good["headers"] = {name: {"description": words, "schema": {"type": "string"}} for name, words in said.items()}
    unchanged = {304: {"description": "You have it already"}} if tagged else {}
    usual = (400, 401, 403, 429, 500, 503) if by_key else (400, 401, 429, 500, 503)
    refused = {code: problem_answer(code) for code in sorted({*usual, *refusals})}
    return {status: good, **unchanged, **refused}


_REFUSED = {
    400: "The request does not have the form that the API asks for",
    401: "No key, or none that works",
    403: "The key may not do this",
    404: "There is no such thing, or it is not yours",
    409: "The state of things no longer lets this happen",
    412: "A newer version has come",
    413: "The body is too large",
    422: "There is something to mend: `errors` names all of it",
    428: "Say which version you change",
    429: "Too many requests; Retry-After says when to come again",
    500: "Something broke on our side",
    503: "Closed for the moment; Retry-After says when to come again",
}


def problem_answer(status: int = 0) -> dict[str, Any]:
    """A refusal in the OpenAPI document (RFC 9457)."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": _REFUSED.get(status, "Refused: see `code`"),
        "content": {problem.MEDIA_TYPE: {"schema": schema}},
    }


def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}
