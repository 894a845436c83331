"""Alerts: raised once while they are open, settled by an officer with a reason. Late goods are found by the worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM, Actor, require
from app.advance import policy, tables
from app.advance.lifecycle import ADVANCE, ALERT, ON_THE_WAY
from app.advance.models import AdvanceInfo, Alert, Movement
from app.advance.seeing import LATE, Finding
from app.advance.words import fault, reason_of
from app.database import session
from app.errors import Fault, Invalid
from app.jobs.registry import watch
from app.ledger.recording import Happening, digest, record_all

OUTCOMES = ("explained", "checked", "handed_on", "device")
"""How an alert may end: explained, checked on the spot, handed on to others, an error of the device."""
PAGE = 50


def raise_all(info: AdvanceInfo, findings: Iterable[Finding], movement: Movement | None, *, by: Actor) -> list[Alert]:
    """Raise an alert for each finding of which none is open. The row of the advance information is locked by the caller."""
    wanted = list(findings)
    if not wanted:
        return []
    query = sa.select(Alert.kind, Alert.about).where(Alert.advance_id == info.id, Alert._status == "open")
    there = {(kind, about) for kind, about in session().execute(query)}
    if any(one.kind == LATE for one in wanted):
        info.late_at = info.late_at or clock.now()
    made = [_make(info, one, movement) for one in wanted if (one.kind, one.about) not in there]
    session().add_all(made)
    session().flush()
    record_all([_raised(info, one) for one in made], by=by)
    return made


def _make(info: AdvanceInfo, finding: Finding, movement: Movement | None) -> Alert:
    alert = Alert(
        advance_id=info.id, movement_id=movement.id if movement is not None else None, kind=finding.kind,
        about=finding.about, figure=finding.figure, raised_at=clock.now(),
    )  # fmt: skip
    ALERT.begin(alert)
    return alert


def _raised(info: AdvanceInfo, alert: Alert) -> Happening:
    facts = {
        "number": info.number,
        "advance": str(info.id),
        "kind": alert.kind,
        "post": info.post,
        "figure": alert.figure,
    }
    return Happening("alert.raised", "alert", alert.id, facts)


def settle(alert: Alert, *, outcome: str, reason: str, by: Actor) -> Alert:
    """Settle an alert. Raises NotAllowed, Conflict when somebody was first, Invalid without outcome or reason."""
    session().refresh(alert, attribute_names=["_status"], with_for_update=True)
    if alert.status == "open":
        require(policy.settle, by, alert)
    faults: list[Fault] = [] if outcome in OUTCOMES else [fault("ALERT-OUTCOME", "outcome", outcome)]
    try:
        words = reason_of(reason)
    except Invalid as refused:
        faults += refused.faults
    if faults:
        raise Invalid(faults)
    number = session().scalar(sa.select(AdvanceInfo.number).where(AdvanceInfo.id == alert.advance_id))
    step = ALERT.step(
        alert, "settle", by=by, number=number, advance=str(alert.advance_id), kind=alert.kind, agency=by.agency,
        outcome=outcome, reason_digest=digest(words),
    )  # fmt: skip
    alert.outcome, alert.reason, alert.settled_agency = outcome, words, by.agency
    alert.settled_at, alert.settled_by_id = clock.now(), by.person_id
    session().flush()
    record_all([step], by=by)
    return alert


# --- what a moment brings -----------------------------------------------------------------------------------------------


def list_due() -> Sequence[tuple[str, uuid.UUID]]:
    """Return what is late, what has expired and what is to be closed, a page of it: (deed, advance information)."""
    now = clock.now()
    late = sa.select(sa.literal("late"), AdvanceInfo.id).where(
        AdvanceInfo._status.in_(ON_THE_WAY),
        AdvanceInfo.planned_at < now - tables.lateness(),
        AdvanceInfo.late_at.is_(None),
    )
    old = sa.select(sa.literal("expire"), AdvanceInfo.id).where(
        AdvanceInfo._status.in_(ON_THE_WAY), AdvanceInfo.planned_at < now - tables.advance_time()
    )
    done = sa.select(sa.literal("close"), AdvanceInfo.id).where(
        AdvanceInfo._status == "arrived", AdvanceInfo.arrived_at < now - _closing()
    )
    rows = session().execute(sa.union_all(late, old, done).limit(PAGE))
    return [(deed, key) for deed, key in rows]


def _closing() -> timedelta:
    return timedelta(days=int(tables.limit("close_days")))


def _is_due(info: AdvanceInfo, deed: str, now: datetime) -> bool:
    """Whether a deed is still due: another worker may have done it meanwhile, or the goods have come."""
    if deed == "close":
        return info.status == "arrived" and info.arrived_at is not None and info.arrived_at < now - _closing()
    passed = now - info.planned_at
    waiting = info.status in ON_THE_WAY
    if deed == "late":
        return waiting and info.late_at is None and passed > tables.lateness()
    return waiting and passed > tables.advance_time()


def act(due: tuple[str, uuid.UUID]) -> None:
    """Do what is due for one; safe to repeat."""
    deed, key = due
    info = session().scalar(sa.select(AdvanceInfo).where(AdvanceInfo.id == key).with_for_update())
    if info is None or not _is_due(info, deed, clock.now()):
        return
    if deed == "late":
        minutes = int((clock.now() - info.planned_at).total_seconds() // 60)
        raise_all(info, [Finding(LATE, figure=minutes)], None, by=SYSTEM)
        info.late_at = info.late_at or clock.now()
        session().flush()
        return
    info.ended_at = clock.now()
    record_all([ADVANCE.step(info, deed, by=SYSTEM, number=info.number)], by=SYSTEM)
    session().flush()


watch("advance.due", list_due, act)
