"""Checking the draws of a day that is over: the seed against its promise in the ledger, every draw against the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from app import clock
from app.database import session
from app.ledger.models import Entry
from app.risk import drawing_lots, seeds
from app.risk.assessment_finders import walk_draws
from app.risk.assessment_models import Assessment

COMMITTED, REVEALED = "draws.committed", "draws.revealed"


@dataclass(frozen=True, slots=True)
class Checked:
    """The draws of a day computed again. ``beforehand``: the promise is older than the day; ``wrong``: what differs."""

    seed: str
    promised_at: datetime
    beforehand: bool
    packages: int
    drawn: int
    wrong: tuple[str, ...]


def verify(day: date) -> Checked | None:
    """Compute every draw of a day again from the seed that the ledger tells; None while it is not told."""
    entries = {
        entry.event: entry for entry in session().scalars(sa.select(Entry).where(Entry.subject_id == seeds.day_id(day)))
    }
    told, promised = entries.get(REVEALED), entries.get(COMMITTED)
    if told is None or promised is None:
        return None
    seed = str(told.payload["seed"])
    wrong = (
        [] if drawing_lots.commitment(seed) == promised.payload["commitment"] else ["the seed is not the one promised"]
    )
    packages = drawn = 0
    for number, assessment in walk_draws(day):
        packages += 1
        drawn += any(one["drawn"] for one in assessment.draws.values())
        wrong += _differing(seed, number, assessment)
    began = datetime.combine(day, time(), clock.MINSK)
    return Checked(seed, promised.at, promised.at < began, packages, drawn, tuple(wrong))


def _differing(seed: str, number: str, assessment: Assessment) -> Iterator[str]:
    for agency, one in assessment.draws.items():
        if drawing_lots.drawn(seed, number, agency, one["share"]) != one["drawn"]:
            yield f"package {number}, version {assessment.version}, {agency}"
