"""Who has looked at a package: files that were opened, hidden fields that were shown, readings of the auditor.

Officers are shown by name to the auditor; the trader is told the agency and the post.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.access import Actor
from app.database import session
from app.declarations.finders import list_attachments
from app.errors import Text
from app.identity.models import Membership, Organisation, Person
from app.ledger.models import Entry
from app.reviews import needs
from app.reviews.seeing_models import Unmasking

READS = ("document.read", "declaration.read", "receipt.read", "declaration.unmasked")
MOST = 300
"""Readings on one page: the newest."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: when, of what (``document.read`` with the file's name, ``declaration.unmasked`` with groups), by whom.

    ``agency`` is a code, "" for the auditor; ``name`` and ``words`` are empty for the trader.
    """

    at: datetime
    event: str
    file: str
    groups: Sequence[str]
    reason: Text | None
    words: str
    agency: str
    kind: str
    post: str
    name: str


def list_readings(declaration_id: uuid.UUID, *, actor: Actor) -> list[Reading]:
    """Return who has looked at a package, the newest first; whoever calls has asked the package's policy. Four statements."""
    entries = _entries(declaration_id)
    posts = _posts({entry.person_id for entry in entries if entry.person_id})
    files = {one.sha256: one.file_name for one in list_attachments(declaration_id, dropped=True)}
    opened = {(row.review_id, row.person_id, row.at): row for row in _unmaskings(declaration_id)}
    return [_reading(entry, posts, files, opened, named=actor.kind == "auditor") for entry in entries]


def _entries(declaration_id: uuid.UUID) -> Sequence[Entry]:
    query = sa.select(Entry).where(Entry.declaration_id == declaration_id, Entry.event.in_(READS))
    return session().scalars(query.order_by(Entry.position.desc()).limit(MOST)).all()


def _unmaskings(declaration_id: uuid.UUID) -> Sequence[Unmasking]:
    return session().scalars(sa.select(Unmasking).where(Unmasking.declaration_id == declaration_id)).all()


Posts = Mapping[tuple[Any, Any], tuple[str, str, str, str]]


def _posts(people: set[uuid.UUID]) -> Posts:
    """Agency, kind of house, post and name by person and organisation."""
    if not people:
        return {}
    query = (
        sa.select(
            Membership.person_id, Membership.organisation_id, Organisation.agency, Organisation.kind, Membership.post,
            Person.full_name,
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id.in_(people))
        .order_by(Membership.valid_from)
    )  # fmt: skip
    return {(row[0], row[1]): (row[2] or "", row[3], row[4], row[5]) for row in session().execute(query)}


def _reading(
    entry: Entry, posts: Posts, files: Mapping[str, str], opened: Mapping[Any, Unmasking], *, named: bool
) -> Reading:
    agency, kind, post, name = posts.get((entry.person_id, entry.organisation_id), ("", "", "", ""))
    row = _row_of(entry, opened) if entry.event == "declaration.unmasked" else None
    reason = needs.find_reason(row.reason_code) if row else None
    sha256 = str(entry.payload.get("sha256", ""))
    return Reading(
        at=entry.at,
        event=entry.event,
        file=files.get(sha256, sha256[:12]),
        groups=entry.payload.get("fields", ()),
        reason=reason.text if reason else None,
        words=row.reason if row and named else "",
        agency=agency,
        kind=kind,
        post=post,
        name=name if named else "",
    )


def _row_of(entry: Entry, opened: Mapping[Any, Unmasking]) -> Unmasking | None:
    """The row behind an entry: the nearest in time of the same officer on the same case."""
    review, same = str(entry.payload.get("review", "")), list(opened.values())
    near = [row for row in same if str(row.review_id) == review and row.person_id == entry.person_id]
    return min(near, key=lambda row: abs(row.at - entry.at), default=None)
