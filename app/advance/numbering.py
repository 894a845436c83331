"""Numbers of advance information: ``BY/DDMMYY/NNNNNNNNN`` (EEC Board Decision 52/2018), rising without gaps; receipts."""

from __future__ import annotations

import re
import secrets
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.advance.models import AdvanceCounter
from app.database import session

PATTERN = re.compile(r"BY/\d{6}/\d{9}")
"""How a number of this window looks."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def next_number(on: date) -> str:
    """Return the next number of a day. Takes the row of the day until commit: call it as late as can be."""
    statement = _counting(session().get_bind().dialect.name)
    serial = session().execute(statement, {"day": on, "last": 1}).scalar_one()
    return f"BY/{on:%d%m%y}/{serial:09d}"


@cache
def _counting(engine: str) -> Any:
    table: Any = AdvanceCounter.__table__
    insert: Any = postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_update(index_elements=["day"], set_={"last": AdvanceCounter.last + 1}).returning(
        sa.literal_column("last")
    )


def receipt_number(on: date) -> str:
    """Return a receipt number such as ``P-221126-7K2M9QX4TB``: unique, not guessable, readable aloud."""
    return f"P-{on:%d%m%y}-" + "".join(secrets.choice(_ALPHABET) for _ in range(10))
