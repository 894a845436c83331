"""The feed, endpoints, deliveries and their attempts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed, new_id
from app.ledger.models import Position

TRIAL = "status = 'pending' AND feed_position = 0"
"""Test events that wait: they stand beside the queue, so that a receiver can be tried while its queue stands still."""


class FeedEntry(Base):
    """One ledger entry that concerns one organisation. ``position`` rises in the order of commit, for one reader writes the feed."""

    __tablename__ = "feed_entries"
    __table_args__ = (
        # A batch that is read twice tells nobody twice.
        sa.UniqueConstraint("organisation_id", "entry_position"),
        sa.Index("ix_feed_entries_organisation", "organisation_id", "position"),
        {"sqlite_autoincrement": True},
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    # The name of the event outside: the same in the feed, in every attempt of every webhook, and in a replay.
    event_id: Mapped[uuid.UUID] = mapped_column(default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    entry_position: Mapped[int] = mapped_column(Position)
    event: Mapped[str] = mapped_column(sa.String(48))
    at: Mapped[datetime]
    subject_id: Mapped[uuid.UUID]
    declaration_id: Mapped[uuid.UUID | None]
    # What a machine may know of it: ids, codes, moments; nothing of people.
    facts: Mapped[dict[str, Any]]


class Endpoint(Keyed, Base):
    """An address of an organisation's software. Its secret is not stored: it is made of the window's key, this id and
    ``generation``; the one before stays good until ``previous_until``, so that a rotation has two signatures."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (sa.Index("ix_webhook_endpoints_organisation", "organisation_id", "id"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"))
    url: Mapped[str] = mapped_column(sa.String(500))
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    # Names of events; empty: every one of the feed.
    events: Mapped[list[str]]
    _status: Mapped[str] = mapped_column("status", sa.String(12))  # active | disabled | removed
    generation: Mapped[int] = mapped_column(default=1)
    previous_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    disabled_at: Mapped[datetime | None]
    # gone | exhausted | by-hand
    disabled_because: Mapped[str] = mapped_column(sa.String(12), default="")
    # The place in the feed from which it was told nothing; None: nothing is missing.
    lost_from: Mapped[int | None] = mapped_column(Position)

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class Delivery(Keyed, Base):
    """One event for one endpoint. Every attempt carries the event's id as ``webhook-id``; a replay is a new delivery of the
    same entry, so that a receiver that has it already does nothing twice."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        # The head of an endpoint's queue, and its log by state.
        sa.Index("ix_webhook_deliveries_queue", "endpoint_id", "status", "id"),
        sa.Index("ix_webhook_deliveries_trials", "next_at", sqlite_where=sa.text(TRIAL), postgresql_where=sa.text(TRIAL)),
        sa.Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
        # The follower tells an endpoint of an entry once; what is replayed has its own serial.
        sa.UniqueConstraint("endpoint_id", "feed_position", "replay"),
    )  # fmt: skip

    endpoint_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("webhook_endpoints.id"))
    # 0 for a test event, which is no entry of the feed.
    feed_position: Mapped[int] = mapped_column(Position)
    replay: Mapped[int] = mapped_column(default=0)
    event: Mapped[str] = mapped_column(sa.String(48))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    _status: Mapped[str] = mapped_column("status", sa.String(12))  # pending | delivered | failed
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    # A courier that took it up holds it until then; after that it is anybody's again.
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class Attempt(Keyed, Base):
    """One try: when, how long, what came back (status, or the code of what went wrong; at most 1 KB of the answer as text)."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (sa.UniqueConstraint("delivery_id", "number"),)

    delivery_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("webhook_deliveries.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status_code: Mapped[int | None]
    error: Mapped[str] = mapped_column(sa.String(32), default="")
    answer: Mapped[str] = mapped_column(sa.String(1024), default="")
