"""The forms of inspections: what was typed, kept as typed, and read into values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from app.reviews import slots
from app.reviews.inspection_examining import DOCUMENTS, Act, Found, Order
from app.reviews.slots import Place, Slot

TEXTS = ("kind", "place", "day", "slot", "instructions")
FINDING = ("outcome", "findings", "act_type", "act_number", "act_on")
SAMPLE = ("sample_number", "sample_item", "laboratory", "expected_on")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form offers to choose a slot from: the place, the day, its slots with the seats left."""

    place: Place | None
    day: date
    listed: Sequence[Slot]


def order_of(form: MultiDict[str, str]) -> tuple[Order, dict[str, Any]]:
    """Read an order: what is meant, and what was typed."""
    typed: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    typed |= {"items": form.getlist("items"), "agencies": form.getlist("agencies")}
    looks_at_papers = typed["kind"] == DOCUMENTS
    order = Order(
        kind=typed["kind"],
        items=tuple(number for text in typed["items"] if (number := whole(text)) is not None),
        agencies=tuple(typed["agencies"]),
        instructions=typed["instructions"],
        place="" if looks_at_papers else typed["place"],
        start=None if looks_at_papers else slots.read_moment(typed["slot"]),
    )
    return order, typed


def found_of(form: MultiDict[str, str]) -> tuple[Found, dict[str, Any]]:
    """Read a finding: what is meant, and what was typed."""
    typed: dict[str, Any] = {name: form.get(name, "") for name in FINDING} | {"against": form.getlist("against")}
    act = Act(typed["act_type"].strip(), typed["act_number"], read_day(typed["act_on"]))
    against = tuple(number for text in typed["against"] if (number := whole(text)) is not None)
    return Found(typed["outcome"], typed["findings"], against, act), typed


def slots_offered(place: Place | None, day: date, taken: Mapping[datetime, int], now: datetime) -> Choice:
    """Return the slots of a day that can still be taken or are full, for a form."""
    listed = [slot for slot in slots.slots_on(place, day, taken) if slots.can_be_taken(slot, now)] if place else []
    return Choice(place, day, listed)


def first_day(place: Place | None, now: datetime) -> date:
    """Return the first day on which the place has a slot that has not begun: where a form starts."""
    today = now.astimezone(slots.MINSK).date()
    free = slots.next_free(place, {}, now, 1) if place else []
    return free[0].from_at.astimezone(slots.MINSK).date() if free else today + timedelta(days=1)


def read_day(text: str) -> date | None:
    """Read a day as 22.11.2026 or 2026-11-22; None for anything else."""
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text.strip(), shape).date()
        except ValueError:
            continue
        return found if 2000 < found.year < 2100 else None
    return None


def whole(text: str) -> int | None:
    """Read a number of a goods item; None for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
