"""Extending the release: the one thing people do to a clock."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from app import web
from app.errors import Conflict, Invalid
from app.identity.stepping import stepped
from app.reviews import extending, finders, policy
from app.reviews.models import Review
from app.reviews.views import desk_page
from app.shell import moment
from app.web import back, guard

blueprint = Blueprint("clocks", __name__)


@blueprint.post("/cases/<uuid:review_id>/extend")
@guard(policy.extend, finders.get_review)
@stepped()
def extend(review: Review) -> Any:
    """Extend the release; a form that cannot be taken comes back with everything that was typed."""
    key = review.id
    typed = {name: request.form.get(name, "") for name in ("extend-step", "extend-reason", "extend-words")}
    try:
        extended = extending.extend(
            review, step=typed["extend-step"], cause=typed["extend-reason"], words=typed["extend-words"], by=web.actor()
        )
    except (Invalid, Conflict) as refusal:
        web.refuse_and_read(refusal)
        return desk_page(finders.get_review(key, actor=web.actor()), typed, refusal), refusal.status
    flash(_("The release is extended until %(when)s.", when=moment(extended.due_at)), "success")
    return back("reviews.case", review_id=key, _anchor="clock")
