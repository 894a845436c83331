"""The upload page, receipts with their faults, and the way from a refused file to a draft that can be mended."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lxml import etree

from app.access import can, require
from app.declarations import drafting, finders
from app.declarations import policy as packages
from app.documents import serving
from app.errors import Conflict, NotFound
from app.intake import opening, policy, receipts, receiving, submission
from app.intake.container import is_zip
from app.intake.models import Receipt
from app.ledger import witnessing
from app.web import actor, back, guard

blueprint = Blueprint("intake", __name__)


@blueprint.get("/file")
@guard(policy.file)
def upload() -> str:
    """The page to choose an XML or ZIP file."""
    return render_template("intake/upload.html", error="")


@blueprint.post("/file")
@guard(policy.file)
def send() -> Any:
    """Take in a file; always ends at its receipt, except when no file was chosen."""
    given = request.files.get("package")
    if given is None or not given.filename:
        return render_template("intake/upload.html", error=_("Choose the XML or ZIP file of the package.")), 422
    body = given.stream.read()
    channel = "zip" if is_zip(body) else "xml"
    receipt = receiving.receive(
        body, body_name=given.filename, channel=channel, by=actor(), confirmed=request.form.get("confirmed") == "yes"
    )
    return _to_receipt(receipt)


def _to_receipt(receipt: Receipt) -> Any:
    if receipt.outcome == "registered":
        return back("declarations.show", declaration_id=receipt.declaration_id)
    return back("intake.receipt", receipt_id=receipt.id)


@blueprint.get("/receipts")
@guard(policy.list_own)
def receipt_list() -> str:
    """Everything this organisation sent, newest first."""
    page = receipts.list_receipts(actor(), request.args.get("cursor"))
    return render_template("intake/receipts.html", page=page)


@blueprint.get("/receipts/<uuid:receipt_id>")
@guard(policy.read, receipts.get_receipt)
def receipt(receipt: Receipt) -> str:
    """One receipt: what arrived, when, and all faults, grouped, each with how to mend it."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    return render_template(
        "intake/receipt.html",
        receipt=receipt,
        more=receipt.fault_count - len(receipt.faults),
        can_confirm=can(policy.confirm, actor(), receipt),
        can_open=can(policy.open_draft, actor(), receipt) and _readable(receipt) is not None,
    )


@blueprint.get("/receipts/<uuid:receipt_id>/faults.<kind>")
@guard(policy.read, lambda receipt_id, kind, actor: (receipts.get_receipt(receipt_id, actor=actor), kind))
def faults(found: tuple[Receipt, str]) -> Response:
    """The same list as data: JSON or XML."""
    receipt, kind = found
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    if kind == "json":
        body = json.dumps({"receipt": receipt.number, "faults": receipt.faults}, ensure_ascii=False, indent=1)
        return Response(body, mimetype="application/json")
    if kind == "xml":
        return Response(_as_xml(receipt), mimetype="application/xml")
    raise NotFound()


def _as_xml(receipt: Receipt) -> bytes:
    root = etree.Element("Faults", receipt=receipt.number)
    for fault in receipt.faults:
        one = etree.SubElement(root, "Fault", code=fault["code"])
        for name in ("path", "pointer", "line", "value", "field"):
            if fault.get(name):
                etree.SubElement(one, name).text = str(fault[name])
        for name in ("message", "remedy"):
            for language, words in fault[name].items():
                etree.SubElement(one, name, lang=language).text = words
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


@blueprint.get("/receipts/<uuid:receipt_id>/received")
@guard(policy.read, receipts.get_receipt)
def received(receipt: Receipt) -> Response:
    """The bytes exactly as they arrived, as an attachment."""
    witnessing.receipt_read(receipt.id, receipt.declaration_id)
    body = serving.received(receipt.body_sha256)
    return serving.attachment(
        body, receipt.body_name or "package", "application/zip" if is_zip(body) else "application/xml"
    )


@blueprint.post("/receipts/<uuid:receipt_id>/confirm")
@guard(policy.confirm, receipts.get_receipt)
def confirm(receipt: Receipt) -> Any:
    """File the same bytes again: the sender says that this is a second consignment. A draft is filed as the draft it is."""
    if receipt.declaration_id is not None:
        draft = finders.get_declaration(receipt.declaration_id, actor=actor())
        require(packages.submit, actor(), draft)
        return _to_receipt(submission.submit_draft(draft, by=actor(), confirmed=True))
    body = serving.reread(receipt.body_sha256)
    if body is None:
        raise Conflict(_("A scanner found malicious software in this file, so it cannot be filed. Send a clean copy."))
    made = receiving.receive(body, body_name=receipt.body_name, channel=receipt.channel, by=actor(), confirmed=True)
    return _to_receipt(made)


@blueprint.post("/receipts/<uuid:receipt_id>/open")
@guard(policy.open_draft, receipts.get_receipt)
def open_as_draft(receipt: Receipt) -> Any:
    """Open what was sent as a draft in the portal, with every leaf it had."""
    tree = _readable(receipt)
    if tree is None:
        raise Conflict(_("Nothing in this file can be read as a package, so it cannot be opened as a draft."))
    draft = drafting.open_tree(tree, by=actor(), channel=receipt.channel)
    return redirect(url_for("declarations.show", declaration_id=draft.id), code=303)


def _readable(receipt: Receipt) -> etree._Element | None:
    body = serving.reread(receipt.body_sha256)
    return opening.open_bytes(body).tree if body is not None else None
