"""The library of an organisation: what was brought, bring more, fetch one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, render_template, request
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from app.access import can
from app.documents import finders, gate, policy, scanning, serving, uploading
from app.documents.models import Document
from app.documents.wording import NotTaken, fault
from app.errors import Fault, Invalid
from app.web import actor, back, guard

blueprint = Blueprint("documents", __name__)
blueprint.add_app_template_global(gate.told, "scan_of")

MOST_FILES = 20
"""Files of one upload: a form with more is a folder, and a folder belongs into a ZIP beside its package."""


@blueprint.get("/documents")
@guard(policy.browse)
def library() -> str:
    """The files of the reader's organisation, newest first."""
    return _page([])


@blueprint.post("/documents")
@guard(policy.upload)
def upload() -> Any:
    """Take several files; each that is taken stays taken, each that is not says why (422 when there is one)."""
    brought = [file for file in request.files.getlist("files") if file.filename][:MOST_FILES]
    if not brought:
        return _page([fault(NotTaken("FILE-NONE"), "")]), 422
    taken, faults = _take(brought)
    if faults:
        return _refused(taken, faults)
    flash(ngettext("%(num)d file is in your library.", "%(num)d files are in your library.", len(taken)), "success")
    return back("documents.library")


@blueprint.get("/documents/<uuid:document_id>/file")
@guard(policy.read, finders.get_document)
def download(document: Document) -> Any:
    """One file, as an attachment under its own name."""
    return serving.answer(document.blob, document.file_name)


def _take(brought: list[FileStorage]) -> tuple[list[Document], list[Fault]]:
    limit = current_app.extensions["akno.settings"].max_attachment_bytes
    taken: list[Document] = []
    faults: list[Fault] = []
    for file in brought:
        try:
            taken.append(
                uploading.upload(
                    owner_id=actor().organisation_id,  # type: ignore[arg-type]
                    data=file.stream.read(),
                    file_name=file.filename or "",
                    by=actor(),
                    limit=limit,
                )
            )
        except Invalid as refused:
            faults += refused.faults
    return taken, faults


def _refused(taken: list[Document], faults: list[Fault]) -> Any:
    """A browser cannot give files back, so what was good must be kept even though the answer is 422."""
    g.keep_refusal = bool(taken)
    return _page(faults, taken), 422


def _page(faults: list[Fault], taken: list[Document] | None = None) -> str:
    page = finders.list_documents(actor(), request.args.get("cursor"))
    return render_template(
        "documents/library.html",
        page=page,
        faults=faults,
        taken=taken or [],
        may_upload=can(policy.upload, actor()),
        scanner=scanning.standing(),
        waits=any(one.blob.scan == gate.NOT_SCANNED and not gate.passes(one.blob) for one in page.rows),
    )
