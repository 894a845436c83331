"""The door at which other logs ask us to cosign: an address for machines, without cookies, so without a token of forms."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from app.ledger import cosigning, notes
from app.web import public

blueprint = Blueprint("witness", __name__, url_prefix="/log/witness")


@blueprint.post("/add-checkpoint")
@public
def add_checkpoint() -> Response:
    """Cosign a checkpoint of a log that is configured, when it continues what was cosigned before (c2sp.org/tlog-witness)."""
    body = request.stream.read(notes.MOST_BYTES + 1)
    answer = cosigning.add_checkpoint(body, current_app.extensions["akno.settings"])
    return Response(answer.body, answer.status, content_type=answer.kind)
