"""The threads of a case for its page: each question with its place, sign and documents in words, and its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.access import Actor
from app.declarations import places
from app.declarations import policy as packages
from app.declarations.form_lists import Lists
from app.declarations.models import Declaration
from app.declarations.package import Package
from app.errors import Text
from app.reviews import clocks, policy, question_finders, signs, timing
from app.reviews.lifecycle import QUESTION
from app.reviews.models import Review
from app.reviews.naming import Names
from app.reviews.thread_models import Question

TONES = {"open": "asked", "answered": "ok", "lapsed": "due", "settled": "", "withdrawn": ""}
"""The tone of each state's tag; a question to the trader is slate-blue wherever it stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """A thread in words. ``left`` and ``share`` (0 to 1 of the working time) are None unless it waits for an answer;
    ``mine``: whether the reader's agency asked, ``whole``: whether the reader may read its texts."""

    question: Question
    where: str
    sign: Text
    wanted: Sequence[str]
    state: Any
    tone: str
    left: clocks.Left | None
    share: float | None
    mine: bool
    whole: bool

    @property
    def steps(self) -> frozenset[str]:
        """What the agency that asked can do with it now."""
        rows = QUESTION.rows.values()
        return frozenset(row.name for row in rows if self.question.status in row.sources)


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of a case. ``can_ask``: a new question may be sent now; ``can_write``: the reader is of the agency and may
    ask on, settle and withdraw."""

    rows: Sequence[Row]
    can_ask: bool
    can_write: bool


def lay_out(review: Review, names: Names, package: Package, *, actor: Actor, language: str) -> Threads:
    """Return the threads of the package for the page of one of its cases, one's own agency's first."""
    lists, now = Lists(names.edition, language), clock.now()
    full = review.releases or actor.kind in ("auditor", "system")
    rows = [
        row(one, lists, package, review.office_code, now=now, mine=one.agency == review.agency, full=full)
        for one in question_finders.list_questions(review.declaration_id, messages=True)
    ]
    writes = bool(policy.ask(actor, review))
    asks = writes and review.status in ("queued", "claimed", "question", "inspection")
    return Threads(sorted(rows, key=lambda one: not one.mine), asks, writes)


def of_package(declaration: Declaration, names: Names, package: Package, *, actor: Actor, language: str) -> Threads:
    """Return the threads of a package for its trader, those that wait for an answer first; ``can_write``: may answer."""
    lists, now = Lists(names.edition, language), clock.now()
    rows = [
        row(one, lists, package, declaration.office_code, now=now, yours=True)
        for one in question_finders.list_questions(declaration.id, messages=True)
    ]
    may_answer = bool(packages.answer(actor, declaration))
    return Threads(sorted(rows, key=lambda one: one.question.status != "open"), False, may_answer)


def row(
    question: Question, lists: Lists, package: Package, office: str, *, now: datetime, mine: bool = True, full: bool = True,
    yours: bool = False,
) -> Row:  # fmt: skip
    """Return one thread in words; ``package`` is the version that holds now, ``yours``: the reader is the trader."""
    sign = signs.find_sign(question.agency, question.sign_code)
    waits = question.status == "open"
    return Row(
        question=question,
        where=places.words(question.path, package, lists),
        sign=sign.text if sign else {"en": question.sign_code},
        wanted=[lists.words("document_types", code) for code in question.wanted],
        state=_l("Waits for your answer") if waits and yours else QUESTION.words[question.status],
        tone=TONES[question.status],
        left=clocks.left(question.due_at, now) if waits else None,
        share=_share(question, lists, office, now) if waits else None,
        mine=mine,
        whole=mine or full,
    )


def _share(question: Question, lists: Lists, office: str, now: datetime) -> float:
    """The share of the working time given that is still left."""
    calendar = timing.hours_of(question.agency, office, lists.edition)
    given = max(calendar.between(question.asked_at, question.due_at), 1)
    return min(max(calendar.between(now, question.due_at) / given, 0.0), 1.0)
