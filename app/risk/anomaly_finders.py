"""Reads of anomalies and of the hours of posts: an agency sees those of packages in which it has a lane, the auditor all."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app import clock
from app.access import Actor
from app.advance.models import AdvanceInfo
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.identity.models import Person
from app.risk.anomaly_lifecycle import LIFECYCLE
from app.risk.peers_models import Anomaly, PostDay
from app.web import Page

PAGE = 25
MOST_ANNOUNCED = 20_000
OPEN = ("found", "noted")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the list is shown; ``state`` "" is what is not settled yet. An empty field filters nothing."""

    agency: str = ""
    heading: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An anomaly with the number and the owner of its package."""

    anomaly: Anomaly
    number: str
    owner: str
    marked_by: str = ""


def get_anomaly(anomaly_id: uuid.UUID, *, actor: Actor) -> Anomaly:
    """Return an anomaly with its histogram. Raises NotFound: not there and not of your agency look alike."""
    query = sa.select(Anomaly).where(Anomaly.id == anomaly_id, _scope(actor)).options(undefer(Anomaly.bins))
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


def find_around(anomaly: Anomaly) -> Found:
    """Return an anomaly with what stands around it; one statement."""
    return next(iter(_found(sa.select(Anomaly).where(Anomaly.id == anomaly.id))))


def list_anomalies(actor: Actor, filters: Filters, cursor: str | None = None) -> Page[Found]:
    """Return a page of anomalies, those of the oddest package first, and those of one package together."""
    query = sa.select(Anomaly).where(_scope(actor), *_filtered(filters))
    place = sa.tuple_(Anomaly.package_score, Anomaly.declaration_id, Anomaly.id)
    if cursor:
        query = query.where(place < sa.tuple_(*_read(cursor)))
    order = (Anomaly.package_score.desc(), Anomaly.declaration_id.desc(), Anomaly.id.desc())
    rows = _found(query.order_by(*order).limit(PAGE + 1))
    last = rows[PAGE - 1].anomaly if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.package_score}.{last.declaration_id}.{last.id}" if last else None)


def list_of(declaration_id: uuid.UUID, *, actor: Actor) -> Sequence[Anomaly]:
    """Return what is odd about a package as it stands now, the oddest first; nothing for whoever has no lane of it."""
    query = sa.select(Anomaly).where(
        Anomaly.declaration_id == declaration_id, Anomaly._status != "superseded", _scope(actor)
    )
    return session().scalars(query.order_by(Anomaly.score.desc(), Anomaly.id)).all()


def list_post_days(office: str, since: date, until: date) -> Mapping[date, tuple[int, ...]]:
    """Return the hours of a post by day, from a day to before another; days without a package are left out."""
    query = sa.select(PostDay.day, PostDay.hours).where(
        PostDay.office == office, PostDay.day >= since, PostDay.day < until
    )
    return {day: tuple(hours) for day, hours in session().execute(query)}


def list_posts() -> Mapping[str, date]:
    """Return the offices at which packages were registered, each with the first such day."""
    query = sa.select(PostDay.office, sa.func.min(PostDay.day)).group_by(PostDay.office).order_by(PostDay.office)
    return {office: first for office, first in session().execute(query)}


def list_announced(since: date, until: date) -> Mapping[str, Mapping[date, int]]:
    """Return how many consignments advance information plans for each post, by day of Minsk, from a day to before another:
    those that have not arrived. At most MOST_ANNOUNCED are counted; one statement."""
    start, end = (datetime.combine(day, time(), clock.MINSK) for day in (since, until))
    query = sa.select(AdvanceInfo.post, AdvanceInfo.planned_at).where(
        AdvanceInfo._status.in_(("registered", "quoted")), AdvanceInfo.planned_at >= start, AdvanceInfo.planned_at < end
    )
    found: dict[str, Counter[date]] = {}
    for post, planned in session().execute(query.order_by(AdvanceInfo.planned_at).limit(MOST_ANNOUNCED)):
        found.setdefault(post, Counter())[planned.astimezone(clock.MINSK).date()] += 1
    return found


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.kind == "auditor":
        return sa.true()
    if actor.kind != "agency" or not actor.agency:
        return sa.false()
    return _of(actor.agency)


def _of(agency: str) -> sa.ColumnElement[bool]:
    return Anomaly.agencies.contains(f" {agency} ", autoescape=True)


def _filtered(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        Anomaly._status == filters.state if filters.state in LIFECYCLE.states else Anomaly._status.in_(OPEN)
    ]
    if filters.agency:
        found.append(_of(filters.agency))
    if filters.heading:
        found.append(Anomaly.code.startswith(filters.heading, autoescape=True))
    if filters.kind:
        found.append(Anomaly.kind == filters.kind)
    return found


def _found(query: sa.Select[Anomaly]) -> list[Found]:
    query = query.join(Declaration, Declaration.id == Anomaly.declaration_id)
    query = query.outerjoin(Person, Person.id == Anomaly.marked_by_id)
    rows = session().execute(query.add_columns(Declaration.number, Declaration.owner_name, Person.full_name))
    return [Found(row[0], row[1] or "", row[2], row[3] or "") for row in rows]


def _read(cursor: str) -> tuple[Any, ...]:
    score, _dot, rest = cursor.partition(".")
    declaration, _dot, key = rest.partition(".")
    try:
        return max(0, min(int(score), 2**31 - 1)), uuid.UUID(declaration), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
