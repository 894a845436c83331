"""Numbers of accreditations: ``BY/AEO1/2026/00017``, rising without gaps within kind, type and year."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.database import session
from app.traders.models import AccreditationCounter


def next_number(prefix: str, year: int) -> str:
    """Return the next number; ``prefix`` is that of the kind with its type.

    Takes the row of prefix and year until commit: call it as late as can be.
    """
    statement = _counting(session().get_bind().dialect.name)
    serial = session().execute(statement, {"prefix": prefix, "year": year, "last": 1}).scalar_one()
    return f"BY/{prefix}/{year}/{serial:05d}"


@cache
def _counting(engine: str) -> Any:
    insert = postgresql.insert if engine == "postgresql" else sqlite.insert
    return (
        insert(AccreditationCounter.__table__)  # type: ignore[arg-type]
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": AccreditationCounter.last + 1})
        .returning(sa.literal_column("last"))
    )
