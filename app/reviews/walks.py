"""The walk of a filter along an index: which conditions the index answers, and which are asked of each row it gives.

What an index of its own answers is walked; what it does not is asked of at most ``LOOKED`` rows, and the page offers to look
further. So every page costs the same, and no filter can make the database read a whole queue.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.access import Actor
from app.declarations import marks
from app.declarations.models import Line, Mark
from app.errors import NotFound
from app.reviews import timing
from app.reviews.filtering import Filter
from app.reviews.models import OPEN, WAITING, Proposal, Review
from app.reviews.naming import Names

PAGE = 25
LOOKED = 2000
"""Rows of an index that one page looks at when a filter has no index of its own."""
MOST_FOUND = 200
"""Packages that carry a mark, of which a search shows those of the agency."""
WAITING_TABS = ("to-review", "today")
WAITING_STATES = ("queued", "claimed")
_WAITING = sa.text(WAITING)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Moments that a filter compares deadlines with. ``risk``: offices (None: the rest) and the moment before which a
    deadline there is at risk, for the hours of offices differ."""

    now: datetime
    end_of_today: datetime
    risk: tuple[tuple[tuple[str, ...] | None, datetime], ...]


def bounds(actor: Actor, names: Names, usual_minutes: int) -> Bounds:
    """Return the bounds for an agency that usually needs so many working minutes."""
    now = clock.now()
    apart: dict[datetime, list[str]] = {}
    for code in [actor.office] if actor.office else ["", *names.edition.offices]:
        moment = timing.hours_of(actor.agency, code, names.edition).add(now, usual_minutes)
        apart.setdefault(moment, []).append(code)
    *nearer, latest = sorted(apart)
    risk = [(tuple(apart[moment]), moment) for moment in nearer]
    midnight = datetime.combine(clock.today() + timedelta(days=1), time(), clock.MINSK)
    return Bounds(now, midnight, (*risk, (None, latest)))


Condition = Callable[[Any], Any]
"""What is asked of each row that an index gives: takes the columns of the row, returns the condition."""
_ASKED = (
    "id", "agency", "version_id", "office_code", "tag", "risk", "direction", "partner_country", "chapter", "owner_id", "status", "due_at",
    "paused_at", "assignee_id", "claimed_by_id", "claimed_until", "four_eyes",
)  # fmt: skip
_COLUMNS: Any = Review.__table__.c


@dataclass(slots=True)
class Walk:
    """``base``: what the index answers, ``rest``: what is asked of each row it gives; ``at``: the order."""

    base: list[Any]
    rest: list[Condition]
    at: InstrumentedAttribute[Any]
    falling: bool = False

    def page(self, most: int = PAGE + 1) -> sa.Select[Review]:
        """Return the statement of one page: one row more than is shown, so that it tells whether there is a next one."""
        if not self.rest:
            return sa.select(Review).where(*self.base).order_by(*self._order(self.at, Review.id)).limit(most)
        # The window of rows first, then what of it is wanted, then the few whole rows: a wide row is read for these only.
        narrow = [_COLUMNS[name] for name in _ASKED]
        looked = self._window(*narrow, self.at.label("at")).limit(LOOKED).subquery("looked")
        wanted = sa.select(looked.c.id, looked.c.at).where(*(asked(looked.c) for asked in self.rest))
        picked = wanted.order_by(*self._order(looked.c.at, looked.c.id)).limit(most).subquery("picked")
        query = sa.select(Review).join(picked, picked.c.id == Review.id)
        return query.order_by(*self._order(picked.c.at, picked.c.id))

    def last_looked(self) -> sa.Select[Any]:
        """Return the statement for the row at which a page stopped looking."""
        return self._window(self.at, Review.id).limit(1).offset(LOOKED - 1)

    def _window(self, *columns: Any) -> sa.Select[Any]:
        return sa.select(*columns).where(*self.base).order_by(*self._order(self.at, Review.id))

    def _order(self, *columns: Any) -> list[Any]:
        return [column.desc() if self.falling else column.asc() for column in columns]


def walk_of(actor: Actor, chosen: Filter, cursor: str | None, limits: Bounds | None) -> Walk:
    """Return the walk of a filter. Raises NotFound for a cursor that is not ours."""
    walk = _searched(actor, chosen.q) if chosen.q else _tab(actor, chosen)
    if chosen.tab == "mine" and not chosen.q:
        # An officer's own few lead; asked beside them, a planner may take the agency for the better way in.
        walk.rest.append(_equals("agency", actor.agency))
    else:
        walk.base.insert(0, Review.agency == actor.agency)
    if not chosen.q:
        _narrow(walk, actor, chosen, limits)
    _go_on(walk, cursor)
    return walk


def _tab(actor: Actor, chosen: Filter) -> Walk:
    if chosen.tab == "decided":
        return Walk([sa.text("status = 'decided'")], [], Review.decided_at, falling=True)
    if chosen.tab == "mine":
        return Walk([sa.text(OPEN), Review.assignee_id == actor.person_id], [], Review.due_at)
    if chosen.tab in _STATES:
        walk = Walk([sa.text(OPEN), Review._status == _STATES[chosen.tab]], [], Review.due_at)
        if chosen.tab == "second":
            walk.rest.append(_not_proposed_by(actor))
        return walk
    if chosen.sort == "due":
        return Walk([_WAITING], [], Review.due_at)
    return Walk([_WAITING], [], Review.opened_at, falling=chosen.sort == "newest")


_STATES = {"questions": "question", "inspections": "inspection", "second": "proposed"}


