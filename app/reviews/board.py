"""The supervisor's board: what waits, how old it is, who carries how much, what is late or will be, who is away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.identity.models import Membership
from app.reviews import absences, finders, queue_finders, tallies
from app.reviews.filtering import Filter
from app.reviews.models import OPEN, Review
from app.reviews.queue_finders import QueueRow
from app.reviews.queue_models import Absence
from app.reviews.walks import Bounds

AGES = ("late", "today", "soon", "later")
MOST_COUNTED = 5000
"""Open cases of all officers together that are counted one by one; beyond, the board says "at least"."""
MOST_OFFICES = 40


@dataclass(frozen=True, slots=True)
class Load:
    """What an officer carries: open cases, those past their deadline, and whether the officer is away today."""

    officer: Membership
    open: int
    late: int
    away: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows. ``cut``: there are more cases with officers than were counted."""

    states: Mapping[str, Mapping[str, int]]
    offices: Sequence[tuple[str, int]]
    loads: Sequence[Load]
    cut: bool
    late: Sequence[QueueRow]
    at_risk: Sequence[QueueRow]
    longest: Sequence[QueueRow]
    absences: Sequence[Absence]
    officers: Sequence[Membership]

    @property
    def away(self) -> list[Load]:
        """Officers who are away today and still have cases."""
        return [load for load in self.loads if load.away and load.open]

    @property
    def total(self) -> int:
        """Open cases of the agency."""
        return sum(sum(row.values()) for row in self.states.values())


def lay_out(actor: Actor, limits: Bounds) -> Board:
    """Gather the board of an agency: eleven statements, however long its queue."""
    today = clock.today()
    counted = tallies.list_tallies(actor)
    officers = finders.list_agency_officers(actor.agency)
    entered = absences.list_absences(actor.agency, today)
    away = {one.person_id for one in entered if one.from_on <= today}
    loads, cut = _loads(actor, officers, away)
    return Board(
        states=tallies.by_age(counted, today),
        offices=_offices(counted),
        loads=loads,
        cut=cut,
        late=_rows(actor, Filter(due="late"), limits),
        at_risk=_rows(actor, Filter(due="at-risk"), limits),
        longest=_rows(actor, Filter(sort="longest"), limits)[:5],
        absences=entered,
        officers=officers,
    )


def _rows(actor: Actor, chosen: Filter, limits: Bounds) -> Sequence[QueueRow]:
    return queue_finders.list_queue(actor, chosen, limits=limits).page.rows


def _offices(counted: Sequence[tallies.Tally]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for one in counted:
        sums[one.office] = sums.get(one.office, 0) + one.number
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [pair for pair in ordered if pair[1]][:MOST_OFFICES]


def _loads(actor: Actor, officers: Sequence[Membership], away: set[uuid.UUID]) -> tuple[list[Load], bool]:
    people = [one.person_id for one in officers]
    mine = (
        sa.select(Review.agency, Review.assignee_id, Review.due_at, Review.paused_at)
        # As an expression the agency is asked of the officers' own rows and is no way into the index of the whole agency.
        .where(sa.text(OPEN), Review.assignee_id.in_(people), sa.func.coalesce(Review.agency, "") == actor.agency)
        .limit(MOST_COUNTED)
        .subquery("carried")
    )
    late = sa.case((sa.and_(mine.c.due_at < clock.now(), mine.c.paused_at.is_(None)), 1), else_=0)
    query = sa.select(mine.c.assignee_id, sa.func.count(), sa.func.sum(late))
    query = query.group_by(mine.c.assignee_id)
    carried = {key: (int(many), int(over or 0)) for key, many, over in session().execute(query)}
    loads = [Load(one, *carried.get(one.person_id, (0, 0)), one.person_id in away) for one in officers]
    loads.sort(key=lambda load: (-load.open, load.officer.person.full_name))
    return loads, sum(load.open for load in loads) >= MOST_COUNTED
