"""Reads of questions to the trader: threads of a package, one thread, and the lock of a thread in the one order."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.access import Actor
from app.database import session
from app.declarations.finders import get_declaration
from app.declarations.models import Declaration
from app.documents.models import Blob
from app.errors import NotFound
from app.reviews import finders
from app.reviews.models import Review
from app.reviews.thread_models import Question, QuestionFile, QuestionMessage

ALIVE = ("open", "answered")
"""States in which a question speaks for itself: asked again, the trader would answer twice."""


MOST_NUMBER = 2**31 - 1
"""The highest number the column holds: an address with a higher one leads nowhere."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with the review that asks and the package it is about."""

    declaration: Declaration
    review: Review
    question: Question


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """A file that came with an answer, with its stored bytes' row."""

    question: Question
    file: QuestionFile
    blob: Blob


def list_questions(declaration_id: uuid.UUID, *, messages: bool = False) -> Sequence[Question]:
    """Return the questions of a package, oldest first; on demand with messages and files."""
    query = sa.select(Question).where(Question.declaration_id == declaration_id).order_by(Question.number)
    if messages:
        query = query.options(selectinload(Question.messages).selectinload(QuestionMessage.files))
    return session().scalars(query).all()


def get_question(review_id: uuid.UUID, number: int, *, actor: Actor) -> Thread:
    """Return a question of one of the officer's own cases, or of an auditor's. Raises NotFound for any other."""
    review = finders.get_review(review_id, actor=actor)
    question = _numbered(review.declaration_id, number)
    if question is None or (actor.kind == "agency" and question.agency != review.agency and not review.releases):
        raise NotFound()
    return Thread(review.declaration, review, question)


def get_asked(declaration_id: uuid.UUID, number: int, *, actor: Actor) -> Thread:
    """Return a question of one of the actor's own packages. Raises NotFound: not there and not yours look alike."""
    declaration = get_declaration(declaration_id, actor=actor)
    question = _numbered(declaration.id, number)
    if question is None:
        raise NotFound()
    return Thread(declaration, session().get_one(Review, question.review_id), question)


def get_thread_file(thread: Thread, file_id: uuid.UUID) -> ThreadFile:
    """Return a file of this very thread: nested ids are checked as a pair. Raises NotFound."""
    for message in thread.question.messages:
        for file in message.files:
            if file.id == file_id:
                blob = session().get(Blob, file.sha256)
                if blob is not None:
                    return ThreadFile(thread.question, file, blob)
    raise NotFound()


def _numbered(declaration_id: uuid.UUID, number: int) -> Question | None:
    if number > MOST_NUMBER:
        return None
    query = (
        sa.select(Question)
        .where(Question.declaration_id == declaration_id, Question.number == number)
        .options(selectinload(Question.messages).selectinload(QuestionMessage.files))
    )
    return session().scalars(query).one_or_none()


def lock_declaration(declaration_id: uuid.UUID) -> Declaration:
    """Lock a package and read it afresh: the first lock of everyone who changes what is asked about it."""
    query = (
        sa.select(Declaration)
        .where(Declaration.id == declaration_id)
        .options(joinedload(Declaration.owner), joinedload(Declaration.filer))
        .with_for_update(of=Declaration)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).unique().one()


def lock_thread(question: Question) -> Thread:
    """Lock package, review and question in this order and read all three afresh: a new version may have moved the question
    to the review that took the old one's place."""
    declaration = lock_declaration(question.declaration_id)
    # Who changes a question holds its package, so this look cannot be overtaken.
    review_id = session().scalars(sa.select(Question.review_id).where(Question.id == question.id)).one()
    review = finders.lock_review(session().get_one(Review, review_id))
    query = (
        sa.select(Question)
        .where(Question.id == question.id)
        .with_for_update(of=Question)
        .execution_options(populate_existing=True)
    )
    return Thread(declaration, review, session().scalars(query).one())


def read_afresh(question: Question) -> Question:
    """Read a question again with its messages; the caller holds its package, so what is read holds."""
    query = (
        sa.select(Question)
        .where(Question.id == question.id)
        .options(selectinload(Question.messages).selectinload(QuestionMessage.files))
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


def waits_for_trader() -> sa.ColumnElement[bool]:
    """Return the condition, for a list of packages, that a question about the package waits for an answer."""
    return sa.exists().where(Question.declaration_id == Declaration.id, Question._status == "open")


def next_number(declaration_id: uuid.UUID) -> int:
    """Return the number of the next question of a package that the caller has locked."""
    last = session().scalar(sa.select(sa.func.max(Question.number)).where(Question.declaration_id == declaration_id))
    return (last or 0) + 1


def count_open(*, declaration_id: uuid.UUID | None = None, review_id: uuid.UUID | None = None) -> int:
    """Return how many questions of a package or of a review still wait for an answer; the caller holds the package."""
    where = Question.declaration_id == declaration_id if declaration_id else Question.review_id == review_id
    query = sa.select(sa.func.count()).select_from(Question).where(where, Question._status == "open")
    return session().scalar(query) or 0


def list_twins(declaration_id: uuid.UUID, path: str, wanted: Collection[str]) -> list[Question]:
    """Return the questions that ask already about the same place or for the same kind of document: those of any agency that
    wait or are answered."""
    return [
        one
        for one in list_questions(declaration_id, messages=True)
        if one.status in ALIVE and (one.path == path or set(one.wanted) & set(wanted))
    ]
