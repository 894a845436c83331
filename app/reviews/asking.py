"""Asking the trader: a question with its place, sign, wanted documents and deadline; further questions; its end.

Everybody locks the package, then the review, then the question. What is asked stops only the review that asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app import clock, markup
from app.access import Actor, require
from app.database import new_id, session
from app.declarations import places
from app.declarations.finders import get_version
from app.declarations.models import Declaration
from app.declarations.pointers import pointer
from app.errors import Conflict, Invalid, Stale
from app.ledger.recording import Happening, record_all
from app.ledger.recording import digest as digest_of
from app.requirements.finders import current_edition
from app.reviews import claiming, finders, policy, question_examining, question_finders, resuming, signs, timing
from app.reviews.lifecycle import PROPOSAL, QUESTION
from app.reviews.models import Proposal, Review
from app.reviews.question_examining import REFUSAL, Around, Asking
from app.reviews.thread_models import Question, QuestionMessage

POINTER = 200
ASKABLE = ("under-review", "awaiting-trader", "partly-released")
"""States of a package about which an agency may still ask."""
AGENCY, TRADER = "agency", "trader"
"""The sides of a thread."""


def ask(review: Review, asking: Asking, *, version: int, by: Actor, claim_minutes: int | None = None) -> Question:
    """Send a question to the trader, on the version of the package that the officer saw.

    ``claim_minutes``: take the case on first, in the same breath. Raises Stale (another version holds now), Conflict (no
    claim, closed), NotAllowed, Invalid with every fault of the question.
    """
    declaration = question_finders.lock_declaration(review.declaration_id)
    if declaration.status in ASKABLE and version != declaration.version:
        # Before anything is claimed on the way: the case of the older version may be closed.
        raise _overtaken(declaration, version)
    if claim_minutes is not None:
        claiming.claim(review, by=by, minutes=claim_minutes)
    review = finders.lock_review(review)
    require(policy.ask, by, review)
    finders.refuse_own_package(review, by)
    _may_ask(review, declaration, by)
    _same_version(review, declaration, version)
    at = clock.now()
    place = _place_of(asking, declaration)
    asking = replace(asking, path=place or asking.path.strip())
    faults = question_examining.examine(asking, _around(review, declaration, asking, is_place=bool(place), at=at))
    if faults or asking.due_at is None:
        raise Invalid(faults)
    _not_the_same_again(review, asking)
    question = _written(review, declaration, asking, asking.due_at, by, at)
    happenings = [
        QUESTION.step(
            question, "ask", by=by, sign=question.sign_code, wanted=list(question.wanted), due_at=_text(question.due_at),
            effect=question.effect, on_silence=question.on_silence, pointer=_plain(question.pointer),
            text_digest=digest_of(question.sign_text), **names(question),
        ),
        *void_proposals(review, by=by, at=at),
        *resuming.stop(review, question, declaration, by=by, at=at),
    ]  # fmt: skip
    session().flush()
    record_all(happenings, by=by)
    return question


def follow_up(question: Question, *, text: str, due_at: datetime | None, closed: bool = False, by: Actor) -> Question:
    """Ask on in the same thread, with a new deadline. ``closed``: due outside of working hours on purpose.

    Raises Conflict (the question waits still or is closed, no claim), NotAllowed, Invalid.
    """
    declaration, review, question = _locked(question, by)
    _may_ask(review, declaration, by)
    at, calendar = clock.now(), resuming.hours_of(review)
    faults = [
        *question_examining.examine_text(text),
        *question_examining.examine_deadline(due_at, calendar, at, closed=closed),
    ]
    if faults or due_at is None:
        raise Invalid(faults)
    step = QUESTION.step(
        question, "follow-up", by=by, due_at=_text(due_at), text_digest=digest_of(text.strip()), **names(question)
    )
    question.due_at, question.warn_at = due_at, question_examining.warn_at(at, due_at, calendar)
    question.warned_at, question.answered_at = None, None
    say(question, text, side=AGENCY, by=by, at=at)
    happenings = [step, *void_proposals(review, by=by, at=at)]
    happenings += resuming.stop(review, question, declaration, by=by, at=at)
    session().flush()
    record_all(happenings, by=by)
    return question


def settle(question: Question, *, by: Actor) -> Question:
    """Close an answered question, or one that was not answered in time: it is dealt with, and no longer counts for a
    refusal. Raises Conflict while it waits or when it is closed, NotAllowed for another agency."""
    _declaration, _review, question = _locked(question, by)
    QUESTION.move(question, "settle", by=by, **names(question))
    session().flush()
    return question


def withdraw(question: Question, *, reason: str, by: Actor) -> Question:
    """Take a question back that nobody has answered yet; the trader reads the reason, and the case goes on.

    Raises Conflict when it is answered or closed, NotAllowed for another agency, Invalid without a reason.
    """
    declaration, review, question = _locked(question, by)
    faults = question_examining.examine_text(reason, field="reason")
    if any(one.code == "ASK-TEXT-MISSING" for one in faults):
        faults = [question_examining.fault("ASK-REASON-MISSING", "reason")]
    if faults:
        raise Invalid(faults)
    at = clock.now()
    step = QUESTION.step(question, "withdraw", by=by, reason_digest=digest_of(reason.strip()), **names(question))
    say(question, reason, side=AGENCY, by=by, at=at)
    session().flush()
    record_all([step, *resuming.go_on(review, declaration, because="withdrawn", by=by, at=at)], by=by)
    return question


def close_for(declaration: Declaration, *, by: Actor, review: Review | None = None) -> list[Happening]:
    """Close the questions of a package that still wait (of one review when it is named): it was taken back, or the agency is
    no longer asked. The caller holds the package; returns what is to be recorded."""
    query = sa.select(Question).where(Question.declaration_id == declaration.id, Question._status == "open")
    if review is not None:
        query = query.where(Question.review_id == review.id)
    waiting = session().scalars(query.order_by(Question.number).with_for_update(of=Question)).all()
    return [QUESTION.step(one, "close", by=by, **names(one)) for one in waiting]


def refusals_due(review: Review) -> Mapping[int, Question]:
    """Return the goods items of a review that silence speaks against: questions not answered in time which said so, by item.

    A question about the whole package speaks of every item. An answer that came late, or settling, takes it away.
    """
    query = sa.select(Question).where(
        Question.review_id == review.id, Question._status == "lapsed", Question.on_silence == REFUSAL
    )
    found: dict[int, Question] = {}
    for question in session().scalars(query.order_by(Question.number)):
        for number in review.items if question.item is None else [question.item]:
            if number in review.items:
                found.setdefault(number, question)
    return found


def say(
    question: Question, text: str, *, side: str, by: Actor, at: datetime, version: int | None = None
) -> QuestionMessage:
    """Add a message to a thread; the caller checked it."""
    message = QuestionMessage(
        id=new_id(), question_id=question.id, at=at, side=side, person_id=by.person_id, person_name=by.name[:120],
        text=text.strip(), version=version, files=[],
    )  # fmt: skip
    session().add(message)
    return message


def names(question: Question) -> dict[str, str]:
    """Return what every entry about a question carries."""
    return {
        "agency": question.agency, "declaration": str(question.declaration_id), "review": str(question.review_id)
    }  # fmt: skip


def void_proposals(review: Review, *, by: Actor, at: datetime) -> list[Happening]:
    """Overtake the decision of a review that waits to be signed: what is asked now may change it."""
    query = sa.select(Proposal).where(Proposal.review_id == review.id, Proposal._status == "pending").with_for_update()
    happenings = []
    for proposal in session().scalars(query):
        told = {"agency": review.agency, "declaration": str(review.declaration_id), "review": str(review.id)}
        happenings.append(PROPOSAL.step(proposal, "void", by=by, **told))
        proposal.closed_at, proposal.closed_by_id, proposal.closed_by_name = at, by.person_id, by.name
    return happenings


def twins_of(declaration: Declaration, asking: Asking, *, agency: str) -> Sequence[Question]:
    """Return the questions that ask about the same already: those of other agencies, and one's own that still wait."""
    if not asking.path:
        return ()
    found = question_finders.list_twins(declaration.id, asking.path, asking.wanted)
    return [one for one in found if one.agency != agency or (one.status == "open" and one.path == asking.path)]


