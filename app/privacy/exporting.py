"""Exporting: everything that is held about a person, as data and as a page to read, made by a job and there for a day."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock, rendering
from app.access import SYSTEM, Actor, require
from app.database import session
from app.errors import NotFound
from app.identity.models import Person
from app.jobs import registry
from app.jobs.registry import Step
from app.ledger.models import Entry
from app.ledger.recording import record
from app.privacy import policy
from app.privacy.models import PersonExport
from app.privacy.tables import Place, places, table_of

KEPT = timedelta(days=1)
MOST = 5000
"""Rows of one table in an export; the newest, and it says so."""
JOB = "privacy.export"
_SECRET = ("_hash", "_digest")
_NOT_THEIRS = {
    "sealed", "challenge", "public_key", "credential_id", "content", "draft_xml", "canonical", "outcome", "lane", "card",
    "clock", "facts", "leaf", "goods_summary", "faults", "draft_notes",
}  # fmt: skip
"""Secrets, and what says much of goods and nothing of a person."""


def ask(*, by: Actor) -> PersonExport:
    """Ask for an export of oneself; one that is there or on its way is the answer again. Raises NotAllowed."""
    require(policy.export_oneself, by)
    now = clock.now()
    found = session().scalar(
        sa.select(PersonExport).where(PersonExport.person_id == by.person_id, PersonExport.expires_at > now).limit(1)
    )
    if found is not None:
        return found
    row = PersonExport(person_id=by.person_id, asked_at=now, expires_at=now + KEPT)
    session().add(row)
    session().flush()
    current_app.extensions["akno.jobs"].enqueue(JOB, str(row.id), key=f"export-{row.id}")
    return row


def list_exports(actor: Actor) -> Sequence[PersonExport]:
    """Return a person's own exports that are still there, the newest first."""
    query = sa.select(PersonExport).where(
        PersonExport.person_id == actor.person_id, PersonExport.expires_at > clock.now()
    )
    return session().scalars(query.order_by(PersonExport.asked_at.desc())).all()


def get_export(export_id: uuid.UUID, *, actor: Actor) -> PersonExport:
    """Return a person's own export with its content. Raises NotFound for another's, one that is gone or not made yet."""
    query = sa.select(PersonExport).where(
        PersonExport.id == export_id, PersonExport.person_id == actor.person_id, PersonExport.expires_at > clock.now()
    )
    found = session().scalar(query.options(sa.orm.undefer(PersonExport.content)))
    if found is None or found.content is None:
        raise NotFound()
    return found


# --- the job ------------------------------------------------------------------------------------------------------


def draw(export_id: str) -> tuple[str, bytes] | None:
    """Gather and pack; reads only. None when the asking is gone."""
    row = session().get(PersonExport, uuid.UUID(export_id))
    person = session().get(Person, row.person_id) if row is not None else None
    if row is None or person is None:
        return None
    return export_id, pack(gather(person), clock.now())


def keep(drawn: tuple[str, bytes] | None) -> None:
    """Put the packed export beside its asking and record that it was made. Safe to repeat."""
    row = session().get(PersonExport, uuid.UUID(drawn[0]), with_for_update=True) if drawn is not None else None
    if row is None or drawn is None or row.made_at is not None:
        return
    row.content, row.made_at = drawn[1], clock.now()
    record("person.exported", "person", row.person_id, by=SYSTEM)


registry.register(JOB, Step(draw, writing=False), Step(keep))


def gather(person: Person) -> list[dict[str, Any]]:
    """Return every part of what is held: {table, column, title, rows, more}; the account first, the ledger last."""
    account = sa.select(Person.__table__).where(Person.id == person.id)
    found = [_part("people", "id", {"be": "Уліковы запіс", "ru": "Учётная запись", "en": "Account"}, account)]
    for place in places():
        table = table_of(place.table)
        query = sa.select(table).where(table.c[place.column] == person.id)
        keys = [column.desc() for column in table.primary_key.columns]
        found.append(_part(place.table, place.column, place.title, query.order_by(*keys), but=_of_others(place)))
    acts = sa.select(Entry.at, Entry.event, Entry.subject, Entry.subject_id, Entry.payload)
    acts = acts.where(Entry.person_id == person.id).order_by(Entry.position.desc())
    title = {"be": "Журнал: што зроблена", "ru": "Журнал: что сделано", "en": "The record: what was done"}
    found.append(_part("ledger_entries", "person_id", title, acts))
    return found


def _of_others(place: Place) -> frozenset[str]:
    """The words of a row that were copied from somebody else who stands in it; one's own stand under one's own column."""
    beside = (other for other in places() if other.table == place.table and other.column != place.column)
    return frozenset(name for other in beside for name in other.columns) - frozenset(place.columns)


def _part(
    table: str, column: str, title: Mapping[str, str], query: sa.Select[Any], *, but: frozenset[str] = frozenset()
) -> dict[str, Any]:
    rows = session().execute(query.limit(MOST + 1)).mappings().all()
    told = [
        {name: plain(value) for name, value in row.items() if _told(name) and name not in but} for row in rows[:MOST]
    ]
    return {"table": table, "column": column, "title": dict(title), "rows": told, "more": len(rows) > MOST}


def _told(name: str) -> bool:
    return name not in _NOT_THEIRS and not name.endswith(_SECRET)


def plain(value: Any) -> Any:
    """Return a value of the database as JSON can say it; bytes are not told."""
    if isinstance(value, bytes | memoryview):
        return None
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def pack(parts: Sequence[Mapping[str, Any]], at: datetime) -> bytes:
    """Return the ZIP: ``data.json`` and ``index.html``, the same in both. Pure but for the template."""
    page = rendering.render("paper/person.html", parts=list(_shown(parts)), at=at.astimezone(clock.MINSK))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "data.json", json.dumps({"made_at": at.isoformat(), "parts": parts}, ensure_ascii=False, indent=1)
        )
        archive.writestr("index.html", page)
    return buffer.getvalue()


def _shown(parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        rows = part["rows"]
        yield {**part, "headings": list(rows[0]) if rows else [], "shown": [list(row.values()) for row in rows]}
