"""Having hidden fields of a case shown, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app import markup, web
from app.declarations.finders import get_version
from app.declarations.masking import GROUPS, veil
from app.errors import Invalid
from app.reviews import finders, naming, needs, policy, seeing
from app.reviews.models import Review
from app.shell import t
from app.web import back, guard

blueprint = Blueprint("seeing", __name__, url_prefix="/cases/<uuid:review_id>/hidden")


@blueprint.get("")
@guard(policy.unmask, finders.get_review)
def form(review: Review) -> str:
    """What is hidden in a case, on which ground the rest is seen, and the form; ``group`` in the address is ticked."""
    return _page(review, {"groups": request.args.getlist("group"), "reason_code": "", "reason": ""})


@blueprint.post("")
@guard(policy.unmask, finders.get_review)
def show(review: Review) -> Any:
    """Show the chosen groups to this officer."""
    key = review.id
    typed = {name: request.form.get(name, "") for name in ("reason_code", "reason")}
    groups = request.form.getlist("groups")
    try:
        row = seeing.unmask(
            review, groups=groups, reason_code=typed["reason_code"], reason=typed["reason"], by=web.actor()
        )
    except Invalid as refusal:
        web.refuse_and_read(refusal)
        fresh = finders.get_review(key, actor=web.actor())
        return _page(fresh, {**typed, "groups": groups}, refusal), refusal.status
    words = "; ".join(str(GROUPS[group]) for group in row.groups)
    flash(_("Shown to you for 24 hours or until the case is decided: %(what)s.", what=words), "success")
    return back("reviews.case", review_id=key)


def _page(review: Review, typed: Mapping[str, Any], refusal: Invalid | None = None) -> str:
    seen = seeing.look(review, actor=web.actor())
    coding = naming.names().edition.document_code
    tree = markup.read(get_version(review.declaration, review.version).canonical)
    faults = refusal.faults if refusal is not None else ()
    return render_template(
        "reviews/hidden.html",
        review=review,
        seen=seen,
        hidden=[(group, GROUPS[group]) for group in veil(tree, seen.sight, coding)[1]],
        needs=_grounds(needs.needs_of(review.agency)),
        reasons=[("", _("Choose a reason")), *((one.code, t(one.text)) for one in needs.list_reasons())],
        typed=typed,
        errors={fault.field: f"{t(fault.message)} {t(fault.remedy)}" for fault in faults},
        most=seeing.MOST,
    )


def _grounds(rows: Sequence[needs.Need]) -> list[tuple[str, bool]]:
    """Each ground once, and whether it is written from memory."""
    return list(dict.fromkeys((t(need.ground), need.confidence == "recalled") for need in rows))
