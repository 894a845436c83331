"""The library of an organisation by the API: list, upload, look up, fetch; a file named by its SHA-256 is used again."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Response, current_app, request, url_for

from app import web
from app.api import door, raw
from app.api.documents_shapes import DocumentPath, DocumentsAsked, DocumentShape, DocumentsShape, UploadAsked
from app.database import looking
from app.documents import finders, gate, policy, serving, uploading
from app.documents.models import Document
from app.errors import Fault, Invalid
from app.requirements.finders import current_edition

blueprint = door.resource(
    "documents", __name__, "Permits and certificates: uploaded once, used in as many packages as name their SHA-256."
)

KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "application/xml": "xml", "text/xml": "xml"}
"""Media types of a file without a name, and the ending it gets: what it really is, its bytes say."""
_FILE = {
    "required": True,
    "description": "The bytes of one PDF, JPEG, PNG or XML file",
    "content": {
        kind: {"schema": raw.BYTES} for kind in ("application/pdf", "image/jpeg", "image/png", "application/xml")
    },
}
_NAME = raw.header(
    "X-File-Name", "The name of the file; letters beyond ASCII percent-encoded (UTF-8)", example="sertyfikat%2012.pdf"
)


@blueprint.get("/documents", responses=door.answers(shape=DocumentsShape, refusals=(404,)))
@door.guarded(policy.browse)
def list_documents(query: DocumentsAsked) -> Any:
    """The library of your organisation.

    Newest first. With `sha256` only the files with these bytes: a client that keeps digests need not send a file twice.
    """
    page = finders.list_documents(web.actor(), query.cursor, limit=query.limit, sha256=query.sha256)
    rows = [_shown(one) for one in page.rows]
    return door.said(DocumentsShape.model_validate({"rows": rows, "next": page.following}))


@blueprint.post(
    "/documents",
    responses=door.answers(shape=DocumentShape, status=201, refusals=(413, 422), headers={"Location": "The document"})
    | {200: {"description": "It was there already", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DocumentShape"}}}}},
    request_body=_FILE,
    openapi_extensions={raw.HEADERS: [_NAME]},
)  # fmt: skip
@door.guarded(policy.upload)
def upload_document(query: UploadAsked) -> Any:
    """Upload a file.

    The body is the file itself. The same bytes under the same name, kind and number are the same document (200), so that
    repeating an upload does no harm. A declaration that names the file's SHA-256 in `Attachment/SHA256` has it attached, no
    ZIP is needed; where no digest is named, a file of the same kind and number is taken.
    """
    _require_known(query.type)
    house = web.actor().organisation_id
    if house is None:
        raise RuntimeError("a key that belongs to no organisation")
    document = uploading.upload(
        owner_id=house,
        data=request.get_data(cache=False),
        file_name=_name(),
        type_code=query.type,
        number=query.number,
        by=web.actor(),
        limit=current_app.extensions["akno.settings"].max_attachment_bytes,
    )
    fresh = document.uploaded_at >= web.arrived_at()
    shape = DocumentShape.model_validate(_shown(document))
    return door.said(shape, 201 if fresh else 200, Location=shape.links.self)


@blueprint.get(
    "/documents/<uuid:document_id>", responses=door.answers(shape=DocumentShape, refusals=(404,), tagged=True)
)
@door.guarded(policy.read, finders.get_document, path=DocumentPath)
def show_document(document: Document) -> Any:
    """What is known of a file."""
    shape = DocumentShape.model_validate(_shown(document))
    return door.said(shape, tag=f"{document.sha256[:32]}-{document.blob.scan.replace(' ', '-')}")


@blueprint.get(
    "/documents/<uuid:document_id>/file",
    responses=door.answers(refusals=(404, 409), kinds={"*/*": raw.BYTES}, tagged=True),
)
@door.guarded(policy.read, finders.get_document, path=DocumentPath)
def download_document(document: Document) -> Any:
    """The file itself, byte for byte as it was uploaded. 409 while it is being scanned for malicious software."""
    gate.must_pass(document.blob)
    if request.if_none_match.contains(document.sha256):
        return door.tagged(Response(), document.sha256)
    return door.tagged(serving.answer(document.blob, document.file_name), document.sha256)


def _shown(document: Document) -> dict[str, Any]:
    key = str(document.id)
    return {
        "id": document.id, "file_name": document.file_name, "sha256": document.sha256, "size": document.blob.size,
        "media_type": document.blob.media_type, "scan": document.blob.scan, "type": document.type_code,
        "number": document.number, "uploaded_at": document.uploaded_at,
        "links": {
            "self": url_for("api_documents.show_document", document_id=key),
            "file": url_for("api_documents.download_document", document_id=key),
        },
    }  # fmt: skip


def _name() -> str:
    """The file's name from its header (percent-encoded UTF-8), or one made of its media type."""
    said = request.headers.get("X-File-Name", "")
    if said:
        # A name that is no UTF-8 gets signs which no name may have, and is refused as a name.
        return unquote_to_bytes(said.encode("latin-1", "replace")).decode("utf-8", "replace").replace("\ufffd", "\0")
    kind = KINDS.get(request.mimetype)
    return f"document.{kind}" if kind else "document"


def _require_known(kind: str) -> None:
    if not kind:
        return
    # Looked up before the transaction begins to write: the file is opened next, and that holds nobody up.
    with looking(current_app.extensions["akno.database"]):
        known = kind in current_edition().document_types
    if not known:
        raise Invalid([
            Fault(
                "DOC-TYPE-UNKNOWN",
                {"be": f"Віду дакумента {kind} няма ў класіфікатары.", "ru": f"Вида документа {kind} нет в классификаторе.",
                 "en": f"There is no kind of document {kind} in the classifier."},
                {"be": "Вазьміце код са спіса document-types або не называйце віду.", "ru": "Возьмите код из списка document-types или не называйте вида.",
                 "en": "Take a code of the list document-types, or name no kind."},
                value=kind, field="type", kind="container",
            )
        ])  # fmt: skip
