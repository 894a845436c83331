"""Watch-lists: what agencies look out for, and what was found to look like it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration

NAME, UNP, VEHICLE, CONTAINER, DOCUMENT = "name", "unp", "vehicle", "container", "document"
KINDS = (NAME, UNP, VEHICLE, CONTAINER, DOCUMENT)


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class WatchEntry(Keyed, Base):
    """One thing an agency looks out for. Never edited: it ends, and another is entered."""

    __tablename__ = "watch_entries"
    __table_args__ = (
        sa.CheckConstraint("valid_to > valid_from", name="ends"),
        _partial("ix_watch_entries_active", "valid_to", "id", where="status = 'active'"),
        sa.Index("ix_watch_entries_agency", "agency", "id"),
    )

    agency: Mapped[str] = mapped_column(sa.String(16))
    kind: Mapped[str] = mapped_column(sa.String(12))
    # As written, and as it is compared: the skeleton of a name, the bare signs of a number.
    words: Mapped[str] = mapped_column(sa.String(200))
    compared: Mapped[str] = mapped_column(sa.String(200))
    # own | foreign | court, with the reference of whoever told; how sure the agency is: low | middle | high.
    source: Mapped[str] = mapped_column(sa.String(8))
    reference: Mapped[str] = mapped_column(sa.String(70), default="")
    confidence: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text)
    # The lane it puts a package into: yellow | red; and the agencies beside its own that look out too, each between blanks
    # (" BY-GTK BY-TI "), so that one condition finds them on either engine.
    effect: Mapped[str] = mapped_column(sa.String(8))
    shared: Mapped[str] = mapped_column(sa.Text, default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    entered_by_name: Mapped[str] = mapped_column(sa.String(120))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def status(self) -> str:
        """The state; only ``watch_lifecycle`` writes it."""
        return self._status

    @property
    def agencies(self) -> tuple[str, ...]:
        """Its own agency and those it shares the entry with."""
        return (self.agency, *self.shared.split())


class WatchCandidate(Keyed, Base):
    """Something in a package that looks like an entry: an officer says whether it is."""

    __tablename__ = "watch_candidates"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "version", "entry_id", "place"),
        _partial("ix_watch_candidates_open", "agency", "at", "id", where="status = 'open'"),
        sa.Index("ix_watch_candidates_settled", "entry_id", "compared"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    version: Mapped[int]
    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("watch_entries.id"))
    agency: Mapped[str] = mapped_column(sa.String(16))
    # Where in the package, what stands there, as it is compared; how alike, and which words were laid side by side.
    place: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[str] = mapped_column(sa.String(200))
    compared: Mapped[str] = mapped_column(sa.String(200))
    likeness: Mapped[int]
    pairs: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    entry: Mapped[WatchEntry] = relationship(lazy="raise_on_sql")
    declaration: Mapped[Declaration] = relationship(lazy="raise_on_sql")

    @property
    def status(self) -> str:
        """The state; only ``watch_lifecycle`` writes it."""
        return self._status
