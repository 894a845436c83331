"""Reads of the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.database import session
from app.insights.models import Pace

ENOUGH = 5
"""Sign-offs from which on a pace says something about the next one."""


def find_usual(agencies: Iterable[str]) -> Mapping[str, int]:
    """Return the working minutes that half of an agency's last cases took no more than; only where enough are known."""
    return usual(find_paces(agencies))


def usual(paces: Mapping[str, Pace]) -> Mapping[str, int]:
    """Return the same of paces that are known already."""
    return {pace.agency: pace.median_working for pace in paces.values() if len(pace.working) >= ENOUGH}


def find_paces(agencies: Iterable[str]) -> Mapping[str, Pace]:
    """Return the pace of each agency that has one; one statement."""
    return {pace.agency: pace for pace in session().scalars(sa.select(Pace).where(Pace.agency.in_(list(agencies))))}
