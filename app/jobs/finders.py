"""Reads about workers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.database import session
from app.jobs.models import WorkerHeartbeat


def list_workers() -> Sequence[WorkerHeartbeat]:
    """Return every worker slot that ever lived, last seen first."""
    return session().scalars(sa.select(WorkerHeartbeat).order_by(WorkerHeartbeat.beaten_at.desc()).limit(20)).all()
