"""The part of a case's page where it is decided: what is open, what bounds the decision, whose turn it is, what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor, can
from app.declarations.lifecycle import DECIDABLE
from app.errors import Text
from app.reviews import asking, finding, forms, four_eyes, policy, proposal_finders, releasing
from app.reviews.examining import Judgement, field_name
from app.reviews.four_eyes import SecondLook
from app.reviews.models import Proposal, Review
from app.reviews.naming import Names
from app.reviews.worst import FINAL, REFUSED


@dataclass(frozen=True, slots=True)
class Decided:
    """A goods item this agency has decided for good: its outcome, and whether it has gone."""

    number: int
    outcome: str
    released: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One's own recorded decision that is signed in ``seconds`` (None: it could not be, ``why`` in words)."""

    review_id: uuid.UUID
    proposal_id: uuid.UUID
    number: str
    signs_at: datetime | None
    seconds: int | None
    why: Any


@dataclass(frozen=True, slots=True)
class Judging:
    """What the page needs.

    ``mode``: decide | propose | countersign | blind | wait (another officer signs) | none. ``open_items`` are decided now;
    ``waits_for`` and ``refused_by`` name other agencies per item. ``pending``: the proposal that waits; ``last``: the newest; ``turned``: one's
    own last proposal that was not signed, with its words still in the form; ``differing``: per item the two outcomes on
    which a blind second look differed. ``told``: decisions of the reader on other cases that are signed in some seconds.
    ``looks``: why a second officer must sign.
    """

    mode: str
    open_items: Sequence[int]
    decided: Sequence[Decided]
    waits_for: Mapping[int, Text]
    waiting: Text | None
    refused_by: Mapping[int, Text]
    pending: Proposal | None
    said: Judgement | None
    turned: Proposal | None
    last: Proposal | None
    differing: Sequence[tuple[int, str, str]]
    told: Sequence[Told]
    own: bool
    looks: Sequence[SecondLook]
    may_override: bool
    may_reopen: bool
    typed: Mapping[str, str] = field(default_factory=dict)


def lay_out(
    review: Review, reviews: Sequence[Review], names: Names, *, actor: Actor, has_part: bool = False, language: str
) -> Judging:  # fmt: skip
    """Gather it for one reader; ``reviews`` are the package's, with decisions. Who has a part in the package (``has_part``)
    judges nothing and sees nothing of what is proposed."""
    proposals = proposal_finders.list_of(review) if review.status != "superseded" and not has_part else ()
    last = proposals[0] if proposals else None
    pending = last if last is not None and last.status == "pending" else None
    waits = releasing.agencies_waited_for(review, reviews)
    gone = releasing.released_items([one for other in reviews if other.releases for one in other.decisions])
    turned = last if _turned_to(last, review, actor) else None
    still = releasing.open_items(review)
    codes = list(dict.fromkeys(code for agencies in waits.values() for code in agencies))
    own = pending is not None and pending.person_id == actor.person_id
    return Judging(
        mode="none" if has_part else _mode(review, pending, actor),
        open_items=still,
        decided=[Decided(n, str(review.results[str(n)]), n in gone) for n in review.items if n not in still],
        waits_for={number: names.agencies(agencies) for number, agencies in waits.items()},
        waiting=names.agencies(codes) if codes else None,
        refused_by=releasing.named(releasing.agencies_refusing(review, reviews)),
        pending=pending,
        said=proposal_finders.said_in(pending) if pending else None,
        turned=turned,
        last=last,
        differing=_differing(turned or last),
        told=[one for one in told(actor) if one.review_id != review.id],
        own=own,
        looks=_looks(review) if review.four_eyes and review.open else (),
        may_override=_may_override(review, proposals, actor),
        may_reopen=_may_reopen(review, gone, actor),
        typed=_typed(review, turned, waits, language),
    )


def _looks(review: Review) -> Sequence[SecondLook]:
    """Why a second officer must sign this case, by the measures that brought it here."""
    return four_eyes.second_looks(review.agency, (one["measure_type"] for one in review.lane["lane"]["measures"]))


