"""Shapes of the library of documents."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.shapes import Listed, Shape, example

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
DOCUMENT = {
    "id": "019ab1c2-0000-7000-8000-000000000001",
    "file_name": "Ветэрынарны сертыфікат 01202.pdf",
    "sha256": SHA256,
    "size": 48213,
    "media_type": "application/pdf",
    "scan": "not scanned",
    "type": "01202",
    "number": "UA-14-0091827",
    "uploaded_at": "2026-11-22T06:14:02+00:00",
    "links": {
        "self": "/api/v1/documents/019ab1c2-0000-7000-8000-000000000001",
        "file": "/api/v1/documents/019ab1c2-0000-7000-8000-000000000001/file",
    },
}


class DocumentPath(Shape):
    """A document in an address."""

    document_id: UUID


class DocumentLinks(Shape):
    """Where to go on."""

    self: str
    file: str


class DocumentShape(Shape):
    """A file of your organisation's library."""

    model_config = example(DOCUMENT)

    id: UUID
    file_name: str
    sha256: str = Field(
        description="Name the file by this in a declaration (Attachment/SHA256) and it counts as attached"
    )
    size: int = Field(description="Bytes")
    media_type: str = Field(description="What the file really is; the Content-Type sent is never believed")
    scan: Literal["not scanned", "clean", "infected"]
    type: str = Field(description="Code of the kind of document, as far as it was said")
    number: str = Field(description="Its number, as far as it was said")
    uploaded_at: datetime
    links: DocumentLinks


class DocumentsShape(Shape):
    """One page of the library, newest first."""

    model_config = example({"rows": [DOCUMENT], "next": None})

    rows: list[DocumentShape]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class DocumentsAsked(Listed):
    """How to narrow the library."""

    limit: int = Field(25, ge=1, le=100, description="Documents of a page")
    sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="Only files with these bytes: ask before you send them once more"
    )


class UploadAsked(Shape):
    """What a file is that is being uploaded."""

    type: str = Field(
        "", max_length=6, description="Code of the kind of document (list `document-types`)", examples=["01202"]
    )
    number: str = Field("", max_length=70, description="The number of the document", examples=["UA-14-0091827"])
