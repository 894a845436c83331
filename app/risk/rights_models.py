"""The customs register of intellectual property, and goods whose release is suspended because a mark stands on them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class ProtectedMark(Keyed, Base):
    """A mark that customs looks out for on behalf of its right holder (EAEU Customs Code, art. 385 and 386, recalled)."""

    __tablename__ = "protected_marks"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("valid_to > valid_from", name="ends"),
        _partial("ix_protected_marks_active", "valid_to", "id", where="ended_at IS NULL"),
    )

    number: Mapped[str] = mapped_column(sa.String(35))
    holder: Mapped[str] = mapped_column(sa.String(160))
    # Where the holder is told; never published.
    email: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(2), default="ru")
    mark: Mapped[str] = mapped_column(sa.String(160))
    # The words of the mark as they are compared, and the goods prefixes, each between blanks; no prefix means any goods.
    compared: Mapped[str] = mapped_column(sa.String(200))
    prefixes: Mapped[str] = mapped_column(sa.String(400), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    entered_by_name: Mapped[str] = mapped_column(sa.String(120))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")


class Suspension(Keyed, Base):
    """A goods item on which a protected mark seems to stand: proposed by the window, suspended by an officer, settled."""

    __tablename__ = "suspensions"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "version", "item", "mark_id"),
        _partial("ix_suspensions_open", "at", "id", where="status IN ('proposed', 'suspended')"),
        _partial("ix_suspensions_due", "due_at", "id", where="status = 'suspended' AND lapsed_at IS NULL"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    version: Mapped[int]
    item: Mapped[int]
    mark_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("protected_marks.id"))
    # The words of the goods description in which it was found.
    words: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    # From the suspension on: until when the holder may act, once extended by ten working days.
    suspended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    extended_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    # genuine | counterfeit | no-answer, by whom and why.
    outcome: Mapped[str] = mapped_column(sa.String(12), default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    mark: Mapped[ProtectedMark] = relationship(lazy="raise_on_sql")
    declaration: Mapped[Declaration] = relationship(lazy="raise_on_sql")

    @property
    def status(self) -> str:
        """The state; only ``rights_lifecycle`` writes it."""
        return self._status
