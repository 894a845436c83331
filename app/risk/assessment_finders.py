"""Reads of assessments."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa

from app.database import session
from app.declarations.models import Declaration
from app.requirements.outcome import Outcome
from app.risk import thresholds
from app.risk.assessing import Assessed, standing
from app.risk.assessment_models import Assessment, DrawSeed
from app.risk.thresholds import Laned

PAGE = 500


def find_assessment(declaration_id: uuid.UUID, version: int) -> Assessment | None:
    """Return the assessment of a version, None for one from before packages were assessed. Who calls has asked the policy of
    the case: what a reader may see of it is for ``showing``."""
    query = sa.select(Assessment).where(Assessment.declaration_id == declaration_id, Assessment.version == version)
    return session().scalar(query)


def find_assessed(declaration_id: uuid.UUID, version: int, outcome: Outcome) -> Assessed | None:
    """Return what was assessed when a version was filed, for whoever routes or signs it later; None where nothing was."""
    found = find_assessment(declaration_id, version)
    if found is None:
        return None
    return Assessed({}, standing(outcome, lanes_of(found)), quiet_of(found, outcome))


def lanes_of(assessment: Assessment) -> dict[str, Laned]:
    """Return the lanes of an assessment by agency."""
    return {agency: Laned.from_dict(agency, data) for agency, data in assessment.lanes.items()}


def quiet_of(assessment: Assessment, outcome: Outcome) -> frozenset[str]:
    """Return the signing agencies for which nothing fired and everything could be told."""
    if assessment.failed:
        return frozenset()
    loud = {
        agency
        for one in (*assessment.signals["signals"], *assessment.signals["untold"])
        if not one.get("shadow")
        for agency in one["agencies"]
    }
    noticed = {thresholds.WATCHED, thresholds.MARKED}
    loud |= {agency for agency, lane in assessment.lanes.items() if noticed & set(lane["because"])}
    return frozenset(
        lane.agency
        for lane in outcome.reviews
        if not any(one.agency in loud for one in outcome.standing_in(lane.agency))
    )


def list_days(*, most: int = 60) -> list[DrawSeed]:
    """Return the days of which a seed is promised or told, newest first."""
    return list(session().scalars(sa.select(DrawSeed).order_by(DrawSeed.day.desc()).limit(most)))


def walk_draws(day: date) -> Iterator[tuple[str, Assessment]]:
    """Go through the assessments of a day with the registration number of each package."""
    query = (
        sa.select(Declaration.number, Assessment)
        .join(Declaration, Declaration.id == Assessment.declaration_id)
        .where(Assessment.drawn_on == day)
        .order_by(Assessment.id)
    )
    for number, assessment in session().execute(query.execution_options(yield_per=PAGE)):
        yield number or "", assessment
