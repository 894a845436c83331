"""Errors of the API: application/problem+json (RFC 9457), in the language the client asks for."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.api import validation
from app.api.problem_codes import CODES
from app.errors import Conflict, Fault, Invalid, NotAllowed, NotFound, Refusal, Stale, Unavailable
from app.intake.receiving import KeyReused

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("be", "ru", "en")
KINDS: tuple[tuple[type[Exception], str], ...] = (
    (NotFound, "not-found"),
    (NotAllowed, "not-allowed"),
    (KeyReused, "key-reused"),
    (Stale, "stale"),
    (Conflict, "conflict"),
    (Invalid, "faults"),
    (Unavailable, "unavailable"),
)
"""The code of each refusal; the first kind that fits. One may name a closer code of its own in its facts."""


def language() -> str:
    """The language of messages, by Accept-Language; English when none of ours is asked for."""
    return request.accept_languages.best_match(LANGUAGES) or "en"


def problem(status: int, code: str, title: Any = "", detail: Any = "", **members: Any) -> Response:
    """Return a problem document. ``code`` is one of ``problem_codes``; ``type`` leads to the page that explains it.

    The title is that of the table: the same for every case of the code. What is given as ``title`` stands in ``detail`` where
    no detail is given.
    """
    meaning = CODES[code]
    body: dict[str, Any] = {
        "type": f"{current_app.extensions['akno.settings'].base_url}/problems/{code}",
        "title": meaning.title[language()],
        "status": status,
        "code": code,
        "request_id": g.request_id,
    }
    said = " ".join(str(one) for one in (title, detail) if one and str(one) != body["title"])
    body["detail"] = said or meaning.remedy[language()]
    response = Response(json.dumps(body | members, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = language()
    g.problem_code = code
    return response


def error_of(fault: Fault | dict[str, Any]) -> dict[str, Any]:
    """One fault as an entry of ``errors``. A fault of a JSON body stands at its member (``field``)."""
    data = fault.as_dict() if isinstance(fault, Fault) else fault
    lang = language()
    field = data.get("field", "")
    return {
        "code": data["code"],
        "message": data["message"][lang],
        "message_lang": lang,
        "remedy": data["remedy"][lang],
        "xpath": data["path"],
        "pointer": data["pointer"] or (f"/{field}" if field and not data["path"] else ""),
        "line": data["line"],
        "value": data["value"],
    }


def of_exception(error: Exception) -> Response:
    """Turn any refusal or mistake into a problem document."""
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, HTTPException):
        code = f"http-{error.code}"
        # What the framework says is English for whoever asks; our own words are there for every code but the rare ones.
        known = code in CODES
        return problem(error.code or 500, code if known else "http-error", "", "" if known else error.description or "")
    return problem(500, "our-mistake")


def _of_refusal(error: Refusal) -> Response:
    code = next((code for kind, code in KINDS if isinstance(error, kind)), "refused")
    members: dict[str, Any] = {}
    detail = "" if isinstance(error, Invalid | NotFound) else str(error)
    if isinstance(error, Invalid):
        members["errors"] = [error_of(fault) for fault in error.faults]
    if isinstance(error, Conflict):
        members |= {name: str(value) for name, value in error.facts.items()}
        # A refusal may carry a closer code of its own.
        closer = members.pop("code", "").lower()
        code = closer if closer in CODES else code
    return problem(error.status, code, "", detail, **members)


def of_validation(error: ValidationError) -> Response:
    """Turn what a request's models refuse into a problem document: 400, one entry for each place."""
    g.refused = True
    faults = validation.faults(error)
    return problem(400, "request", errors=[error_of(one) for one in faults])
