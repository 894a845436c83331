"""Tallies: how many cases stand where, from numbers the database keeps with each change, never from a count over a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.jobs import registry
from app.reviews.models import OPEN, Proposal, Review
from app.reviews.queue_models import QueueTally
from app.reviews.walks import WAITING_STATES

MOST_OWN = 100
"""An officer's own cases are counted up to here: the page shows 99+."""
LOOSE = 300
"""So many rows more than there are places, states and days, and the worker folds an agency's tallies."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open cases an office has in a state with a deadline on a day."""

    office: str
    status: str
    due_on: date
    number: int


def count_tabs(actor: Actor) -> Mapping[str, int]:
    """Return the count of each tab that has one, for an officer's agency and office; one statement."""
    who = {"agency": actor.agency, "office": actor.office, "me": actor.person_id, "today": clock.today()}
    rows: Sequence[Any] = session().execute(_counting(bool(actor.office)), who).all()
    total = {status: int(number) for kind, status, number, _ in rows if kind == "all"}
    today = sum(int(due) for kind, status, _, due in rows if kind == "all" and status in WAITING_STATES)
    own = sum(int(number) for kind, _, number, _ in rows if kind == "own")
    proposed = sum(int(number) for kind, _, number, _ in rows if kind == "proposed")
    return {
        "to-review": sum(total.get(state, 0) for state in WAITING_STATES),
        "mine": own,
        "questions": total.get("question", 0),
        "inspections": total.get("inspection", 0),
        "second": total.get("proposed", 0) - proposed,
        "today": today,
    }


@cache
def _counting(one_office: bool) -> Any:
    """The statement of the counts; kept, for building it anew costs more than running it."""
    agency: Any = sa.bindparam("agency")
    me: Any = sa.bindparam("me", type_=sa.Uuid())
    until_today = sa.case((QueueTally.due_on <= sa.bindparam("today", type_=sa.Date()), QueueTally.number), else_=0)
    kept: Any = sa.select(
        sa.literal("all"), QueueTally.status, sa.func.sum(QueueTally.number), sa.func.sum(until_today)
    ).where(QueueTally.agency == agency)
    if one_office:
        kept = kept.where(QueueTally.office_code == sa.bindparam("office"))
    # As an expression the agency is asked of the officer's own few rows and is no way into the index of the whole agency.
    here = sa.func.coalesce(Review.agency, "") == agency
    mine = (
        sa.select(Review.agency).where(sa.text(OPEN), Review.assignee_id == me, here).limit(MOST_OWN).subquery("mine")
    )
    own = sa.select(sa.literal("own"), sa.literal(""), sa.func.count(mine.c.agency), sa.literal(0))
    # What waits for a second officer because this one proposed it.
    by_me = (
        sa.select(Proposal.id)
        .join(Review, Review.id == Proposal.review_id)
        .where(sa.text("proposals.status = 'pending'"), Proposal.person_id == me)
        .where(Review._status == "proposed", Review.agency == agency)
        .subquery("proposed_by_me")
    )
    proposed = sa.select(sa.literal("proposed"), sa.literal(""), sa.func.count(by_me.c.id), sa.literal(0))
    return sa.union_all(kept.group_by(QueueTally.status), own, proposed)


def list_tallies(actor: Actor) -> Sequence[Tally]:
    """Return the open cases of an agency (of the officer's office where there is one) by office, state and day."""
    place = (QueueTally.office_code, QueueTally.status, QueueTally.due_on)
    query = sa.select(*place, sa.func.sum(QueueTally.number)).where(QueueTally.agency == actor.agency)
    if actor.office:
        query = query.where(QueueTally.office_code == actor.office)
    rows = session().execute(query.group_by(*place)).all()
    return [Tally(office, status, due_on, int(number)) for office, status, due_on, number in rows if number]


def list_loose() -> Sequence[str]:
    """Return the agencies whose tallies are worth folding."""
    place = (QueueTally.agency, QueueTally.office_code, QueueTally.status, QueueTally.due_on)
    each = sa.select(QueueTally.agency, sa.func.count().label("rows")).group_by(*place).subquery("each")
    loose = sa.func.sum(each.c.rows) - sa.func.count()
    return session().scalars(sa.select(each.c.agency).group_by(each.c.agency).having(loose > LOOSE)).all()


def fold(agency: str) -> int:
    """Put one row in place of many that mean the same; returns how many there were.

    Only what this very statement took away is put back, so that two workers at once count nothing twice; what is added
    meanwhile stays as it is.
    """
    taken = session().execute(
        sa.delete(QueueTally)
        .where(QueueTally.agency == agency)
        .returning(QueueTally.office_code, QueueTally.status, QueueTally.due_on, QueueTally.number)
    )
    sums: dict[tuple[str, str, date], int] = {}
    many = 0
    for office, status, due_on, number in taken:
        many += 1
        sums[office, status, due_on] = sums.get((office, status, due_on), 0) + number
    rows = [
        {"agency": agency, "office_code": office, "status": status, "due_on": due_on, "number": number}
        for (office, status, due_on), number in sums.items()
        if number
    ]
    if rows:
        session().execute(sa.insert(QueueTally.__table__), rows)  # type: ignore[arg-type]
    return many


registry.watch("queue.tallies", list_loose, fold)


def by_age(tallies: Sequence[Tally], today: date) -> Mapping[str, Mapping[str, int]]:
    """Return per state the number late, due today, due within two days and later, by the day of the deadline. Pure."""
    found: dict[str, dict[str, int]] = {}
    for one in tallies:
        age = _age(one.due_on, today)
        row = found.setdefault(one.status, {})
        row[age] = row.get(age, 0) + one.number
    return found


def _age(due_on: date, today: date) -> str:
    if due_on < today:
        return "late"
    if due_on == today:
        return "today"
    return "soon" if due_on <= today + timedelta(days=2) else "later"
