"""Picturing: a reader of the ledger that asks for pictures of what was filed; the filing itself pays nothing for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.database import session
from app.declarations.models import Attachment
from app.documents.gate import CLEAN
from app.documents.picturing import want
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry
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
    digests = _attached(packages) | _answered(questions) | _in_use(_found_clean(entries))
    if digests:
        want(digests, jobs=current_app.extensions["akno.jobs"])
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


def _found_clean(entries: Iterable[Entry]) -> set[str]:
    """The files that came through the scanner: those that were filed before it was done wait for their pictures since then."""
    scanned = (entry.payload for entry in entries if entry.event == "document.scanned")
    return {str(one["sha256"]) for one in scanned if one["result"] == CLEAN}


def _in_use(digests: set[str]) -> set[str]:
    """Those of some files that stand behind a package or came with an answer."""
    return {
        sha256
        for held in (Attachment, QuestionFile)
        for sha256 in _digests(sa.select(held.sha256).where(held.sha256.in_(digests)), digests)
    }


def _attached(packages: Iterable[uuid.UUID]) -> set[str]:
    """The files behind the documents of packages, as they stand now: what an amendment took away needs no picture."""
    return _digests(sa.select(Attachment.sha256).where(Attachment.declaration_id.in_(packages)), packages)


def _answered(questions: Iterable[uuid.UUID]) -> set[str]:
    """The files that came with the answers to questions."""
    query = sa.select(QuestionFile.sha256).join(QuestionMessage, QuestionMessage.id == QuestionFile.message_id)
    return _digests(query.where(QuestionMessage.question_id.in_(questions)), questions)


def _digests(query: sa.Select[Any], asked: Iterable[object]) -> set[str]:
    return set(session().scalars(query.distinct())) if asked else set()
