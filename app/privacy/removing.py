"""Removing rows with everything that hangs on them, as the foreign keys say; the ledger hangs on nothing."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from app.database import Base, session


def remove(table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    """Delete the rows of a table and whatever points at them, deepest first; a row that points at one of its own kind is let go.
    Returns how many rows of the table itself went."""
    for child in Base.metadata.sorted_tables:
        for key in child.foreign_keys:
            if key.column.table is table:
                _let_go(child, key, table, which)
    gone = session().execute(sa.delete(table).where(which))
    return cast("sa.CursorResult[Any]", gone).rowcount


def _let_go(child: sa.Table, key: sa.ForeignKey, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    points = key.parent.in_(sa.select(key.column).where(which).scalar_subquery())
    if child is table:
        session().execute(sa.update(child).where(_aliased(key, table, which)).values({key.parent.name: None}))
    else:
        remove(child, points)


def _aliased(key: sa.ForeignKey, table: sa.Table, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Which rows point at a row of their own kind that goes; its keys are read first, for the inner query must not see the outer."""
    gone = session().scalars(sa.select(key.column).where(which)).all()
    return key.parent.in_(gone)
