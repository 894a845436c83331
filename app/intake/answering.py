"""Answering a question of an agency: words, documents, a mended value. What changes the package makes a new version of it in
the same transaction; the review that asked goes on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from lxml import etree

from app import clock, markup
from app.access import Actor, require
from app.database import new_id, session
from app.declarations import codec, draft_edits, editing, policy
from app.declarations.draft_edits import Change
from app.declarations.finders import get_version
from app.declarations.lifecycle import AMENDABLE
from app.declarations.models import Declaration
from app.documents.models import Document
from app.errors import Conflict, Fault, Invalid
from app.intake import amending
from app.ledger.recording import digest, record_all
from app.reviews import carrying, proposal_finders, question_finders, resuming
from app.reviews.asking import TRADER, names, say
from app.reviews.lifecycle import QUESTION
from app.reviews.models import Review
from app.reviews.question_examining import MOST_TEXT, fault
from app.reviews.thread_models import Question, QuestionFile, QuestionMessage

ANSWERABLE = ("under-review", "awaiting-trader", "partly-released")
"""States of a package in which an agency still listens."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that comes with an answer: for a goods item (None: the whole package), in place of the n-th one there or
    new (0). ``fields`` are leaves below AdditionalDocument, as ``draft_edits.document_changes`` takes them."""

    item: int | None
    place: int
    fields: Mapping[str, str | None]
    file: Document | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trader says: words, documents, and changes of the value that was asked about."""

    text: str = ""
    papers: tuple[Paper, ...] = ()
    changes: tuple[Change, ...] = ()


def answer(question: Question, said: Answer, *, version: int, by: Actor) -> Question:
    """Answer a question on the version of the package that was seen.

    An answer that comes after the deadline, before the decision, is taken too. Raises Conflict (answered already, closed,
    decided, or the agency no longer asked), Stale (the package changed meanwhile), NotAllowed, Invalid with every fault of
    the answer and of the package it would make; nothing is changed then.
    """
    declaration = question_finders.lock_declaration(question.declaration_id)
    require(policy.answer, by, declaration)
    question = question_finders.read_afresh(question)
    _may_be_answered(question, declaration)
    faults = _faults(said)
    if faults:
        raise Invalid(faults)
    made = _changed(declaration, said, version, by)
    thread = question_finders.lock_thread(question)
    return _written(thread, said, made, by)


def _may_be_answered(question: Question, declaration: Declaration) -> None:
    if question.status == "answered":
        last = _last_answer(question)
        raise Conflict(
            _l(
                "%(name)s has answered this question already, at %(when)s. What you wrote is not sent and is still here.",
                name=last.person_name if last else "",
                when=f"{_minsk(question.answered_at):%d.%m.%Y %H:%M}" if question.answered_at else "",
            ),
            {"state": question.status},
        )
    if question.status not in ("open", "lapsed"):
        raise Conflict(
            _l("This question is closed: the agency no longer waits for an answer."), {"state": question.status}
        )
    if declaration.status not in ANSWERABLE:
        raise Conflict(
            _l("This package is closed: no agency waits for an answer any more."), {"state": declaration.status}
        )
    review = session().get_one(Review, question.review_id, populate_existing=True)
    if not review.open:
        raise Conflict(
            _l(
                "The agency has decided meanwhile: an answer no longer changes its decision. The decision says where it "
                "can be appealed."
            ),
            {"state": review.status},
        )


def _last_answer(question: Question) -> QuestionMessage | None:
    said = [one for one in question.messages if one.side == TRADER]
    return said[-1] if said else None


def _minsk(moment: datetime) -> datetime:
    return moment.astimezone(clock.MINSK)


def _faults(said: Answer) -> list[Fault]:
    faults = []
    if not (said.text.strip() or said.papers or said.changes):
        faults.append(fault("ANSWER-EMPTY", "text"))
    if len(said.text) > MOST_TEXT:
        faults.append(fault("ASK-TEXT-LONG", "text", long=len(said.text), most=MOST_TEXT))
    return faults


