"""Reads of the figures."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Spread:
    """What an agency's last ``count`` sign-offs took, in working minutes: half of them no more than ``half``, nine of ten no
    more than ``most``."""

    count: int
    half: int
    most: int


def spreads(paces: Mapping[str, Pace]) -> Mapping[str, Spread]:
    """Return how long each agency usually needs; only where enough sign-offs are known."""
    return {
        pace.agency: Spread(
            len(pace.working),
            pace.median_working,
            round(statistics.quantiles(pace.working, n=10, method="inclusive")[8]),
        )
        for pace in paces.values()
        if len(pace.working) >= ENOUGH
    }


def find_paces(agencies: Iterable[str]) -> Mapping[str, Pace]:
    """Return the pace of each agency that has one; one statement."""
    return {pace.agency: pace for pace in session().scalars(sa.select(Pace).where(Pace.agency.in_(list(agencies))))}
