"""Notices, how many of them are unread, and what each person chose to be told."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed
from app.ledger.models import Position

FOR_DIGEST = "mail = 'digest' AND digest_on IS NULL"
"""What waits for the next digest, as SQL: the index and the query say it in the same letters."""


class Notice(Keyed, Base):
    """One person is told of one ledger entry: in the window (``shown``), by mail (``mail``: now | digest | none), or both.

    ``facts`` hold numbers, codes and moments only; ``path`` is where it leads.
    """

    __tablename__ = "notices"
    __table_args__ = (
        # A reader that reads an entry twice tells nobody twice; the list of a person walks the same index.
        sa.UniqueConstraint("person_id", "entry_position"),
        sa.Index("ix_notices_digest", "at", "person_id", sqlite_where=sa.text(FOR_DIGEST), postgresql_where=sa.text(FOR_DIGEST)),
    )  # fmt: skip

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    entry_position: Mapped[int] = mapped_column(Position)
    # Under which membership the path can be opened.
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    event: Mapped[str] = mapped_column(sa.String(48))
    # trader | officer: the same event is told to the two in different words.
    side: Mapped[str] = mapped_column(sa.String(8))
    at: Mapped[datetime]
    path: Mapped[str] = mapped_column(sa.String(200))
    facts: Mapped[dict[str, Any]]
    shown: Mapped[bool]
    read_at: Mapped[datetime | None]
    mail: Mapped[str] = mapped_column(sa.String(8))
    # The day of the digest it went into, and when its mail left.
    digest_on: Mapped[date | None]
    mailed_at: Mapped[datetime | None]


class NoticeCount(Base):
    """How many shown notices a person has not read: kept with each change, so that the head of a page counts nothing."""

    __tablename__ = "notice_counts"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    unread: Mapped[int]


class NoticeChoice(Base):
    """How a person wants to be told of an event; without a row the defaults of the catalogue hold."""

    __tablename__ = "notice_choices"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    event: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    in_window: Mapped[bool]
    # now | digest | none
    mail: Mapped[str] = mapped_column(sa.String(8))
