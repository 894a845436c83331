"""Reading notices: one, or all at once. The count of unread ones moves with them, never twice for the same notice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import NotFound
from app.notifications import policy
from app.notifications.models import Notice, NoticeCount


def read(notice: Notice, *, by: Actor) -> Notice:
    """Mark a notice of one's own as read; a second time changes nothing. Raises NotAllowed, NotFound for another's."""
    require(policy.have_notices, by)
    if notice.person_id != by.person_id:
        raise NotFound()
    _mark(Notice.id == notice.id, by)
    return notice


def read_all(*, by: Actor) -> int:
    """Mark all of one's notices as read; returns how many were not. Raises NotAllowed."""
    require(policy.have_notices, by)
    return _mark(sa.true(), by)


def _mark(which: sa.ColumnElement[bool], by: Actor) -> int:
    query = (
        sa.update(Notice)
        .where(Notice.person_id == by.person_id, Notice.shown, Notice.read_at.is_(None), which)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    number = cast("sa.CursorResult[Any]", session().execute(query)).rowcount
    if number and by.person_id is not None:
        count({by.person_id: -number})
    return number


def count(more: Mapping[uuid.UUID, int]) -> None:
    """Add to the counts of unread notices; always in the order of the people, so that two never wait for each other."""
    for person_id, number in sorted(more.items()):
        session().execute(_counting(), {"person_id": person_id, "unread": number})


def _counting() -> Any:
    """One statement on both engines: insert, or add to what is there."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(NoticeCount)
    total = NoticeCount.unread + new.excluded.unread
    return new.on_conflict_do_update(index_elements=[NoticeCount.person_id], set_={"unread": total})
