"""The robot: officers of test mode, who decide as the reference of a package asks, by the activities that people call.

Looked at every second by the worker of test mode alone; a window that is not of test mode gives it nothing to do.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased

from app import clock
from app.database import session
from app.declarations.lifecycle import DECIDABLE
from app.declarations.models import Declaration
from app.jobs import registry
from app.rehearsal import magic, mirroring
from app.rehearsal.magic import Case, magic_of, plan
from app.rehearsal.staffing import SECOND, robot
from app.reviews import (
    asking,
    claiming,
    deciding,
    finders,
    proposal_finders,
    proposing,
    question_finders,
    releasing,
    resuming,
    signs,
)
from app.reviews.examining import ItemDecision
from app.reviews.grounds import appeal_of, list_grounds
from app.reviews.models import OPEN_STATES, Review
from app.reviews.question_examining import LEAST_MINUTES, REFUSAL, Asking
from app.reviews.thread_models import Question
from app.reviews.worst import HELD, REFUSED

AT_ONCE = 100
"""Cases of one look; what is left is done a second later."""
LEASE_MINUTES = 2
"""Longer than the robot ever takes its time, so that a case it holds does not go back to the queue meanwhile."""
AT_WORK = ("queued", "claimed", "proposed")
NOTE = "Тэставы рэжым: так вырашыў робат."
GROUND = "Тэставы рэжым: адмова па просьбе нумара дэкларацыі (-REFUSE) або з-за маўчання."
WORDS = (
    "Тэставы рэжым: гэта пытанне задаў робат, бо нумар дэкларацыі канчаецца на -QUESTION. Адкажыце, і пакет пойдзе далей. / "
    "Тестовый режим: этот вопрос задал робот, потому что номер декларации оканчивается на -QUESTION. Ответьте, и пакет пойдёт "
    "дальше. / Test mode: the robot asks because the reference ends with -QUESTION. Answer, and the package goes on."
)
PAYMENT, REFERENCE = "paid", "TEST-PAYMENT"
MIRROR_SECONDS = 60
"""How often the people behind the keys are copied anew."""


def list_due() -> Sequence[uuid.UUID]:
    """Return the cases that the robot can go on with now; customs' when the other agencies have decided."""
    if not current_app.extensions["akno.settings"].rehearsal:
        return ()
    other = aliased(Review)
    others_open = sa.exists().where(
        other.declaration_id == Review.declaration_id, other.releases.is_(False), other._status.in_(OPEN_STATES)
    )
    rested = Review.opened_at <= clock.now() - timedelta(seconds=magic.WAIT_SECONDS)
    query = (
        sa.select(Review.id)
        .join(Declaration, Declaration.id == Review.declaration_id)
        .where(Review._status.in_(AT_WORK), Declaration._status.in_(DECIDABLE))
        .where(sa.or_(Review._status != "claimed", rested))
        .where(sa.or_(Review.releases.is_(False), ~others_open))
    )
    return session().scalars(query.order_by(Review.opened_at, Review.id).limit(AT_ONCE)).all()


def act(review_id: uuid.UUID) -> None:
    """Take a case one step on: sign second, ask, take it on and wait, or decide. Safe to repeat."""
    review = session().get_one(Review, review_id)
    declaration = question_finders.lock_declaration(review.declaration_id)
    review = finders.lock_review(review)
    if review.status not in AT_WORK or declaration.status not in DECIDABLE:
        return
    if review.status == "proposed":
        _sign_second(review, declaration)
        return
    case = _case(review, declaration)
    by = robot(review.agency)
    if case.asks:
        asking.ask(review, _asking(review), version=declaration.version, by=by, claim_minutes=LEASE_MINUTES)
    elif case.waits:
        claiming.claim(review, by=by, minutes=LEASE_MINUTES)
    else:
        _decide(review, declaration, case)


def _case(review: Review, declaration: Declaration) -> Case:
    holding = finders.list_reviews(declaration.id)
    asked = session().scalar(sa.select(Question.id).where(Question.declaration_id == declaration.id).limit(1))
    return Case(
        magic=magic_of(declaration.lrn),
        leads=review.id == holding[0].id,
        releases=review.releases,
        items=review.items,
        still=releasing.open_items(review),
        refused=releasing.agencies_refusing(review, holding),
        silent=asking.refusals_due(review),
        asked=asked is not None,
        age=(clock.now() - review.opened_at).total_seconds(),
    )


def _decide(review: Review, declaration: Declaration, case: Case) -> None:
    planned = plan(case)
    pays = review.releases and planned.releases
    step = proposing.propose if review.four_eyes else deciding.decide
    step(
        review, version=declaration.version, digest=declaration.digest,
        items=[_item(review.agency, number, outcome) for number, outcome in planned.outcomes.items()], note=NOTE,
        payment=PAYMENT if pays else "", payment_reference=REFERENCE if pays else "", by=robot(review.agency),
        claim_minutes=LEASE_MINUTES,
    )  # fmt: skip


def _sign_second(review: Review, declaration: Declaration) -> None:
    proposal = proposal_finders.lock_pending(review)
    proposing.countersign(
        review, proposal=proposal.id, version=declaration.version, digest=declaration.digest,
        outcomes=proposal_finders.said_in(proposal).outcomes, by=robot(review.agency, SECOND),
    )  # fmt: skip


def _item(agency: str, number: int, outcome: str) -> ItemDecision:
    if outcome == HELD:
        return ItemDecision(number, outcome, conditions=NOTE)
    if outcome != REFUSED:
        return ItemDecision(number, outcome)
    ground, appeal = list_grounds(agency)[0], appeal_of(agency)
    return ItemDecision(
        number, outcome, reason_code=ground.code, legal_ground=ground.law["be"] or GROUND,
        appeal_office=appeal.office["be"], appeal_contact=appeal.contact, appeal_days=appeal.days,
    )  # fmt: skip


def _asking(review: Review) -> Asking:
    return Asking(
        path=f"/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[{review.items[0]}]",
        sign=signs.list_signs(review.agency)[0].code,
        text=WORDS,
        wanted=(),
        none_wanted=True,
        due_at=resuming.hours_of(review).add(clock.now(), LEAST_MINUTES + 1),
        on_silence=REFUSAL,
    )


registry.watch("rehearsal.robot", list_due, act)


# --- the people behind the keys -----------------------------------------------------------------------------------

_mirrored: list[float] = []


def mirror_due() -> Sequence[str]:
    """Return one key when the people behind the keys are to be copied anew by this process."""
    if not current_app.extensions["akno.settings"].rehearsal:
        return ()
    now = clock.now().timestamp()
    return () if _mirrored and now - _mirrored[0] < MIRROR_SECONDS else ("people",)


def mirror(_key: str) -> None:
    """Copy them; what was copied a moment ago is copied over."""
    _mirrored[:] = [clock.now().timestamp()]
    mirroring.refresh()


registry.watch("rehearsal.people", mirror_due, mirror)