def _not_proposed_by(actor: Actor) -> Condition:
    mine = sa.select(Proposal.id).where(sa.text("proposals.status = 'pending'"), Proposal.person_id == actor.person_id)
    return lambda row: ~mine.where(Proposal.review_id == row.id).exists()


def _narrow(walk: Walk, actor: Actor, chosen: Filter, limits: Bounds | None) -> None:
    """Put the filter that leads along an index of its own into the base, every other into the rest."""
    equal = _equalities(actor, chosen)
    if chosen.tab in WAITING_TABS and chosen.sort == "due" and equal:
        name, value = equal.pop(0)
        walk.base.append(_COLUMNS[name] == value)
        if name == "status":
            # The index of states stands over everything open: said in its letters, it is the one that is walked.
            walk.base = [sa.text(OPEN) if said is _WAITING else said for said in walk.base]
    walk.rest += [_equals(name, value) for name, value in equal]
    if len(chosen.code) > 2:
        walk.rest.append(_has_goods(chosen.code))
    if chosen.unassigned:
        walk.rest.append(lambda row: row.assignee_id.is_(None))
    if chosen.four_eyes:
        walk.rest.append(lambda row: row.four_eyes.is_(True))
    if limits is not None and chosen.tab != "decided":
        _by_deadline(walk, chosen, limits)


def _equals(name: str, value: Any) -> Condition:
    return lambda row: row[name] == value


def _equalities(actor: Actor, chosen: Filter) -> list[tuple[str, Any]]:
    """In the order of how much each leaves out; every one has an index beginning with the agency and itself."""
    office = chosen.office or (actor.office if chosen.tab in WAITING_TABS else "")
    said = (
        ("owner_id", chosen.trader),
        ("chapter", chosen.code[:2]),
        ("partner_country", chosen.country),
        ("office_code", office),
        ("risk", chosen.risk),
        ("tag", chosen.tag),
        ("direction", chosen.direction),
        ("status", _state(chosen)),
    )
    return [(name, value) for name, value in said if value]


def _state(chosen: Filter) -> str:
    """A state that the rows of the tab can be in; another one narrows nothing."""
    if chosen.tab in WAITING_TABS:
        return chosen.state if chosen.state in WAITING_STATES else ""
    return chosen.state if chosen.tab == "mine" else ""


def _by_deadline(walk: Walk, chosen: Filter, limits: Bounds) -> None:
    first, beyond = _span(chosen, limits)
    if walk.at is Review.due_at:
        walk.base += [Review.due_at >= first] if first else []
        walk.base += [Review.due_at < beyond] if beyond else []
    else:
        walk.rest += [lambda row: row.due_at >= first] if first else []
        walk.rest += [lambda row: row.due_at < beyond] if beyond else []
    if chosen.due in ("late", "at-risk") and chosen.tab not in WAITING_TABS:
        # A clock that a question has stopped is neither late nor at risk; what waits for an officer runs anyway.
        walk.rest.append(lambda row: row.paused_at.is_(None))
    if chosen.due == "at-risk":
        walk.rest += _at_risk(limits)


def _span(chosen: Filter, limits: Bounds) -> tuple[datetime | None, datetime | None]:
    """From which deadline and before which one."""
    beyond = limits.end_of_today if chosen.tab == "today" else None
    if chosen.due == "late":
        return None, limits.now
    if chosen.due == "today":
        return limits.end_of_today - timedelta(days=1), limits.end_of_today
    if chosen.due == "at-risk":
        latest = limits.risk[-1][1]
        return limits.now, min(latest, beyond) if beyond else latest
    return None, beyond


def _at_risk(limits: Bounds) -> list[Condition]:
    """Offices whose hours bring the moment nearer than the others' do."""
    apart = [(codes, moment) for codes, moment in limits.risk if codes is not None]
    if not apart:
        return []
    special = {code for codes, _ in apart for code in codes}
    return [
        lambda row: sa.or_(
            row.office_code.not_in(special),
            *(sa.and_(row.office_code.in_(codes), row.due_at < moment) for codes, moment in apart),
        )
    ]


def _has_goods(code: str) -> Condition:
    goods = sa.select(Line.id).where(Line.code.startswith(code, autoescape=True))
    return lambda row: goods.where(Line.version_id == row.version_id).exists()


def _go_on(walk: Walk, cursor: str | None) -> None:
    if not cursor:
        return
    try:
        moment, key = cursor.split("~", 1)
        place = clock.moment_of(moment), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    last = sa.tuple_(sa.literal(place[0], walk.at.type), sa.literal(place[1], Review.id.type))
    here = sa.tuple_(walk.at, Review.id)
    walk.base.append(here < last if walk.falling else here > last)


def cursor_of(review: Review, walk: Walk) -> str:
    """Return the cursor of the page that follows a row: where it stands in the order of the walk, and its id."""
    return f"{getattr(review, walk.at.key).isoformat()}~{review.id}"


def _searched(actor: Actor, text: str) -> Walk:
    """Packages by a mark that begins so, in whatever state their review is."""
    first, beyond = range_of(marks.normal(text))
    found = sa.select(Mark.declaration_id).where(Mark.mark >= first, Mark.mark < beyond).limit(MOST_FOUND)
    return Walk([Review.declaration_id.in_(found), Review._status != "superseded"], [], Review.due_at)


def range_of(word: str) -> tuple[str, str]:
    """Return the keys that begin with a word; a word too short to look for gives an empty range."""
    if len(word.removeprefix(marks.TRADER)) < marks.SHORTEST:
        return ("", "")
    return (word, word + chr(0x10FFFF))
