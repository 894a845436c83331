"""A check after release: what an agency wants to see of goods that have gone, what came, what was found."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed
from app.declarations.models import Declaration

OPEN = "status IN ('asked', 'examining', 'concluded')"
"""What is not closed yet, as SQL: the partial indexes and the queries say it in the same letters."""
OPEN_STATES = ("asked", "examining", "concluded")


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class PostClearanceCheck(Keyed, Base):
    """One agency's check of one released package. At most one of an agency is open for a package."""

    __tablename__ = "post_clearance_checks"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "ordinal"),
        _partial("uq_post_clearance_checks_open", "declaration_id", "agency", where=OPEN, unique=True),
        _partial("ix_post_clearance_checks_open", "agency", "due_at", "id", where=OPEN),
        sa.Index("ix_post_clearance_checks_agency", "agency", "opened_at", "id"),
        _partial("ix_post_clearance_checks_due", "due_at", "id", where="status = 'asked'"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    # The so-manieth of the package, from 1; version and digest are those that were released.
    ordinal: Mapped[int]
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    agency: Mapped[str] = mapped_column(sa.String(16))
    office_code: Mapped[str] = mapped_column(sa.String(17), default="")
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    # hand | risk | alert | draw, with what the agency says of it to itself: the trader never reads either.
    ground: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    # What the trader reads: which goods items, which documents (codes), what about.
    items: Mapped[list[int]]
    wanted: Mapped[list[str]]
    asked: Mapped[str] = mapped_column(sa.Text)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    opened_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    due_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    answered_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    # [{"item": 1 or null, "kind": code, "weight": "minor"}, …]; the worst of them, the act, and the words for the trader.
    findings: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[str] = mapped_column(sa.String(8), default="")
    conclusion: Mapped[str] = mapped_column(sa.Text, default="")
    act_number: Mapped[str] = mapped_column(sa.String(35), default="")
    concluded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    concluded_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    # The second officer of a serious finding: who signed, or why it was returned.
    second_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    second_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    returned_because: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship(lazy="raise_on_sql")
    files: Mapped[list[PostClearanceFile]] = relationship(lazy="selectin", order_by="PostClearanceFile.id")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status

    @property
    def open(self) -> bool:
        """Whether it is not closed yet, whoever's turn it is."""
        return self._status in OPEN_STATES


class PostClearanceFile(Keyed, Base):
    """A file that came with the answer."""

    __tablename__ = "post_clearance_files"

    check_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("post_clearance_checks.id"), index=True)
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    file_name: Mapped[str] = mapped_column(sa.String(255))
    type_code: Mapped[str] = mapped_column(sa.String(6), default="")
