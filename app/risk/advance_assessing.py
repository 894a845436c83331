"""Assessing advance information before arrival: a job that follows its registration and each change.

The lane of each agency goes onto what it may expect; the explanation stands on a row of its own. An accredited trader to whom
that was granted is told whether a check awaits the goods, yes or no; nobody else is told anything.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM
from app.advance import finders as advances
from app.advance.lifecycle import ON_THE_WAY
from app.advance.message import Advance, from_dict
from app.advance.models import AdvanceInfo, Expected
from app.database import session
from app.identity.models import Organisation
from app.jobs.registry import job
from app.ledger.recording import Happening, record_all
from app.requirements.finders import current_edition
from app.risk import scoring, thresholds
from app.risk.advance_models import AdvanceAssessment
from app.risk.announced import gather_announced, reads_of
from app.risk.finders import current_indicators
from app.risk.thresholds import GREEN, Asked, Laned
from app.traders import advantages
from app.traders.finders import list_held


@job("risk.assess_advance")
def assess_advance(advance_id: str) -> None:
    """Assess the version that holds. Safe to repeat: a version is assessed once."""
    info = session().scalar(sa.select(AdvanceInfo).where(AdvanceInfo.id == uuid.UUID(advance_id)).with_for_update())
    if info is None or info.status not in (*ON_THE_WAY, "arrived") or _is_assessed(info):
        return
    message = from_dict(advances.get_version(info).facts)
    scored, lanes = _score(info, message)
    session().add(
        AdvanceAssessment(
            advance_id=info.id,
            version=info.version,
            edition=scored.edition,
            at=clock.now(),
            lanes={agency: one.as_dict() for agency, one in lanes.items()},
            scores=dict(scored.scores),
            explanation=scoring.as_dict(scored),
        )
    )
    _put_lanes(info, lanes)
    session().flush()
    facts = {"version": info.version, "edition": scored.edition}
    record_all([Happening("advance.assessed", "advance", info.id, facts), *_foretell(info, lanes)], by=SYSTEM)


def _is_assessed(info: AdvanceInfo) -> bool:
    query = sa.select(AdvanceAssessment.id).where(
        AdvanceAssessment.advance_id == info.id, AdvanceAssessment.version == info.version
    )
    return session().scalar(query) is not None


def _score(info: AdvanceInfo, message: Advance) -> tuple[scoring.Scored, dict[str, Laned]]:
    on, edition, compiled = clock.today(), current_edition(), current_indicators()
    codes = [one.code for one in message.goods]
    owner = session().get(Organisation, info.trader_id) if info.trader_id is not None else None
    facts = gather_announced(
        message, owner, edition, on=on, changed_at=info.changed_at, version=info.version,
        wanted=reads_of(compiled.wanted(codes, message.direction, on)),
    )  # fmt: skip
    concerned = list(session().scalars(sa.select(Expected.agency).where(Expected.advance_id == info.id)))
    scored = scoring.score(compiled, facts, agencies=concerned, limits=thresholds.limits_of(concerned))
    lanes = {}
    for agency, points in scored.scores.items():
        asked = Asked(points, points, scored.lanes[agency])
        limits = thresholds.table().get(agency)
        # An agency that has set no thresholds is not yellow before anything is declared: only indicators speak here.
        lanes[agency] = (
            thresholds.lane_of(agency, asked, limits) if limits else Laned(agency, asked.lane, points, points)
        )
    return scored, lanes


def _put_lanes(info: AdvanceInfo, lanes: dict[str, Laned]) -> None:
    """Write each agency's lane onto what it may expect; an agency whose indicator fired may expect the goods too."""
    there = {one.agency: one for one in session().scalars(sa.select(Expected).where(Expected.advance_id == info.id))}
    for agency, laned in lanes.items():
        if agency in there:
            there[agency].lane = laned.lane
        else:
            session().add(
                Expected(advance_id=info.id, agency=agency, post=info.post, planned_at=info.planned_at, lane=laned.lane)
            )


def _foretell(info: AdvanceInfo, lanes: dict[str, Laned]) -> list[Happening]:
    """Tell an accredited trader, while the goods are on their way, whether a check awaits them; never why, nor by whom."""
    held = list_held(info.trader_id, clock.today())
    if advantages.told_ahead(held) is None or info.status not in ON_THE_WAY:
        return []
    info.foretold = any(one.lane != GREEN for one in lanes.values())
    facts = {"number": info.number, "version": info.version, "trader": str(info.trader_id)}
    event = "advance.check_announced" if info.foretold else "advance.no_check_announced"
    return [Happening(event, "advance", info.id, facts)]
