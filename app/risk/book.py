"""The book of one batch: cells and pasts that are read once, counted in memory, and written once.

Whoever opens a book has the turn of the reader (``ledger.reading.take_turn``): there is one writer of these tables.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import session
from app.risk import past, peers
from app.risk.peers_models import PeerCell, PostDay, TraderPast

AT_ONCE = 400
"""Keys of one statement: SQLite takes 32 766 values, and a row has up to nine."""
_FRESH = 20
"""A cell is read again when one in so many is new in it: medians move slowly, and reading one takes as long as a hundred
countings."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A version as it is counted: whose, when it was registered, where, with whom, and the figures of its goods items."""

    declaration_id: uuid.UUID
    version: int
    owner_id: uuid.UUID
    registered_at: datetime
    office: str
    direction: str
    partner: str
    items: tuple[peers.Figures, ...]


class _Row:
    """A row under the pen: its histogram, and what that said when it was last read."""

    __slots__ = ("bins", "cell", "count", "dirty", "key", "months", "stale")

    def __init__(self, key: str, bins: dict[str, int], months: dict[str, Any], cell: peers.Cell | None) -> None:
        self.key, self.bins, self.months, self.cell = key, bins, months, cell
        self.count = sum(bins.values())
        self.stale, self.dirty = 0, False

    def step(self, name: str, step: int) -> None:
        many = self.bins.get(name, 0) + step
        if many > 0:
            self.bins[name] = many
        else:
            self.bins.pop(name, None)
        self.count += step
        self.stale += 1
        self.dirty = True

    def said(self, *, exact: bool = False) -> peers.Cell | None:
        """What the histogram says; when not ``exact``, a few goods items ago is good enough."""
        if self.cell is None or (self.stale if exact else self.stale * _FRESH > self.count):
            self.cell, self.stale = (peers.said(self.key, self.bins) if self.bins else None), 0
        return self.cell


Whose = tuple[uuid.UUID, str, str]


class Book:
    """Open with what will be looked up; ``count`` puts versions in and takes them out; ``close`` writes."""

    def __init__(self, batch: Sequence[Taken]) -> None:
        keys = {key for taken in batch for one in taken.items for key in _keys(one)}
        whose = {
            (taken.owner_id, taken.direction, what)
            for taken in batch
            for what in past.abouts_of(taken.items, taken.partner)
        }
        self._cells = {key: _Row(key, {}, {}, None) for key in keys} | _load_cells(keys)
        self._pasts = {one: _Row(one[2], {}, {}, None) for one in whose} | _load_pasts(whose)
        self._hours = _load_hours({(taken.office, _day(taken)) for taken in batch})
        self._busy: set[tuple[str, Any]] = set()

    def count(self, taken: Taken, step: int) -> None:
        """Count a version (1) or take it out again (-1)."""
        for one in taken.items:
            for measure in peers.MEASURES:
                value = one.value_of(measure)
                if value is not None:
                    name = peers.bin_of(value)
                    for key in peers.keys_of(one, measure):
                        self._cells[key].step(name, step)
            if one.route:
                for key in peers.keys_of(one, peers.ROUTE):
                    self._cells[key].step(one.route, step)
        self._count_past(taken, step)
        at = (taken.office, _day(taken))
        self._hours[at][taken.registered_at.astimezone(clock.MINSK).hour] += step
        self._busy.add(at)

    def _count_past(self, taken: Taken, step: int) -> None:
        day = _day(taken)
        for what, items in past.abouts_of(taken.items, taken.partner).items():
            row = self._pasts[taken.owner_id, taken.direction, what]
            past.step_in(row.months, day, items, step)
            row.dirty = True
            if len(what) in (4, 6):
                for one in items:
                    if one.net_kg is not None:
                        row.step(peers.bin_of(one.net_kg), step)

    def nearest(self, keys: Iterable[str]) -> dict[str, peers.Cell]:
        """Return what the first of some cells says that has peers enough, by its key; nothing where none has."""
        for key in keys:
            row = self._cells[key]
            if row.count >= peers.ENOUGH and (cell := row.said()) is not None:
                return {key: cell}
        return {}

    def bins(self, key: str) -> Mapping[str, int]:
        """Return the histogram of a cell."""
        return self._cells[key].bins

    def own(self, taken: Taken, code: str) -> tuple[peers.Cell | None, Mapping[str, int]]:
        """Return the owner's usual quantity of such goods, by six digits, else four, and its histogram; None where too few."""
        for digits in (6, 4):
            row = self._pasts[taken.owner_id, taken.direction, code[:digits]]
            if row.count >= past.OWN_ENOUGH:
                return row.said(), row.bins
        return None, {}

    def close(self) -> None:
        """Write what was counted; a row in which nothing is left goes."""
        cells = {key: row for key, row in self._cells.items() if row.dirty}
        pasts = {whose: row for whose, row in self._pasts.items() if row.dirty}
        _upsert(PeerCell, [{"key": key} | _said(row, key) for key, row in sorted(cells.items()) if row.bins])
        _upsert(
            TraderPast,
            [
                {"owner_id": owner, "direction": direction, "about": what, "months": row.months} | _said(row)
                for (owner, direction, what), row in sorted(pasts.items())
                if row.months
            ],
        )
        _upsert(PostDay, [{"office": at[0], "day": at[1], "hours": self._hours[at]} for at in sorted(self._busy)])
        self._remove([key for key, row in cells.items() if not row.bins], [
            whose for whose, row in pasts.items() if not row.months
        ])  # fmt: skip

    def _remove(self, cells: list[str], pasts: list[Whose]) -> None:
        for some in _portions(cells):
            session().execute(sa.delete(PeerCell).where(PeerCell.key.in_(some)))
        for some in _portions(pasts):
            session().execute(sa.delete(TraderPast).where(_whose().in_(some)))
        for office, day in [at for at in self._busy if not any(self._hours[at])]:
            session().execute(sa.delete(PostDay).where(PostDay.office == office, PostDay.day == day))


