"""Carrying: what becomes of the reviews when the trader changes the package (domain.md section 4, Amendment).

A review whose facts digest is the same is carried to the new version with its decisions, its lease and its clock; any
other is superseded and opened again for the same officer. Customs judges the whole package, so every change reopens it;
its release clock goes on, for it runs from registration. Questions and inspections follow the case.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.editing import ITEM
from app.declarations.models import Declaration, Version
from app.declarations.package import Package
from app.declarations.pointers import pointer
from app.ledger.recording import Happening
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import Lane, Outcome
from app.reviews import claiming, inspecting, inspection_finders, resuming, routing
from app.reviews.asking import POINTER
from app.reviews.lifecycle import PROPOSAL, QUESTION, REVIEW
from app.reviews.models import Decision, DecisionItem, Proposal, Review
from app.reviews.thread_models import Question
from app.reviews.worst import FINAL
from app.risk import thresholds
from app.risk.assessing import Assessed

SIGNING = "signing"
"""The kind of a proposal that signs itself after some seconds (``signing``)."""
_SHOWN = (
    "version", "version_id", "card", "lane", "edition", "tag", "direction", "partner_country", "chapter", "risk",
)  # fmt: skip
"""What a carried review takes from the new version: which it is, and what the queue shows of it."""
_KEPT_CLOCK = ("due_at", "due_on", "clock", "paused_at", "breached_at")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of each agency: its approval stays, it looks again, it is asked for the first time, or no longer."""

    carried: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def foresee(reviews: Sequence[Review], outcome: Outcome, digest: str, customs: str) -> Fate:
    """Return what a new version would do to these reviews (those that count). Pure.

    ``outcome`` is the law's answer to the new version, ``digest`` that of its canonical XML, ``customs`` who releases.
    """
    lanes = {lane.agency for lane in outcome.reviews}
    there = {review.agency: review for review in reviews}
    same = {
        agency
        for agency, review in there.items()
        if agency in lanes and review.facts_digest == _facts(agency, outcome, digest, customs)
    }
    return Fate(
        carried=tuple(agency for agency in there if agency in same),
        reopened=tuple(agency for agency in there if agency in lanes - same),
        opened=tuple(lane.agency for lane in outcome.reviews if lane.agency not in there),
        closed=tuple(agency for agency in there if agency not in lanes),
    )


def _facts(agency: str, outcome: Outcome, digest: str, customs: str) -> str:
    return digest if agency == customs else outcome.digest(agency)


