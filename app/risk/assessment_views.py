"""The random selection: for each day the promise of its seed, the seed once the day is over, and the shares that are drawn."""

from __future__ import annotations

from flask import Blueprint, render_template

from app import clock
from app.reviews import naming
from app.risk import assessment_finders, policy, thresholds
from app.web import guard

blueprint = Blueprint("draws", __name__, url_prefix="/risk/draws")


@blueprint.get("")
@guard(policy.see)
def days() -> str:
    """The days, newest first, and the shares that the agencies have set."""
    return render_template(
        "risk/draws.html", rows=assessment_finders.list_days(), shares=list(thresholds.table().values()), names=naming.names(), today=clock.today(),
    )  # fmt: skip