def _place_of(asking: Asking, declaration: Declaration) -> str:
    """The true path of the place asked about, ``""`` where the version that holds has none."""
    return places.resolve(markup.read(get_version(declaration).canonical), asking.path)


def _around(review: Review, declaration: Declaration, asking: Asking, *, is_place: bool, at: datetime) -> Around:
    edition = current_edition()
    return Around(
        is_place=is_place,
        is_document=places.is_document(asking.path),
        signs={sign.code for sign in signs.list_signs(review.agency)},
        documents=edition.document_types,
        calendar=timing.hours_of(review.agency, review.office_code, edition),
        now=at,
        twins=len(twins_of(declaration, asking, agency=review.agency)) if is_place else 0,
    )


def _locked(question: Question, by: Actor) -> tuple[Declaration, Review, Question]:
    """Lock a thread and see that this officer may write in it: agency, office, no part in the package."""
    thread = question_finders.lock_thread(question)
    require(policy.ask, by, thread.review)
    finders.refuse_own_package(thread.review, by)
    return thread.declaration, thread.review, thread.question


def _may_ask(review: Review, declaration: Declaration, by: Actor) -> None:
    if declaration.status not in ASKABLE or not review.open:
        raise Conflict(_l("This case is closed: nothing can be asked about it any more."), {"state": review.status})
    if review.status == "proposed":
        raise Conflict(
            _l("A decision waits for the second officer. Take the proposal back first, then ask."),
            {"state": review.status},
        )
    if review.status in ("question", "inspection"):
        if review.assignee_id in (None, by.person_id):
            return
        raise Conflict(
            _l("This is the case of %(name)s. Ask them, or let the supervisor hand it on.", name=review.assignee_name),
            {"assignee": review.assignee_name},
        )
    if policy.holds_claim(by, review):
        return
    lapsed = review.claimed_until is None or review.claimed_until <= clock.now()
    if review.status == "claimed" and review.claimed_by_id != by.person_id and not lapsed:
        raise claiming.held_by_another(review)
    raise Conflict(
        _l("Your question is not sent yet: claim the case first, so that nobody else works on it meanwhile."),
        {"claim": "needed"},
    )


