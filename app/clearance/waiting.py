"""Clearances that could not be signed are taken up again when the key works, however long that took (trust.md R28)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.clearance import issuing
from app.clearance.lifecycle import CLEARANCE
from app.clearance.models import Clearance
from app.database import session
from app.jobs import registry
from app.jobs.engine import JobEngine
from app.signing import alarms

PATIENCE = timedelta(seconds=30)
"""After being tried a clearance is left alone for so long: the job under way is its own."""
AT_ONCE = 100


def due() -> Sequence[uuid.UUID]:
    """Return the waiting clearances that may be tried again, those that wait longest first; none while nothing is signed."""
    if alarms.find_stop() is not None:
        return ()
    query = sa.select(Clearance.id).where(
        Clearance.waiting_since.is_not(None), Clearance.tried_at <= clock.now() - PATIENCE
    )
    return session().scalars(query.order_by(Clearance.waiting_since, Clearance.id).limit(AT_ONCE)).all()


def take_up(clearance_id: uuid.UUID) -> None:
    """Enqueue the paper of a waiting clearance once more; nothing when another worker did or it was issued meanwhile."""
    clearance = session().get(Clearance, clearance_id, with_for_update=True)
    if clearance is None or clearance.waiting_since is None or clearance.status != CLEARANCE.initial:
        return
    tried = clearance.tried_at
    if tried is not None and tried > clock.now() - PATIENCE:
        return
    clearance.tried_at = clock.now()
    jobs: JobEngine = current_app.extensions["akno.jobs"]
    # A key for each try: under the old one the engine would say that the job was done.
    jobs.enqueue(issuing.REDRAW, str(clearance_id), key=f"clearance-again-{clearance_id}-{clock.now():%Y%m%d%H%M%S}")


registry.watch("clearance.waiting", due, take_up)
