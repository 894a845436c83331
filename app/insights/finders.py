"""Reads of the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.database import session
from app.insights.models import Pace


def find_paces(agencies: Iterable[str]) -> Mapping[str, Pace]:
    """Return the pace of each agency that has one; one statement."""
    return {pace.agency: pace for pace in session().scalars(sa.select(Pace).where(Pace.agency.in_(list(agencies))))}
