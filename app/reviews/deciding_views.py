"""Deciding a case: record, propose, sign as the second officer, return, override, open again, take back, sign now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, current_app, flash, request
from flask_babel import gettext as _

from app import web
from app.errors import Conflict, Invalid, NotFound, Stale
from app.identity.stepping import FreshProof, stepped
from app.reviews import (
    changes_desk,
    deciding,
    filtering,
    finders,
    forms,
    naming,
    overseeing,
    policy,
    proposal_finders,
    proposing,
    queue_finders,
    releasing,
    signing,
    walks,
)  # fmt: skip
from app.reviews.filtering import Filter
from app.reviews.forms import DecisionForm
from app.reviews.models import Review
from app.reviews.queue_views import usual_minutes
from app.reviews.views import desk_page
from app.shell import language
from app.web import back, guard

blueprint = Blueprint("deciding", __name__, url_prefix="/cases/<uuid:review_id>")


@blueprint.post("/decide")
@guard(policy.judge, finders.get_review)
@stepped(again=lambda review, refusal: _unproven(review, refusal))
def decide(review: Review) -> Any:
    """Record the decision: signed at once, or in some seconds while the next case is on the screen."""
    sent = _read(review)
    claim = lease() if sent.claim else None
    if sent.then == "next":
        # The next page tells it, with the way back: no message of its own.
        return _taken(
            review, sent, lambda: signing.hold(review, by=web.actor(), claim_minutes=claim, **_seen(sent)), ""
        )
    return _taken(
        review, sent, lambda: deciding.decide(review, by=web.actor(), claim_minutes=claim, **_seen(sent)),
        _("Your decision is recorded."),
    )  # fmt: skip


@blueprint.post("/propose")
@guard(policy.judge, finders.get_review)
@stepped(again=lambda review, refusal: _unproven(review, refusal))
def propose(review: Review) -> Any:
    """Propose a decision to a second officer."""
    sent = _read(review)
    claim = lease() if sent.claim else None
    return _taken(
        review, sent, lambda: proposing.propose(review, by=web.actor(), claim_minutes=claim, **_seen(sent)),
        _("Your proposal waits for a second officer."),
    )  # fmt: skip


@blueprint.post("/countersign")
@guard(policy.countersign, finders.get_review)
@stepped(again=lambda review, refusal: _unproven(review, refusal))
def countersign(review: Review) -> Any:
    """Sign as the second officer; where the look is blind, compare first."""
    sent, outcomes = _read(review), forms.read_outcomes(request.form, review)
    signed: list[object] = []

    def sign() -> None:
        signed.append(
            proposing.countersign(
                review,
                proposal=_proposal(),
                version=sent.version,
                digest=sent.digest,
                outcomes=outcomes,
                by=web.actor(),
            )
        )

    answer = _taken(review, sent, sign, "")
    if signed and signed[0] is None:
        flash(_("You come to another result than the proposal: both are shown, and the case is open again."), "warning")
    elif signed:
        flash(_("Signed: the decision has two signatures."), "success")
    return answer


@blueprint.post("/return")
@guard(policy.countersign, finders.get_review)
def send_back(review: Review) -> Any:
    """Return a proposal with a reason."""
    reason = request.form.get("return-reason", "")
    return _taken(
        review, None, lambda: proposing.send_back(review, proposal=_proposal(), reason=reason, by=web.actor()),
        _("The proposal is returned."),
    )  # fmt: skip


@blueprint.post("/undo")
@guard(policy.judge, finders.get_review)
def undo(review: Review) -> Any:
    """Take one's own proposal back, or a decision that is not signed yet."""
    return _taken(
        review, None, lambda: proposing.take_back(review, proposal=_proposal(), by=web.actor(), claim_minutes=lease()),
        _("You took it back: nothing is signed. What you typed is in the form again."),
    )  # fmt: skip


