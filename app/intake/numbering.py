"""Numbers: registration numbers that rise without gaps, receipt numbers that are merely unique."""

from __future__ import annotations

import secrets
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.database import session
from app.declarations.models import NumberCounter

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def next_registration_number(office_code: str, on: date) -> str:
    """Return ``OOOOOOOO/DDMMYY/NNNNNNN`` (office, date, serial; domain.md section 4).

    Takes the row of office and day until commit, so that numbers are gapless: call it as late as can be.
    """
    statement = _counting(session().get_bind().dialect.name)
    serial = session().execute(statement, {"office_code": office_code, "day": on, "last": 1}).scalar_one()
    return f"{office_code}/{on:%d%m%y}/{serial:07d}"


@cache
def _counting(engine: str) -> Any:
    insert = postgresql.insert if engine == "postgresql" else sqlite.insert
    return (
        insert(NumberCounter.__table__)  # type: ignore[arg-type]
        .on_conflict_do_update(index_elements=["office_code", "day"], set_={"last": NumberCounter.last + 1})
        .returning(sa.literal_column("last"))
    )


def receipt_number(on: date) -> str:
    """Return a receipt number such as ``R-221126-7K2M9QX4TB``: unique, not guessable, readable aloud."""
    return f"R-{on:%d%m%y}-" + "".join(secrets.choice(ALPHABET) for _ in range(10))
