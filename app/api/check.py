"""POST /api/v1/check: the verdict on a file before it is filed. No key, nothing stored, the same bytes as offline."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from app import clock, web
from app.api import door, problem, raw, wco_response
from app.api.check_shapes import CheckQuery, VerdictShape
from app.intake.verdicts import UNREADABLE, as_bytes, verdict
from app.requirements.finders import current_edition

blueprint = door.resource("check", __name__, "Check a package before filing: no key, nothing stored.")

_VERDICT = {"$ref": f"#/components/schemas/{VerdictShape.__name__}"}
_ANSWERS: dict[str | int, Any] = wco_response.documented(door.answers(shape=VerdictShape, refusals=(413,), by_key=False) | {
    422: {
        "description": "The file cannot be read as a package; `code` and `faults` say why",
        "content": {problem.MEDIA_TYPE: {"schema": _VERDICT}},
    }
}, 200, 422)  # fmt: skip


@blueprint.post(
    "/check",
    responses=_ANSWERS,
    openapi_extensions=raw.asked(
        "The package: XML of our namespace, a WCO declaration in the published namespaces, or a ZIP with declaration.xml and "
        "the files that its documents name."
    ),
)
@web.only_reads
@web.public
def check_package(query: CheckQuery) -> Response:
    """Check a package.

    Answers with the verdict: `clean`, `faults` (200), or `unreadable` (422). The answer holds nothing of this request beside
    the file: `akno-check --json` gives the same bytes for the same file, day and edition.
    Rules that ask a registry are not asked; `not_asked` names them. Nothing is stored.
    """
    # One engine, one verdict; a WCO Response says its faults in another form.
    told = verdict(request.get_data(cache=False), edition=current_edition(), on=query.on or clock.today())
    unreadable = told["verdict"] == UNREADABLE
    if wco_response.wanted():
        return wco_response.of_check(told["faults"], lrn=told["lrn"], status=422 if unreadable else 200)
    kind = problem.MEDIA_TYPE if unreadable else "application/json"
    return Response(as_bytes(told), status=422 if unreadable else 200, mimetype=kind)
