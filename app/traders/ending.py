"""What becomes of an accreditation in force: suspended, restored, revoked, given up; its end told beforehand, and the end itself.

It counts for no package from the moment it is suspended: ``finders.list_held`` reads the row.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM, Actor, require
from app.database import session
from app.jobs import registry
from app.ledger import recording
from app.traders import finders, policy
from app.traders.applying import facts_of
from app.traders.deciding import Appeal, against
from app.traders.examining import locked, words_of
from app.traders.lifecycle import ACCREDITATION, must_be
from app.traders.models import IN_FORCE, Accreditation

STAGES = (7, 30, 60)
"""How many days before its end a holder is told of it, once each."""
PAGE = 100


def suspend(accreditation: Accreditation, *, ground: str, reason: str, appeal: Appeal, by: Actor) -> Accreditation:
    """Suspend: it gives nothing from this moment on. Raises NotAllowed, Conflict, Invalid with every fault."""
    accreditation = _turned(accreditation, "suspend", ground, reason, appeal, by)
    accreditation.suspended_at = clock.now()
    session().flush()
    return accreditation


def revoke(accreditation: Accreditation, *, ground: str, reason: str, appeal: Appeal, by: Actor) -> Accreditation:
    """Revoke for good. Raises NotAllowed, Conflict, Invalid with every fault."""
    accreditation = _turned(accreditation, "revoke", ground, reason, appeal, by)
    accreditation.ended_at = clock.now()
    session().flush()
    return accreditation


def restore(accreditation: Accreditation, *, reason: str, by: Actor) -> Accreditation:
    """Put a suspended accreditation in force again. Raises NotAllowed, Conflict, Invalid without a reason."""
    accreditation = locked(accreditation, by)
    require(policy.supervise, by, accreditation)
    must_be(accreditation, "suspended")
    words = words_of(reason, "ACC-REASON", "reason")
    _move(accreditation, "restore", by, reason_digest=recording.digest(words))
    accreditation.suspended_at, accreditation.ground, accreditation.reason = None, "", words
    accreditation.appeal_office, accreditation.appeal_contact, accreditation.appeal_days = "", "", None
    session().flush()
    return accreditation


def give_up(accreditation: Accreditation, *, reason: str, by: Actor) -> Accreditation:
    """The holder gives its accreditation up. Raises NotAllowed, Conflict, Invalid without a reason."""
    accreditation = finders.lock_accreditation(accreditation)
    require(policy.change, by, accreditation)
    must_be(accreditation, *IN_FORCE)
    words = words_of(reason, "ACC-REASON", "reason")
    _move(accreditation, "give-up", by, reason_digest=recording.digest(words))
    accreditation.ended_at, accreditation.ground, accreditation.reason = clock.now(), "", words
    session().flush()
    return accreditation


def _turned(
    accreditation: Accreditation, step: str, ground: str, reason: str, appeal: Appeal, by: Actor
) -> Accreditation:
    accreditation = locked(accreditation, by)
    require(policy.supervise, by, accreditation)
    must_be(accreditation, *ACCREDITATION.rows[step].sources)
    words = against(accreditation, step, ground, reason, appeal)
    _move(accreditation, step, by, ground=ground, reason_digest=recording.digest(words))
    return accreditation


def _move(accreditation: Accreditation, step: str, by: Actor, **payload: Any) -> None:
    ACCREDITATION.move(accreditation, step, by=by, number=accreditation.number, **facts_of(accreditation), **payload)


# --- what a day brings ------------------------------------------------------------------------------------------------


def list_ending() -> Sequence[uuid.UUID]:
    """Return the first accreditations of which something is due: over, or ending and not told of yet."""
    return session().scalars(_due(sa.select(Accreditation.id)).order_by(Accreditation.valid_to).limit(PAGE)).all()


def turn_day(accreditation_id: uuid.UUID) -> bool:
    """End an accreditation whose days are over, or tell its holder that they will be; returns whether it was this call that
    did. Safe to repeat and to do in two workers."""
    found = session().scalar(
        _due(sa.select(Accreditation).where(Accreditation.id == accreditation_id)).with_for_update()
    )
    if found is None or found.valid_to is None:
        return False
    by, left = replace(SYSTEM, organisation_id=found.holder_id), (found.valid_to - clock.today()).days
    if left <= 0:
        _move(found, "expire", by)
        found.ended_at = clock.now()
        return True
    found.told_days = days = next(stage for stage in STAGES if left <= stage)
    last = datetime.combine(found.valid_to, time(), clock.MINSK) - timedelta(minutes=1)
    _move(found, "announce", by, days=days, due_at=last.isoformat(timespec="seconds"))
    return True


def _due(query: sa.Select[Any]) -> sa.Select[Any]:
    today = clock.today()
    near = [
        sa.and_(
            Accreditation.valid_to <= today + timedelta(days=stage),
            sa.or_(Accreditation.told_days.is_(None), Accreditation.told_days > stage),
        )
        for stage in STAGES
    ]
    return query.where(Accreditation._status.in_(IN_FORCE), sa.or_(Accreditation.valid_to <= today, *near))


registry.watch("traders.ending", list_ending, turn_day)
