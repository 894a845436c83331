"""Reads of advance rulings: customs those of its own, the holder and its brokers theirs, everybody what is published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor, can
from app.database import session
from app.errors import NotFound
from app.identity.models import Mandate
from app.requirements import ruling_policy as policy
from app.requirements import searching
from app.requirements.ruling_models import Ruling
from app.web import Page

PAGE = 25
MOST_OFFERED = 20
"""Rulings offered beside a goods item."""


def get_ruling(ruling_id: uuid.UUID, *, actor: Actor) -> Ruling:
    """Return a ruling with its holder. Raises NotFound: not there and not yours look alike."""
    query = sa.select(Ruling).where(Ruling.id == ruling_id, _scope(actor)).options(joinedload(Ruling.holder))
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


def list_rulings(actor: Actor, cursor: str | None = None, *, search: str = "") -> Page[Ruling]:
    """Return a page of the rulings this actor may read in full, newest first; ``search`` is a number or the beginning of a
    goods code."""
    query = sa.select(Ruling).where(_scope(actor)).options(joinedload(Ruling.holder))
    if search:
        query = query.where(sa.or_(Ruling.number == search, Ruling.goods_code.startswith(search, autoescape=True)))
    return _paged(query, cursor)


def list_published(cursor: str | None = None, *, search: str = "", kind: str = "") -> Page[Ruling]:
    """Return a page of the public register, newest first. Show nothing of a row but what is published: never the holder."""
    query = sa.select(Ruling).where(Ruling.published_goods != "")
    if kind:
        query = query.where(Ruling.kind == kind)
    digits = "".join(search.split())
    if digits.isdigit():
        query = query.where(Ruling.goods_code.startswith(digits[:10]))
    elif search:
        for word in searching.words_of(search)[: searching.MOST_WORDS]:
            query = query.where(Ruling.searched.contains(searching.stem(word), autoescape=True))
    return _paged(query, cursor)


def find_quoted(numbers: Iterable[str]) -> Mapping[str, Ruling]:
    """Return the rulings of some numbers with their holders, by number; one statement, none without numbers."""
    wanted = sorted(set(filter(None, numbers)))
    if not wanted:
        return {}
    query = sa.select(Ruling).where(Ruling.number.in_(wanted)).options(joinedload(Ruling.holder))
    return {ruling.number: ruling for ruling in session().scalars(query)}


def list_offered(holder_id: uuid.UUID | None) -> Sequence[Ruling]:
    """Return the rulings of a holder that hold today, newest first: those a goods item may rest on. One statement."""
    if holder_id is None:
        return ()
    today = clock.today()
    query = sa.select(Ruling).where(
        Ruling.holder_id == holder_id, Ruling.valid_from <= today, Ruling.valid_to > today, Ruling.ended_at.is_(None)
    )
    return session().scalars(query.order_by(Ruling.id.desc()).limit(MOST_OFFERED)).all()


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    """Customs its own, the auditor all, a trader its own, a broker those of the traders whose mandate it holds today."""
    if actor.kind == "auditor" or actor.kind == "system":
        return sa.true()
    if actor.kind == "agency" and can(policy.see_all, actor):
        return Ruling.agency == actor.agency
    if actor.kind not in ("trader", "broker") or actor.organisation_id is None:
        return sa.false()
    own: sa.ColumnElement[bool] = Ruling.holder_id == actor.organisation_id
    if actor.kind == "trader":
        return own
    trusted = sa.select(Mandate.trader_id).where(
        Mandate.broker_id == actor.organisation_id, Mandate._status == "accepted", Mandate.as_of(clock.today())
    )
    return Ruling.holder_id.in_(trusted)


def _paged(query: sa.Select[Ruling], cursor: str | None) -> Page[Ruling]:
    if cursor:
        try:
            query = query.where(Ruling.id < uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = session().scalars(query.order_by(Ruling.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)
