"""What is kept of the past so that a filing, a forecast and the search for anomalies need no scan."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Keyed

Histogram = dict[str, int]


class PeerCell(Base):
    """One measure of goods of one direction, heading, origin and unit, counted on a logarithmic scale (``peers``); the key
    says all of that. A cell of routes counts countries and has no median."""

    __tablename__ = "peer_cells"

    key: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    count: Mapped[int]
    bins: Mapped[Histogram] = mapped_column(sa.JSON)
    # What the histogram says, so that a reader need not open it: the unit of the measure, ``mad`` on the natural logarithm.
    median: Mapped[float | None]
    mad: Mapped[float | None]
    quantiles: Mapped[list[Any]]


class TraderPast(Base):
    """A trader's own past in one direction about a heading, a partner (as a digest) or everything (``past``)."""

    __tablename__ = "trader_pasts"

    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisations.id"), primary_key=True)
    direction: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(17), primary_key=True)
    months: Mapped[dict[str, Any]]
    # Net mass of such goods in a package: counted as in a cell of peers, kept for four and six digits alone.
    bins: Mapped[Histogram] = mapped_column(sa.JSON)
    count: Mapped[int]
    median: Mapped[float | None]
    mad: Mapped[float | None]
    quantiles: Mapped[list[Any]]


class PostDay(Base):
    """How many packages were registered at an office on a day, by hour of Minsk: 24 numbers."""

    __tablename__ = "post_hours"

    office: Mapped[str] = mapped_column(sa.String(17), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[list[int]]


class Counted(Base):
    """Which version of a package is counted: each package counts once. A withdrawn one is counted no more, and never again."""

    __tablename__ = "peer_counted"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), primary_key=True)
    version: Mapped[int]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Anomaly(Keyed, Base):
    """Something unusual about a goods item of a version, with what was usual when it was found. A signal, never a decision.

    ``kind``: value, mass, quantity or route. ``value``, ``median`` in ``unit``; ``spread`` on the natural logarithm (route:
    how often the route was seen among the peers). ``score`` in hundredths of a deviation, ``package_score`` of its limits.
    ``agencies``: those with a lane of the package, between blanks.
    """

    __tablename__ = "anomalies"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "version", "item", "kind"),
        sa.Index("ix_anomalies_ranked", "status", "package_score", "id"),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    version: Mapped[int]
    item: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    direction: Mapped[str] = mapped_column(sa.String(8))
    code: Mapped[str] = mapped_column(sa.String(18))
    origin: Mapped[str] = mapped_column(sa.String(4))
    agencies: Mapped[str] = mapped_column(sa.String(400))
    unit: Mapped[str] = mapped_column(sa.String(8))
    value: Mapped[float | None]
    median: Mapped[float | None]
    spread: Mapped[float]
    route: Mapped[str] = mapped_column(sa.String(4))
    peers: Mapped[int]
    cell: Mapped[str] = mapped_column(sa.String(48))
    # The histogram as it was when this was found: what the page draws stays what the finding rests on.
    bins: Mapped[Histogram] = mapped_column(sa.JSON, deferred=True)
    score: Mapped[int]
    package_score: Mapped[int]
    found_at: Mapped[datetime]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    marked_at: Mapped[datetime | None]
    marked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status