@blueprint.post("/sign")
@guard(policy.judge, finders.get_review)
@stepped()
def sign(review: Review) -> Any:
    """Sign one's own recorded decision now."""
    return _taken(
        review, None, lambda: signing.sign_now(review, proposal=_proposal(), by=web.actor()),
        _("Your decision is signed."),
    )  # fmt: skip


@blueprint.get("/override")
@guard(policy.override, finders.get_review)
def override_form(review: Review) -> str:
    """The form with which a supervisor decides over a proposal."""
    return desk_page(review, mode="override")


@blueprint.post("/override")
@guard(policy.override, finders.get_review)
@stepped(again=lambda review, refusal: _unproven(review, refusal, mode="override"))
def override(review: Review) -> Any:
    """Decide over a proposal, with a reason."""
    sent = _read(review)
    return _taken(
        review, sent, lambda: overseeing.override(review, reason=sent.reason, by=web.actor(), **_seen(sent)),
        _("Your decision is recorded."), mode="override",
    )  # fmt: skip


@blueprint.post("/reopen")
@guard(policy.override, finders.get_review)
@stepped()
def reopen(review: Review) -> Any:
    """Open a decided case again, with a reason."""
    reason = request.form.get("reopen-reason", "")
    return _taken(
        review, None, lambda: overseeing.reopen(review, reason=reason, by=web.actor()), _("The case is open again.")
    )


def _unproven(review: Review, refusal: FreshProof, mode: str = "") -> str:
    """The page once more: nothing is signed before the officer has shown that it is she, and nothing that was typed is lost."""
    key = review.id
    web.refuse_and_read(refusal)
    fresh = finders.get_review(key, actor=web.actor())
    return desk_page(fresh, _read(fresh).typed, refusal, mode=mode)


def lease() -> int:
    """Minutes for which a claim holds."""
    return int(current_app.extensions["akno.settings"].claim_minutes)


def _read(review: Review) -> DecisionForm:
    siblings = releasing.siblings_of(review)
    return forms.read(request.form, review, language(), waiting=releasing.agencies_waited_for(review, siblings))


def _proposal() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("proposal", ""))
    except ValueError:
        raise NotFound() from None


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
    """Do it and go on; what is refused is shown on the case's page, with everything that was typed."""
    key = review.id
    try:
        act()
    except (Invalid, Conflict) as refusal:
        # The page shows what holds, not what was half done: a claim taken with a decision that failed is undone too.
        web.refuse_and_read(refusal)
        fresh = finders.get_review(key, actor=web.actor())
        if isinstance(refusal, Stale) and (newer := changes_desk.successor_of(fresh)) is not None:
            # What was typed goes on to the case of the version that holds.
            fresh = finders.get_review(newer, actor=web.actor())
        typed = sent.typed if sent is not None else dict(request.form.items())
        return desk_page(fresh, typed, refusal, mode=mode), refusal.status
    if words:
        flash(words, "success")
    cited = request.form.get("queue", "")
    if sent is not None and sent.then == "next":
        return _next_case(key, cited)
    return back("reviews.case", review_id=key, queue=cited or None)


def _next_case(key: uuid.UUID, cited: str) -> Any:
    """The next case of the queue the officer came from, in its order; the queue itself when it is empty."""
    reader, chosen = web.actor(), _filter(cited)
    limits = None
    if chosen.due or chosen.tab == "today":
        limits = walks.bounds(reader, naming.names(), usual_minutes(reader.agency))
    about_to_be_signed = [review.id for _proposal, review in proposal_finders.list_told(reader)]
    following = queue_finders.find_next(reader, chosen, but=[key, *about_to_be_signed], limits=limits)
    if following is None:
        flash(_("That was the last case of this queue."), "info")
        return back("reviews.queue", **(dict(parse_qsl(cited)) or {"tab": "to-review"}))
    return back("reviews.case", review_id=following.id, queue=cited or None)


def _filter(cited: str) -> Filter:
    """The filter a case was opened from; the plain queue for an address that we never wrote."""
    try:
        return filtering.parse(dict(parse_qsl(cited)))
    except ValueError:
        return Filter()
