"""Revoking: a supervisor of customs says that a clearance no longer holds; the page of verification says so at once."""

from __future__ import annotations

from app.access import Actor
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.database import session
from app.ledger import recording


def revoke(clearance: Clearance, *, reason: str, by: Actor) -> Clearance:
    """Revoke an issued clearance. Raises Conflict when it is not issued, NotAllowed by policy."""
    CLEARANCE.move(
        clearance,
        "revoke",
        by=by,
        declaration=str(clearance.declaration_id),
        number=clearance.number,
        reason_digest=recording.digest(reason),
    )
    session().flush()
    return clearance
