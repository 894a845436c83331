"""What an accreditation was worth, from real rows: time to release against everybody's, sign-offs by a rule, documents spared."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.clearance.models import Clearance
from app.database import session
from app.declarations.models import Declaration, Version
from app.insights.finders import ENOUGH
from app.reviews.models import Decision

OWN, ALL, READ = 200, 500, 50
"""Packages that a figure is taken from: one's own, everybody's, and those whose stored answer is read."""
AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one trader; None where fewer than five packages could tell. Minutes are of the wall clock, from
    registration to the first release."""

    packages: int
    own_minutes: int | None
    all_minutes: int | None
    signed: int
    automatic: int | None
    spared: int | None

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return self.own_minutes is not None and self.all_minutes is not None

    @property
    def bars(self) -> tuple[int, int]:
        """The lengths of the two bars, own and everybody's, of a hundred."""
        own, everybody = self.own_minutes or 0, self.all_minutes or 0
        most = max(own, everybody, 1)
        return round(100 * own / most), round(100 * everybody / most)


def figures_of(owner_id: uuid.UUID | None) -> Figures:
    """Return the figures of a trader. Four statements, each along an index and each with an end."""
    mine = Declaration.owner_id == owner_id
    own = _minutes(
        sa.select(Declaration.registered_at, Clearance.requested_at)
        .where(mine)
        .order_by(Declaration.updated_at.desc()),
        OWN,
    )
    everybody = _minutes(
        sa.select(Declaration.registered_at, Clearance.requested_at).order_by(Clearance.id.desc()), ALL
    )
    newest = sa.select(Declaration.id).where(mine, Declaration.number.is_not(None))
    newest = newest.order_by(Declaration.updated_at.desc(), Declaration.id.desc()).limit(OWN)
    how = session().execute(
        sa.select(Decision.how, sa.func.count()).where(Decision.declaration_id.in_(newest)).group_by(Decision.how)
    )
    counted = {name: number for name, number in how}
    signed = sum(counted.values())
    return Figures(
        packages=len(own),
        own_minutes=_median(own),
        all_minutes=_median(everybody),
        signed=signed,
        automatic=counted.get(AUTOMATIC, 0) if signed >= ENOUGH else None,
        spared=_spared(mine) if len(own) >= ENOUGH else None,
    )


def _minutes(query: Any, most: int) -> list[int]:
    """Minutes from registration to the first release, newest first."""
    first = query.join(Clearance, Clearance.declaration_id == Declaration.id)
    first = first.where(Clearance.serial == 1, Clearance.replaces_id.is_(None), Declaration.registered_at.is_not(None))
    rows: Iterable[Any] = session().execute(first.limit(most))
    return [_between(registered, released) for registered, released in rows]


def _between(registered: datetime, released: datetime) -> int:
    return max(0, round((released - registered).total_seconds() / 60))


def _median(minutes: list[int]) -> int | None:
    return round(statistics.median(minutes)) if len(minutes) >= ENOUGH else None


def _spared(mine: sa.ColumnElement[bool]) -> int:
    """How many documents an accreditation stood for in the newest versions of one's packages."""
    query = (
        sa.select(Version.outcome)
        .join(Declaration, sa.and_(Declaration.id == Version.declaration_id, Declaration.version == Version.number))
        .where(mine)
        .order_by(Declaration.updated_at.desc())
        .limit(READ)
    )
    return sum(_held_in(outcome) for outcome in session().scalars(query))


def _held_in(outcome: Any) -> int:
    """How many documents of a stored answer were kept by the holder: each package counts a code once."""
    return len(
        {
            document.get("code")
            for lane in outcome.get("lanes", ())
            for measure in lane.get("measures", ())
            for finding in measure.get("findings", ())
            for document in finding.get("found", ())
            if document.get("state") == "held"
        }
    )
