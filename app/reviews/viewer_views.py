"""The viewer: a document of a case page by page, as pictures; the original only by an explicit download."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app import clock
from app.documents import serving
from app.ledger import witnessing
from app.reviews import finders, naming, policy, seeing, viewing
from app.web import guard

blueprint = Blueprint("viewer", __name__)


@blueprint.get("/cases/<uuid:review_id>/files/<uuid:attachment_id>/view")
@guard(policy.read_file, seeing.get_case_file)
def view(found: finders.CaseFile) -> str:
    """A document with its facts; that it was read is remembered."""
    witnessing.document_read(found.attachment.document_id, found.attachment.declaration_id, found.attachment.sha256)
    names = naming.names()
    laid = viewing.lay_out(found, names, zoom=request.args.get("zoom", ""), turn=request.args.get("turn", ""))
    return render_template(
        "reviews/viewer.html", viewer=laid, review=found.review, names=names, zooms=viewing.ZOOMS, today=clock.today()
    )


@blueprint.get("/cases/<uuid:review_id>/files/<uuid:attachment_id>/pages/<int:number>.png")
@guard(policy.read_file, viewing.get_case_page)
def page(found: viewing.CasePage) -> Response:
    """One page as a picture; the case page shows them too, so the reading is remembered here as well."""
    witnessing.document_read(found.attachment.document_id, found.attachment.declaration_id, found.attachment.sha256)
    return serving.picture(found.picture_sha256)
