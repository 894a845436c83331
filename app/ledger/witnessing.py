"""Witnessing: the auditor reads everything, changes nothing, and each read is remembered (domain.md section 1)."""

from __future__ import annotations

import uuid

from app.ledger.recording import record
from app.web import actor, remembering


def package_read(declaration_id: uuid.UUID) -> None:
    """Remember that the auditor looks at a package, in whatever form; others read what is theirs, unrecorded."""
    _witness("declaration.read", "declaration", declaration_id, declaration_id)


def receipt_read(receipt_id: uuid.UUID, declaration_id: uuid.UUID | None) -> None:
    """Remember that the auditor looks at a receipt or at the bytes behind it."""
    _witness("receipt.read", "receipt", receipt_id, declaration_id)


def _witness(event: str, subject: str, subject_id: uuid.UUID, declaration_id: uuid.UUID | None) -> None:
    if actor().kind == "auditor":
        with remembering():
            record(event, subject, subject_id, by=actor(), declaration_id=declaration_id)
