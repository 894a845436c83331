"""The part of a case's page where it is decided: what is open, what bounds the decision, whose turn it is, what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.access import Actor, can
from app.declarations.lifecycle import DECIDABLE
from app.errors import Text
from app.reviews import forms, policy, proposal_finders, releasing
from app.reviews.examining import Judgement
from app.reviews.models import Proposal, Review
from app.reviews.naming import Names


@dataclass(frozen=True, slots=True)
class Decided:
    """A goods item this agency has decided for good: its outcome, and whether it has gone."""

    number: int
    outcome: str
    released: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """What the page needs.

    ``mode``: decide | propose | countersign | blind | wait (another officer signs) | none. ``open_items`` are decided now;
    ``waits_for`` and ``refused_by`` name other agencies per item. ``pending``: the proposal that waits; ``turned``: one's
    own last proposal that was not signed, with its words still in the form; ``differing``: per item the two outcomes on
    which a blind second look differed. ``held``: a decision of the reader that is signed in some seconds.
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
    differing: Sequence[tuple[int, str, str]]
    held: Proposal | None
    own: bool
    may_override: bool
    may_reopen: bool
    typed: Mapping[str, str] = field(default_factory=dict)


def lay_out(review: Review, reviews: Sequence[Review], names: Names, *, actor: Actor, language: str) -> Judging:
    """Gather it for one reader; ``reviews`` are the package's, with decisions."""
    proposals = proposal_finders.list_of(review) if review.status != "superseded" else ()
    last = proposals[0] if proposals else None
    pending = last if last is not None and last.status == "pending" else None
    waits = releasing.agencies_waited_for(review, reviews)
    gone = releasing.released_items([one for other in reviews if other.releases for one in other.decisions])
    turned = last if _turned_to(last, review, actor) else None
    still = releasing.open_items(review)
    codes = list(dict.fromkeys(code for agencies in waits.values() for code in agencies))
    own = pending is not None and pending.person_id == actor.person_id
    return Judging(
        mode=_mode(review, pending, actor),
        open_items=still,
        decided=[Decided(n, str(review.results[str(n)]), n in gone) for n in review.items if n not in still],
        waits_for={number: names.agencies(agencies) for number, agencies in waits.items()},
        waiting=names.agencies(codes) if codes else None,
        refused_by=releasing.named(releasing.agencies_refusing(review, reviews)),
        pending=pending,
        said=proposal_finders.said_in(pending) if pending else None,
        turned=turned,
        differing=_differing(turned or last),
        held=pending if own and pending and pending.kind == "signing" else None,
        own=own,
        may_override=_may_override(review, proposals, actor),
        may_reopen=_may_reopen(review, gone, actor),
        typed=_typed(review, turned, waits, language),
    )


def _turned_to(last: Proposal | None, review: Review, actor: Actor) -> bool:
    """Whether the last word on the case is the reader's own proposal that came to nothing."""
    if last is None or last.status in ("pending", "signed") or last.person_id != actor.person_id:
        return False
    decided = max((decision.decided_at for decision in review.decisions), default=None)
    return review.open and (decided is None or last.proposed_at > decided)


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
    return bool(proposals) and policy.may_override_these(actor, proposals).ok


def _may_reopen(review: Review, gone: set[int], actor: Actor) -> bool:
    decided = [number for number in review.items if review.results.get(str(number)) and number not in gone]
    return (
        bool(decided)
        and review.status == "decided"
        and review.declaration.status in DECIDABLE
        and can(policy.override, actor, review)
    )


def _typed(review: Review, turned: Proposal | None, waits: Mapping[int, Any], language: str) -> Mapping[str, str]:
    if turned is not None:
        return forms.again(review, proposal_finders.said_in(turned), language)
    return forms.blank(review, language, waiting=waits)
