"""Reads of checks after release: officers those of their agency, the trader those of its packages, the auditor all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor
from app.cases.models import OPEN, PostClearanceCheck, PostClearanceFile
from app.database import session
from app.declarations.models import Declaration
from app.documents.finders import get_blob
from app.documents.models import Blob
from app.errors import NotFound
from app.reviews.finders import has_part
from app.web import Page

PAGE = 25
_OPEN = sa.text(f"post_clearance_checks.{OPEN}")
_ENDED = sa.text(f"NOT post_clearance_checks.{OPEN}")
"""In the letters of the partial index, and with the name of the table: a package beside it has a status too."""


@dataclass(frozen=True, slots=True)
class CheckFile:
    """A file of an answer with the check it came with, and its bytes' row."""

    check: PostClearanceCheck
    file: PostClearanceFile
    blob: Blob


def get_check(check_id: uuid.UUID, *, actor: Actor) -> PostClearanceCheck:
    """Return a check with its package. Raises NotFound: not there and not yours look alike."""
    found = session().scalar(_whole().where(PostClearanceCheck.id == check_id))
    if found is None or not _knows(actor, found):
        raise NotFound()
    return found


def lock_check(check_id: uuid.UUID) -> PostClearanceCheck:
    """Lock the row and read it afresh with its package; on SQLite the writing transaction is the lock."""
    query = _whole().where(PostClearanceCheck.id == check_id).with_for_update(of=PostClearanceCheck)
    return session().scalars(query.execution_options(populate_existing=True)).one()


def get_file(check_id: uuid.UUID, file_id: uuid.UUID, *, actor: Actor) -> CheckFile:
    """Return a file that came with the answer. Raises NotFound."""
    check = get_check(check_id, actor=actor)
    file = next((one for one in check.files if one.id == file_id), None)
    if file is None:
        raise NotFound()
    return CheckFile(check, file, get_blob(file.sha256))


def list_checks(actor: Actor, cursor: str | None = None, *, closed: bool = False) -> Page[PostClearanceCheck]:
    """Return a page of an agency's checks: the open ones, the nearest deadline first, or the closed ones, newest first."""
    query = _whole().where(PostClearanceCheck.agency == actor.agency)
    if actor.office:
        query = query.where(PostClearanceCheck.office_code == actor.office)
    moment = PostClearanceCheck.opened_at if closed else PostClearanceCheck.due_at
    key = sa.tuple_(moment, PostClearanceCheck.id)
    query = query.where(_ENDED if closed else _OPEN)
    query = (
        query.order_by(moment.desc(), PostClearanceCheck.id.desc())
        if closed
        else query.order_by(moment, PostClearanceCheck.id)
    )
    if cursor:
        place = sa.tuple_(*_place(cursor))
        query = query.where(key < place if closed else key > place)
    rows = session().scalars(query.limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = f"{(last.opened_at if closed else last.due_at).isoformat()}~{last.id}" if last else None
    return Page(rows[:PAGE], following)


def _place(cursor: str) -> tuple[sa.BindParameter[object], sa.BindParameter[object]]:
    try:
        moment, key = cursor.split("~", 1)
        at, last = clock.moment_of(moment), uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    column, ident = PostClearanceCheck.due_at, PostClearanceCheck.id
    return sa.bindparam(None, at, type_=column.type), sa.bindparam(None, last, type_=ident.type)


def list_of_package(declaration_id: uuid.UUID, *, agency: str = "") -> Sequence[PostClearanceCheck]:
    """Return the checks of a package, newest first; of one agency where it is named. One statement."""
    query = sa.select(PostClearanceCheck).where(PostClearanceCheck.declaration_id == declaration_id)
    if agency:
        query = query.where(PostClearanceCheck.agency == agency)
    return session().scalars(query.order_by(PostClearanceCheck.ordinal.desc()).limit(50)).all()


def find_open(declaration_id: uuid.UUID, agency: str) -> PostClearanceCheck | None:
    """Return the open check of an agency on a package."""
    query = sa.select(PostClearanceCheck).where(
        PostClearanceCheck.declaration_id == declaration_id, PostClearanceCheck.agency == agency, sa.text(OPEN)
    )
    return session().scalar(query)


def _whole() -> sa.Select[PostClearanceCheck]:
    package = joinedload(PostClearanceCheck.declaration)
    return sa.select(PostClearanceCheck).options(
        package.joinedload(Declaration.owner), package.joinedload(Declaration.filer)
    )


def _knows(actor: Actor, check: PostClearanceCheck) -> bool:
    if actor.kind in ("auditor", "system"):
        return True
    if actor.kind == "agency":
        return bool(actor.agency) and actor.agency == check.agency and not has_part(check.declaration, actor)
    if actor.kind not in ("trader", "broker") or actor.organisation_id is None:
        return False
    return actor.organisation_id in (check.declaration.owner_id, check.declaration.filer_id)
