"""Peering: a reader of the ledger that counts what is usual and finds what is not. Runs in the worker, in batches.

Each package counts once, with its newest version; a withdrawn one is taken out. A batch that is read twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app import clock, markup
from app.access import SYSTEM
from app.database import session
from app.declarations.codec import to_package
from app.declarations.models import Declaration, Version
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry
from app.ledger.recording import Happening, record_all
from app.risk import anomalies, anomaly_lifecycle, past, peers
from app.risk.book import Book, Taken
from app.risk.peers_models import Anomaly, Counted, PeerCell, PostDay, TraderPast

READER = "risk.peering"
BATCH = 100
"""Entries taken in at a time: a version is read as XML."""
FILED, WITHDRAWN = ("declaration.submitted", "declaration.amended"), "declaration.withdrawn"
CUSTOMS = "BY-GTK"
"""Whoever has a lane sees what is odd about a package; the agency that releases sees it in any case."""

Place = tuple[uuid.UUID, int]
"""A package and the number of a version of it."""


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    reading.take_turn(READER)
    entries = reading.read(READER, limit=BATCH)
    told = [one for one in entries if one.event in (*FILED, WITHDRAWN) and one.declaration_id is not None]
    if told:
        _take_in(told)
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _take_in(entries: Sequence[Entry]) -> None:
    counted = _counted({entry.declaration_id for entry in entries if entry.declaration_id is not None})
    wanted = {(key, row.version) for key, row in counted.items()}
    wanted |= {
        (one.declaration_id, int(one.payload["version"]))
        for one in entries
        if one.declaration_id and one.event in FILED
    }
    versions = _versions(wanted)
    book = Book([taken for taken, _agencies in versions.values()])
    for entry in entries:
        if entry.declaration_id is not None:
            _step(entry, entry.declaration_id, counted, versions, book)
    book.close()


def _step(
    entry: Entry,
    key: uuid.UUID,
    counted: dict[uuid.UUID, Counted],
    versions: Mapping[Place, tuple[Taken, str]],
    book: Book,
) -> None:
    row = counted.get(key)
    number = int(entry.payload["version"]) if entry.event in FILED else 0
    if row is not None and (row.withdrawn or 0 < number <= row.version):
        return
    if number != 1:
        _supersede(key)
    before = versions.get((key, row.version)) if row is not None else None
    if before is not None:
        book.count(before[0], -1)
    if number == 0 and row is not None:
        row.withdrawn = True
    elif (key, number) in versions:
        counted[key] = _put_in(row, *versions[key, number], book)
    session().flush()


def _put_in(row: Counted | None, taken: Taken, agencies: str, book: Book) -> Counted:
    _find(taken, agencies, book)
    book.count(taken, 1)
    if row is None:
        row = Counted(declaration_id=taken.declaration_id, version=taken.version, withdrawn=False)
        session().add(row)
    row.version = taken.version
    return row


# --- what is odd ------------------------------------------------------------------------------------------------------


def odd_of(taken: Taken, book: Book) -> list[anomalies.Odd]:
    """Return what is unusual about a version, before it is counted itself."""
    found: list[anomalies.Odd] = []
    for one in taken.items:
        cells = book.nearest(peers.keys_of(one, peers.VALUE)) | book.nearest(peers.keys_of(one, peers.MASS))
        routes = {key: book.bins(key) for key in peers.keys_of(one, peers.ROUTE)}
        found += anomalies.judge(one, cells, routes, book.own(taken, one.code)[0])
    return found


def _find(taken: Taken, agencies: str, book: Book) -> None:
    found = odd_of(taken, book)
    if not found:
        return
    by_item = {one.item: one for one in taken.items}
    together = round(anomalies.combined(found) * 100)
    rows = [_anomaly(odd, taken, by_item[odd.item], book) for odd in found]
    for row in rows:
        row.agencies, row.package_score = agencies, together
    session().add_all(rows)
    session().flush()
    record_all([_happened(row) for row in rows], by=SYSTEM)


def _anomaly(odd: anomalies.Odd, taken: Taken, one: peers.Figures, book: Book) -> Anomaly:
    bins = book.own(taken, one.code)[1] if odd.kind == peers.QUANTITY else book.bins(odd.cell)
    row = Anomaly(
        declaration_id=taken.declaration_id, version=taken.version, item=odd.item, kind=odd.kind,
        direction=taken.direction, code=one.code[:18], origin=one.origin[:4], unit=odd.unit[:8], value=odd.value, median=odd.median,
        spread=odd.spread, route=odd.route[:4], peers=odd.peers, cell=odd.cell, bins=dict(bins),
        score=round(odd.score * 100), found_at=clock.now(),
    )  # fmt: skip
    anomaly_lifecycle.LIFECYCLE.begin(row)
    return row


def _happened(row: Anomaly) -> Happening:
    payload = {
        "declaration": str(row.declaration_id), "version": row.version, "item": row.item, "kind": row.kind, "score": row.score,
    }  # fmt: skip
    return Happening("anomaly.found", "anomaly", row.id, payload, row.declaration_id)


def _supersede(declaration_id: uuid.UUID) -> None:
    """What was odd about an earlier version, or a package that was taken back, is no signal any more."""
    query = sa.select(Anomaly).where(Anomaly.declaration_id == declaration_id, Anomaly._status != "superseded")
    steps = [
        anomaly_lifecycle.LIFECYCLE.step(
            row, "supersede", by=SYSTEM, declaration=str(row.declaration_id), version=row.version
        )
        for row in session().scalars(query)
    ]
    if steps:
        record_all(steps, by=SYSTEM)


# --- what is read -----------------------------------------------------------------------------------------------------


def _counted(keys: set[uuid.UUID]) -> dict[uuid.UUID, Counted]:
    query = sa.select(Counted).where(Counted.declaration_id.in_(keys))
    return {row.declaration_id: row for row in session().scalars(query)}


def _versions(wanted: Iterable[Place]) -> dict[Place, tuple[Taken, str]]:
    """The versions as they are counted, with the agencies that have a lane; what has no owner is not counted."""
    places = sorted(wanted)
    if not places:
        return {}
    query = (
        sa.select(Version, Declaration)
        .join(Declaration, Declaration.id == Version.declaration_id)
        .where(sa.tuple_(Version.declaration_id, Version.number).in_(places))
        .options(undefer(Version.canonical), undefer(Version.outcome))
    )
    found: dict[Place, tuple[Taken, str]] = {}
    for version, declaration in session().execute(query):
        if declaration.owner_id is not None and declaration.registered_at is not None:
            found[version.declaration_id, version.number] = (taken_of(version, declaration), agencies_of(version))
        session().expunge(version)
    return found


def taken_of(version: Version, declaration: Declaration) -> Taken:
    """Return a version as it is counted. Its package has an owner and is registered."""
    package = to_package(markup.read(version.canonical))
    assert declaration.owner_id is not None
    assert declaration.registered_at is not None
    return Taken(
        declaration.id, version.number, declaration.owner_id, declaration.registered_at, declaration.office_code,
        package.direction, past.partner_of(package), peers.figures_of(package),
    )  # fmt: skip


def agencies_of(version: Version) -> str:
    """Return the agencies with a lane of a version, between blanks; customs among them in any case."""
    lanes = {str(lane["agency"]) for lane in version.outcome.get("lanes", ())}
    return f" {' '.join(sorted(lanes | {CUSTOMS}))} "[:400]


# --- from the beginning -----------------------------------------------------------------------------------------------


def forget() -> None:
    """Empty what was counted: the first step of ``flask risk rebuild``. Anomalies stay, for each says what it rested on."""
    reading.take_turn(READER)
    for model in (PeerCell, TraderPast, PostDay, Counted):
        session().execute(sa.delete(model))


def recount(after: uuid.UUID | None, *, limit: int = BATCH) -> tuple[uuid.UUID | None, int]:
    """Count the next packages from what is stored of them, in the order of their keys; returns the last (None at the end)
    and how many were counted.

    One transaction of the caller; what the reader counted meanwhile is not counted again.
    """
    reading.take_turn(READER)
    query = sa.select(Declaration.id, Declaration.version, Declaration._status).where(
        Declaration.registered_at.is_not(None), Declaration.version > 0
    )
    if after is not None:
        query = query.where(Declaration.id > after)
    rows = session().execute(query.order_by(Declaration.id).limit(limit)).all()
    done = set(_counted({key for key, _version, _status in rows}))
    session().add_all(
        Counted(declaration_id=key, version=version, withdrawn=status == "withdrawn")
        for key, version, status in rows
        if key not in done
    )
    versions = _versions((key, version) for key, version, status in rows if key not in done and status != "withdrawn")
    book = Book([taken for taken, _agencies in versions.values()])
    for taken, _agencies in versions.values():
        book.count(taken, 1)
    book.close()
    return rows[-1][0] if rows else None, len(versions)