def _changed(declaration: Declaration, said: Answer, version: int, by: Actor) -> int | None:
    """Make the version that the answer means; None where it changes nothing in the package.

    Once goods are released the package no longer changes: files then stay with the answer, where the agency reads them.
    """
    if not (said.papers or said.changes):
        return None
    if declaration.status not in AMENDABLE:
        if said.changes:
            raise Invalid([fault("ANSWER-TOO-LATE-TO-CHANGE", "value")])
        return None
    stored = get_version(declaration).canonical
    tree = markup.read(stored)
    apply(tree, said)
    if codec.canonical(tree) == stored:
        return None
    return amending.amend(
        declaration, tree, cause=amending.ANSWERED, by=by, expected_version=version
    ).number  # fmt: skip


def apply(tree: etree._Element, said: Answer) -> None:
    """Write an answer's documents and values into the tree of a package. Pure but for the tree. Raises Invalid where a goods
    item or a document is not there (any more)."""
    before = draft_edits.codes(tree)
    if said.changes:
        draft_edits.apply(tree, said.changes)
        draft_edits.drop_stale_answers(tree, before)
    for paper in said.papers:
        _put(tree, paper)


def _put(tree: etree._Element, paper: Paper) -> None:
    try:
        count = len(editing.documents(tree, paper.item))
    except IndexError:
        raise Invalid([fault("ANSWER-PLACE-UNKNOWN", "where")]) from None
    if paper.place > count:
        raise Invalid([fault("ANSWER-PLACE-UNKNOWN", "where")])
    path = draft_edits.document_path(paper.item, paper.place or count + 1)
    fields = dict(paper.fields)
    if paper.place and editing.get_leaf(tree, f"{path}/TypeCode") != fields.get("TypeCode"):
        # Another kind of document does not go by the old one's name.
        fields["Name"] = None
    if paper.file is not None:
        fields |= {
            "Attachment/FileName": paper.file.file_name, "Attachment/SHA256": paper.file.sha256,
            "Attachment/MediaType": paper.file.blob.media_type,
        }  # fmt: skip
    elif paper.place:
        # The file of the document that was there proves nothing about the one that takes its place.
        fields |= dict.fromkeys(("Attachment/FileName", "Attachment/SHA256", "Attachment/MediaType"), None)
    draft_edits.apply(tree, draft_edits.document_changes(path, fields))


def _written(thread: question_finders.Thread, said: Answer, made: int | None, by: Actor) -> Question:
    question, at = thread.question, clock.now()
    # The answer itself may have ended the agency's part in the package: its question is closed then, and answered.
    step = "answer-last" if question.status == "withdrawn" else "answer"
    files: Sequence[Document] = [paper.file for paper in said.papers if paper.file is not None]
    told = QUESTION.step(
        question, step, by=by, version=made, files=[one.sha256 for one in files], text_digest=digest(said.text.strip()),
        **names(question),
    )  # fmt: skip
    question.answered_at, question.answer_version = at, made
    message = say(question, said.text, side=TRADER, by=by, at=at, version=made)
    session().flush()
    for paper in said.papers:
        if paper.file is not None:
            session().add(_file(message.id, paper, paper.file))
    session().flush()
    # Nobody signs what was written before this answer: an agency may propose once the deadline has passed.
    pending = proposal_finders.find_pending(thread.review, lock=True)
    happenings = [told]
    if pending is not None:
        happenings += carrying.void_proposals([pending], [thread.review], by=by, because="answered")
    if question.status == "answered":
        happenings += resuming.go_on(thread.review, thread.declaration, because="answered", by=by, at=at)
        session().flush()
    record_all(happenings, by=by)
    return question


def _file(message_id: uuid.UUID, paper: Paper, file: Document) -> QuestionFile:
    return QuestionFile(
        id=new_id(), message_id=message_id, document_id=file.id, sha256=file.sha256, file_name=file.file_name,
        type_code=(paper.fields.get("TypeCode") or "")[:6], number=(paper.fields.get("ID") or "")[:70],
    )  # fmt: skip
