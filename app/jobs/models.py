"""The sign of life of a worker: one row per worker slot, touched every few seconds, shown on the health page."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class WorkerHeartbeat(Base):
    """A worker slot (``executor_id``): since when it runs, when it was last seen, which version it runs."""

    __tablename__ = "worker_heartbeats"

    executor_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    application_version: Mapped[str] = mapped_column(sa.String(64))
    started_at: Mapped[datetime]
    beaten_at: Mapped[datetime]
