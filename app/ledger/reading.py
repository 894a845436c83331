"""Reading by cursor: entries in batches, none twice, none lost.

On PostgreSQL position 2 can be committed before position 1, also by an older transaction (the cursor trap,
dependencies.md section 0). So a reader goes by transaction, then position, and only through transactions below the
oldest open one: nothing can appear there any more. On SQLite, with one writer, that is the order of positions.

Transaction ids belong to one cluster: a database restored into another one starts its readers anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, load_only

from app.database import session
from app.ledger.models import Cursor, Entry


def read(reader: str, *, limit: int = 200, only: Sequence[InstrumentedAttribute[Any]] = ()) -> Sequence[Entry]:
    """Return the next entries this reader has not seen, at most ``limit``; moves nothing.

    ``only``: the columns that the reader looks at beside the place, all of them when left out.
    """
    seen = session().execute(
        sa.select(Cursor.transaction_id, Cursor.position).where(Cursor.reader == reader)
    ).one_or_none() or (0, 0)
    place = sa.tuple_(Entry.transaction_id, Entry.position)
    columns = [load_only(Entry.position, Entry.transaction_id, *only)] if only else []
    query = sa.select(Entry).options(*columns).where(place > sa.tuple_(sa.literal(seen[0]), sa.literal(seen[1])))
    if session().get_bind().dialect.name == "postgresql":
        horizon = sa.text("(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)")
        query = query.where(Entry.transaction_id < horizon)
    return session().scalars(query.order_by(Entry.transaction_id, Entry.position).limit(limit)).all()


def take_turn(reader: str) -> None:
    """Let no other process read as this reader until the caller's transaction ends: for one whose own rows must stand in
    the order of commit. On SQLite the one writer has the turn already."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(Cursor).values(reader=reader, transaction_id=0, position=0).on_conflict_do_nothing()
    session().execute(first)
    session().get(Cursor, reader, with_for_update=True, populate_existing=True)


def advance(reader: str, last: Entry) -> None:
    """Remember that the reader has read up to an entry, in the transaction of what it did with the entries."""
    cursor = session().get(Cursor, reader, with_for_update=True, populate_existing=True)
    if cursor is None:
        session().add(Cursor(reader=reader, transaction_id=last.transaction_id, position=last.position))
    elif (cursor.transaction_id, cursor.position) < (last.transaction_id, last.position):
        cursor.transaction_id, cursor.position = last.transaction_id, last.position
    session().flush()
