"""Reads of a queue: a page of it, what a search means, which case comes next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.declarations import marks
from app.declarations.masking import PARTIES
from app.declarations.models import Declaration
from app.errors import NotFound
from app.reviews import finders, looking, needs
from app.reviews.filtering import Filter
from app.reviews.finders import Pane
from app.reviews.models import WAITING, Review
from app.reviews.walks import LOOKED, PAGE, Bounds, Walk, cursor_of, range_of, walk_of
from app.web import Page

MOST_TRADERS = 8
CODE_DIGITS = range(2, 11)
MOST_WINDOWS = 60
"""Windows of a queue that an export looks through: 120 000 cases."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a queue: the review, the window of its package, and who has it open on the screen."""

    review: Review
    panes: tuple[Pane, ...]
    lookers: tuple[str, ...] = ()

    @property
    def waiting(self) -> int:
        """How many agencies have not decided yet, the releasing one left out."""
        return sum(1 for pane in self.panes if not pane.releases and pane.status != "decided")


@dataclass(frozen=True, slots=True)
class Trader:
    """A trader whose packages wait in a queue."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue: rows, the next page or how to look further, and for a search what it stands for.

    ``filter``: what was really looked for (a search may be a trader or a goods code). ``further``: the page is not full, but
    there is more of the queue to look at.
    """

    page: Page[QueueRow]
    filter: Filter
    further: bool = False
    traders: tuple[Trader, ...] = ()


def _horizon(walk: Walk) -> str | None:
    """The cursor at which looking stopped, None when the whole queue was looked at."""
    last = session().execute(walk.last_looked()).first()
    return f"{last[0].isoformat()}~{last[1]}" if last else None


def list_queue(
    actor: Actor, chosen: Filter | None = None, *, cursor: str | None = None, limits: Bounds | None = None
) -> QueuePage:
    """Return one page of the agency's queue. Raises NotFound for anyone without a queue and for a cursor that is not ours.

    ``limits``: needed for a filter by deadline only (``due``, the tab "today").
    """
    chosen = chosen or Filter()
    if not actor.agency:
        raise NotFound()
    found = _walk(actor, chosen, cursor, limits)
    if not chosen.q or found.page.rows or cursor:
        return found
    return _meant_otherwise(actor, chosen, limits) or found


def _meant_otherwise(actor: Actor, chosen: Filter, limits: Bounds | None) -> QueuePage | None:
    """A search that is no mark of a package: a trader, or the beginning of a goods code."""
    traders = find_traders(actor, chosen.q)
    if traders:
        single = replace(chosen, q="", trader=traders[0].id)
        return replace(_walk(actor, single, None, limits), traders=traders)
    digits = chosen.q.replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) in CODE_DIGITS:
        return _walk(actor, replace(chosen, q="", code=digits), None, limits)
    return None


def _walk(actor: Actor, chosen: Filter, cursor: str | None, limits: Bounds | None) -> QueuePage:
    walk = walk_of(actor, chosen, cursor, limits)
    found = session().scalars(walk.page()).all()
    shown = found[:PAGE]
    following = cursor_of(shown[-1], walk) if len(found) > PAGE else None
    further = False
    if following is None and walk.rest:
        following = _horizon(walk)
        further = following is not None
    panes = finders.list_panes({row.declaration_id for row in shown})
    lookers = looking.list_lookers([row.id for row in shown], but=actor)
    rows = [QueueRow(row, panes.get(row.declaration_id, ()), lookers.get(row.id, ())) for row in shown]
    return QueuePage(Page(rows, following), chosen, further)


def walk_all(actor: Actor, chosen: Filter, limits: Bounds | None, *, most: int) -> Iterator[Review]:
    """Go through the cases of a filter in its order, window after window, at most so many and ``MOST_WINDOWS`` windows of them."""
    cursor: str | None = None
    for _ in range(MOST_WINDOWS):
        walk = walk_of(actor, chosen, cursor, limits)
        found = session().scalars(walk.page(min(LOOKED, most) + 1)).all()[: min(LOOKED, most)]
        yield from found
        most -= len(found)
        full = len(found) == LOOKED
        cursor = cursor_of(found[-1], walk) if full else _horizon(walk) if walk.rest else None
        if most <= 0 or cursor is None:
            return


def find_next(
    actor: Actor, chosen: Filter, *, but: Sequence[uuid.UUID], limits: Bounds | None = None
) -> Review | None:  # fmt: skip
    """Return the first case of a filter, other than these, that nobody else works on now; None when there is none."""
    now, me = clock.now(), actor.person_id
    walk = walk_of(actor, replace(chosen, q=""), None, limits)
    walk.rest += [
        lambda row: row.id.not_in(but),
        lambda row: sa.or_(row.status != "claimed", row.claimed_until <= now, row.claimed_by_id == me),
    ]
    return session().scalars(walk.page(1)).first()


# --- searching ------------------------------------------------------------------------------------------------------


_NAMED = sa.text(
    """
    WITH RECURSIVE named(mark) AS (
        SELECT min(mark) FROM marks WHERE mark >= :first AND mark < :beyond
        UNION ALL
        SELECT (SELECT min(next.mark) FROM marks AS next WHERE next.mark > named.mark AND next.mark < :beyond)
        FROM named WHERE named.mark IS NOT NULL
    )
    SELECT (SELECT one.declaration_id FROM marks AS one WHERE one.mark = named.mark LIMIT 1) AS declaration_id
    FROM named WHERE named.mark IS NOT NULL LIMIT :most
    """
).columns(declaration_id=sa.Uuid())
"""One package of each trader whose mark begins so: from mark to mark along the key, however many packages each has."""


def find_traders(actor: Actor, text: str) -> tuple[Trader, ...]:
    """Return the traders whose tax number or name begins so and who have a package waiting for this agency."""
    first, beyond = range_of(marks.TRADER + marks.normal(text))
    if not first or not needs.grants(actor.agency, PARTIES):
        return ()
    named = _NAMED.bindparams(first=first, beyond=beyond, most=MOST_TRADERS * 2).subquery("named_traders")
    here = sa.select(Review.id).where(
        Review.agency == actor.agency, sa.text(WAITING), Review.owner_id == Declaration.owner_id
    )
    query = (
        sa.select(Declaration.owner_id, Declaration.owner_name)
        .join(named, named.c.declaration_id == Declaration.id)
        .where(Declaration.owner_id.is_not(None), here.exists())
    )
    found = {Trader(row.owner_id, row.owner_name) for row in session().execute(query)}
    return tuple(sorted(found, key=lambda trader: trader.name)[:MOST_TRADERS])


def list_done_today(actor: Actor, limits: Bounds) -> int:
    """Return how many cases the agency has decided today, at most a thousand: what an empty queue tells."""
    since = limits.end_of_today - timedelta(days=1)
    done: Any = sa.select(Review.id).where(
        Review.agency == actor.agency, sa.text("status = 'decided'"), Review.decided_at >= since
    )
    return session().scalar(sa.select(sa.func.count()).select_from(done.limit(1000).subquery())) or 0


def find_reviews(actor: Actor, keys: Sequence[uuid.UUID], *, most: int) -> Sequence[Review]:
    """Return those of the agency's reviews that were chosen by hand, in the order of their packages, with package and lane."""
    query = (
        sa.select(Review)
        .where(Review.id.in_(keys), Review.agency == actor.agency)
        .options(sa.orm.joinedload(Review.declaration), sa.orm.undefer(Review.lane))
        .order_by(Review.declaration_id, Review.id)
        .limit(most)
    )
    return session().scalars(query).all()
