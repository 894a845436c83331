"""Receipts: written for everything that arrives, read by whoever sent it and by the owner of the package."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from app import clock
from app.access import Actor
from app.database import new_id, session
from app.declarations.models import Declaration
from app.errors import Fault, NotFound
from app.intake.models import Receipt
from app.intake.numbering import receipt_number
from app.intake.words import UNSEEN
from app.ledger.recording import Happening
from app.web import Page, arrived_at

MOST_FAULTS = 100
PAGE = 25
_INSERT: sa.Insert = sa.insert(Receipt.__table__)  # type: ignore[arg-type]


def write(
    *,
    outcome: str,
    channel: str,
    body_sha256: str,
    body_name: str,
    by: Actor,
    owner_id: uuid.UUID | None = None,
    lrn: str = "",
    faults: Sequence[Fault] = (),
    more: int = 0,
    declaration: Declaration | None = None,
    key: str | None = None,
) -> tuple[Receipt, Happening]:
    """Write a receipt; returns it with what the ledger is to record. ``more`` counts faults that were not even kept."""
    declaration_id, received_at = declaration.id if declaration else None, arrived_at()
    row = {
        "id": new_id(),
        "number": receipt_number(clock.today()),
        "channel": channel,
        "received_at": received_at,
        "filer_id": by.organisation_id,
        "person_id": by.person_id,
        "owner_id": owner_id,
        "outcome": outcome,
        "lrn": lrn[:35],
        "body_sha256": body_sha256,
        "body_name": _name(body_name),
        "faults": [fault.as_dict() for fault in faults[:MOST_FAULTS]],
        "fault_count": len(faults) + more,
        "declaration_id": declaration_id,
        "idempotency_key": key,
    }
    session().execute(_INSERT, row)
    receipt = Receipt(**row, declaration=declaration)
    receipt.fresh = True
    codes = [fault.code for fault in faults[:MOST_FAULTS]]
    payload = {"number": receipt.number, "channel": channel, "status": outcome, "faults": codes, "body": body_sha256}
    payload["received_at"] = received_at.isoformat()
    return receipt, Happening("receipt.issued", "receipt", receipt.id, payload, declaration_id)


def _name(name: str) -> str:
    """The name of what was sent, Cyrillic kept, without signs that cannot be seen (trust.md F8)."""
    return "".join(sign for sign in name if unicodedata.category(sign) not in UNSEEN)[:255]


def get_receipt(receipt_id: uuid.UUID, *, actor: Actor) -> Receipt:
    """Return a receipt that this actor sent or that concerns its package. Raises NotFound."""
    query = sa.select(Receipt).where(Receipt.id == receipt_id).options(undefer(Receipt.faults))
    found = session().scalar(query)
    mine = found is not None and actor.organisation_id in (found.filer_id, found.owner_id)
    if found is None or not (actor.kind == "auditor" or (actor.organisation_id and mine)):
        raise NotFound()
    return found


def find_package(receipt: Receipt) -> Declaration | None:
    """Return the package that a receipt belongs to; whoever calls has asked the receipt's policy."""
    return session().get(Declaration, receipt.declaration_id) if receipt.declaration_id is not None else None


def find_by_key(filer_id: uuid.UUID | None, key: str) -> Receipt | None:
    """Return the receipt that this filer got under this idempotency key, or None."""
    query = sa.select(Receipt).where(Receipt.filer_id == filer_id, Receipt.idempotency_key == key)
    return session().scalar(query.options(undefer(Receipt.faults), joinedload(Receipt.declaration)))


def find_first(declaration_id: uuid.UUID) -> Receipt | None:
    """Return the receipt with which a package was registered."""
    query = sa.select(Receipt).where(Receipt.declaration_id == declaration_id, Receipt.outcome == "registered")
    query = query.options(undefer(Receipt.faults), joinedload(Receipt.declaration))
    return session().scalar(query.limit(1))


def find_last(declaration_id: uuid.UUID) -> Receipt | None:
    """Return the newest receipt that belongs to a package: of its registration, or of a draft that was sent and refused."""
    query = sa.select(Receipt).where(Receipt.declaration_id == declaration_id).options(undefer(Receipt.faults))
    return session().scalar(query.order_by(Receipt.received_at.desc(), Receipt.id.desc()).limit(1))


def list_receipts(actor: Actor, cursor: str | None = None, *, limit: int = PAGE) -> Page[Receipt]:
    """Return one page of what this organisation sent, newest first."""
    query = sa.select(Receipt).where(Receipt.filer_id == actor.organisation_id)
    if cursor:
        try:
            moment, key = cursor.split("~", 1)
            at, last = clock.moment_of(moment), uuid.UUID(key)
        except ValueError:
            raise NotFound() from None
        older = sa.and_(Receipt.received_at == at, Receipt.id < last)
        query = query.where(sa.or_(Receipt.received_at < at, older))
    rows = session().scalars(query.order_by(Receipt.received_at.desc(), Receipt.id.desc()).limit(limit + 1)).all()
    following = f"{rows[limit - 1].received_at.isoformat()}~{rows[limit - 1].id}" if len(rows) > limit else None
    return Page(rows[:limit], following)
