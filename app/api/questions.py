"""Questions of agencies: what is asked about a package, and the answer with words, values and documents."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from app.api import door, packages
from app.api.declarations_shapes import PackagePath
from app.api.questions_shapes import (
    AnswerAsked,
    AnswerFile,
    MessageShape,
    PaperAsked,
    QuestionPath,
    QuestionsShape,
    ThreadShape,
)
from app.declarations import finders
from app.declarations import policy as packages_policy
from app.declarations.draft_edits import Change
from app.declarations.form_lists import Lists
from app.declarations.models import Declaration
from app.documents import finders as library
from app.errors import Fault, Invalid, NotFound
from app.intake import answer_form, answering, policy
from app.ledger import witnessing
from app.reviews import naming, question_finders
from app.reviews.question_examining import fault
from app.reviews.question_finders import Thread
from app.reviews.thread_models import QuestionMessage
from app.web import actor

blueprint = door.resource("questions", __name__, "What agencies ask about a package, and your answers.")


@blueprint.get(
    "/declarations/<uuid:declaration_id>/questions", responses=door.answers(shape=QuestionsShape, refusals=(404,))
)
@door.guarded(packages_policy.read, finders.get_declaration, path=PackagePath)
def list_questions(declaration: Declaration) -> Response:
    """List the questions of a package, oldest first."""
    witnessing.package_read(declaration.id)
    rows = [packages.question(one, declaration) for one in question_finders.list_questions(declaration.id)]
    return door.said(QuestionsShape(rows=rows))


@blueprint.get(
    "/declarations/<uuid:declaration_id>/questions/<int:number>",
    responses=door.answers(shape=ThreadShape, refusals=(404,)),
)
@door.guarded(policy.read_question, question_finders.get_asked, path=QuestionPath)
def show_question(found: Thread) -> Response:
    """Show a question: where, why, which documents, until when, what silence leads to, and everything said since."""
    witnessing.package_read(found.declaration.id)
    return door.said(_shape(found))


@blueprint.post(
    "/declarations/<uuid:declaration_id>/questions/<int:number>/answers",
    responses=door.answers(shape=ThreadShape, status=201, refusals=(404, 409, 412, 413, 422)),
)
@door.guarded(policy.answer, question_finders.get_asked, path=QuestionPath)
def answer_question(found: Thread, body: AnswerAsked) -> Response:
    """Answer a question. A value or a document makes a new version of the package in the same moment.

    An answer that comes after the deadline, before the decision, is taken too. 409 when somebody has answered or the agency
    asks no more, 412 when it brings a value or a document and the package is not at the version you name, 422 with every fault of the answer and of the
    package that it would make.
    """
    answering.answer(found.question, _answer(found, body), version=body.version, by=actor())
    key, number = found.declaration.id, found.question.number
    return door.said(_shape(question_finders.get_asked(key, number, actor=actor())), 201)


def _answer(found: Thread, body: AnswerAsked) -> answering.Answer:
    """Put an answer into the words of the activity. Raises Invalid with every fault."""
    faults: list[Fault] = []
    changes = tuple(_changes(found, body, faults))
    papers = tuple(_paper(place, one, faults) for place, one in enumerate(body.documents))
    if faults:
        raise Invalid(faults)
    return answering.Answer(body.text, papers, changes)


def _changes(found: Thread, body: AnswerAsked, faults: list[Fault]) -> Iterator[Change]:
    """The corrected value, at the very place that was asked about."""
    if body.value is None and body.unit is None:
        return
    sheet = answer_form.lay_out(found.declaration, found.question, Lists(naming.names().edition, "en"))
    if sheet.box is None or body.value is None:
        faults.append(fault("ANSWER-PLACE-GONE", "value"))
    elif body.unit is not None and not sheet.box.attribute:
        faults.append(fault("ANSWER-PLACE-UNKNOWN", "unit"))
    else:
        yield sheet.box.path, body.value, {sheet.box.attribute: body.unit} if body.unit else None


def _paper(place: int, said: PaperAsked, faults: list[Fault]) -> answering.Paper:
    file = None
    if said.document_id is not None:
        try:
            file = library.get_document(said.document_id, actor=actor())
        except NotFound:
            faults.append(fault("ANSWER-FILE-GONE", f"documents/{place}/document_id"))
    days = {"IssueDateTime": said.issued, "EffectiveDateTime": said.effective, "ExpirationDateTime": said.expires}
    written = {leaf: day.isoformat().replace("-", "") if day else None for leaf, day in days.items()}
    # The dates of the document that was there say nothing about the one that takes its place.
    fields = {leaf: text for leaf, text in written.items() if text or said.replaces}
    return answering.Paper(said.item, said.replaces, {"TypeCode": said.type, "ID": said.number, **fields}, file)


def _shape(found: Thread) -> ThreadShape:
    asked = found.question
    return ThreadShape(
        **packages.question(asked, found.declaration).model_dump(),
        path=asked.path,
        sign_text=asked.sign_text,
        version=asked.version,
        answer_version=asked.answer_version,
        messages=[_message(one) for one in asked.messages],
        page=door.page("answering.question", declaration_id=found.declaration.id, number=asked.number),
    )


def _message(one: QuestionMessage) -> MessageShape:
    """A message without the name of who wrote it."""
    return MessageShape(
        at=one.at,
        side=one.side,
        text=one.text,
        version=one.version,
        files=[AnswerFile(name=f.file_name, sha256=f.sha256, type=f.type_code, number=f.number) for f in one.files],
    )
