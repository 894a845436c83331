"""Removing rows with everything that hangs on them, as the foreign keys say; the ledger hangs on nothing."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from app.database import Base, session


def remove(table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    """Delete the rows of a table and whatever belongs to them, deepest first; what only points at them and can do without
    (a nullable key: a receipt, a copy) is let go and stays. Returns how many rows of the table itself went."""
    for child in Base.metadata.sorted_tables:
        for key in child.foreign_keys:
            if key.column.table is table:
                _part(child, key, which)
    gone = session().execute(sa.delete(table).where(which))
    return cast("sa.CursorResult[Any]", gone).rowcount


def _part(child: sa.Table, key: sa.ForeignKey, which: sa.ColumnElement[bool]) -> None:
    # The keys are read first: an inner query over the table that is written would see what the outer one writes.
    gone = session().scalars(sa.select(key.column).where(which)).all()
    points = key.parent.in_(gone)
    if key.parent.nullable:
        session().execute(sa.update(child).where(points).values({key.parent.name: None}))
    elif gone:
        remove(child, points)