def _day(taken: Taken) -> Any:
    return taken.registered_at.astimezone(clock.MINSK).date()


def _keys(one: peers.Figures) -> list[str]:
    return [key for measure in (*peers.MEASURES, peers.ROUTE) for key in peers.keys_of(one, measure)]


def _said(row: _Row, key: str = "") -> dict[str, Any]:
    said = row.said(exact=True) if row.bins and not key.startswith(peers.ROUTE) else None
    return {
        "count": row.count, "bins": row.bins, "median": said.median if said else None, "mad": said.mad if said else None,
        "quantiles": list(said.quantiles) if said else [],
    }  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------------------


def _whose() -> sa.Tuple:
    return sa.tuple_(TraderPast.owner_id, TraderPast.direction, TraderPast.about)


def _load_cells(keys: Iterable[str]) -> dict[str, _Row]:
    found: dict[str, _Row] = {}
    for some in _portions(sorted(keys)):
        for key, bins in session().execute(sa.select(PeerCell.key, PeerCell.bins).where(PeerCell.key.in_(some))):
            found[key] = _Row(key, bins, {}, None)
    return found


def _load_pasts(whose: Iterable[Whose]) -> dict[Whose, _Row]:
    found: dict[Whose, _Row] = {}
    columns = (TraderPast.owner_id, TraderPast.direction, TraderPast.about, TraderPast.bins, TraderPast.months)
    for some in _portions(sorted(whose)):
        for owner, direction, what, bins, months in session().execute(sa.select(*columns).where(_whose().in_(some))):
            found[owner, direction, what] = _Row(what, bins, months, None)
    return found


def _load_hours(places: set[tuple[str, Any]]) -> dict[tuple[str, Any], list[int]]:
    found = {place: [0] * 24 for place in places}
    for some in _portions(sorted(places)):
        query = sa.select(PostDay.office, PostDay.day, PostDay.hours)
        for office, day, hours in session().execute(query.where(sa.tuple_(PostDay.office, PostDay.day).in_(some))):
            found[office, day] = list(hours)
    return found


def _portions(of: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE))


def _upsert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    table: sa.Table = model.__table__
    new = dialect.insert(table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: new.excluded[name] for name in rows[0] if name not in keys}
    session().execute(new.on_conflict_do_update(index_elements=keys, set_=changed), rows)
