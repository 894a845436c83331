"""Uploading: bytes become a blob, a file that somebody brought becomes a document in the organisation's library."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import Actor, require
from app.database import session
from app.documents import finders, gate, policy, storage
from app.documents.models import Blob, Document
from app.documents.naming import clean
from app.documents.sniffing import MAX_BYTES, recognise
from app.documents.wording import NotTaken, fault
from app.errors import Invalid
from app.ledger import recording

NOT_SCANNED = gate.NOT_SCANNED
"""The scan state in which everything enters; nothing here ever writes "clean"."""


def keep(data: bytes, *, media_type: str | None = None, ours: bool = False) -> Blob:
    """Store bytes and return their row; the same bytes twice are one blob. Says nothing about who brought them.

    ``ours``: the window made them itself, so no scanner is asked.
    """
    sha256 = storage.store().put(data)
    found = session().get(Blob, sha256)
    if found is None:
        enter(sha256, len(data), media_type=media_type, ours=ours)
        return session().get_one(Blob, sha256)
    if ours and not found.ours:
        found.ours, found.scan_due_at = True, None
    return found


def enter(sha256: str, size: int, *, media_type: str | None = None, ours: bool = False) -> None:
    """Write the row of bytes that are in the store already; one statement, also when the row is there (``keep`` in two
    halves, for a caller that stores before its transaction begins to write)."""
    at = clock.now()
    row = {
        "sha256": sha256,
        "size": size,
        "media_type": media_type or "application/octet-stream",
        "scan": NOT_SCANNED,
        "stored_at": at,
        "ours": ours,
        "scan_due_at": None if ours else at,
    }
    session().execute(_entering(session().get_bind().dialect.name), row)


@cache
def _entering(engine: str) -> Any:
    """The INSERT of the engine at hand: two requests may bring the same bytes in the same moment."""
    insert = postgresql.insert if engine == "postgresql" else sqlite.insert
    return insert(Blob.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]


def upload(
    *,
    owner_id: uuid.UUID,
    data: bytes,
    file_name: str,
    type_code: str = "",
    number: str = "",
    by: Actor,
    limit: int = MAX_BYTES,
) -> Document:
    """Take a permit or certificate into the library of an organisation.

    ``limit`` in bytes. The same bytes under the same name, type and number are the same document. Raises Invalid with
    one fault (kind ``container``, ``value`` the file's name) when the file is not taken, NotAllowed by policy.
    """
    require(policy.upload, by, owner_id)
    try:
        name = clean(file_name)
        media_type = recognise(data, name, limit=limit)
    except NotTaken as refused:
        raise Invalid([fault(refused, file_name)]) from refused
    blob = keep(data, media_type=media_type)
    if blob.scan == gate.INFECTED:
        raise Invalid([fault(NotTaken("FILE-INFECTED"), file_name)])
    there = finders.find_document(owner_id, blob.sha256)
    if there is not None and (there.file_name, there.type_code, there.number) == (name, type_code, number):
        return there
    return _add(owner_id, blob, name, type_code, number, by)


def adopt(document: Document, *, by: Actor) -> Document:
    """Return a document of the actor's own library with these bytes: this one, or one more row for the same blob.

    Whoever calls has asked whether the actor may read the file. Raises NotAllowed for one whose role brings no files.
    """
    if by.organisation_id is None or document.owner_id == by.organisation_id:
        return document
    require(policy.upload, by, by.organisation_id)
    there = finders.find_document(by.organisation_id, document.sha256)
    if there is not None and (there.type_code, there.number) == (document.type_code, document.number):
        return there
    blob = finders.get_blob(document.sha256)
    return _add(by.organisation_id, blob, document.file_name, document.type_code, document.number, by)


def _add(owner_id: uuid.UUID, blob: Blob, name: str, type_code: str, number: str, by: Actor) -> Document:
    document = Document(
        owner_id=owner_id,
        sha256=blob.sha256,
        blob=blob,
        file_name=name,
        type_code=type_code,
        number=number,
        uploaded_by_id=by.person_id,
        uploaded_at=clock.now(),
    )
    session().add(document)
    session().flush()
    recording.record(
        "document.uploaded",
        "document",
        document.id,
        by=by,
        sha256=blob.sha256,
        media_type=blob.media_type,
        size=blob.size,
        scan=blob.scan.replace(" ", "-"),
    )
    return document
