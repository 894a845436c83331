"""What is kept of the past so that a page can say how long something takes without counting."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Pace(Base):
    """An agency's last sign-offs: minutes from the opening of a review to its decision, newest last."""

    __tablename__ = "paces"

    agency: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    minutes: Mapped[list[int]]
    median_minutes: Mapped[int]
    updated_at: Mapped[datetime]
