"""Issuing: the job that follows a release. Asks for a number, draws the paper, stores it; each part safe to repeat.

Drawing takes a good part of a second, so it happens between two short writing transactions and never inside one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import SYSTEM
from app.clearance import certificate, finders, numbering
from app.clearance.drawing import press
from app.clearance.facts import ClearanceFacts
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.database import session
from app.declarations.models import Declaration, NumberCounter
from app.documents.uploading import keep
from app.errors import Conflict, NotFound
from app.jobs.registry import Step, register

JOB = "clearance.issue"
SERIES = "CLR"
"""The row of the counter table that numbers clearances; no customs office has this code."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper that was drawn and is not stored yet; ``paper`` is None when there is nothing left to do."""

    clearance_id: uuid.UUID
    issued_at: datetime
    paper: bytes | None


def issue(declaration_id: str | uuid.UUID) -> Clearance:
    """Do the whole job in the caller's transaction and return the clearance; the worker does it step by step."""
    return store(draw(request(declaration_id)))


def request(declaration_id: str | uuid.UUID) -> uuid.UUID:
    """Give a released package the number and code of its clearance and return the clearance's id.

    A second time it is the same clearance. Raises NotFound for an unknown package, Conflict for one not released.
    """
    query = sa.select(Declaration).where(Declaration.id == uuid.UUID(str(declaration_id)))
    declaration = session().scalar(query.with_for_update())
    if declaration is None:
        raise NotFound(f"package {declaration_id}")
    there = finders.find_for_version(declaration.id, declaration.version)
    if there is not None:
        return there.id
    if declaration.status != "released":
        raise Conflict("A clearance follows the release of its package.", {"status": declaration.status})
    return _request(declaration).id


def _request(declaration: Declaration) -> Clearance:
    clearance = Clearance(
        declaration_id=declaration.id,
        version=declaration.version,
        digest=declaration.digest,
        number=_next_number(clock.today()),
        code=numbering.new_code(),
        _status=CLEARANCE.initial,
        requested_at=clock.now(),
    )
    session().add(clearance)
    session().flush()
    facts = {"number": clearance.number, "version": clearance.version, "digest": clearance.digest}
    CLEARANCE.move(clearance, "request", by=SYSTEM, declaration=str(declaration.id), **facts)
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


def draw(clearance_id: uuid.UUID) -> Drawn:
    """Read the facts and draw the paper; writes nothing. A clearance that has its paper is not drawn again."""
    clearance = session().get(Clearance, clearance_id)
    if clearance is None:
        raise NotFound(f"clearance {clearance_id}")
    issued_at = clock.now()
    if clearance.status != CLEARANCE.initial:
        return Drawn(clearance_id, issued_at, None)
    facts = facts_of(clearance, issued_at=issued_at)
    return Drawn(clearance_id, issued_at, press.draw(facts, certificate.canonical_of(clearance)))


def facts_of(clearance: Clearance, *, issued_at: datetime) -> ClearanceFacts:
    """Read what stands on a clearance, as this installation shows it (address, names of officers)."""
    settings = current_app.extensions["akno.settings"]
    return certificate.facts_of(
        clearance, base_url=settings.base_url, names=settings.officer_names_on_paper, issued_at=issued_at
    )


def store(drawn: Drawn) -> Clearance:
    """Store the paper and issue the clearance; earlier issued ones of the same package are superseded."""
    query = sa.select(Clearance).where(Clearance.id == drawn.clearance_id)
    clearance = session().scalars(query.with_for_update()).one()
    if clearance.status != CLEARANCE.initial or drawn.paper is None:
        return clearance
    blob = keep(drawn.paper, media_type="application/pdf")
    clearance.sha256 = blob.sha256
    clearance.issued_at = drawn.issued_at
    declaration = str(clearance.declaration_id)
    _supersede_earlier(clearance)
    CLEARANCE.move(clearance, "issue", by=SYSTEM, declaration=declaration, number=clearance.number, sha256=blob.sha256)
    session().flush()
    return clearance


def _supersede_earlier(clearance: Clearance) -> None:
    query = sa.select(Clearance).where(
        Clearance.declaration_id == clearance.declaration_id,
        Clearance.id != clearance.id,
        Clearance._status == "issued",
    )
    for earlier in session().scalars(query):
        CLEARANCE.move(earlier, "supersede", by=SYSTEM, declaration=str(earlier.declaration_id), number=earlier.number)


register(JOB, Step(request), Step(draw, writing=False), Step(store))
