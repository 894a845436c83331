"""Reads of expected arrivals for an agency: the list with its filters, and the hours of each post."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.access import Actor
from app.advance.finders import agency_of, without_part, works_at_post
from app.advance.lifecycle import ON_THE_WAY
from app.advance.models import AdvanceInfo, Alert, Expected
from app.database import session
from app.errors import NotFound
from app.web import Page

PAGE = 25
SLOT_HOURS, SLOTS = 3, 8
"""The columns of the flow: eight of three hours, a day and a night."""
MOST_COUNTED = 5000
"""Consignments counted in one flow; more are said to be more."""
LANES = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for: a post, the time from and until which it is planned, a lane, and whether it is still to come."""

    post: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    lane: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What comes to a post within one column: how many, and how many in each lane that is assessed."""

    count: int = 0
    red: int = 0
    yellow: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """What is coming, post by post; ``starts`` are the beginnings of the columns. ``more``: not everything is counted."""

    starts: Sequence[datetime]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    more: bool


def list_arrivals(actor: Actor, asked: Filter, cursor: str | None = None) -> Page[Expected]:
    """Return a page of what an agency may expect, soonest first."""
    query = (
        _concerned(actor, asked)
        .options(contains_eager(Expected.advance).joinedload(AdvanceInfo.filer))
        .order_by(Expected.planned_at, Expected.advance_id)
    )
    if cursor:
        moment, key = _place(cursor)
        later = sa.and_(Expected.planned_at == moment, Expected.advance_id > key)
        query = query.where(sa.or_(Expected.planned_at > moment, later))
    rows = session().scalars(query.limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.planned_at.isoformat()}~{last.advance_id}" if last is not None else None)


def flow(actor: Actor, asked: Filter, start: datetime) -> Flow:
    """Count what is planned within a day from ``start``, by post and hours; one statement."""
    end = start + timedelta(hours=SLOT_HOURS * SLOTS)
    within = Filter(asked.post, start, end, asked.lane, asked.state)
    columns = _concerned(actor, within).with_only_columns(Expected.post, Expected.planned_at, Expected.lane)
    found = session().execute(columns.order_by(None).limit(MOST_COUNTED + 1)).all()
    counted: dict[str, list[list[str]]] = {}
    for post, planned, lane in found[:MOST_COUNTED]:
        slot = int((planned - start).total_seconds() // (3600 * SLOT_HOURS))
        counted.setdefault(post, [[] for _ in range(SLOTS)])[slot].append(lane)
    starts = [start + timedelta(hours=SLOT_HOURS * at) for at in range(SLOTS)]
    rows = [(post, [_cell(lanes) for lanes in slots]) for post, slots in sorted(counted.items())]
    return Flow(starts, rows, len(found) > MOST_COUNTED)


def _cell(lanes: Sequence[str]) -> Cell:
    return Cell(len(lanes), lanes.count("red"), lanes.count("yellow"))


def list_lanes(advance: AdvanceInfo) -> Sequence[Expected]:
    """Return the lane of every agency that a consignment concerns."""
    return (
        session().scalars(sa.select(Expected).where(Expected.advance_id == advance.id).order_by(Expected.agency)).all()
    )


def list_open_alerts(actor: Actor, *, limit: int = 20) -> Sequence[Alert]:
    """Return the newest open alerts on what concerns an agency, with their consignments."""
    concerned = _concerned(actor, Filter()).with_only_columns(Expected.advance_id).order_by(None)
    query = sa.select(Alert).where(Alert._status == "open", Alert.advance_id.in_(concerned))
    return session().scalars(query.options(joinedload(Alert.advance)).order_by(Alert.id.desc()).limit(limit)).all()


def _concerned(actor: Actor, asked: Filter) -> sa.Select[Expected]:
    query = sa.select(Expected).join(AdvanceInfo, AdvanceInfo.id == Expected.advance_id)
    query = query.where(Expected.agency == agency_of(actor), AdvanceInfo._status != "withdrawn", without_part(actor))
    if works_at_post(actor):
        query = query.where(Expected.post == actor.office)
    if asked.post:
        query = query.where(Expected.post == asked.post)
    if asked.begins is not None:
        query = query.where(Expected.planned_at >= asked.begins)
    if asked.ends is not None:
        query = query.where(Expected.planned_at < asked.ends)
    if asked.lane:
        query = query.where(Expected.lane == asked.lane)
    if asked.state == "coming":
        query = query.where(AdvanceInfo._status.in_(ON_THE_WAY))
    elif asked.state:
        query = query.where(AdvanceInfo._status == asked.state)
    return query


def _place(cursor: str) -> tuple[datetime, uuid.UUID]:
    moment, _tilde, key = cursor.partition("~")
    try:
        return clock.moment_of(moment), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
