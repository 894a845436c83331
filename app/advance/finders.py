"""Reads of advance information: each house what it sent, carries, keeps or will declare; an agency what concerns it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from app import clock
from app.access import Actor, can
from app.advance import policy
from app.advance.message import Advance, from_dict
from app.advance.models import AdvanceInfo, AdvanceReceipt, AdvanceVersion, Alert, Expected, Movement
from app.advance.numbering import PATTERN
from app.database import session
from app.errors import NotFound
from app.identity.models import Membership
from app.web import Page

PAGE = 25
CUSTOMS = "BY-GTK"
MOST_SHOWN = 200
"""Reports of one consignment on its page, the newest."""


def agency_of(actor: Actor) -> str:
    """Return whose arrivals an actor sees: the agency's, for the auditor those of customs; "" for everybody else."""
    if actor.kind == "auditor":
        return CUSTOMS
    return actor.agency if actor.kind == "agency" else ""


def get_advance(advance_id: uuid.UUID, *, actor: Actor) -> AdvanceInfo:
    """Return one. Raises NotFound: not there and not yours look alike."""
    query = (
        sa.select(AdvanceInfo).where(AdvanceInfo.id == advance_id, _scope(actor)).options(joinedload(AdvanceInfo.filer))
    )
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


def get_version(advance: AdvanceInfo, number: int | None = None) -> AdvanceVersion:
    """Return a version, the one that holds unless another is named. Raises NotFound."""
    query = sa.select(AdvanceVersion).where(
        AdvanceVersion.advance_id == advance.id, AdvanceVersion.number == (number or advance.version)
    )
    found = session().scalar(query.options(undefer(AdvanceVersion.facts)))
    if found is None:
        raise NotFound()
    return found


def list_versions(advance: AdvanceInfo) -> Sequence[AdvanceVersion]:
    """Return every version, newest first, with what it says."""
    query = sa.select(AdvanceVersion).where(AdvanceVersion.advance_id == advance.id)
    return session().scalars(query.options(undefer(AdvanceVersion.facts)).order_by(AdvanceVersion.number.desc())).all()


