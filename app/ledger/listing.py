"""The record as the auditor reads it: filtered, newest first, a page at a time, each entry with its place in the log."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.access import Actor
from app.database import session
from app.errors import NotFound
from app.ledger import log_words
from app.ledger.events import EVENTS
from app.ledger.log_models import Leaf
from app.ledger.models import Entry
from app.web import Page

PAGE = 50
LARGEST = 2**63 - 1
_DECLARATIONS = sa.table("declarations", sa.column("id", sa.Uuid()), sa.column("number"))
"""Of a package this room knows the number alone."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for, as typed; ``wrong`` says for each field what cannot be read."""

    package: str = ""
    subject: str = ""
    event: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """Read the address of a page."""
        return cls(*(given.get(name, "").strip()[:80] for name in ("package", "subject", "event")))

    def query(self) -> dict[str, str]:
        """The same for an address."""
        return {name: getattr(self, name) for name in ("package", "subject", "event") if getattr(self, name)}

    @property
    def subject_id(self) -> uuid.UUID | None:
        """The id of a thing, None when what was typed is none."""
        try:
            return uuid.UUID(self.subject)
        except ValueError:
            return None

    @property
    def wrong(self) -> dict[str, str]:
        """What cannot be read, field by field."""
        found = {}
        if self.subject and self.subject_id is None:
            found["subject"] = _("An id has 32 letters a to f and digits. Copy it from an entry of the list.")
        if self.event and self.event not in EVENTS:
            found["event"] = _("There is no such event. Choose one of the list.")
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its place in the log (None: not sealed yet) and the number of its package."""

    entry: Entry
    index: int | None
    number: str | None

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the entry says: who did it (a random id), then its payload by name."""
        by = {"by": str(self.entry.person_id)} if self.entry.person_id else {}
        return log_words.said(by | dict(sorted(self.entry.payload.items())))


def list_page(filters: Filters, cursor: str | None, *, actor: Actor) -> Page[Line]:
    """Return a page of the record; one statement. Whoever calls has asked the policy: the auditor reads everything."""
    if filters.wrong:
        return Page([])
    query = sa.select(Entry, Leaf.leaf_index, _DECLARATIONS.c.number)
    query = query.outerjoin(Leaf, Leaf.position == Entry.position)
    query = query.outerjoin(_DECLARATIONS, _DECLARATIONS.c.id == Entry.declaration_id)
    if cursor and cursor.isascii() and cursor.isdigit():
        query = query.where(Entry.position < min(int(cursor[:20]), LARGEST))
    if filters.package:
        mine = sa.select(_DECLARATIONS.c.id).where(_DECLARATIONS.c.number == filters.package.upper())
        query = query.where(Entry.declaration_id == mine.scalar_subquery())
    if filters.subject:
        query = query.where(Entry.subject_id == filters.subject_id)
    if filters.event:
        query = query.where(Entry.event == filters.event)
    rows = [Line(*row) for row in session().execute(query.order_by(Entry.position.desc()).limit(PAGE + 1))]
    following = str(rows[PAGE - 1].entry.position) if len(rows) > PAGE else None
    return Page(rows[:PAGE], following)


def get_entry(position: int, *, actor: Actor) -> Entry:
    """Return an entry. Raises NotFound. Whoever may read the record reads every entry; the policy is asked by the guard."""
    found = session().get(Entry, position) if position <= LARGEST else None
    if found is None:
        raise NotFound(f"entry {position}")
    return found
