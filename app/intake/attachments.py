"""Which stored files stand behind the documents of a package: in the trader's own library, or with what was filed before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.database import session
from app.declarations.models import Attachment
from app.declarations.package import Package, SupportingDocument
from app.documents import gate
from app.documents.models import Document
from app.documents.wording import NotTaken, fault
from app.errors import Fault
from app.requirements.compiling import CompiledEdition

MOST_LOOKED_UP = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored file behind one document of the package."""

    document: Document
    declared: SupportingDocument
    type_code: str


def find_standing(
    package: Package,
    edition: CompiledEdition,
    organisations: Iterable[uuid.UUID | None],
    *,
    of: uuid.UUID | None = None,
) -> dict[str, Standing]:
    """Return the stored file behind each document (by its XPath), from the libraries of these organisations, and from the
    files that the package ``of`` which this is a change has already.

    A file stands behind a document that names its SHA-256; where none is named, one of the same kind and number does.
    """
    owners = [one for one in organisations if one is not None]
    wanted = package.all_documents[:MOST_LOOKED_UP]
    hashes = {one.file_sha256.lower() for one in wanted if one.file_sha256}
    numbers = {one.number for one in wanted if one.number}
    if not owners or not (hashes or numbers):
        return {}
    # Two walks along two indexes; an OR would walk the whole library of the owner.
    walks = [
        sa.select(Document.id).where(Document.owner_id.in_(owners), Document.sha256.in_(hashes)),
        sa.select(Document.id).where(Document.owner_id.in_(owners), Document.number.in_(numbers)),
    ]
    if of is not None:
        walks.append(sa.select(Attachment.document_id).where(Attachment.declaration_id == of))
    found_by = sa.union(*walks).subquery()
    query = sa.select(Document).join(found_by, found_by.c.id == Document.id)
    query = query.options(joinedload(Document.blob))
    kept = session().scalars(query.order_by(Document.uploaded_at)).all()
    by_hash = {one.sha256: one for one in kept}
    by_number = {(one.type_code, one.number): one for one in kept if one.type_code and one.number}
    found = {}
    for declared in wanted:
        code = edition.document_code(declared.category, declared.type)
        # A document that names its file is proved by that file alone: another one under its number is not what was filed.
        named = declared.file_sha256.lower()
        document = by_hash.get(named) if named else by_number.get((code, declared.number))
        if document is not None:
            found[declared.path] = Standing(document, declared, code)
    return found


def infected(standing: Mapping[str, Standing]) -> list[Fault]:
    """The documents behind which a file stands in which a scanner found something, each with how to mend it."""
    return [
        replace(fault(NotTaken("FILE-INFECTED"), one.document.file_name), path=path)
        for path, one in standing.items()
        if one.document.blob.scan == gate.INFECTED
    ]
