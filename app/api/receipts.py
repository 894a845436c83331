"""Receipts for software: what arrived, when, what became of it, and the very bytes."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.api import door, problem, raw, wco_response
from app.api.receipts_shapes import ReceiptLine, ReceiptPath, ReceiptShape, ReceiptsShape
from app.api.shapes import Listed
from app.documents import serving
from app.intake import policy, receipts
from app.intake.models import Receipt
from app.ledger import witnessing
from app.web import actor

blueprint = door.resource("receipts", __name__, "What you sent and what became of it: nothing that arrived is lost.")


@blueprint.get("/receipts", responses=door.answers(shape=ReceiptsShape, refusals=(404,)))
@door.guarded(policy.list_own)
def list_receipts(query: Listed) -> Response:
    """List what your organisation sent, by every door, newest first."""
    page = receipts.list_receipts(actor(), query.cursor)
    return door.said(ReceiptsShape(rows=[ReceiptLine(**_line(one)) for one in page.rows], next=page.following))


@blueprint.get(
    "/receipts/<uuid:receipt_id>",
    responses=wco_response.documented(door.answers(shape=ReceiptShape, refusals=(404,)), 200),
)
@door.guarded(policy.read, receipts.get_receipt, path=ReceiptPath)
def show_receipt(receipt: Receipt) -> Response:
    """Show a receipt with its faults: each with its place, what is wrong and how to mend it."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    if wco_response.wanted():
        return wco_response.of_receipt(receipt, receipts.find_package(receipt), status=200)
    errors: Any = [problem.error_of(one) for one in receipt.faults]
    return door.said(ReceiptShape(**_line(receipt), errors=errors))


@blueprint.get(
    "/receipts/<uuid:receipt_id>/received",
    responses=door.answers(kinds={raw.XML: raw.TEXT, raw.ZIP: raw.BYTES}, refusals=(404, 409), tagged=True),
)
@door.guarded(policy.read, receipts.get_receipt, path=ReceiptPath)
def show_received_bytes(receipt: Receipt) -> Response:
    """Fetch the bytes exactly as they arrived, also of what was refused. The ETag is their SHA-256."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    name = (receipt.body_name or receipt.number).rpartition(".")[0] or receipt.number
    return raw.answer(serving.received(receipt.body_sha256), name, tag=receipt.body_sha256)


def _line(receipt: Receipt) -> dict[str, Any]:
    package = receipt.declaration_id
    return {
        "id": receipt.id,
        "number": receipt.number,
        "outcome": receipt.outcome,
        "channel": receipt.channel,
        "received_at": receipt.received_at,
        "lrn": receipt.lrn,
        "file_name": receipt.body_name,
        "sha256": receipt.body_sha256,
        "fault_count": receipt.fault_count,
        "declaration": url_for("api_declarations.show_declaration", declaration_id=package) if package else None,
        "link": url_for("api_receipts.show_receipt", receipt_id=receipt.id),
    }
