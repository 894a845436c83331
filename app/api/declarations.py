"""POST /api/v1/declarations: the same door as the upload page, for software."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request, url_for
from flask_babel import gettext as _

from app.api import door, problem
from app.intake import policy, receiving
from app.intake.models import Receipt

blueprint = door.resource("declarations", __name__, "File packages, follow them, change them, take them back.")

MOST_KEY = 255


@blueprint.post("/declarations", responses=door.answers(status=201, refusals=(409, 422)))
@door.guarded(policy.file)
def file_declaration() -> Any:
    """File XML or a ZIP. 201 registered · 422 faults · 409 the same content was registered within a day · 200 sent before."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= MOST_KEY):
        return problem.problem(400, "idempotency-key", _("Idempotency-Key has 1 to 255 characters."))
    body = request.get_data(cache=False)
    receipt = receiving.receive(
        body,
        body_name=request.headers.get("X-File-Name", "declaration.xml")[:255],
        channel="api",
        by=g.actor,
        key=key,
        confirmed=request.headers.get("X-Second-Consignment") == "yes",
    )
    if receipt.outcome != "registered":
        # A refused filing is kept with its receipt although the answer is an error: nothing that arrived is lost.
        g.keep_refusal = True
    answer = _registered(receipt) if receipt.outcome == "registered" else _refused(receipt)
    if not receipt.fresh:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _registered(receipt: Receipt) -> Response:
    declaration = receipt.declaration
    if declaration is None:
        raise RuntimeError(f"receipt {receipt.number} says registered and knows no package")
    answer = jsonify(
        receipt=receipt.number,
        status=declaration.status,
        number=declaration.number,
        lrn=declaration.lrn,
        version=declaration.version,
        digest=declaration.digest,
        received_at=receipt.received_at.isoformat(),
        package=url_for("declarations.show", declaration_id=declaration.id, _external=False),
    )
    answer.status_code = 201 if receipt.fresh else 200
    answer.headers["Location"] = url_for("declarations.show", declaration_id=declaration.id)
    return answer


def _refused(receipt: Receipt) -> Response:
    codes = {fault["code"] for fault in receipt.faults}
    if codes == {"DUPLICATE-CONTENT"}:
        return problem.problem(
            409, "duplicate-content", _("The same content was registered within a day."),
            _("Send X-Second-Consignment: yes if it is a second consignment."),
            receipt=receipt.number, errors=[problem.error_of(one) for one in receipt.faults],
        )  # fmt: skip
    return problem.problem(
        422, "faults", _("The package has faults; nothing of it is lost."),
        receipt=receipt.number, fault_count=receipt.fault_count,
        errors=[problem.error_of(one) for one in receipt.faults],
    )  # fmt: skip
