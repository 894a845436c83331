"""Witnessing: the auditor reads everything, changes nothing, and each read is remembered (domain.md section 1)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from app import clock
from app.ledger.finders import was_recorded
from app.ledger.recording import record
from app.web import actor, remembering

SITTING = timedelta(minutes=30)
"""How long one person's looking at one file counts as one reading."""


def package_read(declaration_id: uuid.UUID) -> None:
    """Remember that the auditor looks at a package, in whatever form; others read what is theirs, unrecorded."""
    _witness("declaration.read", "declaration", declaration_id, declaration_id)


def receipt_read(receipt_id: uuid.UUID, declaration_id: uuid.UUID | None) -> None:
    """Remember that the auditor looks at a receipt or at the bytes behind it."""
    _witness("receipt.read", "receipt", receipt_id, declaration_id)


def advance_read(advance_id: uuid.UUID) -> None:
    """Remember that the auditor looks at advance information with its lanes and signals."""
    _witness("advance.read", "advance", advance_id, None)


def document_read(document_id: uuid.UUID, declaration_id: uuid.UUID, sha256: str) -> None:
    """Remember that somebody looks at a file of a package, page by page: one entry for each sitting, not for each page."""
    since = clock.now() - SITTING
    if was_recorded("document.read", document_id, declaration_id, person_id=actor().person_id, since=since):
        return
    with remembering():
        record("document.read", "document", document_id, by=actor(), declaration_id=declaration_id, sha256=sha256)


def _witness(event: str, subject: str, subject_id: uuid.UUID, declaration_id: uuid.UUID | None) -> None:
    if actor().kind == "auditor":
        with remembering():
            record(event, subject, subject_id, by=actor(), declaration_id=declaration_id)
