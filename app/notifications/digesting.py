"""The digest: on working days at eight in the morning one letter about everything a person wants to read once a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.clock import MINSK
from app.database import session
from app.jobs import registry
from app.notifications.following import POST
from app.notifications.models import FOR_DIGEST, Notice
from app.reviews.calendars import calendar_of

HOUR = time(8, 0)
"""When the digest leaves, Minsk time."""
AT_ONCE = 50
"""People of one look; the worker looks every second."""
MOST = 100
"""Notices of one digest; what is beyond stands in the window."""


def closing(now: datetime) -> datetime | None:
    """Return up to when today's digest tells, None before eight and on days off. Pure."""
    today = now.astimezone(MINSK)
    eight = datetime.combine(today.date(), HOUR, tzinfo=MINSK)
    works = bool(calendar_of("").ranges_on(today.date()))
    return eight if works and today >= eight else None


def list_due() -> Sequence[uuid.UUID]:
    """Return the people whose digest is due now: a walk along the index of what waits for one."""
    until = closing(clock.now())
    if until is None:
        return ()
    query = sa.select(Notice.person_id).where(sa.text(FOR_DIGEST), Notice.at < until)
    return session().scalars(query.distinct().limit(AT_ONCE)).all()


def collect(person_id: uuid.UUID) -> None:
    """Put what waits into today's digest of a person and ask for the letter. Safe to repeat: taken is taken."""
    until = closing(clock.now())
    if until is None:
        return
    query = (
        sa.select(Notice)
        .where(Notice.person_id == person_id, sa.text(FOR_DIGEST), Notice.at < until)
        .order_by(Notice.entry_position)
        .with_for_update()
    )
    waiting = session().scalars(query).all()
    for one in waiting:
        one.digest_on = until.date()
    session().flush()
    if waiting:
        notices = [str(one.id) for one in waiting[-MOST:]]
        current_app.extensions["akno.jobs"].enqueue(
            POST, str(person_id), notices, True, key=f"digest-{notices[0]}"
        )  # fmt: skip


registry.watch("notices.digest", list_due, collect)
