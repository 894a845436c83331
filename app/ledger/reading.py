"""Reading by cursor: entries in order, in batches, none skipped.

On PostgreSQL position 2 can be committed before position 1 (the cursor trap, dependencies.md section 0): only entries
written below the oldest open transaction are read.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.database import session
from app.ledger.models import Cursor, Entry


def read(reader: str, *, limit: int = 200) -> Sequence[Entry]:
    """Return the next entries this reader has not seen, oldest first, at most ``limit``; moves nothing."""
    at = session().scalar(sa.select(Cursor.position).where(Cursor.reader == reader)) or 0
    query = sa.select(Entry).where(Entry.position > at).order_by(Entry.position).limit(limit)
    if session().get_bind().dialect.name == "postgresql":
        horizon = sa.text("(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)")
        query = query.where(Entry.transaction_id < horizon)
    return session().scalars(query).all()


def advance(reader: str, position: int) -> None:
    """Remember that the reader has read up to a position, in the transaction of what it did with the entries."""
    cursor = session().get(Cursor, reader, with_for_update=True)
    if cursor is None:
        session().add(Cursor(reader=reader, position=position))
    else:
        cursor.position = max(cursor.position, position)
    session().flush()