def _turned_to(last: Proposal | None, review: Review, actor: Actor) -> bool:
    """Whether the last word on the case is the reader's own proposal that came to nothing."""
    if last is None or last.status in ("pending", "signed") or last.person_id != actor.person_id:
        return False
    decided = _decided_at(review)
    return review.open and (decided is None or last.proposed_at > decided)


def _decided_at(review: Review) -> datetime | None:
    return max((decision.decided_at for decision in review.decisions), default=None)


def _mode(review: Review, pending: Proposal | None, actor: Actor) -> str:
    if not review.open or not policy.judge(actor, review):
        return "none"
    if pending is None:
        return "propose" if review.four_eyes else "decide"
    if pending.kind == "signing" or pending.person_id == actor.person_id or not policy.countersign(actor, review):
        return "wait"
    return "blind" if review.blind else "countersign"


def _differing(last: Proposal | None) -> Sequence[tuple[int, str, str]]:
    if last is None or last.status != "returned" or not last.second_outcomes:
        return ()
    first = proposal_finders.said_in(last).outcomes
    second = {int(number): str(outcome) for number, outcome in last.second_outcomes.items()}
    return [(number, first[number], second.get(number, "")) for number in sorted(first)]


def _may_override(review: Review, proposals: Sequence[Proposal], actor: Actor) -> bool:
    if review.status not in ("queued", "claimed", "proposed") or not can(policy.override, actor, review):
        return False
    return bool(proposals) and policy.may_override_these(actor, proposals, since=_decided_at(review)).ok


def _may_reopen(review: Review, gone: set[int], actor: Actor) -> bool:
    decided = [number for number in review.items if review.results.get(str(number)) in FINAL and number not in gone]
    return (
        bool(decided)
        and review.status in ("decided", "queued", "claimed")
        and review.declaration.status in DECIDABLE
        and can(policy.override, actor, review)
    )


def _typed(review: Review, turned: Proposal | None, waits: Mapping[int, Any], language: str) -> Mapping[str, str]:
    if turned is not None:
        return forms.again(review, proposal_finders.said_in(turned), language)
    typed = forms.blank(review, language, waiting=waits)
    if review.status in ("queued", "claimed"):
        _expect_refusals(review, typed)
    return typed


def _expect_refusals(review: Review, typed: dict[str, str]) -> None:
    """Silence that was said to lead to a refusal, and a finding against an item, stand in the form; the officer decides."""
    grounds = dict.fromkeys(asking.refusals_due(review), "")
    grounds |= {number: act for number, (act, _words) in finding.against(review).items()}
    for number, ground in grounds.items():
        if typed.get(field_name(number, "outcome")) == "":
            typed |= {field_name(number, "outcome"): REFUSED, field_name(number, "legal_ground"): ground}


def told(actor: Actor) -> list[Told]:
    """Return what an officer is told on the queue and on every case: what is about to be signed, what could not be."""
    now = clock.now()
    return [
        Told(
            review.id,
            proposal.id,
            review.card.get("number") or review.card.get("lrn", ""),
            proposal.signs_at,
            _seconds(proposal, now) if proposal.status == "pending" else None,
            FAILED.get(proposal.reason, ""),
        )
        for proposal, review in proposal_finders.list_told(actor)
    ]


def _seconds(proposal: Proposal, now: datetime) -> int:
    return max(0, int((proposal.signs_at - now).total_seconds())) if proposal.signs_at else 0


PAYMENTS: Mapping[str, Any] = {"paid": _l("Paid"), "secured": _l("Secured"), "not-due": _l("Not due")}
FAILED: Mapping[str, Any] = {
    "version": _l("The package has changed since."),
    "answered": _l("The trader has answered since."),
    "faults": _l("It no longer holds against what the others decided, or what an inspection found."),
    "rights": _l("You may no longer decide this case."),
    "closed": _l("The case was decided or closed before."),
    "claim": _l("You no longer held the case."),
}
"""Why a recorded decision could not be signed, in words (``signing.FAILURES``)."""
