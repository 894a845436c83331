"""What a file really is: extension, libmagic and a structural open must agree; anything else is not taken.

The declared media type is never asked: it is the sender's claim (trust.md F3 to F6, F9). The four kinds we take are PDF,
JPEG, PNG and XML; each is opened by the library that would read it, and refused when it can run or hide something.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import magic
from lxml import etree

from app import markup
from app.documents import apart
from app.documents.ends import refuse_behind_jpeg, refuse_behind_png
from app.documents.naming import extension
from app.documents.opening import open_pdf, open_picture
from app.documents.wording import NotTaken

MAX_BYTES = 20 * 1024 * 1024
"""Bytes of one file where the caller names no other limit."""

_PICTURE_NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml")
_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xml": "application/xml",
}
# libmagic calls an XML file without its first line plain text, and one in UTF-8 with some Cyrillic now and then too.
_MAGIC = {
    "application/pdf": {"application/pdf"},
    "image/jpeg": {"image/jpeg"},
    "image/png": {"image/png"},
    "application/xml": {"text/xml", "application/xml", "text/plain", "text/html", "application/octet-stream"},
}


def recognise(data: bytes, file_name: str, *, limit: int = MAX_BYTES) -> str:
    """Return the media type of a file that we take. Raises NotTaken with the code of the first reason against it."""
    if not data:
        raise NotTaken("FILE-EMPTY")
    if len(data) > limit:
        raise NotTaken("FILE-TOO-BIG", limit=limit // (1024 * 1024) or 1)
    named = extension(file_name)
    if named not in _TYPES:
        raise NotTaken("FILE-TYPE")
    media_type = _TYPES[named]
    if magic.from_buffer(data[:65536], mime=True) not in _MAGIC[media_type]:
        raise NotTaken("FILE-NOT-AS-NAMED", named=named.upper())
    _OPEN[media_type](data, named.upper())
    return media_type


def _pdf(data: bytes, named: str) -> None:
    if not data.startswith(b"%PDF-"):
        raise NotTaken("FILE-NOT-AS-NAMED", named=named)
    _refuse_archive(data)
    _refuse_more(data)
    apart.look(open_pdf, data)


def _picture(data: bytes, named: str) -> None:
    _refuse_archive(data)
    jpeg = named in ("JPG", "JPEG")
    (refuse_behind_jpeg if jpeg else refuse_behind_png)(data)
    apart.look(open_picture, data, "JPEG" if jpeg else "PNG")


def _xml(data: bytes, named: str) -> None:
    try:
        root = markup.read(data)
    except markup.DocumentTypeRefused:
        raise NotTaken("FILE-ACTIVE", found="DTD") from None
    except etree.LxmlError:
        raise NotTaken("FILE-BROKEN") from None
    if etree.QName(root).namespace in _PICTURE_NAMESPACES:
        # A page or drawing in XML clothes: a browser would run it.
        raise NotTaken("FILE-NOT-AS-NAMED", named=named)


def _refuse_archive(data: bytes) -> None:
    """A ZIP is read from its end, so one can hide behind any picture or PDF (trust.md F4: GIFAR)."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise NotTaken("FILE-TWO-IN-ONE")


def _refuse_more(data: bytes) -> None:
    """Behind the last end mark of a PDF programs leave line ends, some a NUL or Ctrl-Z; a page or a program there is a
    second file. One without a mark is left to whoever opens it."""
    _before, mark, more = data.rpartition(b"%%EOF")
    if mark and more.strip(b" \t\r\n\f\0\x1a"):
        raise NotTaken("FILE-TWO-IN-ONE")


_OPEN: dict[str, Callable[[bytes, str], None]] = {
    "application/pdf": _pdf,
    "image/jpeg": _picture,
    "image/png": _picture,
    "application/xml": _xml,
}
