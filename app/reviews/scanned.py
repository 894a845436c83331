"""What a scanner has to say before an agency decides: a file that came with a change or an answer may still wait for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.database import session
from app.declarations.models import Attachment
from app.documents import gate
from app.documents.models import Blob
from app.errors import Conflict
from app.reviews.thread_models import Question, QuestionFile, QuestionMessage


def must_be_scanned(declaration_id: uuid.UUID) -> None:
    """Raise Conflict while a file of a package waits for the scanner: nobody decides on what nobody can open."""
    held = sa.and_(~gate.passing(), Blob.scan != gate.INFECTED)
    waiting = [*_names(declaration_id, held), *_answered(declaration_id, held)] if gate.stands() else []
    if waiting:
        raise Conflict(
            _l(
                "Nothing is recorded yet: a file of this package is being scanned for malicious software (%(files)s). "
                "Decide when it is done, mostly within a minute.",
                files=", ".join(waiting),
            ),
            {"code": "not-scanned"},
        )


def must_be_free_of(declaration_id: uuid.UUID, outcomes: Iterable[str]) -> None:
    """Raise Conflict for anything but a refusal while a file of a package is infected: what it proves nobody can see."""
    if not gate.stands() or all(one == "refused" for one in outcomes):
        return
    infected = _names(declaration_id, Blob.scan == gate.INFECTED)
    if infected:
        raise Conflict(
            _l(
                "Nothing is recorded: a scanner found malicious software in a file of this package (%(files)s), and nobody "
                "can open it. Ask the trader for a clean copy, or refuse the goods it was to prove.",
                files=", ".join(infected),
            ),
            {"code": "infected-file"},
        )


def _answered(declaration_id: uuid.UUID, condition: sa.ColumnElement[bool]) -> list[str]:
    """The same of files that came with answers and stay with them: of a package of which goods have gone. One that is too large for
    the scanner cannot be taken away again, so it holds up nothing."""
    query = (
        sa.select(QuestionFile.file_name)
        .join(Blob, Blob.sha256 == QuestionFile.sha256)
        .join(QuestionMessage, QuestionMessage.id == QuestionFile.message_id)
        .join(Question, Question.id == QuestionMessage.question_id)
        .where(Question.declaration_id == declaration_id, Blob.scan_problem != "oversize", condition)
    )
    return list(dict.fromkeys(session().scalars(query.order_by(QuestionFile.file_name))))


def _names(declaration_id: uuid.UUID, condition: sa.ColumnElement[bool]) -> list[str]:
    query = (
        sa.select(Attachment.file_name)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.declaration_id == declaration_id, Attachment.dropped_in.is_(None), condition)
    )
    return list(dict.fromkeys(session().scalars(query.order_by(Attachment.file_name))))
