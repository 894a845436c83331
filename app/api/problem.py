"""Errors of the API: application/problem+json (RFC 9457), in the language the client asks for."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.errors import Conflict, Fault, Invalid, NotAllowed, NotFound, Refusal, Unavailable

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("be", "ru", "en")
TITLES: tuple[tuple[type[Exception], str, Any], ...] = (
    (NotFound, "not-found", _l("There is no such thing, or it is not yours.")),
    (NotAllowed, "not-allowed", _l("Your key may not do this.")),
    (Conflict, "conflict", _l("Somebody was first.")),
    (Invalid, "faults", _l("The package has faults.")),
    (Unavailable, "unavailable", _l("This part of the window is closed for the moment.")),
)


def language() -> str:
    """The language of messages, by Accept-Language; English when none of ours is asked for."""
    return request.accept_languages.best_match(LANGUAGES) or "en"


def problem(status: int, code: str, title: Any, detail: str = "", **members: Any) -> Response:
    """Return a problem document; ``type`` names a page of ours that explains the code."""
    body = {"type": f"/rules#{code}", "title": str(title), "status": status, "code": code, "request_id": g.request_id}
    if detail:
        body["detail"] = detail
    response = Response(json.dumps(body | members, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = language()
    return response


def error_of(fault: Fault | dict[str, Any]) -> dict[str, Any]:
    """One fault as an entry of ``errors``."""
    data = fault.as_dict() if isinstance(fault, Fault) else fault
    lang = language()
    return {
        "code": data["code"],
        "message": data["message"][lang],
        "message_lang": lang,
        "remedy": data["remedy"][lang],
        "xpath": data["path"],
        "pointer": data["pointer"],
        "line": data["line"],
        "value": data["value"],
    }


def of_exception(error: Exception) -> Response:
    """Turn any refusal or mistake into a problem document."""
    if isinstance(error, Refusal):
        code, title = next(((c, t) for kind, c, t in TITLES if isinstance(error, kind)), ("refused", _l("Refused.")))
        members: dict[str, Any] = {}
        if isinstance(error, Invalid):
            members["errors"] = [error_of(fault) for fault in error.faults]
        if isinstance(error, Conflict):
            members |= {name: str(value) for name, value in error.facts.items()}
        return problem(error.status, code, title, str(error), **members)
    if isinstance(error, HTTPException):
        return problem(error.code or 500, f"http-{error.code}", error.name, error.description or "")
    return problem(500, "our-mistake", _("Something broke on our side; nothing of what you sent was half done."))


def of_validation(error: ValidationError) -> Response:
    """Turn what a request's models refuse into a problem document: 400, one entry for each place."""
    g.refused = True
    errors = [
        {
            "code": "request",
            "message": one["msg"],
            "message_lang": "en",
            "remedy": "",
            "xpath": "",
            "pointer": "/" + "/".join(str(part) for part in one["loc"]),
            "line": None,
            "value": str(one["input"])[:200],
        }
        for one in error.errors(include_url=False, include_context=False)
    ]
    return problem(400, "request", _("The request does not have the form that the API asks for."), errors=errors)
