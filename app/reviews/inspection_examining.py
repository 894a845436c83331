"""Examining what an officer says about an inspection: an order, a slot, a finding, a sample, a call. Pure.

Values in, faults out, all at once, each at its form field (which is also its id on the page).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.errors import Fault
from app.reviews import slots
from app.reviews.inspection_texts import TEXTS
from app.reviews.slots import Place

KINDS = DOCUMENTS, PHYSICAL, SAMPLING = "documents", "physical", "sampling"
SERVICES = ("canine", "police", "state-security")
OUTCOMES = FAVOURABLE, UNFAVOURABLE = "favourable", "unfavourable"
LONGEST = {
    "instructions": 2000,
    "reason": 1000,
    "findings": 4000,
    "act_number": 70,
    "sample_number": 35,
    "result": 4000,
}
"""Characters allowed in each text."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer orders. ``start`` is None where the form names no slot that can be read."""

    kind: str
    items: tuple[int, ...]
    agencies: tuple[str, ...] = ()
    instructions: str = ""
    place: str = ""
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """The act that an agency drew up: type of the classifier, number, day; the day is None where it cannot be read."""

    type: str = ""
    number: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What an agency found: outcome, the goods items that it speaks against, words, and its act."""

    outcome: str
    text: str
    against: tuple[int, ...] = ()
    act: Act = Act()


def examine_order(order: Order, *, items: Collection[int], agencies: Collection[str], now: datetime) -> list[Fault]:
    """Return every fault of an order. ``items``: those of the review; ``agencies``: those that can be asked to join."""
    found = [] if order.kind in KINDS else [fault("INSPECTION-KIND", "kind", order.kind)]
    if not order.items:
        found.append(fault("INSPECTION-ITEMS", "items"))
    found += [fault("INSPECTION-ITEM-FOREIGN", "items", str(n), n=n) for n in order.items if n not in items]
    found += [
        fault("INSPECTION-AGENCY", "agencies", code, agency=code) for code in order.agencies if code not in agencies
    ]
    found += _too_long("instructions", order.instructions)
    if order.kind in (PHYSICAL, SAMPLING):
        found += examine_slot(order.kind, order.place, order.start, now=now)
    return found


def examine_slot(kind: str, place_code: str, start: datetime | None, *, now: datetime) -> list[Fault]:
    """Return the faults of a place and slot for a kind of inspection; whether a seat is left is not asked here."""
    place = slots.find_place(place_code)
    if place is None:
        return [fault("INSPECTION-PLACE", "place", place_code)]
    if kind not in place.kinds:
        return [fault("INSPECTION-PLACE-KIND", "place", place_code)]
    if start is None:
        return [fault("SLOT-MISSING", "slot")]
    wrong = slots.wrong_with(place, start, now)
    return [_slot_fault(wrong, place, start)] if wrong else []


def examine_found(
    said: Found, *, items: Collection[int], own_act: str, acts: Collection[str], slot_on: date | None, today: date,
    unanswered: Sequence[str] = (),
) -> list[Fault]:  # fmt: skip
    """Return every fault of a finding.

    ``own_act``: the act this agency must draw up ("" for none); ``acts``: codes of the classifier; ``slot_on``: the day of
    the slot in Minsk, None for documents; ``unanswered``: numbers of its samples that the laboratory still has.
    """
    found = []
    if slot_on is not None and today < slot_on:
        found.append(fault("FINDING-EARLY", "findings", day=f"{slot_on:%d.%m.%Y}"))
    if said.outcome not in OUTCOMES:
        found.append(fault("FINDING-OUTCOME", "outcome", said.outcome))
    if said.outcome == UNFAVOURABLE and not said.against:
        found.append(fault("FINDING-ITEMS", "against"))
    if said.outcome == FAVOURABLE and unanswered:
        found.append(fault("FINDING-SAMPLE-OPEN", "outcome", samples=", ".join(unanswered)))
    found += [fault("INSPECTION-ITEM-FOREIGN", "against", str(n), n=n) for n in said.against if n not in items]
    if not said.text.strip():
        found.append(fault("FINDING-TEXT", "findings"))
    found += _too_long("findings", said.text)
    found += _act(said.act, own_act, acts, slot_on, today)
    return found


def _act(act: Act, own: str, acts: Collection[str], slot_on: date | None, today: date) -> Iterator[Fault]:
    if not act.type:
        if own:
            yield fault("ACT-TYPE-MISSING", "act_type", own=own)
        elif act.number.strip():
            yield fault("ACT-TYPE", "act_type", "")
        return
    if act.type not in acts:
        yield fault("ACT-TYPE", "act_type", act.type)
    if not act.number.strip():
        yield fault("ACT-NUMBER", "act_number")
    yield from _too_long("act_number", act.number)
    yield from _act_date(act, slot_on, today)


def _act_date(act: Act, slot_on: date | None, today: date) -> Iterator[Fault]:
    if act.on is None:
        yield fault("ACT-DATE", "act_on")
    elif act.on > today:
        yield fault("ACT-DATE-FUTURE", "act_on", act.on.isoformat(), today=f"{today:%d.%m.%Y}")
    elif slot_on is not None and act.on < slot_on:
        yield fault("ACT-DATE-BEFORE", "act_on", act.on.isoformat(), day=f"{slot_on:%d.%m.%Y}")


def examine_sample(
    number: str, item: int | None, laboratory: str, expected_on: date | None, *, items: Collection[int],
    laboratories: Collection[str], numbers: Collection[str], slot_on: date | None, today: date,
) -> list[Fault]:  # fmt: skip
    """Return every fault of a sample. ``numbers``: those that the inspection has already."""
    found = []
    if slot_on is not None and today < slot_on:
        found.append(fault("SAMPLE-EARLY", "sample_number", day=f"{slot_on:%d.%m.%Y}"))
    if not number.strip():
        found.append(fault("SAMPLE-NUMBER", "sample_number"))
    elif number.strip() in numbers:
        found.append(fault("SAMPLE-TWICE", "sample_number", number.strip()))
    found += _too_long("sample_number", number)
    if item not in items:
        found.append(fault("SAMPLE-ITEM", "sample_item"))
    if laboratory not in laboratories:
        found.append(fault("SAMPLE-LABORATORY", "laboratory", laboratory))
    if expected_on is None or expected_on < today:
        found.append(fault("SAMPLE-EXPECTED", "expected_on", expected_on.isoformat() if expected_on else ""))
    return found


def examine_result(outcome: str, text: str, *, field: str) -> list[Fault]:
    """Return every fault of a laboratory's result; ``field``: the id of the sample's own fields."""
    found = [] if outcome in OUTCOMES else [fault("RESULT-OUTCOME", f"{field}-outcome", outcome)]
    if not text.strip():
        found.append(fault("RESULT-TEXT", f"{field}-result"))
    return [*found, *_too_long("result", text, f"{field}-result")]


def examine_call(service: str, reason: str) -> list[Fault]:
    """Return every fault of a call for a service."""
    found = [] if service in SERVICES else [fault("CALL-SERVICE", "service", service)]
    return found + examine_reason(reason, "call_reason")


def examine_reason(reason: str, field: str) -> list[Fault]:
    """Return what is wrong with a reason that must be given."""
    missing = [] if reason.strip() else [fault("INSPECTION-REASON", field)]
    return [*missing, *_too_long("reason", reason, field)]


def slot_taken(place: Place, start: datetime, free: Sequence[slots.Slot]) -> Fault:
    """Return the fault of a slot whose last seat somebody else took, with the next free ones."""
    offered = "; ".join(_shown(slot.from_at) for slot in free)
    code = "SLOT-TAKEN" if free else "SLOT-NONE"
    return fault(code, "slot", slot=_shown(start), free=offered)


def fault(code: str, field: str, value: str = "", **words: object) -> Fault:
    """Return a fault of this table at a form field."""
    message, remedy = TEXTS[code]
    said = {name: str(word) for name, word in words.items()}
    return Fault(
        code,
        {language: text.format(**said) for language, text in message.items()},
        {language: text.format(**said) for language, text in remedy.items()},
        value=value[:200],
        field=field,
    )


def _slot_fault(code: str, place: Place, start: datetime) -> Fault:
    ranges = place.calendar.ranges_on(_local(start).date())
    hours = ", ".join(f"{a // 60:02d}:{a % 60:02d}–{b // 60:02d}:{b % 60:02d}" for a, b in ranges)
    return fault(code if ranges or code != slots.HOURS else "SLOT-DAY-OFF", "slot", slot=_shown(start), hours=hours,
                 minutes=place.minutes, days=slots.FURTHEST.days)  # fmt: skip


def _too_long(name: str, text: str, field: str = "") -> Iterator[Fault]:
    most = LONGEST[name]
    if len(text) > most:
        yield fault("INSPECTION-TOO-LONG", field or name, text, most=most, long=len(text))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(slots.MINSK)


def _shown(moment: datetime) -> str:
    return f"{_local(moment):%d.%m.%Y %H:%M}"
