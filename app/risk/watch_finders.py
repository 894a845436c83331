"""Reads of watch-lists: what an agency looks out for, what was found; and what the process keeps compiled by its stamp."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.access import Actor
from app.database import session
from app.declarations.models import Declaration
from app.errors import NotFound
from app.risk import watch_matching
from app.risk.models import RiskStamp
from app.risk.parts import without_part
from app.risk.watch_matching import CompiledWatch, Watched
from app.risk.watch_models import WatchCandidate, WatchEntry
from app.web import Page

PART = "watch"
PAGE = 25
KEPT = 3
"""Compiled lists kept in the process: that of the window, of test mode, and the one just replaced."""
NOTHING = watch_matching.compiled(())
_compiled: dict[tuple[int, object], CompiledWatch] = {}


def current_watch(stamp: int) -> CompiledWatch:
    """Return what is looked for, laid out; read and compiled only when the stamp is another than those kept, or on another day,
    for entries begin and end with days."""
    if not stamp:
        return NOTHING  # nobody has ever taken an entry on: the stamp is made with the first
    key = (stamp, clock.today())
    found = _compiled.get(key)
    if found is None:
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)), None)
        found = _compiled[key] = watch_matching.compiled(_watched(), stamp)
    return found


def forget_watch() -> None:
    """Empty what the process keeps: for tests that build the database anew under one process."""
    _compiled.clear()


def _watched() -> list[Watched]:
    query = sa.select(WatchEntry).where(sa.text("status = 'active'"), WatchEntry.valid_to > clock.today())
    entries = session().scalars(query).all()
    settled = _settled([entry.id for entry in entries])
    return [
        Watched(
            entry.id, entry.agencies, entry.kind, entry.words, entry.compared, entry.effect, entry.valid_from, entry.valid_to,
            frozenset(settled[entry.id, "rejected"]), frozenset(settled[entry.id, "confirmed"]),
        )
        for entry in entries
    ]  # fmt: skip


def _settled(ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], set[str]]:
    """What officers have said of names that look like entries; of two answers on one name the later counts."""
    found: dict[tuple[uuid.UUID, str], set[str]] = defaultdict(set)
    columns = (WatchCandidate.entry_id, WatchCandidate._status, WatchCandidate.compared)
    query = sa.select(*columns).where(
        WatchCandidate.entry_id.in_(ids), WatchCandidate._status != "open", WatchCandidate.settled_by_id.is_not(None)
    )
    for entry, status, compared in session().execute(query.order_by(WatchCandidate.settled_at)):
        found[entry, "rejected" if status == "confirmed" else "confirmed"].discard(compared)
        found[entry, status].add(compared)
    return found


def get_entry(entry_id: uuid.UUID, *, actor: Actor) -> WatchEntry:
    """Return an entry. Raises NotFound: not there and not yours look alike."""
    entry = session().get(WatchEntry, entry_id)
    if entry is None or not _knows(actor, entry):
        raise NotFound()
    return entry


def lock_entry(entry_id: uuid.UUID) -> WatchEntry:
    """Lock an entry and read it afresh."""
    return session().get_one(WatchEntry, entry_id, with_for_update=True, populate_existing=True)


def get_candidate(candidate_id: uuid.UUID, *, actor: Actor) -> WatchCandidate:
    """Return what was found with its entry and package. Raises NotFound."""
    query = _candidates().where(WatchCandidate.id == candidate_id)
    found = session().scalar(query.join(WatchCandidate.declaration).where(without_part(actor)))
    if found is None or not _knows(actor, found.entry):
        raise NotFound()
    return found


def lock_candidate(candidate_id: uuid.UUID) -> WatchCandidate:
    """Lock what was found and read it afresh with its entry."""
    query = _candidates().where(WatchCandidate.id == candidate_id).with_for_update(of=WatchCandidate)
    return session().scalars(query.execution_options(populate_existing=True)).one()


def list_entries(actor: Actor, cursor: str | None = None, *, status: str = "active") -> Page[WatchEntry]:
    """Return a page of the entries that concern an agency (its own and those shared with it), newest first; the auditor all."""
    query = sa.select(WatchEntry).where(WatchEntry._status == status)
    if actor.kind != "auditor":
        query = query.where(sa.or_(WatchEntry.agency == actor.agency, WatchEntry.shared.contains(f" {actor.agency} ")))
    return _paged(query, WatchEntry.id, cursor)


def list_candidates(actor: Actor, cursor: str | None = None) -> Page[WatchCandidate]:
    """Return a page of what waits for an officer's word, newest first."""
    query = _candidates().where(sa.text("watch_candidates.status = 'open'"))
    query = query.join(WatchCandidate.declaration).where(without_part(actor))
    if actor.kind != "auditor":
        shared = WatchEntry.shared.contains(f" {actor.agency} ")
        query = query.join(WatchCandidate.entry).where(sa.or_(WatchCandidate.agency == actor.agency, shared))
    return _paged(query, WatchCandidate.id, cursor)


def list_of_package(declaration_id: uuid.UUID, version: int, agency: str) -> Sequence[WatchCandidate]:
    """Return what was found in a version of a package that concerns an agency ("" for all). One statement."""
    query = _candidates().where(WatchCandidate.declaration_id == declaration_id, WatchCandidate.version == version)
    rows = session().scalars(query.order_by(WatchCandidate.likeness.desc(), WatchCandidate.id)).all()
    return [one for one in rows if not agency or agency in one.entry.agencies]


def _candidates() -> sa.Select[WatchCandidate]:
    package = joinedload(WatchCandidate.declaration)
    return sa.select(WatchCandidate).options(joinedload(WatchCandidate.entry), package.joinedload(Declaration.owner))


def _paged(query: sa.Select, key: Any, cursor: str | None) -> Page:  # type: ignore[type-arg]
    if cursor:
        try:
            query = query.where(key < uuid.UUID(cursor))
        except ValueError:
            raise NotFound() from None
    rows = session().scalars(query.order_by(key.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def _knows(actor: Actor, entry: WatchEntry) -> bool:
    if actor.kind in ("auditor", "system"):
        return True
    return actor.kind == "agency" and actor.agency in entry.agencies


def find_stamp() -> int:
    """Return the stamp of the lists, for whoever has not read all stamps."""
    return session().scalar(sa.select(RiskStamp.number).where(RiskStamp.part == PART)) or 0
