"""Withdrawing: a trader takes a package back; what still waits at the agencies is closed with it."""

from __future__ import annotations

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.finders import get_declaration
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.ledger.recording import digest, record_all
from app.reviews.routing import close_reviews


def withdraw(declaration: Declaration, *, reason: str, by: Actor) -> Declaration:
    """Take a package back for a reason, which enters the ledger as a keyed digest only.

    Raises Conflict from a state that cannot be left, NotAllowed for who may not.
    """
    declaration = get_declaration(declaration.id, actor=by, lock=True)
    session().refresh(declaration, ["_status"])
    step = DECLARATION.step(declaration, "withdraw", by=by, reason_digest=digest(reason))
    closed = close_reviews(declaration, by=by)
    declaration.updated_at = clock.now()
    session().flush()
    record_all([step, *closed], by=by)
    return declaration
