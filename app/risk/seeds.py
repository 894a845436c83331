"""The daily seeds of the lots: made and promised in the ledger before their day, told when the day is over.

The worker makes them two days ahead. Where it has not run, the first filing of a day makes the day's own: the entry then says
by its time that the promise was late.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import SYSTEM
from app.database import session
from app.jobs import registry
from app.ledger.recording import Happening, record_all
from app.risk import drawing_lots
from app.risk.assessment_models import DrawSeed

AHEAD = 2
"""Days for which the worker has promised a seed beforehand."""
_SEEDS = uuid.UUID("5f7f6f2e-7d7a-4f0f-9b1c-6e1d0f4c2a10")
"""The name space of the days' ids in the ledger."""


def seed_of(day: date) -> str:
    """Return the seed of a day, made now where nobody has made it. One statement."""
    seed = session().scalar(sa.select(DrawSeed.seed).where(DrawSeed.day == day))
    return seed if seed is not None else _made(day)


def _made(day: date) -> str:
    """Make the seed of a day unless another filing has, and promise it; return the one that holds."""
    seed = drawing_lots.new_seed()
    row = {
        "day": day, "seed": seed, "commitment": drawing_lots.commitment(seed), "committed_at": clock.now(),
        "revealed_at": None,
    }  # fmt: skip
    made = session().execute(_making(session().get_bind().dialect.name), row).scalar()
    if made is None:
        return session().scalars(sa.select(DrawSeed.seed).where(DrawSeed.day == day)).one()
    told = Happening("draws.committed", "draws", day_id(day), {"day": day.isoformat(), "commitment": row["commitment"]})
    record_all([told], by=SYSTEM)
    return seed


@cache
def _making(engine: str) -> Any:
    insert = postgresql.insert if engine == "postgresql" else sqlite.insert
    return insert(DrawSeed.__table__).on_conflict_do_nothing().returning(sa.literal_column("seed"))  # type: ignore[arg-type]


def day_id(day: date) -> uuid.UUID:
    """Return the id under which the ledger tells of a day's draws."""
    return uuid.uuid5(_SEEDS, day.isoformat())


def list_due() -> Sequence[str]:
    """Return the days (ISO) whose seed is to be promised or told now."""
    today = clock.today()
    wanted = {today + timedelta(days=number) for number in range(AHEAD + 1)}
    rows = session().execute(
        sa.select(DrawSeed.day, DrawSeed.revealed_at).where(
            sa.or_(DrawSeed.day >= today, DrawSeed.revealed_at.is_(None))
        )
    )
    there = {row.day: row.revealed_at for row in rows}
    over = {day for day, revealed in there.items() if day < today and revealed is None}
    return [day.isoformat() for day in sorted((wanted - there.keys()) | over)]


def act(text: str) -> None:
    """Promise the seed of a day, or tell it once the day is over; safe to repeat."""
    day = date.fromisoformat(text)
    if day >= clock.today():
        seed_of(day)
        return
    row = session().get(DrawSeed, day, with_for_update=True, populate_existing=True)
    if row is None or row.revealed_at is not None:
        return
    row.revealed_at = clock.now()
    payload = {"day": text, "commitment": row.commitment, "seed": row.seed}
    record_all([Happening("draws.revealed", "draws", day_id(day), payload)], by=SYSTEM)


registry.watch("risk.seeds", list_due, act)
