"""Writing a note on a case; the notes themselves stand on the page of the case."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from app import web
from app.errors import Invalid
from app.reviews import finders, noting, policy
from app.reviews.models import Review
from app.reviews.views import desk_page
from app.web import back, guard

blueprint = Blueprint("noting", __name__)


@blueprint.post("/cases/<uuid:review_id>/notes")
@guard(policy.write_note, finders.get_review)
def write(review: Review) -> Any:
    """Write a note; one that cannot be kept comes back with everything that was typed."""
    key, typed = review.id, _typed()
    try:
        noting.write(
            review, audience=typed[noting.AUDIENCE], text=typed[noting.TEXT],
            mentions=[_id(one) for one in typed[noting.MENTIONS]], by=web.actor(),
        )  # fmt: skip
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        return desk_page(finders.get_review(key, actor=web.actor()), refusal=refusal, noted=typed), refusal.status
    flash(_("The note is on the case."), "success")
    return back("reviews.case", review_id=key, _anchor="notes")


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        noting.TEXT: form.get(noting.TEXT, ""),
        noting.AUDIENCE: form.get(noting.AUDIENCE, ""),
        noting.MENTIONS: tuple(form.getlist(noting.MENTIONS)),
    }


def _id(text: str) -> uuid.UUID:
    """The person a tick stands for; anything else stands for nobody, and the note says so."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
