"""Withdrawing: a trader takes a package back; what still waits at the agencies is closed with it."""

from __future__ import annotations

from dataclasses import dataclass

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.finders import get_declaration
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.ledger.recording import digest, record_all
from app.reviews import asking, carrying, finders, inspecting
from app.reviews import inspection_finders as inspections
from app.reviews.routing import close_reviews


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking a package back would stop: agencies that have decided, those at work, questions and inspections."""

    decided: tuple[str, ...]
    at_work: tuple[str, ...]
    questions: int
    inspections: int


def effect_of(declaration: Declaration) -> Effect:
    """Return what a withdrawal would stop now; stores nothing."""
    asked = finders.list_reviews(declaration.id)
    looked_at = [one for one in inspections.list_inspections(declaration.id) if one.status in inspections.OPEN]
    return Effect(
        decided=tuple(one.agency for one in asked if not one.open),
        at_work=tuple(one.agency for one in asked if one.open),
        questions=carrying.count_open_questions(declaration.id),
        inspections=len(looked_at),
    )


def withdraw(declaration: Declaration, *, reason: str, by: Actor) -> Declaration:
    """Take a package back for a reason, which enters the ledger as a keyed digest only.

    What waits goes with it: proposals, reviews, questions, inspections, and a change that was begun and not sent.
    Raises Conflict from a state that cannot be left, NotAllowed for who may not.
    """
    declaration = get_declaration(declaration.id, actor=by, lock=True)
    session().refresh(declaration, ["_status"])
    step = DECLARATION.step(declaration, "withdraw", by=by, reason_digest=digest(reason))
    reviews = carrying.lock_reviews(declaration)
    closed = carrying.void_proposals(carrying.lock_proposals(declaration), reviews, by=by, because="closed")
    closed += close_reviews(declaration, by=by)
    session().flush()
    closed += asking.close_for(declaration, by=by)
    closed += inspecting.close_for(declaration, by)
    declaration.draft_xml, declaration.draft_notes = None, {}
    declaration.updated_at = clock.now()
    session().flush()
    record_all([step, *closed], by=by)
    return declaration
