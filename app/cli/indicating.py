"""Indicators of the demonstration country, made through the activities: proposed by analysts, agreed and put to work by others."""

from __future__ import annotations

import sqlalchemy as sa

from app.cli import founding
from app.database import session
from app.risk import agreeing, examples, finders, policy
from app.risk.models import WAITING, Indicator, IndicatorVersion

ANALYSTS = ("nina", "maksim", "fyodar", "vasil")
"""Who proposes the examples of the environment, customs, plant and veterinary agencies."""
SUPERVISORS = {
    "BY-GTK": "mikola", "BY-MPR": "nazar", "BY-GGISKZR": "faina", "BY-DVPN": "oleg", "BY-TI": "tamara",
}  # fmt: skip
UNANSWERED = (("R18", "BY-TI"), ("R25", "BY-GTK"))
"""Left for somebody to answer, so that the demonstration shows it."""
LIVE = ("R01", "R05", "R07", "R10", "R24")
"""In force: the plastic of a newcomer, used appliances, waste without a recycler, recovered gas, a company nobody knows (which is
seen on the cases of a new trader). What else was agreed is on trial."""


def found() -> int:
    """Make the indicators of the country unless there are any; returns how many were made."""
    if session().scalar(sa.select(Indicator.id).limit(1)) is not None:
        return 0
    made = [version for name in ANALYSTS for version in examples.load(by=founding.actor(name))]
    for version in made:
        _settle(version)
    return len(made)


def _settle(version: IndicatorVersion) -> None:
    supervisor = founding.actor(SUPERVISORS[version.agency])
    version = finders.get_version(version.id, actor=supervisor)
    for one in list(version.agreements):
        asked = one.agency in SUPERVISORS and (version.example, one.agency) not in UNANSWERED
        if one.answer == WAITING and asked:
            agreeing.answer(version, agreed=True, by=founding.actor(SUPERVISORS[one.agency]))
    if not policy.try_out(supervisor, version):
        return
    agreeing.try_out(version, by=supervisor)
    if version.example in LIVE:
        agreeing.activate(version, by=supervisor)
