"""Picturing: a reader of the ledger that asks for pictures of what was filed; the filing itself pays nothing for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask import current_app

from app.database import session
from app.declarations.models import Attachment
from app.documents.picturing import want
from app.jobs import registry
from app.ledger import reading
from app.reviews.thread_models import QuestionFile, QuestionMessage

READER = "documents.picturing"
BATCH = 100
"""Entries taken in at a time."""
_FILED = ("declaration.submitted", "declaration.amended")
_ANSWERED = ("question.answered",)


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    entries = reading.read(READER, limit=BATCH)
    packages = {entry.subject_id for entry in entries if entry.event in _FILED}
    questions = {entry.subject_id for entry in entries if entry.event in _ANSWERED}
    digests = _attached(packages) | _answered(questions)
    if digests:
        want(digests, jobs=current_app.extensions["akno.jobs"])
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _attached(packages: Iterable[uuid.UUID]) -> set[str]:
    """The files behind the documents of packages, as they stand now: what an amendment took away needs no picture."""
    return _digests(sa.select(Attachment.sha256).where(Attachment.declaration_id.in_(packages)), packages)


def _answered(questions: Iterable[uuid.UUID]) -> set[str]:
    """The files that came with the answers to questions."""
    query = sa.select(QuestionFile.sha256).join(QuestionMessage, QuestionMessage.id == QuestionFile.message_id)
    return _digests(query.where(QuestionMessage.question_id.in_(questions)), questions)


def _digests(query: sa.Select[str], asked: Iterable[uuid.UUID]) -> set[str]:
    return set(session().scalars(query.distinct())) if asked else set()
