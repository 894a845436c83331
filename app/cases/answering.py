"""Answering a check after release; and what happens when nobody answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.access import SYSTEM, Actor, require
from app.cases import finders, policy
from app.cases.lifecycle import POST_CLEARANCE
from app.cases.models import PostClearanceCheck, PostClearanceFile
from app.cases.opening import MOST_TEXT
from app.cases.words import fault
from app.database import new_id, session
from app.documents.models import Document
from app.errors import Invalid
from app.jobs import registry
from app.ledger.recording import digest

AT_ONCE = 50
"""Checks of one look; what is left is done a second later."""


def answer(check: PostClearanceCheck, *, text: str, files: Sequence[Document], by: Actor) -> PostClearanceCheck:
    """Answer with words, files or both; also after the deadline and once more, until the agency has concluded.

    Raises NotAllowed, Invalid (empty, too long), Conflict when the agency no longer listens.
    """
    check = finders.lock_check(check.id)
    require(policy.answer, by, check)
    text = text.strip()
    if not text and not files:
        raise Invalid([fault("PCC-EMPTY", "text")])
    if len(check.answer) + len(text) > MOST_TEXT:
        raise Invalid([fault("PCC-LONG", "text", most=MOST_TEXT)])
    POST_CLEARANCE.move(
        check, "answer" if check.status == "asked" else "add", by=by, agency=check.agency,
        declaration=str(check.declaration_id), files=[one.sha256 for one in files], text_digest=digest(text),
    )  # fmt: skip
    check.answer = f"{check.answer}\n\n{text}".strip()
    check.answered_at, check.answered_by_id, check.answered_by_name = clock.now(), by.person_id, by.name
    there = {one.sha256 for one in check.files}
    for one in files:
        if one.sha256 not in there:
            session().add(
                PostClearanceFile(
                    id=new_id(),
                    check_id=check.id,
                    document_id=one.id,
                    sha256=one.sha256,
                    file_name=one.file_name,
                    type_code=one.type_code or "",
                )
            )
    session().flush()
    session().refresh(check, ["files"])
    return check


def due_lapses() -> Sequence[uuid.UUID]:
    """Return the checks whose deadline has passed without an answer, along the index of deadlines."""
    query = sa.select(PostClearanceCheck.id).where(
        sa.text("status = 'asked'"), PostClearanceCheck.due_at <= clock.now()
    )
    return session().scalars(query.order_by(PostClearanceCheck.due_at, PostClearanceCheck.id).limit(AT_ONCE)).all()


def lapse(check_id: uuid.UUID) -> None:
    """End the waiting: the agency concludes on what there is. Safe to repeat."""
    check = finders.lock_check(check_id)
    if check.status != "asked" or check.due_at > clock.now():
        return
    check.lapsed_at = clock.now()
    POST_CLEARANCE.move(check, "lapse", by=SYSTEM, agency=check.agency, declaration=str(check.declaration_id))
    session().flush()


registry.watch("cases.lapse", due_lapses, lapse)
