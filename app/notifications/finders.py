"""Reads of notices: one's own list, one notice, and how many are unread."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.access import Actor
from app.database import session
from app.errors import NotFound
from app.identity.models import Organisation
from app.notifications.models import Notice, NoticeCount
from app.web import Page

PAGE = 25


def list_notices(actor: Actor, cursor: str | None = None) -> Page[Notice]:
    """Return a page of a person's notices, newest first; one walk along their index."""
    query = sa.select(Notice).where(Notice.person_id == actor.person_id, Notice.shown)
    if cursor and cursor.isdecimal() and len(cursor) < 19:
        query = query.where(Notice.entry_position < int(cursor))
    rows = session().scalars(query.order_by(Notice.entry_position.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].entry_position) if len(rows) > PAGE else None)


def get_notice(notice_id: uuid.UUID, *, actor: Actor) -> Notice:
    """Return one of a person's own notices. Raises NotFound: not there and somebody else's look alike."""
    found = session().get(Notice, notice_id)
    if found is None or found.person_id != actor.person_id or not found.shown:
        raise NotFound()
    return found


def count_unread(person_id: uuid.UUID) -> int:
    """Return how many notices a person has not read: one look-up by key, nothing is counted."""
    return session().scalar(sa.select(NoticeCount.unread).where(NoticeCount.person_id == person_id)) or 0


def find_houses(notices: Sequence[Notice]) -> dict[uuid.UUID, str]:
    """Return the names of the organisations that some notices are for."""
    keys = {one.organisation_id for one in notices}
    query = sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    return {key: name for key, name in session().execute(query)} if keys else {}
