"""Changing a filed package: what a change would do, and the change itself, against the version that was seen."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from app import web
from app.api import door, packages, problem, raw
from app.api.amendments_shapes import AmendedShape, AmendmentAsked, AmendmentEffect, ChangeShape
from app.api.declarations_shapes import PackagePath
from app.declarations import changes, finders, policy
from app.declarations.comparing import Change
from app.declarations.models import Declaration
from app.errors import Invalid, Stale
from app.intake import amending, amending_whole
from app.ledger.finders import list_happened
from app.reviews import carrying
from app.web import actor

blueprint = door.resource("amendments", __name__, "Change a filed package: a new version in place of the last.")

WORDS = "The whole changed package, XML or ZIP: the same reference, owner, direction and office."
MOST_CHANGES = 1000


@blueprint.post(
    "/declarations/<uuid:declaration_id>/amendments",
    responses=door.answers(
        shape=AmendedShape, status=201, refusals=(404, 409, 412, 413, 422, 428), headers={"Location": "The new version"}
    ),
    openapi_extensions=raw.asked(
        WORDS,
        raw.header(
            "If-Match", "The ETag of the package, or the digest of the version that you changed; else `version`"
        ),
    ),
)
@door.guarded(policy.amend, finders.get_declaration, path=PackagePath)
def amend_declaration(declaration: Declaration, query: AmendmentAsked) -> Response:
    """Change a filed package: the bytes sent become its new version, or nothing happens and every fault is told.

    Agencies whose facts are untouched keep their approvals, the others look again. Say which version you changed: 428
    `precondition-needed` when you do not, 412 `stale` when another one holds by now. A change that was sent twice is answered
    412: its first sending made the version that holds.
    """
    seen = _seen(declaration, query)
    if seen is None:
        return problem.problem(428, "precondition-needed")
    version = amending_whole.amend(
        declaration, request.get_data(cache=False), expected_version=seen, by=actor()
    )  # fmt: skip
    (line, *_older) = changes.version_lines([version], list_happened(declaration.id, "declaration.amended"))
    here = url_for("api_declarations.show_declaration", declaration_id=declaration.id)
    shape = AmendedShape(**packages.version(line, declaration).model_dump(), declaration=here)
    return door.said(shape, 201, Location=shape.link)


def _seen(declaration: Declaration, query: AmendmentAsked) -> int | None:
    """The version that was seen: by If-Match (the digest, before the dot of an ETag), else by its number; None for neither.

    Werkzeug reads an empty tag (``""``) as None: it names no version.
    """
    named = request.if_match
    if not request.headers.get("If-Match", "").strip():
        return query.version
    if named.star_tag or any((tag or "").partition(".")[0] == declaration.digest for tag in named.as_set()):
        return declaration.version
    raise Stale(
        _("If-Match names another version than the one that holds. Nothing is done."),
        {"version": declaration.version, "digest": declaration.digest},
    )


@blueprint.post(
    "/declarations/<uuid:declaration_id>/amendments/preview",
    responses=door.answers(shape=AmendmentEffect, refusals=(404, 409, 413, 422)),
    openapi_extensions=raw.asked(WORDS),
)
@web.only_reads
@door.guarded(policy.amend, finders.get_declaration, path=PackagePath)
def preview_amendment(declaration: Declaration) -> Response:
    """Show what a change would do: every place that differs, what stands in the way, which agencies look again. Nothing is
    kept."""
    try:
        found = amending_whole.preview(declaration, request.get_data(cache=False), by=actor())
    except Invalid as refusal:
        web.refuse(refusal)
        return problem.of_exception(refusal)
    return door.said(_effect(found))


def _effect(found: amending.Preview) -> AmendmentEffect:
    fate: carrying.Fate = found.fate
    errors: Any = [problem.error_of(one) for one in found.faults[:100]]
    return AmendmentEffect(
        version=found.version,
        changes=[_change(one) for one in found.changes[:MOST_CHANGES]],
        change_count=len(found.changes),
        fault_count=len(found.faults),
        errors=errors,
        carried=list(fate.carried),
        reopened=list(fate.reopened),
        opened=list(fate.opened),
        closed=list(fate.closed),
    )


def _change(one: Change) -> ChangeShape:
    return ChangeShape(kind=one.kind, item=one.item, path=one.place, before=one.before[:200], after=one.after[:200])
