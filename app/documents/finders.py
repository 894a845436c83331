"""Reads of the library: always within the actor's own organisation, newest first; and of the pictures of a file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor, can
from app.database import session
from app.documents import gate, policy
from app.documents.models import Blob, Document, Rendition
from app.errors import NotFound
from app.web import Page

PAGE = 25
"""Rows of one page of the library."""
DRAWN_KINDS = ("application/pdf", "image/jpeg", "image/png")
"""Media types of which pictures are made."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pictures of a file: ``state`` none (nobody has asked), wanted, drawn or failed with ``failure``; how many pages
    the file has, and a row for each that was tried. After a failure the pages drawn until then are here too."""

    state: str
    failure: str = ""
    count: int = 0
    sheets: Sequence[Rendition] = ()


def get_document(document_id: uuid.UUID, *, actor: Actor) -> Document:
    """Return a document with its blob. Raises NotFound when there is none or it is not the actor's."""
    query = sa.select(Document).where(Document.id == document_id).options(joinedload(Document.blob))
    document = session().scalars(query).one_or_none()
    if document is None or not can(policy.read, actor, document):
        raise NotFound(f"document {document_id}")
    return document


def get_blob(sha256: str) -> Blob:
    """Return the row of a blob by its digest; whoever calls has asked its own policy. Raises NotFound."""
    blob = session().get(Blob, sha256)
    if blob is None:
        raise NotFound(f"blob {sha256[:12]}")
    return blob


def list_pages(sha256: str) -> Pages:
    """Return the pictures of a file, in one statement; whoever calls has asked its own policy."""
    query = sa.select(Rendition).where(Rendition.sha256 == sha256).order_by(Rendition.page)
    rows = session().scalars(query).all()
    if not rows or rows[0].page != 0:
        return Pages("none")
    return Pages(rows[0].state, rows[0].failure, rows[0].pages, rows[1:])


MOST_NUMBER = 2**31 - 1
"""The highest number the column of pages holds: an address with a higher one leads nowhere."""


def get_page(sha256: str, number: int) -> Rendition:
    """Return the picture of one page (from 1). Raises NotFound where there is none, or the file does not pass the gate;
    whoever calls has asked its policy."""
    query = sa.select(Rendition).join(Blob, Blob.sha256 == Rendition.sha256)
    query = query.where(Rendition.sha256 == sha256, Rendition.page == number, gate.passing())
    found = session().scalars(query).one_or_none() if 0 < number <= MOST_NUMBER else None
    if found is None or found.picture_sha256 is None:
        raise NotFound(f"page {number} of {sha256[:12]}")
    return found


def find_document(owner_id: uuid.UUID, sha256: str) -> Document | None:
    """Return the newest document of an organisation with these bytes, or None."""
    query = (
        sa.select(Document)
        .where(Document.owner_id == owner_id, Document.sha256 == sha256)
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
        .limit(1)
        .options(joinedload(Document.blob))
    )
    return session().scalars(query).one_or_none()


def list_documents(
    actor: Actor, cursor: str | None = None, *, limit: int = PAGE, sha256: str | None = None
) -> Page[Document]:
    """Return one page of the actor's organisation's library, newest first, along its index; no counting. ``sha256``: only
    the files with these bytes."""
    query = (
        sa.select(Document)
        .where(Document.owner_id == actor.organisation_id)
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
        .limit(limit + 1)
        .options(joinedload(Document.blob))
    )
    if sha256:
        query = query.where(Document.sha256 == sha256)
    if cursor:
        query = query.where(sa.tuple_(Document.uploaded_at, Document.id) < sa.tuple_(*_place(cursor)))
    rows = session().scalars(query).all()
    following = f"{rows[limit - 1].uploaded_at.isoformat()}~{rows[limit - 1].id}" if len(rows) > limit else None
    return Page(rows[:limit], following)


def _place(cursor: str) -> tuple[sa.BindParameter[datetime], sa.BindParameter[uuid.UUID]]:
    """Read a cursor back; one that somebody bent is an address that leads nowhere."""
    try:
        at, _, key = cursor.partition("~")
        place = clock.moment_of(at), uuid.UUID(key)
    except ValueError:
        raise NotFound("no such page") from None
    return sa.literal(place[0], Document.uploaded_at.type), sa.literal(place[1], Document.id.type)
