"""The assessment of advance information: one row for each version that was assessed. Traders never see it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class AdvanceAssessment(Keyed, Base):
    """What the indicators said before arrival: lane and score per agency, and the explanation (``Scored.as_dict``)."""

    __tablename__ = "advance_assessments"
    __table_args__ = (sa.UniqueConstraint("advance_id", "version"),)

    advance_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("advances.id"))
    version: Mapped[int]
    edition: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    lanes: Mapped[dict[str, Any]]
    scores: Mapped[dict[str, Any]]
    explanation: Mapped[dict[str, Any]] = mapped_column(deferred=True)
