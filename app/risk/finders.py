"""Reads of indicators: what is in force (kept in the process by its stamp), and what an agency may see."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.access import Actor
from app.database import session
from app.errors import NotFound
from app.ledger.models import Entry
from app.risk import compiling
from app.risk.compiling import CompiledIndicators, IndicatorRow
from app.risk.models import Indicator, IndicatorAgreement, IndicatorVersion, RiskStamp
from app.web import Page

PART = "indicators"
PAGE = 25
SHADOW, LIVE = "shadow", "live"
STAMP = sa.select(RiskStamp.number).where(RiskStamp.part == PART)
"""The one small read of a filing that says whether the process still holds what is in force. A fellow's read may take it in."""

KEPT = 3
"""Compiled sets kept in the process: that of the window and that of test mode, and the one just replaced."""
_compiled: dict[int, CompiledIndicators] = {}


def current_indicators(stamp: int | None = None) -> CompiledIndicators:
    """What is in force or on trial now. One small read; none when the caller has read the stamp in a read of its own. The rows
    are read and compiled only when the stamp is another than those kept."""
    number = stamp if stamp is not None else session().scalar(STAMP) or 0
    found = _compiled.get(number)
    if found is None:
        rows = list_rows()
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)), None)
        found = _compiled[number] = compiling.compile(rows)
    return found


def forget_indicators() -> None:
    """Empty what the process keeps: for tests that build the database anew under one process."""
    _compiled.clear()


def list_rows() -> list[IndicatorRow]:
    """Every version in force or on trial, as plain values, in two statements."""
    query = (
        sa.select(IndicatorVersion)
        .where(IndicatorVersion._status.in_((SHADOW, LIVE)))
        .options(joinedload(IndicatorVersion.indicator), selectinload(IndicatorVersion.agreements))
    )
    return [row_of(version) for version in session().scalars(query)]


def row_of(version: IndicatorVersion) -> IndicatorRow:
    """A version as the compiler takes it; its indicator and agreements are loaded."""
    assert version.valid_to is not None
    return IndicatorRow(
        code=version.indicator.code, version=version.number, agency=version.agency, agencies=version.sharing,
        direction=version.direction, prefixes=tuple(version.prefixes), condition=version.condition,
        weight=version.weight, effect=version.effect, shadow=version.status != LIVE, valid_from=version.valid_from,
        valid_to=version.valid_to,
    )  # fmt: skip


def get_version(version_id: uuid.UUID, *, actor: Actor) -> IndicatorVersion:
    """Return a version with its indicator and agreements. Raises NotFound: not there and not yours look alike."""
    query = sa.select(IndicatorVersion).where(IndicatorVersion.id == version_id, _scope(actor)).options(*_WHOLE)
    found = session().scalar(query)
    if found is None:
        raise NotFound()
    return found


def list_versions(
    actor: Actor, cursor: str | None = None, *, agency: str = "", mode: str = "", waiting: bool = False
) -> Page[IndicatorVersion]:
    """Return a page of the versions this actor may see, newest first; ``waiting``: those that wait for its agency's answer."""
    query = sa.select(IndicatorVersion).where(_scope(actor)).options(*_WHOLE)
    if agency:
        query = query.where(IndicatorVersion.agency == agency)
    if mode:
        query = query.where(IndicatorVersion._status == mode)
    if waiting:
        query = query.where(IndicatorVersion._status == "proposed", _answered(actor.agency, "waiting"))
    if cursor:
        try:
            query = query.where(IndicatorVersion.id < uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = session().scalars(query.order_by(IndicatorVersion.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def list_siblings(version: IndicatorVersion, *, actor: Actor) -> list[IndicatorVersion]:
    """The versions of the same indicator that this actor may see, newest first."""
    query = sa.select(IndicatorVersion).where(IndicatorVersion.indicator_id == version.indicator_id, _scope(actor))
    return list(session().scalars(query.order_by(IndicatorVersion.number.desc()).options(*_WHOLE)))


def list_titles(codes: list[str], *, actor: Actor) -> dict[tuple[str, int], IndicatorVersion]:
    """The versions of some indicators that this actor may see, by code and number: the words of signals. One read and its
    agreements."""
    if not codes:
        return {}
    query = (
        sa.select(IndicatorVersion)
        .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
        .where(Indicator.code.in_(sorted(set(codes))), _scope(actor))
        .options(*_WHOLE)
    )
    return {(one.indicator.code, one.number): one for one in session().scalars(query)}


def list_history(version: IndicatorVersion) -> list[Entry]:
    """What happened to a version, oldest first, from the record of events."""
    query = sa.select(Entry).where(Entry.subject_id == version.id).order_by(Entry.position)
    return list(session().scalars(query))


_WHOLE = (joinedload(IndicatorVersion.indicator), selectinload(IndicatorVersion.agreements))


def _answered(agency: str, answer: str) -> sa.ColumnElement[bool]:
    return IndicatorVersion.agreements.any(
        sa.and_(IndicatorAgreement.agency == agency, IndicatorAgreement.answer == answer)
    )


def _scope(actor: Actor) -> sa.ColumnElement[bool]:
    """The agency its own and those it was asked to share, whatever it answered; the auditor and the window all."""
    if actor.kind in ("auditor", "system"):
        return sa.true()
    if actor.kind != "agency" or not actor.agency:
        return sa.false()
    asked = IndicatorVersion.agreements.any(IndicatorAgreement.agency == actor.agency)
    return sa.or_(IndicatorVersion.agency == actor.agency, asked)
