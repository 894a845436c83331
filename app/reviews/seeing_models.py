"""What an officer had shown to herself for a reason: one row for each time."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed


class Unmasking(Keyed, Base):
    """Groups of fields of one case that one officer opened, why, and until when. ``groups`` are names of ``masking.GROUPS``."""

    __tablename__ = "unmaskings"

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    agency: Mapped[str] = mapped_column(sa.String(16))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    groups: Mapped[list[str]]
    reason_code: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    until: Mapped[datetime]
