"""What risk says of a package, laid on the case: of the version the case is about, as far as its reader may see it."""

from __future__ import annotations

from functools import partial

from app.access import Actor, Permission
from app.reviews import needs
from app.reviews.models import Review
from app.risk import assessment_finders, showing
from app.risk.finders import list_titles
from app.risk.showing import View


def lay_out(review: Review, reader: Actor) -> View | None:
    """Return the assessment for one reader; None where there is none, and for whoever may not read risk. One statement, and
    the words of the indicators where any is named."""
    if not reader.can(Permission.RISK_READ):
        return None
    found = assessment_finders.find_assessment(review.declaration_id, review.version)
    if found is None:
        return None
    whole = reader.kind in ("auditor", "system")
    titles = {key: one.titles for key, one in list_titles(showing.codes_of(found), actor=reader).items()}
    return showing.view_of(
        found, review.agency, behind=review.lane["lane"]["behind"], whole=whole, titles=titles,
        grants=(lambda group: True) if whole else partial(needs.grants, review.agency),
    )  # fmt: skip
