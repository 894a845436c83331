"""Several cases at once: claim, hand on, and approve those that one rule asks for and nothing speaks against.

Every case is a decision, a claim, an entry in the record of its own: what cannot be done is told, and the rest is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.access import Actor
from app.database import session
from app.errors import Invalid
from app.identity.models import Membership
from app.requirements.outcome import Lane
from app.reviews import claiming, deciding, policy, queue_finders
from app.reviews.attempting import attempt
from app.reviews.examining import ItemDecision
from app.reviews.inspection_models import InspectionParty
from app.reviews.models import Review
from app.reviews.thread_models import Question
from app.risk.thresholds import RED, YELLOW
from app.shell import t

MOST = 50
SHOWN = "shown"
"""The state of a document that stands in a file or a registry; a number alone is no proof."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it stood on the preview: nothing is approved on bytes that nobody saw."""

    review_id: uuid.UUID
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a deed: its number, and why it was not (or would not be) done; None when it was (or would be)."""

    review_id: uuid.UUID
    number: str
    goods: str
    refused: Any
    seen: Seen


def claim_all(keys: Collection[uuid.UUID], *, by: Actor, minutes: int) -> list[Row]:
    """Claim each case; returns a row for each, refused ones with their reason."""
    return [_done(review, partial(claiming.claim, review, by=by, minutes=minutes)) for review in _chosen(keys, by)]


def assign_all(keys: Collection[uuid.UUID], *, to: Membership, by: Actor) -> list[Row]:
    """Hand each case to an officer; returns a row for each, refused ones with their reason."""
    return [_done(review, partial(claiming.reassign, review, to=to, by=by)) for review in _chosen(keys, by)]


def preview(keys: Collection[uuid.UUID], *, by: Actor) -> list[Row]:
    """Return what an approval of these cases would do, each with the reason why not; nothing is written."""
    reviews = _chosen(keys, by)
    spoken = _spoken_against([review.id for review in reviews])
    rule = next((rule_of(review) for review in reviews), frozenset())
    return [_row(review, why_not(review, rule=rule, spoken=review.id in spoken, by=by)) for review in reviews]


def approve_all(seen: Sequence[Seen], *, by: Actor, minutes: int) -> list[Row]:
    """Approve every goods item of each case as it was seen, by a decision and an entry of its own.

    The rule is looked at again for each: what has changed since the preview is refused with its reason.
    """
    told = {one.review_id: one for one in seen}
    reviews = _chosen(told, by)
    spoken = _spoken_against([review.id for review in reviews])
    rule = next((rule_of(review) for review in reviews), frozenset())
    rows = []
    for review in reviews:
        reason = why_not(review, rule=rule, spoken=review.id in spoken, by=by)
        one = told[review.id]
        rows.append(_row(review, reason) if reason else _done(review, partial(_approve, review, one, by, minutes)))
    return rows


def _approve(review: Review, seen: Seen, by: Actor, minutes: int) -> None:
    deciding.decide(
        review, version=seen.version, digest=seen.digest, items=[ItemDecision(item, "approved") for item in review.items],
        note="", by=by, claim_minutes=minutes,
    )  # fmt: skip


def _chosen(keys: Collection[uuid.UUID], by: Actor) -> Sequence[Review]:
    return queue_finders.find_reviews(by, list(keys)[:MOST], most=MOST)


def _row(review: Review, reason: Any) -> Row:
    card, declaration = review.card, review.declaration
    seen = Seen(review.id, declaration.version, declaration.digest)
    return Row(review.id, card.get("number") or card.get("lrn", ""), card.get("goods", ""), reason, seen)


def _done(review: Review, deed: Any) -> Row:
    # Told before it is tried: a refusal undoes the deed, and the row with it must be read again.
    row = _row(review, None)
    refused = attempt(deed)
    if refused is None:
        return row
    return Row(row.review_id, row.number, row.goods, _words(refused), row.seen)


def _words(refused: Any) -> Any:
    if isinstance(refused, Invalid):
        return " ".join(t(fault.message) for fault in refused.faults)
    return getattr(refused, "message", None) or getattr(refused, "reason", None) or str(refused)


# --- what may be approved together ------------------------------------------------------------------------------------


def rule_of(review: Review) -> frozenset[str]:
    """Return the codes of the measures that ask for a case: cases of one rule have the same."""
    return frozenset(measure["code"] for measure in review.lane["lane"]["measures"])


def why_not(review: Review, *, rule: frozenset[str], spoken: bool, by: Actor) -> Any:
    """Return why a case cannot be approved together with others of a rule, None when it can.

    ``spoken``: a question was asked about it, or an inspection found something against it or is not over.
    """
    verdict = policy.judge(by, review)
    if not verdict:
        return verdict.reason
    return next((reason for holds, reason in _reasons(review, rule, spoken) if holds), None)


def _reasons(review: Review, rule: frozenset[str], spoken: bool) -> list[tuple[bool, Any]]:
    return [
        (review.releases, _l("Customs releases each package by itself.")),
        (review.status not in ("queued", "claimed"), _l("It does not wait for a decision now.")),
        (review.four_eyes, _l("It needs a second officer.")),
        (review.tag != "documents", _l("It is more than a check of documents.")),
        (review.risk in (YELLOW, RED), _l("Its lane is not green: look at it by itself.")),
        (bool(review.results), _l("Goods items of it have been decided already.")),
        (spoken, _l("A question or an inspection belongs to it.")),
        (rule_of(review) != rule, _l("Another rule asks for it than for the first case chosen.")),
        (not documents_shown(review.lane), _l("Not every document it needs is in a file or a registry.")),
        (review.version != review.declaration.version, _l("The package has changed.")),
    ]


def documents_shown(told: Mapping[str, Any]) -> bool:
    """Return whether every document a lane asks for is there in a file or a registry, for each of its goods items. Pure."""
    lanes = [Lane.from_dict(data) for data in (told["lane"], *told["behind"])]
    demanding = [measure for lane in lanes for measure in lane.measures if measure.required]
    return all(
        not finding.missing and bool(finding.found) and all(found.state == SHOWN for found in finding.found)
        for measure in demanding
        for finding in measure.findings
    )


def _spoken_against(keys: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """The cases that a question was asked about, or that an inspection concerns which is open or went against it."""
    asked = sa.select(Question.review_id).where(
        Question.review_id.in_(keys), sa.text("questions.status <> 'withdrawn'")
    )
    inspected = sa.select(InspectionParty.review_id).where(
        InspectionParty.review_id.in_(keys),
        InspectionParty.answer != "declined",
        sa.or_(InspectionParty.recorded_at.is_(None), InspectionParty.outcome == "unfavourable"),
    )
    return set(session().scalars(sa.union(asked, inspected)))
