"""Reads of the register of intellectual property and of what is suspended; what the process keeps compiled by its stamp."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor, can
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.requirements import searching
from app.risk import names, rights_matching, rights_policy
from app.risk.parts import without_part
from app.risk.rights_matching import CompiledMarks, Protected
from app.risk.rights_models import ProtectedMark, Suspension
from app.web import Page

PART = "rights"
PAGE = 25
KEPT = 3
NOTHING = rights_matching.compiled(())
_compiled: dict[tuple[int, object], CompiledMarks] = {}
_OPEN = sa.text("suspensions.status IN ('proposed', 'suspended')")


def current_marks(stamp: int) -> CompiledMarks:
    """Return the marks that are looked for; read and compiled only when the stamp is another than those kept, or the day."""
    if not stamp:
        return NOTHING  # nobody has ever entered a mark: the stamp is made with the first
    key = (stamp, clock.today())
    found = _compiled.get(key)
    if found is None:
        query = sa.select(ProtectedMark).where(sa.text("ended_at IS NULL"), ProtectedMark.valid_to > clock.today())
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)), None)
        found = _compiled[key] = rights_matching.compiled(_protected(one) for one in session().scalars(query))
    return found


def forget_marks() -> None:
    """Empty what the process keeps: for tests that build the database anew under one process."""
    _compiled.clear()


def _protected(one: ProtectedMark) -> Protected:
    return Protected(
        one.id, tuple(one.compared.split()), tuple(one.prefixes.split()), names.skeleton(one.holder), one.valid_from,
        one.valid_to,
    )  # fmt: skip


def get_mark(mark_id: uuid.UUID, *, actor: Actor) -> ProtectedMark:
    """Return a mark of the register for those who keep it. Raises NotFound."""
    found = session().get(ProtectedMark, mark_id)
    if found is None or not can(rights_policy.see, actor):
        raise NotFound()
    return found


def list_published(cursor: str | None = None, *, search: str = "") -> Page[ProtectedMark]:
    """Return a page of the public register, newest first: what holds today. ``search``: words of the mark or the holder, or a
    number."""
    query = sa.select(ProtectedMark).where(sa.text("ended_at IS NULL"), ProtectedMark.valid_to > clock.today())
    for word in searching.words_of(search)[:5]:
        spelled = names.skeleton_of(word)
        query = query.where(
            sa.or_(
                ProtectedMark.number == search.strip(),
                ProtectedMark.compared.contains(spelled or word, autoescape=True),
                sa.func.lower(ProtectedMark.holder).contains(word, autoescape=True),
            )
        )
    if cursor:
        try:
            query = query.where(ProtectedMark.id < uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = session().scalars(query.order_by(ProtectedMark.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def get_suspension(suspension_id: uuid.UUID, *, actor: Actor) -> Suspension:
    """Return a suspension with its mark and package. Raises NotFound."""
    query = _whole().where(Suspension.id == suspension_id).join(Suspension.declaration).where(without_part(actor))
    found = session().scalar(query)
    if found is None or not can(rights_policy.see, actor):
        raise NotFound()
    return found


def lock_suspension(suspension_id: uuid.UUID) -> Suspension:
    """Lock a suspension and read it afresh with its mark."""
    query = _whole().where(Suspension.id == suspension_id).with_for_update(of=Suspension)
    return session().scalars(query.execution_options(populate_existing=True)).one()


def list_open(actor: Actor, cursor: str | None = None) -> Page[Suspension]:
    """Return a page of what waits for customs or for a holder, oldest first; nothing in which the reader has a part."""
    query = _whole().where(_OPEN).join(Suspension.declaration).where(without_part(actor))
    if cursor:
        try:
            query = query.where(Suspension.id > uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = session().scalars(query.order_by(Suspension.id).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def list_of_package(declaration_id: uuid.UUID, version: int) -> Sequence[Suspension]:
    """Return what was found on the goods items of a version. One statement."""
    query = _whole().where(Suspension.declaration_id == declaration_id, Suspension.version == version)
    return session().scalars(query.order_by(Suspension.item, Suspension.id)).all()


def find_suspended(declaration_id: uuid.UUID) -> list[tuple[int, int]]:
    """Return what of a package is suspended now: (version, goods item)."""
    query = sa.select(Suspension.version, Suspension.item).where(
        Suspension.declaration_id == declaration_id, Suspension._status == "suspended"
    )
    return [(version, item) for version, item in session().execute(query)]


def is_any_open(declaration_id: uuid.UUID) -> bool:
    """Whether a mark found on any version of a package still waits for customs or for its holder."""
    query = sa.select(Suspension.id).where(Suspension.declaration_id == declaration_id, _OPEN)
    return session().scalar(query.limit(1)) is not None


def _whole() -> sa.Select[Suspension]:
    package = joinedload(Suspension.declaration)
    return sa.select(Suspension).options(joinedload(Suspension.mark), package.joinedload(Declaration.owner))
