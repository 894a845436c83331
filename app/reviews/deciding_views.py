"""Deciding a case: record, propose, sign as the second officer, return, override, open again, take back, sign now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, request
from flask_babel import gettext as _

from app import web
from app.database import session
from app.errors import Conflict, Invalid
from app.reviews import deciding, finders, forms, policy, releasing
from app.reviews.forms import DecisionForm
from app.reviews.models import Review
from app.reviews.views import desk_page
from app.shell import language
from app.web import back, guard

blueprint = Blueprint("deciding", __name__, url_prefix="/cases/<uuid:review_id>")


@blueprint.post("/decide")
@guard(policy.judge, finders.get_review)
def decide(review: Review) -> Any:
    """Record the decision; a form that cannot be taken comes back with everything that was typed."""
    sent, by = _read(review), web.actor()
    return _taken(
        review, sent, lambda: deciding.decide(review, by=by, claim_minutes=lease() if sent.claim else None, **_seen(sent)),
        _("Your decision is recorded."),
    )  # fmt: skip


def lease() -> int:
    """Minutes for which a claim holds."""
    return int(current_app.extensions["akno.settings"].claim_minutes)


def _read(review: Review) -> DecisionForm:
    siblings = releasing.siblings_of(review)
    return forms.read(request.form, review, language(), waiting=releasing.agencies_waited_for(review, siblings))


def _seen(sent: DecisionForm) -> dict[str, Any]:
    """What every way of deciding takes: the version and digest that were on the screen, and what was said."""
    said = sent.said
    return {
        "version": sent.version,
        "digest": sent.digest,
        "items": said.items,
        "note": said.note,
        "payment": said.payment,
        "payment_reference": said.payment_reference,
    }


def _taken(review: Review, sent: DecisionForm | None, act: Callable[[], object], words: str, mode: str = "") -> Any:
    """Do it and go back to the case; what is refused is shown on the case's page, with everything that was typed."""
    key = review.id
    try:
        act()
    except (Invalid, Conflict) as refusal:
        # The page shows what holds, not what was half done: a claim taken with a decision that failed is undone too.
        web.refuse(refusal)
        session().rollback()
        fresh = finders.get_review(key, actor=web.actor())
        typed = sent.typed if sent is not None else dict(request.form.items())
        return desk_page(fresh, typed, refusal, mode=mode), refusal.status
    flash(words, "success")
    return back("reviews.case", review_id=key)
