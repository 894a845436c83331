"""Serving a stored file: always as an attachment, never sniffed, never run, never kept by a cache (trust.md F4, S-CACHE)."""

from __future__ import annotations

import io
import unicodedata

from flask import Response, send_file
from flask_babel import gettext as _

from app.documents import storage
from app.documents.models import Blob
from app.documents.naming import UNSEEN
from app.errors import NotAllowed


def answer(blob: Blob, file_name: str) -> Response:
    """Return the file under its own name as a download; whoever calls has asked the policy of its room.

    Raises NotAllowed for a file in which a scanner found something: nobody can fetch that one. NotFound or Unavailable
    come from the store.
    """
    if blob.scan == "infected":
        raise NotAllowed(_("A scanner found malicious software in this file. Nobody can fetch it."))
    return attachment(storage.store().read(blob.sha256), file_name, blob.media_type)


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
