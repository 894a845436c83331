"""Loading reference data: repeatable, and no live row is ever edited.

What the files no longer say is ended today; what they say differently is ended and added anew; what they say for the
first time is added. A load that changes anything makes a new edition with the hash of the whole content.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.access import SYSTEM
from app.database import session as current
from app.ledger.recording import record
from app.requirements import compiling, models, packaged, rows
from app.requirements.rows import AnyRow, EditionRows

TABLES: dict[str, tuple[type[Any], type[Any], tuple[str, ...]]] = {
    "agencies": (models.Agency, rows.AgencyRow, ("code",)),
    "measures": (models.Measure, rows.MeasureRow, ("code",)),
    "document_types": (models.DocumentType, rows.DocumentTypeRow, ("code",)),
    "item_flags": (models.ItemFlag, rows.ItemFlagRow, ("code",)),
    "country_groups": (models.CountryGroup, rows.CountryGroupRow, ("group", "country")),
    "goods_codes": (models.GoodsCode, rows.GoodsCodeRow, ("code",)),
    "codes": (models.CodeListEntry, rows.CodeRow, ("code_list", "code")),
    "offices": (models.CustomsOffice, rows.OfficeRow, ("code",)),
}
"""Part of an edition: its model, its row, and what names a row within it."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """What one load did to one table."""

    table: str
    added: int
    ended: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one load did. ``edition`` and ``hash`` name the content after it; ``new`` says whether it changed."""

    tables: tuple[TableReport, ...]
    edition: int
    hash: str
    new: bool


def load(session: Session, source: EditionRows | None = None, *, on: date | None = None) -> Report:
    """Bring the database to what the files (or ``source``) say, as of today (or ``on``). Does not commit."""
    day, said = on or clock.today(), source or packaged.edition_rows()
    reports = tuple(_load_table(session, name, getattr(said, name), day) for name in TABLES)
    session.flush()
    edition, new = record_edition(session)
    return Report(reports, edition.number, edition.hash, new)


def publish() -> Report:
    """Load into the current transaction and record a new edition in the ledger; what commands and set-up call."""
    report = load(current())
    if report.new:
        totals = {
            kind: sum(getattr(table, kind) for table in report.tables) for kind in ("added", "ended", "unchanged")
        }
        held = current().scalars(sa.select(models.Edition).where(models.Edition.number == report.edition)).one()
        record("reference.loaded", "edition", held.id, by=SYSTEM, edition=report.hash, **totals)
    return report


def record_edition(session: Session, *, at: datetime | None = None) -> tuple[models.Edition, bool]:
    """Return the edition of what the database holds now, and whether it is a new one. Call it after any change."""
    digest = compiling.edition_hash(read(session))
    latest = session.scalar(sa.select(models.Edition).order_by(models.Edition.number.desc()).limit(1))
    if latest is not None and latest.hash == digest:
        return latest, False
    edition = models.Edition(number=(latest.number if latest else 0) + 1, hash=digest, loaded_at=at or clock.now())
    session.add(edition)
    session.flush()
    return edition, True


def read(session: Session) -> EditionRows:
    """Return everything an edition is compiled from, live and ended rows alike, as the database holds it."""
    parts: dict[str, Any] = {name: tuple(_rows(session, name)) for name in TABLES}
    return EditionRows(**parts, texts=packaged.beside())


def _rows(session: Session, name: str) -> Iterable[AnyRow]:
    model, kind, _ = TABLES[name]
    names = [part.name for part in fields(kind)]
    # Columns, not objects: 8,000 rows need no identity map.
    for values in session.execute(sa.select(*(getattr(model, name) for name in names))):
        yield kind(**dict(zip(names, values, strict=True)))


def _load_table(session: Session, name: str, said: Iterable[AnyRow], day: date) -> TableReport:
    model, kind, key = TABLES[name]
    names = [part.name for part in fields(kind)]
    held: dict[tuple[Any, ...], list[tuple[Any, AnyRow]]] = defaultdict(list)
    for row in session.execute(sa.select(model.id, *(getattr(model, name) for name in names))):
        value = kind(**dict(zip(names, row[1:], strict=True)))
        held[tuple(getattr(value, part) for part in key)].append((row[0], value))
    counts, added = Counter[str](), []
    for value in said:
        entries = held.get(tuple(getattr(value, part) for part in key), [])
        same = next((entry for entry in entries if _same(entry[1], value)), None)
        if same is not None:
            entries.remove(same)
            _end_as_said(session, model, same, value, counts)
            continue
        added.append(_begin(value, entries, day))
    for entries in held.values():
        for identity, value in entries:
            _end(session, model, identity, value, day, counts)
    if added:
        session.execute(sa.insert(model), [asdict(value) for value in added])
    return TableReport(name, len(added), counts["ended"], counts["unchanged"])


def _same(held: AnyRow, said: AnyRow) -> bool:
    """Whether two rows say the same apart from their dates, and the held one is not ended otherwise than the said
    one.
    """
    if replace(held, valid_from=said.valid_from, valid_to=said.valid_to) != said:
        return False
    return held.valid_to in (None, said.valid_to)


def _end_as_said(
    session: Session, model: type[Any], held: tuple[Any, AnyRow], said: AnyRow, counts: Counter[str]
) -> None:
    """An end published later is the one thing a live row learns: it is ended, not edited."""
    identity, value = held
    if value.valid_to == said.valid_to:
        counts["unchanged"] += 1
        return
    session.execute(sa.update(model).where(model.id == identity).values(valid_to=said.valid_to))
    counts["ended"] += 1


def _begin(said: AnyRow, held: list[tuple[Any, AnyRow]], day: date) -> AnyRow:
    """A row said for the first time holds from its own day; one that replaces another holds from today at the
    earliest.
    """
    return replace(said, valid_from=max(said.valid_from, day)) if held else said


def _end(session: Session, model: type[Any], identity: Any, value: AnyRow, day: date, counts: Counter[str]) -> None:
    """End what the files no longer say. What is over stays as it was; what has not begun yet ends before it begins."""
    if value.valid_to is not None and value.valid_to <= max(day, value.valid_from):
        counts["unchanged"] += 1
        return
    session.execute(sa.update(model).where(model.id == identity).values(valid_to=max(day, value.valid_from)))
    counts["ended"] += 1
