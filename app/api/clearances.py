"""Clearances by the API: all of a package, the facts of one, its paper; verification of a code or a file for anyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Response, current_app, request, url_for

from app import web
from app.api import door, problem
from app.api.clearances_shapes import ClearancePath, ClearanceShape, ClearancesShape, CodePath, VerifiedShape
from app.api.declarations_shapes import PackagePath
from app.clearance import certificate, finders, issuing, numbering, policy, verification
from app.clearance.models import Clearance
from app.clearance.verification import MOST_PAPER_BYTES, Verified
from app.declarations.finders import get_declaration
from app.declarations.models import Declaration
from app.documents import serving
from app.documents.finders import get_blob
from app.ledger import witnessing
from app.rehearsal.papers import is_known_to_rehearsal

blueprint = door.resource(
    "clearances", __name__, "The document with which goods go: its facts, its PDF, and whether a paper is genuine."
)

PDF = {"application/pdf": {"type": "string", "format": "binary"}}
WAIT_SECONDS = "2"
"""After so long a paper that is being drawn up is asked for again."""
_PAPER = {"required": True, "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}


@blueprint.get(
    "/declarations/<uuid:declaration_id>/clearances", responses=door.answers(shape=ClearancesShape, refusals=(404,))
)
@door.guarded(policy.read, get_declaration, path=PackagePath)
def list_clearances(declaration: Declaration) -> Any:
    """All clearances of a package.

    One for each release, the first release first; a replacement stands behind what it replaces. Empty until customs releases.
    """
    witnessing.package_read(declaration.id)
    found = finders.list_clearances(declaration.id)
    numbers = {one.id: one.number for one in found}
    return door.said(ClearancesShape.model_validate({"rows": [_head(one, numbers) for one in found]}))


@blueprint.get(
    "/clearances/<uuid:clearance_id>",
    responses=door.answers(shape=ClearanceShape, refusals=(404,), tagged=True),
)
@door.guarded(policy.read, finders.get_clearance, path=ClearancePath)
def show_clearance(clearance: Clearance) -> Any:
    """The facts of a clearance.

    The same as on the paper: which goods go, who signed what under which act, what is held and what was refused.
    """
    witnessing.package_read(clearance.declaration_id)
    facts = issuing.facts_of(clearance, issued_at=clearance.issued_at or clearance.requested_at)
    numbers = {one.id: one.number for one in finders.list_clearances(clearance.declaration_id)}
    told = asdict(facts)
    for left_out in ("verify_url", "left", "invoice", "replaces", "issued_at", "claims"):
        del told[left_out]
    shape = ClearanceShape.model_validate(
        told
        | _head(clearance, numbers)
        | {"released": facts.released, "held": facts.held, "refused": facts.refused}
        | {"released_net_kg": facts.released_net_kg}
    )
    successor = next((one for one in numbers if one != clearance.id), "")
    return door.said(shape, tag=f"{clearance.status}-{clearance.sha256 or ''}-{successor}")


@blueprint.get(
    "/clearances/<uuid:clearance_id>/pdf",
    responses=door.answers(refusals=(404, 409), kinds=PDF, tagged=True),
)
@door.guarded(policy.read, finders.get_clearance, path=ClearancePath)
def download_clearance(clearance: Clearance) -> Any:
    """The PDF of a clearance.

    PDF/A-3 with the declaration attached, byte for byte as it was issued. 409 `not-yet` with Retry-After while it is drawn up.
    """
    witnessing.package_read(clearance.declaration_id)
    if clearance.sha256 is None:
        answer = problem.problem(409, "not-yet")
        answer.headers["Retry-After"] = WAIT_SECONDS
        return answer
    if request.if_none_match.contains(clearance.sha256):
        return door.tagged(Response(), clearance.sha256)
    paper = serving.answer(get_blob(clearance.sha256), f"{clearance.number}.pdf")
    return door.tagged(paper, clearance.sha256)


# --- for anyone ---------------------------------------------------------------------------------------------------


@blueprint.get("/verify/<string:code>", responses=door.answers(shape=VerifiedShape, by_key=False))
@web.public
def verify_code(path: CodePath) -> Any:
    """Whether a clearance holds, by its code.

    The code of the paper, however it is typed; its number or the registration number of a package is no code. A code that
    nobody knows is an answer too: `unknown`.
    """
    return door.said(_verified(lambda: verification.verify(path.code)))


@blueprint.post(
    "/verify",
    responses=door.answers(shape=VerifiedShape, refusals=(413,), by_key=False),
    request_body=_PAPER,
)
@web.public
@web.only_reads
def verify_paper() -> Any:
    """Whether a PDF is a clearance of ours.

    Send the file as it is. `genuine` (or superseded, revoked) when it is byte for byte a paper that was issued; `altered` when
    it is another file in which the code of a clearance stands, or that was signed here and changed. Nothing is stored.
    """
    if (request.content_length or 0) > MOST_PAPER_BYTES:
        return problem.problem(413, "http-413")
    data = request.get_data(cache=False)
    return door.said(_verified(lambda: verification.verify_paper(data), data))


def _head(clearance: Clearance, numbers: dict[Any, str]) -> dict[str, Any]:
    code = numbering.grouped(clearance.code)
    return {
        "id": clearance.id, "number": clearance.number, "status": clearance.status, "serial": clearance.serial,
        "items": list(clearance.items), "version": clearance.version, "digest": clearance.digest, "code": code,
        "sha256": clearance.sha256, "requested_at": clearance.requested_at, "issued_at": clearance.issued_at,
        "revoked_at": clearance.revoked_at, "replaces": numbers.get(clearance.replaces_id),
        "links": {
            "self": url_for("api_clearances.show_clearance", clearance_id=clearance.id),
            "pdf": url_for("api_clearances.download_clearance", clearance_id=clearance.id) if clearance.sha256 else None,
            "verify": f"{current_app.extensions['akno.settings'].base_url}/verify/{code}",
            "declaration": f"{door.PREFIX}/declarations/{clearance.declaration_id}",
            "page": door.page("clearance.show", clearance_id=clearance.id),
        },
    }  # fmt: skip


def _verified(ask: Callable[[], Verified], data: bytes = b"") -> VerifiedShape:
    answer = ask()
    clearance = answer.clearance
    if clearance is None or clearance.issued_at is None:
        test = answer.state == "unknown" and is_known_to_rehearsal(ask)
        if not test:
            verification.raise_alarm(data, answer)
        state = "test" if test else answer.state
        return VerifiedShape.model_validate({"state": state, "test": test, "signature": _signature(answer)})
    settings = current_app.extensions["akno.settings"]
    facts = certificate.facts_of(clearance, base_url=settings.base_url, names=False, issued_at=clearance.issued_at)
    seen = verification.compared(facts)
    return VerifiedShape.model_validate({
        "state": answer.state, "number": seen.number, "issued_at": seen.issued_at, "revoked_at": clearance.revoked_at,
        "office": seen.office, "item_count": seen.item_count, "released": seen.released, "released_net_kg": seen.net_kg,
        "held_back": seen.held_back, "earlier": [asdict(one) for one in seen.earlier], "version": seen.version,
        "serial": seen.serial, "successor": answer.successor or None, "later": answer.later,
        "test": settings.rehearsal, "signature": _signature(answer), "key_withdrawn_at": answer.withdrawn_at,
    })  # fmt: skip


def _signature(answer: Verified) -> dict[str, Any] | None:
    judged = answer.judged
    if judged is None:
        return None
    return {
        "state": judged.state,
        "signer": judged.signer,
        "fingerprint": judged.fingerprint,
        "signed_at": judged.signed,
    }
