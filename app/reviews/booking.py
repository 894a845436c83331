"""Seats of a slot: the key of a row makes two inspections on one seat impossible, whoever comes first."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import session
from app.errors import Conflict, Fault
from app.reviews import inspection_examining, slots
from app.reviews.inspection_models import Booking
from app.reviews.slots import Place
from app.shell import t
from app.turns import take_turn


@dataclass
class SlotTaken(Conflict):
    """The last seat of the slot was taken meanwhile; ``facts["free"]`` holds the next free slots."""

    fault: Fault | None = None


def take(place: Place, start: datetime, inspection_id: uuid.UUID) -> None:
    """Take a seat for an inspection, giving up the one it had. Raises SlotTaken with the next free slots."""
    held = session().scalar(sa.select(Booking).where(Booking.inspection_id == inspection_id))
    if held is not None and (held.place_code, held.slot_from) == (place.code, start):
        return
    # Two that swap places with one another must not wait for each other: whoever changes a seat has the turn of both places,
    # taken in one order.
    for code in sorted({place.code, held.place_code} if held else ()):
        take_turn("places", code)
    give_up(inspection_id)
    engine = session().get_bind().dialect.name
    insert: Any = postgresql.insert if engine == "postgresql" else sqlite.insert
    for seat in range(place.capacity):
        row = {"place_code": place.code, "slot_from": start, "seat": seat, "inspection_id": inspection_id}
        # PostgreSQL waits here for another transaction that is taking this very seat, and then goes on to the next.
        taking = insert(Booking.__table__).values(row).on_conflict_do_nothing().returning(Booking.__table__.c.seat)
        if session().execute(taking).first() is not None:
            return
    raise _taken(place, start)


def give_up(inspection_id: uuid.UUID) -> None:
    """Free the seat of an inspection; nothing happens when it has none."""
    session().execute(sa.delete(Booking).where(Booking.inspection_id == inspection_id))


def count_taken(place_code: str, from_at: datetime, to_at: datetime) -> Mapping[datetime, int]:
    """Return how many seats are taken in each slot of a place that begins from ``from_at`` to before ``to_at``."""
    query = (
        sa.select(Booking.slot_from, sa.func.count())
        .where(Booking.place_code == place_code, Booking.slot_from >= from_at, Booking.slot_from < to_at)
        .group_by(Booking.slot_from)
    )
    return {start: count for start, count in session().execute(query)}


def next_free(place: Place, count: int = slots.NEXT) -> Sequence[slots.Slot]:
    """Return the next free slots of a place."""
    now = clock.now()
    taken = count_taken(place.code, now, now + slots.FURTHEST + timedelta(days=1))
    return slots.next_free(place, taken, now, count)


def _taken(place: Place, start: datetime) -> SlotTaken:
    free = next_free(place)
    fault = inspection_examining.slot_taken(place, start, free)
    said = LazyString(lambda: f"{t(fault.message)} {t(fault.remedy)}")
    return SlotTaken(said, {"free": [slot.key for slot in free]}, fault)
