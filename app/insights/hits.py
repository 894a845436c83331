"""Figures of risk: what each indicator selected and what was found in it, beside what chance would find; who agrees with whom;
where equal facts were decided differently."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.insights.hit_models import Agreement, HitMonth, Inconsistency, Selection
from app.insights.hitting import ALL
from app.reviews.models import Review
from app.risk.models import Indicator, IndicatorAgreement, IndicatorVersion
from app.web import Page

MONTHS = 12
PAGE = 25
ENOUGH = 50
"""Packages selected before a rate says anything against an indicator."""
SILENT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Month:
    """A month: packages selected, and found something in."""

    first: date
    selected: int
    found: int


@dataclass(frozen=True, slots=True)
class Hits:
    """An indicator over the last twelve months. ``base`` is the share of all packages in which something was found."""

    code: str
    months: tuple[Month, ...]
    base: float | None
    silent: bool = False

    @property
    def selected(self) -> int:
        """Packages selected."""
        return sum(one.selected for one in self.months)

    @property
    def found(self) -> int:
        """Packages selected in which something was found."""
        return sum(one.found for one in self.months)

    @property
    def rate(self) -> float | None:
        """The share of the selected in which something was found; None where nothing was selected."""
        return self.found / self.selected if self.selected else None

    @property
    def lift(self) -> float | None:
        """How many times more it finds than chance; None where that cannot be told."""
        return self.rate / self.base if self.rate is not None and self.base else None

    @property
    def useless(self) -> bool:
        """Whether its agency is asked to end it: selected enough and found less than half of what chance finds, or selected
        nothing for so long."""
        poor = self.selected >= ENOUGH and self.lift is not None and self.lift < 0.5
        return poor or self.silent


def months_of(today: date) -> list[date]:
    """Return the first days of the last twelve months, the oldest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def list_hits(actor: Actor) -> list[Hits]:
    """Return the figures of the indicators this reader may see, the most selective first. Two statements."""
    firsts = months_of(clock.today())
    rows = session().scalars(sa.select(HitMonth).where(HitMonth.month >= firsts[0])).all()
    by_code: dict[str, dict[date, HitMonth]] = defaultdict(dict)
    for row in rows:
        by_code[row.code][row.month] = row
    every = sum(one.selected for one in by_code[ALL].values())
    base = sum(one.found for one in by_code[ALL].values()) / every if every else None
    since = _in_force_since(actor)
    hits = [
        Hits(code, _months(by_code.get(code, {}), firsts), base, _silent(code, began, by_code))
        for code, began in since.items()
    ]
    return sorted(hits, key=lambda one: (-one.selected, one.code))


def _months(of: dict[date, HitMonth], firsts: Sequence[date]) -> tuple[Month, ...]:
    return tuple(
        Month(first, of[first].selected if first in of else 0, of[first].found if first in of else 0)
        for first in firsts
    )


def _silent(code: str, began: date, by_code: dict[str, dict[date, HitMonth]]) -> bool:
    border = clock.today() - timedelta(days=SILENT_DAYS)
    lately = any(one.selected for first, one in by_code.get(code, {}).items() if first >= border.replace(day=1))
    return began < border and not lately


def _in_force_since(actor: Actor) -> dict[str, date]:
    """The indicators that count or are on trial, with the day since when; those of the agencies that share them."""
    query = (
        sa.select(Indicator.code, sa.func.min(IndicatorVersion.valid_from))
        .join(IndicatorVersion, IndicatorVersion.indicator_id == Indicator.id)
        .where(IndicatorVersion._status.in_(("shadow", "live")))
        .group_by(Indicator.code)
    )
    if actor.kind != "auditor":
        query = query.where(sa.or_(IndicatorVersion.agency == actor.agency, IndicatorVersion.id.in_(_shared(actor))))
    return {code: began for code, began in session().execute(query)}


def _shared(actor: Actor) -> sa.Select[uuid.UUID]:
    return sa.select(IndicatorAgreement.version_id).where(IndicatorAgreement.agency == actor.agency)


def list_selected(code: str, actor: Actor, cursor: str | None = None) -> Page[tuple[Selection, str, uuid.UUID | None]]:
    """Return a page of the packages an indicator selected, newest first: the selection, the number, and the reader's case."""
    case = aliased(Review)
    mine = sa.and_(case.declaration_id == Declaration.id, case.agency == actor.agency, case._status != "superseded")
    query = (
        sa.select(Selection, Declaration.number, case.id)
        .join(Declaration, Declaration.id == Selection.declaration_id)
        .outerjoin(case, mine)
        .where(Selection.code == code)
    )
    if cursor:
        query = query.where(sa.tuple_(Selection.at, Selection.declaration_id) < sa.tuple_(*_place(cursor)))
    query = query.order_by(Selection.at.desc(), Selection.declaration_id.desc()).limit(PAGE + 1)
    rows = [(one, number or "", key) for one, number, key in session().execute(query)]
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.at.isoformat()}~{last.declaration_id}" if last else None)


def _place(cursor: str) -> tuple[sa.BindParameter[object], sa.BindParameter[object]]:
    try:
        moment, key = cursor.split("~", 1)
        at, last = clock.moment_of(moment), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    return sa.bindparam(None, at, type_=Selection.at.type), sa.bindparam(
        None, last, type_=Selection.declaration_id.type
    )


def list_agreements() -> Sequence[Agreement]:
    """Return how often each pair of agencies came to the same result on the same goods."""
    return session().scalars(sa.select(Agreement).order_by(Agreement.one, Agreement.other)).all()


def list_inconsistent(actor: Actor, cursor: str | None = None) -> Page[tuple[Inconsistency, str, str]]:
    """Return a page of the agency's cases with equal facts and different results, newest first, with both numbers; the auditor
    all."""
    first, second = aliased(Review), aliased(Review)
    earlier, later = aliased(Declaration), aliased(Declaration)
    query = (
        sa.select(Inconsistency, earlier.number, later.number)
        .join(first, first.id == Inconsistency.first_id)
        .join(earlier, earlier.id == first.declaration_id)
        .join(second, second.id == Inconsistency.review_id)
        .join(later, later.id == second.declaration_id)
    )
    if actor.kind != "auditor":
        query = query.where(Inconsistency.agency == actor.agency)
    if cursor:
        try:
            query = query.where(Inconsistency.id < uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = [
        (one, a or "", b or "")
        for one, a, b in session().execute(query.order_by(Inconsistency.id.desc()).limit(PAGE + 1))
    ]
    return Page(rows[:PAGE], str(rows[PAGE - 1][0].id) if len(rows) > PAGE else None)