def list_advances(actor: Actor, cursor: str | None = None, *, search: str = "", status: str = "") -> Page[AdvanceInfo]:
    """Return a page of what concerns one's own house, newest first; ``search``: a number, a reference or a vehicle."""
    if not can(policy.list_own, actor):
        return Page([], None)
    query = sa.select(AdvanceInfo).where(_of_house(actor))
    if search:
        query = query.where(
            sa.or_(AdvanceInfo.number == search, AdvanceInfo.reference == search, AdvanceInfo.vehicle == search.upper())
        )
    if status:
        query = query.where(AdvanceInfo._status == status)
    if cursor:
        query = query.where(AdvanceInfo.id < _key(cursor))
    rows = session().scalars(query.order_by(AdvanceInfo.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def get_receipt(advance_receipt_id: uuid.UUID, *, actor: Actor) -> AdvanceReceipt:
    """Return a receipt of one's own organisation. Raises NotFound."""
    query = sa.select(AdvanceReceipt).where(
        AdvanceReceipt.id == advance_receipt_id, AdvanceReceipt.filer_id == actor.organisation_id
    )
    found = session().scalar(query.options(undefer(AdvanceReceipt.faults), joinedload(AdvanceReceipt.advance)))
    if found is None:
        raise NotFound()
    return found


def find_receipt(*where: sa.ColumnElement[bool]) -> AdvanceReceipt | None:
    """Return the newest receipt for which all of this holds, with its faults and what it registered."""
    query = sa.select(AdvanceReceipt).where(*where).order_by(AdvanceReceipt.id.desc()).limit(1)
    return session().scalar(query.options(undefer(AdvanceReceipt.faults), joinedload(AdvanceReceipt.advance)))


def find_by_reference(filer_id: uuid.UUID | None, reference: str) -> AdvanceInfo | None:
    """Return what a filer registered under a reference."""
    query = sa.select(AdvanceInfo).where(AdvanceInfo.filer_id == filer_id, AdvanceInfo.reference == reference)
    return session().scalar(query)


def list_movements(advance: AdvanceInfo) -> Sequence[Movement]:
    """Return the newest reports on a consignment, newest first."""
    query = sa.select(Movement).where(Movement.advance_id == advance.id)
    return session().scalars(query.order_by(Movement.at.desc(), Movement.id.desc()).limit(MOST_SHOWN)).all()


def list_alerts(advance_ids: Iterable[uuid.UUID], *, only_open: bool = False) -> Sequence[Alert]:
    """Return the alerts of some consignments, newest first; one statement, none for none."""
    keys = list(advance_ids)
    if not keys:
        return ()
    query = sa.select(Alert).where(Alert.advance_id.in_(keys)).order_by(Alert.id.desc())
    return session().scalars(query.where(Alert._status == "open") if only_open else query).all()


def get_alert(alert_id: uuid.UUID, *, actor: Actor) -> Alert:
    """Return an alert on a consignment that concerns one's agency. Raises NotFound."""
    query = (
        sa.select(Alert)
        .join(AdvanceInfo, AdvanceInfo.id == Alert.advance_id)
        .where(Alert.id == alert_id, _of_agency(actor))
    )
    found = session().scalar(query.options(joinedload(Alert.advance)))
    if found is None:
        raise NotFound()
    return found


# --- quoted by a declaration --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quoted:
    """Advance information that a declaration quotes. ``lane``: the worst of its lanes, "" while not assessed; ``own``: it
    is about the goods of the declaration's owner."""

    info: AdvanceInfo
    message: Advance
    lane: str
    own: bool


_RANKS = {"green": 1, "yellow": 2, "red": 3}


def find_quoted(numbers: Iterable[str], owner_id: uuid.UUID | None) -> Mapping[str, Quoted]:
    """Return what is registered here under some numbers, by number. ONE statement, none where no number is one of ours."""
    wanted = sorted({number for number in numbers if PATTERN.fullmatch(number)})
    if not wanted:
        return {}
    worst = (
        sa.select(sa.func.max(sa.case(_RANKS, value=Expected.lane, else_=0)))
        .where(Expected.advance_id == AdvanceInfo.id)
        .correlate(AdvanceInfo)
        .scalar_subquery()
    )
    here = sa.and_(AdvanceVersion.advance_id == AdvanceInfo.id, AdvanceVersion.number == AdvanceInfo.version)
    query = sa.select(AdvanceInfo, AdvanceVersion.facts, worst).join(AdvanceVersion, here)
    names = {rank: lane for lane, rank in _RANKS.items()}
    return {
        info.number: Quoted(
            info, from_dict(facts), names.get(rank or 0, ""), owner_id in (info.trader_id, info.filer_id)
        )
        for info, facts, rank in session().execute(query.where(AdvanceInfo.number.in_(wanted)))
    }


# --- who sees what --------------------------------------------------------------------------------------------------------


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.kind == "system":
        return sa.true()
    if actor.kind in ("agency", "auditor"):
        return _of_agency(actor)
    return _of_house(actor)


def _of_agency(actor: Actor) -> sa.ColumnElement[bool]:
    if not can(policy.expect, actor):
        return sa.false()
    concerned = sa.select(Expected.advance_id).where(Expected.agency == agency_of(actor))
    if works_at_post(actor):
        concerned = concerned.where(Expected.post == actor.office)
    return sa.and_(AdvanceInfo.id.in_(concerned), without_part(actor))


def without_part(actor: Actor) -> sa.ColumnElement[bool]:
    """What an officer has no part in: whoever works for a house of the consignment too sees nothing of it as an officer."""
    today = clock.today()
    houses = sa.select(Membership.organisation_id).where(
        Membership.person_id == actor.person_id, Membership.as_of(today)
    )
    columns = (AdvanceInfo.filer_id, AdvanceInfo.trader_id, AdvanceInfo.carrier_id, AdvanceInfo.warehouse_id)
    return sa.and_(*(sa.or_(column.is_(None), column.not_in(houses)) for column in columns))


def works_at_post(actor: Actor) -> bool:
    """Whether an officer works at one border post and sees only what comes there."""
    return actor.office.startswith("BP-")


def _of_house(actor: Actor) -> sa.ColumnElement[bool]:
    house = actor.organisation_id
    if house is None or actor.kind not in policy.HOUSES:
        return sa.false()
    own: sa.ColumnElement[bool] = sa.or_(
        AdvanceInfo.filer_id == house,
        AdvanceInfo.trader_id == house,
        AdvanceInfo.carrier_id == house,
        AdvanceInfo.warehouse_id == house,
    )
    return own


def _key(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(cursor)
    except ValueError:
        raise NotFound() from None
