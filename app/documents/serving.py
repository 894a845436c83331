"""Serving a stored file: always as an attachment, never sniffed, never run, never kept by a cache (trust.md F4, S-CACHE)."""

from __future__ import annotations

import io
import unicodedata

from flask import Response, send_file

from app.documents import gate, storage
from app.documents.finders import get_blob
from app.documents.models import Blob
from app.documents.naming import UNSEEN


def answer(blob: Blob, file_name: str) -> Response:
    """Return the file under its own name as a download; whoever calls has asked the policy of its room.

    Raises NotAllowed for a file in which a scanner found something, Conflict for one that still waits for it: nobody can
    fetch these. NotFound or Unavailable come from the store.
    """
    gate.must_pass(blob)
    return attachment(storage.store().read(blob.sha256), file_name, blob.media_type)


def received(sha256: str) -> bytes:
    """Return what arrived, byte for byte, for whoever may have it. Raises as ``answer`` does."""
    gate.must_pass(get_blob(sha256))
    return storage.store().read(sha256)


def reread(sha256: str) -> bytes | None:
    """Return what arrived for a reader of ours, who opened it at the door already; None for bytes that lie in quarantine."""
    return None if get_blob(sha256).scan == gate.INFECTED else storage.store().read(sha256)


def _shown(name: str) -> str:
    """A name from anywhere (an LRN is a sender's words) without signs that end a header or turn the reading direction."""
    return "".join(sign for sign in name if unicodedata.category(sign) not in UNSEEN) or "file"


def attachment(data: bytes, file_name: str, media_type: str, *, conditional: bool = True) -> Response:
    """Return bytes as a download under a name (Cyrillic goes into ``filename*``); ``conditional``: parts may be asked for."""
    response = send_file(
        io.BytesIO(data), mimetype=media_type, as_attachment=True, download_name=_shown(file_name),
        conditional=conditional,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def picture(sha256: str) -> Response:
    """Return a picture that we made of a page, to be shown in the page; whoever calls has asked the policy of its room."""
    response = send_file(io.BytesIO(storage.store().read(sha256)), mimetype="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response