def _not_the_same_again(review: Review, asking: Asking) -> None:
    """A button pressed twice asks once, also where somebody ticked that another question on it is meant."""
    same = sa.select(Question.number).where(
        Question.review_id == review.id, Question._status == "open", Question.path == asking.path,
        Question.sign_code == asking.sign, Question.sign_text == asking.text.strip(),
    )  # fmt: skip
    number = session().scalar(same.limit(1))
    if number is not None:
        raise Conflict(
            _l("You have asked exactly this already: question %(number)s waits for the answer.", number=number),
            {"question": number},
        )


def _same_version(review: Review, declaration: Declaration, version: int) -> None:
    if version != declaration.version or review.version != declaration.version:
        raise _overtaken(declaration, version)


def _overtaken(declaration: Declaration, version: int) -> Stale:
    return Stale(
        _l(
            "The package has changed since you opened it: you saw version %(seen)s, version %(current)s holds now. "
            "Look at what has changed, then ask.",
            seen=version,
            current=declaration.version,
        ),
        {"version": declaration.version, "seen": version},
    )


def _written(
    review: Review, declaration: Declaration, asking: Asking, due_at: datetime, by: Actor, at: datetime
) -> Question:
    question = Question(
        id=new_id(), declaration_id=declaration.id, review_id=review.id, agency=review.agency,
        number=question_finders.next_number(declaration.id), item=places.item_of(asking.path),
        pointer=pointer(asking.path)[:POINTER], path=asking.path, sign_code=asking.sign, sign_text=asking.text.strip(),
        wanted=list(asking.wanted), version=declaration.version, asked_at=at, asked_by_id=by.person_id,
        asked_by_name=by.name[:120], due_at=due_at, effect=resuming.effect_on(review), on_silence=asking.on_silence,
        warn_at=question_examining.warn_at(at, due_at, resuming.hours_of(review)),
    )  # fmt: skip
    QUESTION.begin(question)
    session().add(question)
    session().flush()
    say(question, asking.text, side=AGENCY, by=by, at=at)
    return question


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _plain(wco: str) -> str:
    """A pointer as a leaf of the ledger takes it, in letters of a code: ``42A/67A/68A.1/02A.2``."""
    return wco.replace("[", ".").replace("]", "")[:128]
