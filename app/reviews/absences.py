"""Absences: an officer is away from a day to a day; nothing is assigned to them, and their cases go on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, require
from app.database import session
from app.errors import Conflict, Fault, Invalid, NotFound
from app.identity.models import Membership, Person
from app.ledger.recording import Happening, record, record_all
from app.reviews import claiming, policy
from app.reviews.absence_words import FAULTS
from app.reviews.attempting import attempt
from app.reviews.models import OPEN, Review
from app.reviews.queue_models import Absence

MOST_DAYS = 366
MOST_AT_ONCE = 50
"""Cases handed on by one press; the page says how many are left."""
MOST_PAGES = 4
"""So many pages of cases are tried while none can be handed on."""


def list_absences(agency: str, on: date) -> Sequence[Absence]:
    """Return who is away on a day or will be, the nearest first; what is over or was ended early is left out."""
    query = (
        sa.select(Absence)
        .where(Absence.agency == agency, Absence.ended_at.is_(None), Absence.until_on >= on)
        .order_by(Absence.from_on, Absence.person_name, Absence.id)
        .limit(200)
    )
    return session().scalars(query).all()


def get_absence(absence_id: uuid.UUID, *, actor: Actor) -> Absence:
    """Return an absence of the agency's. Raises NotFound for another's."""
    found = session().get(Absence, absence_id)
    if found is None or found.agency != actor.agency:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence as it was typed: who, from which day until which (None where it is no day), who stands in."""

    officer: Membership | None
    from_on: date | None
    until_on: date | None
    stand_in: Membership | None = None


def enter(leave: Leave, *, by: Actor) -> Absence:
    """Enter an absence. Raises NotAllowed for anyone but the supervisor, Invalid with every fault of what was typed."""
    require(policy.supervise, by)
    if leave.officer is not None:
        # Two presses at once wait for each other here, so that the second sees what the first entered.
        lock = sa.select(Person.id).where(Person.id == leave.officer.person_id)
        session().execute(lock.with_for_update(key_share=True))
    known = list_absences(by.agency, clock.today())
    faults = list(examine(leave, today=clock.today(), known=known))
    if faults:
        raise Invalid(faults)
    officer, stand_in = leave.officer, leave.stand_in
    assert officer is not None and leave.from_on and leave.until_on  # noqa: PT018  (examined above)
    absence = Absence(
        agency=by.agency, person_id=officer.person_id, person_name=officer.person.full_name, from_on=leave.from_on,
        until_on=leave.until_on, stand_in_id=stand_in.person_id if stand_in else None,
        stand_in_name=stand_in.person.full_name if stand_in else "", entered_by_id=by.person_id,
    )  # fmt: skip
    session().add(absence)
    session().flush()
    told = {"agency": by.agency, "from": leave.from_on.isoformat(), "until": leave.until_on.isoformat()}
    record_all([Happening("absence.entered", "absence", absence.id, told)], by=by)
    return absence


def end(absence: Absence, *, by: Actor) -> Absence:
    """End an absence now: the officer is back. Raises Conflict for one that has ended, NotAllowed for anyone else."""
    require(policy.supervise, by)
    session().refresh(absence, with_for_update=True)
    if absence.ended_at is not None:
        raise Conflict(_l("This absence has been ended already."), {"ended_at": absence.ended_at.isoformat()})
    absence.ended_at = clock.now()
    record("absence.ended", "absence", absence.id, by=by, agency=absence.agency)
    return absence


@dataclass(slots=True)
class Handed:
    """What became of an absent officer's cases: numbers handed on, and those that could not be, each with its reason."""

    handed: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def cases_of(
    person_id: uuid.UUID, agency: str, *, most: int = MOST_AT_ONCE, but: Sequence[uuid.UUID] = ()
) -> Sequence[Review]:
    """Return the open cases of an officer at an agency, some left out, the nearest deadline first."""
    # Of an officer who serves two agencies only this one's, asked of the few rows: as an expression it is no way into the
    # index of the agency, which a planner may take for the better one.
    here = sa.func.coalesce(Review.agency, "") == agency
    query = (
        sa.select(Review)
        .where(sa.text(OPEN), Review.assignee_id == person_id, here, Review.id.not_in(but))
        .order_by(Review.due_at, Review.id)
        .limit(most)
    )
    return session().scalars(query).all()


def hand_on(person_id: uuid.UUID, *, to: Membership, by: Actor) -> Handed:
    """Hand an officer's open cases to another, at most fifty at once, each with its own entry in the record.

    Raises NotAllowed for anyone but the supervisor. What cannot be handed on is told and stays as it is.
    """
    require(policy.supervise, by)
    done = Handed()
    looked: list[uuid.UUID] = []
    for _ in range(MOST_PAGES):
        cases = cases_of(person_id, by.agency, but=looked)
        looked += [one.id for one in cases]
        _hand_on(cases, to, by, done)
        if done.handed or len(cases) < MOST_AT_ONCE:
            break
    return done


def _hand_on(cases: Sequence[Review], to: Membership, by: Actor, done: Handed) -> None:
    # In the order of packages, as every deed over several cases: two of them at once then wait and never cross.
    for review in sorted(cases, key=lambda one: (one.declaration_id, one.id)):
        number = review.card.get("number") or review.card.get("lrn", "")
        refused = attempt(partial(claiming.reassign, review, to=to, by=by))
        if refused is None:
            done.handed.append(number)
        else:
            done.left.append((number, str(refused)))


def examine(leave: Leave, *, today: date, known: Sequence[Absence]) -> Iterator[Fault]:
    """Return every fault of an absence. ``known``: those of the agency that are not over."""
    if leave.officer is None:
        yield _fault("ABSENCE-OFFICER", "officer")
    if leave.from_on is None:
        yield _fault("ABSENCE-FROM", "from_on")
    if leave.until_on is None:
        yield _fault("ABSENCE-UNTIL", "until_on")
    if leave.from_on and leave.until_on:
        yield from _span_faults(leave.from_on, leave.until_on, today)
        if leave.officer is not None:
            yield from _people_faults(leave, known)


def _span_faults(from_on: date, until_on: date, today: date) -> Iterator[Fault]:
    if until_on < from_on:
        yield _fault("ABSENCE-BACKWARDS", "until_on", until_on.isoformat())
    elif until_on < today:
        yield _fault("ABSENCE-OVER", "until_on", until_on.isoformat())
    elif until_on - from_on > timedelta(days=MOST_DAYS):
        yield _fault("ABSENCE-LONG", "until_on", until_on.isoformat())
    elif from_on - today > timedelta(days=MOST_DAYS):
        yield _fault("ABSENCE-FAR", "from_on", from_on.isoformat())


def _people_faults(leave: Leave, known: Sequence[Absence]) -> Iterator[Fault]:
    away = {one.person_id for one in known if _meets(leave, one)}
    if leave.officer is not None and leave.officer.person_id in away:
        yield _fault("ABSENCE-TWICE", "from_on")
    if leave.stand_in is None:
        return
    if leave.officer is not None and leave.stand_in.person_id == leave.officer.person_id:
        yield _fault("ABSENCE-SELF", "stand_in")
    elif leave.stand_in.person_id in away:
        yield _fault("ABSENCE-STAND-IN-AWAY", "stand_in")


def _meets(leave: Leave, other: Absence) -> bool:
    return bool(
        leave.from_on and leave.until_on and other.from_on <= leave.until_on and leave.from_on <= other.until_on
    )


def _fault(code: str, at: str, value: str = "") -> Fault:
    message, remedy = FAULTS[code]
    return Fault(code, message, remedy, value=value, field=at)
