"""Reads of what is usual: peers by key, a trader's own past. One statement each, and one for both."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.database import session
from app.risk.past import Months, Past, about
from app.risk.peers import Cell
from app.risk.peers_models import PeerCell, TraderPast

_CELLS = (PeerCell.key, PeerCell.count, PeerCell.median, PeerCell.mad, PeerCell.quantiles)
_PASTS = (
    TraderPast.about,
    TraderPast.count,
    TraderPast.median,
    TraderPast.mad,
    TraderPast.quantiles,
    TraderPast.months,
)
_USUAL = sa.union_all(
    sa.select(
        sa.literal(True).label("of_peers"), *_CELLS, sa.type_coerce(sa.null(), sa.JSON).label("months")
    ).where(PeerCell.key.in_(sa.bindparam("keys", expanding=True)), PeerCell.median.is_not(None)),
    sa.select(sa.literal(False), *_PASTS).where(
        TraderPast.owner_id == sa.bindparam("owner", type_=TraderPast.owner_id.type),
        TraderPast.direction == sa.bindparam("direction"),
        TraderPast.about.in_(sa.bindparam("abouts", expanding=True)),
    ),
)  # fmt: skip
"""Built once: it is asked at most filings."""


def find_cells(keys: Iterable[str]) -> Mapping[str, Cell]:
    """Return what peers say by key (``peers.keys_of``); a cell that nobody is counted in is left out. One statement, none
    without keys."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = session().execute(sa.select(*_CELLS).where(PeerCell.key.in_(wanted), PeerCell.median.is_not(None)))
    return {row[0]: _cell(*row) for row in rows}


def find_past(owner_id: uuid.UUID, direction: str, prefixes: Iterable[str] = (), *, partner: str = "") -> Past:
    """Return the trader's own past in one direction, as far as it concerns goods of some prefixes and everything. One statement.

    ``prefixes``: of goods codes, whatever their length (``past.about``); ``partner``: ``past.partner_of``.
    """
    return _past(session().execute(sa.select(*_PASTS).where(*_whose(owner_id, direction, prefixes, partner))))


def find_usual(
    keys: Iterable[str], owner_id: uuid.UUID, direction: str, prefixes: Iterable[str] = (), *, partner: str = ""
) -> tuple[Mapping[str, Cell], Past]:
    """Return both in one statement, for a filing: what peers say by key, and the trader's own past."""
    given = {
        "keys": sorted(set(keys)), "owner": owner_id, "direction": direction,
        "abouts": sorted(_abouts(prefixes, partner)),
    }  # fmt: skip
    rows = session().execute(_USUAL, given).all()
    return {row[1]: _cell(*row[1:6]) for row in rows if row[0]}, _past(row[1:] for row in rows if not row[0])


def _whose(
    owner_id: uuid.UUID, direction: str, prefixes: Iterable[str], partner: str
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        TraderPast.owner_id == owner_id,
        TraderPast.direction == direction,
        TraderPast.about.in_(sorted(_abouts(prefixes, partner))),
    )


def _abouts(prefixes: Iterable[str], partner: str) -> set[str]:
    abouts = {about(prefix) for prefix in prefixes} | {about("")} | ({partner} if partner else set())
    # Quantities are looked up by six digits, else by four.
    return abouts | {prefix[:4] for prefix in abouts if len(prefix) == 6 and prefix.isdigit()}


def _past(rows: Iterable[Any]) -> Past:
    months: dict[str, Months] = {}
    cells: dict[str, Cell] = {}
    for name, count, median, mad, quantiles, held in rows:
        months[name] = held
        if median is not None:
            cells[name] = _cell(name, count, median, mad, quantiles)
    return Past(months, cells)


def _cell(key: str, count: int, median: float, mad: float, quantiles: list[Any]) -> Cell:
    return Cell(key, count, median, mad, tuple(quantiles))