def lock_reviews(declaration: Declaration) -> Sequence[Review]:
    """Lock the reviews of a package that count, in one order; the package is locked already."""
    query = (
        sa.select(Review)
        .where(Review.declaration_id == declaration.id, Review._status != "superseded")
        .order_by(Review.releases, Review.agency)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()


def find_judged(declaration_id: uuid.UUID) -> dict[int, list[str]]:
    """Return the goods items that an agency has decided, on any version, or inspects, with the agencies; an item held is not
    decided."""
    query = (
        sa.select(DecisionItem.number, Decision.agency)
        .join(Decision, Decision.id == DecisionItem.decision_id)
        .where(Decision.declaration_id == declaration_id, DecisionItem.outcome.in_(FINAL))
        .distinct()
        .order_by(DecisionItem.number, Decision.agency)
    )
    found: dict[int, list[str]] = {}
    bound = inspection_finders.list_bound_items(declaration_id)
    decided = [(number, agency) for number, agency in session().execute(query)]
    for number, agency in dict.fromkeys([*decided, *bound]):
        found.setdefault(number, []).append(agency)
    return found


def count_open_questions(declaration_id: uuid.UUID) -> int:
    """Return how many answers the trader still owes about this package."""
    waiting = sa.select(sa.func.count()).select_from(Question)
    return session().scalar(waiting.where(Question.declaration_id == declaration_id, Question._status == "open")) or 0


@dataclass(frozen=True, slots=True)
class _Newer:
    """The new version with what routing needs to write a review of it."""

    declaration: Declaration
    version: Version
    outcome: Outcome
    package: Package
    edition: CompiledEdition
    at: Any
    by: Actor
    assessed: Assessed | None

    def row(self, lane: Lane) -> dict[str, Any]:
        return routing.new_row(
            lane, self.declaration, self.version, self.outcome, self.package, self.edition, self.at, self.assessed
        ) | {"assignee_id": None, "paused_at": None, "breached_at": None}


def carry(
    declaration: Declaration, version: Version, outcome: Outcome, package: Package, *, edition: CompiledEdition, by: Actor,
    moved: Mapping[int, int], removed: Collection[int] = (), assessed: Assessed | None = None,
) -> tuple[Fate, list[Happening]]:  # fmt: skip
    """Take the reviews of a package to its new version; returns what became of whom, and what is to be recorded.

    The package is locked and names the new version already; its version row is written. ``moved``: goods items that have
    another number now, old to new; ``removed``: old numbers of those that are gone; ``assessed``: what risk says of the new
    version: what the window signed by a rule is looked at afresh unless the lane is still green.
    """
    reviews = lock_reviews(declaration)
    fate = _looked_at_again(foresee(reviews, outcome, declaration.digest, edition.customs), reviews, assessed)
    newer = _Newer(declaration, version, outcome, package, edition, clock.now(), by, assessed)
    there = {review.agency: review for review in reviews}
    lanes = {lane.agency: lane for lane in outcome.reviews}
    pending = lock_proposals(declaration)
    happenings = void_proposals(pending, reviews, by=by)
    for agency in fate.carried:
        happenings.append(_carried(there[agency], newer.row(lanes[agency]), by))
    happenings += [_superseded(there[agency], by) for agency in (*fate.reopened, *fate.closed)]
    session().flush()
    rows = [_successor(there[agency], newer.row(lanes[agency])) for agency in fate.reopened]
    rows += [newer.row(lanes[agency]) for agency in fate.opened]
    happenings += routing.insert(rows)
    successors = {there[row["agency"]].id: row["id"] for row in rows if row["agency"] in there}
    gone = {there[agency].id for agency in fate.closed}
    happenings += _follow(declaration, successors, gone, by)
    for proposal in pending:
        if proposal.status == "failed":
            # The words of a decision that could not be signed stand in the form of the case that took its case's place.
            proposal.review_id = successors.get(proposal.review_id, proposal.review_id)
    happenings += _end_questions(declaration, removed, by)
    _renumber_questions(declaration, moved)
    session().flush()
    return fate, happenings


def _looked_at_again(fate: Fate, reviews: Sequence[Review], assessed: Assessed | None) -> Fate:
    """Nothing that the window signed by a rule is carried out of the green lane."""
    raised = {
        review.id: review.agency
        for review in reviews
        if review.agency in fate.carried
        and review.status == "decided"
        and (assessed is None or assessed.lane(review.agency) != thresholds.GREEN)
    }
    if not raised:
        return fate
    automatic = sa.select(Decision.review_id).where(Decision.review_id.in_(raised), Decision.how == "automatic")
    again = {raised[key] for key in session().scalars(automatic)}
    return replace(
        fate,
        carried=tuple(agency for agency in fate.carried if agency not in again),
        reopened=(*fate.reopened, *(agency for agency in fate.carried if agency in again)),
    )


def _names(review: Review) -> dict[str, str]:
    return {"agency": review.agency, "declaration": str(review.declaration_id)}


def _carried(review: Review, row: Mapping[str, Any], by: Actor) -> Happening:
    before = review.version
    for name in _SHOWN:
        setattr(review, name, row[name])
    if review.status != "decided":
        review.four_eyes = row["four_eyes"]
    return REVIEW.step(
        review, "carry", by=by, version=review.version, from_version=before, facts_digest=review.facts_digest,
        **_names(review),
    )  # fmt: skip


def _superseded(review: Review, by: Actor) -> Happening:
    claiming.let_go(review)
    return REVIEW.step(review, "supersede", by=by, **_names(review))


def _successor(review: Review, row: dict[str, Any]) -> dict[str, Any]:
    """The same officer's case; customs' clock runs on, and one that a question stopped stands still on."""
    kept: dict[str, Any] = {"assignee_id": review.assignee_id, "assignee_name": review.assignee_name}
    if review.releases or review.paused_at is not None:
        kept |= {name: getattr(review, name) for name in _KEPT_CLOCK}
        # Why an extension is proposed is said by the lanes of the new version alone.
        story = {name: told for name, told in review.clock.items() if name != "proposed"}
        kept["clock"] = story | {name: told for name, told in row["clock"].items() if name == "proposed"}
    return row | kept


def lock_proposals(declaration: Declaration) -> Sequence[Proposal]:
    """Lock what waits to be signed about a package; the package and its reviews are locked already."""
    pending = sa.select(Proposal).where(Proposal.declaration_id == declaration.id, Proposal._status == "pending")
    return session().scalars(pending.order_by(Proposal.id).with_for_update()).all()


def void_proposals(
    pending: Sequence[Proposal], reviews: Sequence[Review], *, by: Actor, because: str = "version"
) -> list[Happening]:
    """Nobody signs what was proposed about another version; a review that waited for that is in the queue again.

    What was about to be signed of itself has failed (``because``, a code of ``signing.FAILURES``): its officer, who has gone
    on to the next case, is told. Returns what is to be recorded; everything is locked.
    """
    by_id = {review.id: review for review in reviews}
    happenings = []
    for proposal in pending:
        review = by_id.get(proposal.review_id)
        told = {"agency": review.agency if review else "", "declaration": str(proposal.declaration_id)}
        whose = told | {"review": str(proposal.review_id)}
        if proposal.kind == SIGNING:
            happenings.append(PROPOSAL.step(proposal, "fail", by=by, because=because, **whose))
            proposal.reason = because
        else:
            happenings.append(PROPOSAL.step(proposal, "void", by=by, **whose))
        proposal.closed_at, proposal.closed_by_id, proposal.closed_by_name = clock.now(), by.person_id, by.name
        if review is not None and review.status == "proposed":
            happenings.append(REVIEW.step(review, "void-proposal", by=by, proposal=str(proposal.id), **told))
    return happenings


# --- what follows the case ----------------------------------------------------------------------------------------


def _follow(
    declaration: Declaration, successors: Mapping[uuid.UUID, uuid.UUID], gone: set[uuid.UUID], by: Actor
) -> list[Happening]:
    """Questions and inspections move to the successor of their review; those of an agency asked no longer are closed."""
    if not successors and not gone:
        return []
    return [
        *_follow_questions(declaration, successors, gone, by),
        *inspecting.follow(declaration, successors, gone, by),
    ]


def _follow_questions(
    declaration: Declaration, successors: Mapping[uuid.UUID, uuid.UUID], gone: set[uuid.UUID], by: Actor
) -> Iterator[Happening]:
    query = sa.select(Question).where(Question.declaration_id == declaration.id).with_for_update()
    for question in session().scalars(query.order_by(Question.id)).all():
        told = {"agency": question.agency, "declaration": str(declaration.id)}
        if question.review_id in gone and question.status == "open":
            yield QUESTION.step(question, "close", by=by, review=str(question.review_id), **told)
        if question.review_id not in successors:
            continue
        question.review_id = successors[question.review_id]
        if question.status == "open":
            review = session().get_one(Review, question.review_id)
            if review.status == "queued":
                yield REVIEW.step(
                    review, "stay-stopped", by=by, question=str(question.id), effect=question.effect,
                    due_at=question.due_at.isoformat(timespec="seconds"), **told,
                )  # fmt: skip


def _end_questions(declaration: Declaration, removed: Collection[int], by: Actor) -> Iterator[Happening]:
    """Nobody need answer about goods that are no longer in the package; a case that waited for that alone goes on."""
    if not removed:
        return
    asked = sa.select(Question).where(Question.declaration_id == declaration.id, Question.item.in_(removed))
    for question in session().scalars(asked.where(Question._status == "open").order_by(Question.id)).all():
        told = {"agency": question.agency, "declaration": str(declaration.id), "review": str(question.review_id)}
        yield QUESTION.step(question, "close", by=by, **told)
        session().flush()
        review = session().get_one(Review, question.review_id)
        yield from resuming.go_on(review, declaration, because="withdrawn", by=by, at=clock.now())


def _renumber_questions(declaration: Declaration, moved: Mapping[int, int]) -> None:
    """Let what was asked about a goods item point at these goods, under whatever number they stand now."""
    if not moved:
        return
    query = sa.select(Question).where(Question.declaration_id == declaration.id, Question.item.in_(moved))
    for question in session().scalars(query).all():
        before, after = f"{ITEM}[{question.item}]", f"{ITEM}[{moved[question.item or 0]}]"
        question.item, question.path = moved[question.item or 0], question.path.replace(before, after, 1)
        question.pointer = pointer(question.path)[:POINTER]
