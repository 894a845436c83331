"""Issuing: the job that follows a release. Asks for a number, then for the paper (``papering``); each part safe to repeat.

Every decision of customs that releases goods has a clearance of its own. Drawing and signing take a good part of a second, so
they happen between short writing transactions and never inside one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import SYSTEM, Actor
from app.clearance import finders, numbering, papering
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.clearance.standing import as_of, released_by
from app.database import session
from app.declarations.models import Declaration, NumberCounter
from app.errors import Conflict, NotFound
from app.jobs.registry import Step, register
from app.reviews.models import Decision, Review

JOB = "clearance.issue"
REDRAW = "clearance.redraw"
SERIES = "CLR"
"""The row of the counter table that numbers clearances; no customs office has this code."""
AFTER_RELEASE = ("partly-released", "released")


facts_of = papering.facts_of
"""What stands on a clearance; here for the pages that show it."""


def issue(declaration_id: str | uuid.UUID, decision_id: str | uuid.UUID = "") -> Clearance:
    """Do the whole job in the caller's transaction and return the clearance; the worker does it step by step."""
    work = papering.plan(request(declaration_id, decision_id))
    for step in (papering.intend_claims, papering.draw, papering.intend, papering.sign):
        work = step(work)
    return papering.store(work)


def request(declaration_id: str | uuid.UUID, decision_id: str | uuid.UUID = "") -> uuid.UUID:
    """Give a release the number and code of its clearance and return the clearance's id; without a decision the newest.

    A second time it is the same clearance. Releases of before that have no clearance yet get theirs first, so that the
    papers are numbered in the order of the releases whatever job runs first. Raises NotFound for an unknown package or
    a decision that is not one of its releases, Conflict for a package that nothing was released of.
    """
    query = sa.select(Declaration).where(Declaration.id == uuid.UUID(str(declaration_id)))
    declaration = session().scalar(query.with_for_update().execution_options(populate_existing=True))
    if declaration is None:
        raise NotFound(f"package {declaration_id}")
    if declaration.status not in AFTER_RELEASE:
        raise Conflict("A clearance follows the release of its package.", {"status": declaration.status})
    releases = _releases(declaration)
    wanted = uuid.UUID(str(decision_id)) if decision_id else releases[-1].id
    for serial, decision in enumerate(releases, 1):
        clearance = _of(declaration, decision) or _first(declaration, decision, serial)
        if decision.id == wanted:
            return clearance.id
    raise NotFound(f"releasing decision {wanted}")


def _releases(declaration: Declaration) -> Sequence[Decision]:
    """The releasing decisions of a package in their order; of one from before partial releases the newest of customs."""
    query = (
        sa.select(Decision)
        .join(Review, Decision.review_id == Review.id)
        .where(Review.declaration_id == declaration.id, Review.releases.is_(True))
        .order_by(Decision.decided_at, Decision.id)
    )
    decisions = session().scalars(query).all()
    return [one for one in decisions if one.released] or decisions[-1:]


def _of(declaration: Declaration, decision: Decision) -> Clearance | None:
    found = finders.find_for_decision(decision.id)
    if found is None and not decision.released:
        # Issued before clearances knew their decision: the newest of the package is the one.
        found = finders.find_clearance(declaration.id)
    return found


def _first(declaration: Declaration, decision: Decision, serial: int) -> Clearance:
    items = tuple(decision.released)
    if not items:
        signed = as_of(decision, finders.list_judged(declaration.id, decision.version))
        items = released_by(decision, signed, sorted({number for one in signed for number in one.outcomes}))
    clearance = Clearance(
        declaration_id=declaration.id,
        decision_id=decision.id,
        items=list(items),
        serial=serial,
        version=decision.version,
        digest=decision.digest,
    )
    return ask_for(clearance, by=SYSTEM)


def ask_for(clearance: Clearance, *, by: Actor) -> Clearance:
    """Number a new clearance, give it its code and record that it was asked for; the caller holds the package's lock."""
    clearance.number = _next_number(clock.today())
    clearance.code = numbering.new_code()
    CLEARANCE.begin(clearance)
    clearance.requested_at = clock.now()
    session().add(clearance)
    session().flush()
    CLEARANCE.move(
        clearance,
        "request",
        by=by,
        declaration=str(clearance.declaration_id),
        number=clearance.number,
        version=clearance.version,
        digest=clearance.digest,
        decision=str(clearance.decision_id),
        items=clearance.items,
        serial=clearance.serial,
        replaces=str(clearance.replaces_id or ""),
    )
    return clearance


def _next_number(on: date) -> str:
    insert: Any = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(NumberCounter.__table__)
        .values(office_code=SERIES, day=on, last=1)
        .on_conflict_do_update(index_elements=["office_code", "day"], set_={"last": NumberCounter.last + 1})
        .returning(sa.literal_column("last"))
    )
    return numbering.number_of(on, session().execute(statement).scalar_one())


_PAPER = (
    Step(papering.plan, writing=False),
    Step(papering.intend_claims),
    Step(papering.draw, writing=False),
    Step(papering.intend),
    Step(papering.sign, writing=False),
    Step(papering.store),
)
register(JOB, Step(request), *_PAPER)
register(REDRAW, *_PAPER)
