"""Suspending the release of goods on which a protected mark seems to stand (EAEU Customs Code, art. 124, recalled: ten working
days, ten more on the holder's request), and how it ends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import SYSTEM, Actor, require
from app.database import new_id, session
from app.declarations.models import Declaration
from app.errors import Conflict, Fault, Invalid
from app.ledger.recording import Happening, digest
from app.risk import rights_finders as finders
from app.risk import rights_policy as policy
from app.risk.parts import refuse_part
from app.risk.registering import must_say
from app.risk.rights_lifecycle import SUSPENSION
from app.risk.rights_matching import Marked
from app.risk.rights_models import Suspension
from app.risk.rights_words import OUTCOMES, fault

DAYS = 10
"""Working days of a suspension, and of its one extension."""
AT_ONCE = 50
_INSERT: sa.Insert = sa.insert(Suspension.__table__)  # type: ignore[arg-type]


def propose(declaration: Declaration, found: Sequence[Marked]) -> list[Happening]:
    """Write what was found on a version's goods, in one statement; returns what is to be recorded. No trader sees the entries:
    they belong to no package's story."""
    at = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(), "declaration_id": declaration.id, "version": declaration.version, "item": one.item,
            "mark_id": one.mark_id, "words": one.words, "at": at, "status": SUSPENSION.initial, "suspended_at": None,
            "due_at": None, "extended_at": None, "lapsed_at": None, "outcome": "", "settled_at": None,
            "settled_by_id": None, "settled_by_name": "", "reason": "",
        }
        for one in found
    ]  # fmt: skip
    if rows:
        session().execute(_INSERT, rows)
    return [
        Happening(
            "suspension.proposed", "suspension", row["id"],
            {
                "package": str(declaration.id), "version": declaration.version, "item": row["item"],
                "mark": str(row["mark_id"]),
            },
        )
        for row in rows
    ]  # fmt: skip


def suspend(
    suspension: Suspension,
    *,
    due_at: datetime,
    gone: Callable[[uuid.UUID], Collection[int]] = lambda _id: (),
    by: Actor,
) -> Suspension:
    """Suspend the release of the goods item until ``due_at``; the holder is told by a letter. Raises NotAllowed, Conflict (the
    version is no longer the newest, the item has gone)."""
    suspension = _locked(suspension, by)
    if suspension.version != suspension.declaration.version:
        raise Conflict(
            _l("The package has a newer version: what was found there stands in its own line."),
            {"version": suspension.declaration.version},
        )
    if suspension.declaration.status in ("released", "refused", "withdrawn"):
        raise Conflict(
            _l("This package is closed: there is nothing left to suspend."),
            {"declaration": suspension.declaration.status},
        )
    if suspension.item in gone(suspension.declaration_id):
        raise Conflict(
            _l("This goods item has been released already: a check after release can be opened."),
            {"item": suspension.item},
        )
    suspension.suspended_at, suspension.due_at = clock.now(), due_at
    _move(suspension, "suspend", by, due_at=due_at.isoformat(timespec="seconds"), suspension=str(suspension.id))
    session().flush()
    return suspension


def extend(suspension: Suspension, *, due_at: datetime, by: Actor) -> Suspension:
    """Extend it, once, on the holder's request. Raises NotAllowed, Conflict."""
    suspension = _locked(suspension, by)
    if suspension.extended_at is not None:
        raise Conflict(
            _l("This suspension was extended already: the law allows it once."),
            {"extended_at": str(suspension.extended_at)},
        )
    suspension.extended_at, suspension.due_at, suspension.lapsed_at = clock.now(), due_at, None
    _move(suspension, "extend", by, due_at=due_at.isoformat(timespec="seconds"))
    session().flush()
    return suspension


def dismiss(suspension: Suspension, *, reason: str, by: Actor) -> Suspension:
    """Say that it is not the mark. Raises NotAllowed, Invalid (no reason), Conflict."""
    must_say(reason, "why")
    suspension = _locked(suspension, by)
    _move(suspension, "dismiss", by, reason_digest=digest(reason.strip()))
    return _ended(suspension, reason, by)


def settle(suspension: Suspension, *, outcome: str, reason: str, by: Actor) -> Suspension:
    """Write down how a suspension ended; only then may customs release the item. Raises NotAllowed, Invalid, Conflict."""
    if outcome not in OUTCOMES:
        raise Invalid([fault("MARK-OUTCOME", "outcome")])
    must_say(reason, "why")
    suspension = _locked(suspension, by)
    suspension.outcome = outcome
    _move(suspension, "settle", by, outcome=outcome, reason_digest=digest(reason.strip()))
    return _ended(suspension, reason, by)


def held_up(declaration: Declaration, releasing: Collection[int], field: str = "item-{}-outcome") -> list[Fault]:
    """Return a fault for each goods item that customs would release although it is suspended. What was suspended in an earlier
    version holds every item until it is settled: its number may stand for other goods by now."""
    if not releasing:
        return []
    rows = finders.find_suspended(declaration.id)
    earlier = any(version != declaration.version for version, _item in rows)
    suspended = set(releasing) if earlier else {item for _version, item in rows}
    return [
        fault("DECISION-ITEM-SUSPENDED", field.format(number), value=str(number))
        for number in sorted(suspended & set(releasing))
    ]


def due_lapses() -> Sequence[uuid.UUID]:
    """Return the suspensions whose time has passed, along their index."""
    waiting = sa.text("status = 'suspended' AND lapsed_at IS NULL")
    query = sa.select(Suspension.id).where(waiting, Suspension.due_at <= clock.now())
    return session().scalars(query.order_by(Suspension.due_at, Suspension.id).limit(AT_ONCE)).all()


def lapse(suspension_id: uuid.UUID) -> None:
    """Record, once, that the holder's time has passed: an officer of customs then settles it. Safe to repeat."""
    suspension = finders.lock_suspension(suspension_id)
    late = suspension.due_at is not None and suspension.due_at <= clock.now()
    if suspension.status == "suspended" and suspension.lapsed_at is None and late:
        suspension.lapsed_at = clock.now()
        _move(suspension, "lapse", SYSTEM)
        session().flush()


def _locked(suspension: Suspension, by: Actor) -> Suspension:
    """Lock package and suspension in the order of the house."""
    session().execute(
        sa.select(Declaration.id).where(Declaration.id == suspension.declaration_id).with_for_update()
    )  # fmt: skip
    suspension = finders.lock_suspension(suspension.id)
    require(policy.settle, by, suspension)
    refuse_part(suspension.declaration, by)
    return suspension


def _ended(suspension: Suspension, reason: str, by: Actor) -> Suspension:
    suspension.settled_at, suspension.settled_by_id, suspension.settled_by_name = clock.now(), by.person_id, by.name
    suspension.reason = reason.strip()
    session().flush()
    return suspension


def _move(it: Suspension, step: str, by: Actor, **payload: object) -> None:
    SUSPENSION.move(
        it, step, by=by, declaration=str(it.declaration_id), item=it.item, mark=str(it.mark_id), **payload,
    )  # fmt: skip
