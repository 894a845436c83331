"""Reads of what was assessed before arrival, for officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.access import Actor, can
from app.advance.models import AdvanceInfo
from app.database import session
from app.risk import policy, scoring
from app.risk.advance_models import AdvanceAssessment
from app.risk.scoring import Scored


@dataclass(frozen=True, slots=True)
class Told:
    """An assessment with its explanation read."""

    row: AdvanceAssessment
    scored: Scored


def find_told(info: AdvanceInfo, *, actor: Actor) -> Told | None:
    """Return what the indicators said of the version that holds, newest first of those assessed; None for who may not see
    indicators, or while nothing is assessed."""
    if not can(policy.see, actor):
        return None
    query = sa.select(AdvanceAssessment).where(AdvanceAssessment.advance_id == info.id)
    query = query.order_by(AdvanceAssessment.version.desc()).limit(1).options(undefer(AdvanceAssessment.explanation))
    row = session().scalar(query)
    return Told(row, _shown(scoring.from_dict(row.explanation), actor)) if row is not None else None


def _shown(scored: Scored, actor: Actor) -> Scored:
    """What of an explanation concerns an agency: signals shared with it, its own score; everything for the auditor."""
    if actor.kind in ("auditor", "system"):
        return scored
    signals = tuple(one for one in scored.signals if actor.agency in (one.agency, *one.agencies))
    return replace(scored, signals=signals, scores={actor.agency: scored.scores.get(actor.agency, 0)})


def list_lanes(info: AdvanceInfo) -> Sequence[tuple[int, dict[str, str]]]:
    """Return the lanes of every version that was assessed, oldest first."""
    query = sa.select(AdvanceAssessment.version, AdvanceAssessment.lanes).where(AdvanceAssessment.advance_id == info.id)
    rows = session().execute(query.order_by(AdvanceAssessment.version))
    return [(version, {agency: one["lane"] for agency, one in lanes.items()}) for version, lanes in rows]
