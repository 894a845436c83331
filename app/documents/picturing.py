"""Picturing: each file of a package becomes pictures of its pages, once for its bytes, in the worker.

The job is three steps, so that no drawing holds the database's write lock: look what is asked, draw into the store, write
what came out. Doing it again is safe: pictures go by their digest, rows are written over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import session
from app.documents import darkroom, finders, gate, storage, uploading
from app.documents.darkroom import Outcome, Picture
from app.documents.models import Blob, Rendition
from app.jobs.engine import PATIENT, JobEngine
from app.jobs.registry import Step, register

JOB = "documents.picture"
UNGUARDED = "no-guard"
"""The one failure that lies with the machine and not with the file: it is tried again."""


class GuardMissing(Exception):
    """No picture was made, for the process that draws cannot be locked in on this machine."""


class FileHeld(Exception):
    """The file waits for the scanner: nothing reads it before."""


@dataclass(frozen=True, slots=True)
class Order:
    """A file to draw; ``done`` when nothing is left to do, ``held`` while it waits for the scanner."""

    sha256: str
    media_type: str
    infected: bool
    done: bool
    held: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawn page that lies in the store; ``sha256`` is empty for a page that could not be drawn."""

    page: int
    sha256: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of an order, not written yet; ``outcome`` is None when there was nothing to do."""

    sha256: str
    sheets: tuple[Sheet, ...] = ()
    outcome: Outcome | None = None


def want(digests: Iterable[str], *, jobs: JobEngine) -> int:
    """Ask for pictures of these files where nobody has yet, in the current transaction; return how many were asked for.

    Files of a kind that is not drawn (XML) are passed over, and those that do not pass the gate: ``intake.picturing`` asks
    for them when they do.
    """
    asked = sa.select(Rendition.page).where(Rendition.sha256 == Blob.sha256, Rendition.page == 0)
    query = sa.select(Blob.sha256).where(
        Blob.sha256.in_(set(digests)), Blob.media_type.in_(finders.DRAWN_KINDS), gate.passing(), ~asked.exists()
    )
    found = session().scalars(query.order_by(Blob.sha256)).all()
    if found:
        _write([_row(sha256, 0, "wanted") for sha256 in found], over=False)
    for sha256 in found:
        jobs.enqueue(JOB, sha256, key=f"picture-{sha256}", queue=PATIENT)
    return len(found)


def read(sha256: str) -> Order:
    """Look what there is to draw. Raises NotFound for bytes that nobody has brought."""
    blob = finders.get_blob(sha256)
    whole = session().get(Rendition, (sha256, 0))
    done = whole is not None and whole.state != "wanted" and whole.failure != UNGUARDED
    infected = blob.scan == gate.INFECTED
    return Order(sha256, blob.media_type, infected, done, held=not infected and not gate.passes(blob))


def draw(order: Order) -> Drawn:
    """Make the pictures and put them into the store; touches no database. Raises what the store raises, and FileHeld for a file
    that waits for the scanner: the job is tried again."""
    if order.held:
        raise FileHeld(order.sha256)
    if order.done:
        return Drawn(order.sha256)
    if order.infected:
        return Drawn(order.sha256, outcome=Outcome(0, "infected"))
    sheets: list[Sheet] = []

    def keep(picture: Picture) -> None:
        sha256 = storage.store().put(picture.png) if picture.png else ""
        sheets.append(Sheet(picture.page, sha256, len(picture.png), picture.width, picture.height))

    outcome = darkroom.develop(storage.store().read(order.sha256), order.media_type, keep)
    return Drawn(order.sha256, tuple(sheets), outcome)


def store(drawn: Drawn) -> Drawn:
    """Write the rows of what was drawn over what stood there."""
    if drawn.outcome is None:
        return drawn
    for sheet in drawn.sheets:
        if sheet.sha256:
            uploading.enter(sheet.sha256, sheet.size, media_type="image/png", ours=True)
    whole = _row(drawn.sha256, 0, "failed" if drawn.outcome.failure else "drawn")
    whole |= {"pages": drawn.outcome.pages, "failure": drawn.outcome.failure}
    _write([whole, *(_sheet(drawn.sha256, sheet) for sheet in drawn.sheets)], over=True)
    return drawn


def complain(drawn: Drawn) -> None:
    """Let the job fail where it can be seen when the guard is missing. Raises GuardMissing; the state is written by now."""
    if drawn.outcome is not None and drawn.outcome.failure == UNGUARDED:
        raise GuardMissing("the process that draws pages cannot be locked in on this machine (seccomp)")


register(JOB, Step(read, writing=False), Step(draw, writing=False), Step(store), Step(complain, writing=False))


def _row(sha256: str, page: int, state: str) -> dict[str, Any]:
    return {
        "sha256": sha256, "page": page, "pages": 0, "state": state, "failure": "", "picture_sha256": None, "width": 0,
        "height": 0, "asked_at": clock.now(),
    }  # fmt: skip


def _sheet(sha256: str, sheet: Sheet) -> dict[str, Any]:
    row = _row(sha256, sheet.page, "drawn" if sheet.sha256 else "failed")
    return row | {
        "failure": "" if sheet.sha256 else "broken", "picture_sha256": sheet.sha256 or None, "width": sheet.width,
        "height": sheet.height,
    }  # fmt: skip


def _write(rows: list[dict[str, Any]], *, over: bool) -> None:
    session().execute(_writing(session().get_bind().dialect.name, over), rows)


@cache
def _writing(engine: str, over: bool) -> Any:
    """The INSERT of the engine at hand: a file can be asked for and drawn in two transactions at the same moment."""
    insert: Any = (postgresql.insert if engine == "postgresql" else sqlite.insert)(Rendition.__table__)  # type: ignore[arg-type]
    if not over:
        return insert.on_conflict_do_nothing()
    kept = ("pages", "state", "failure", "picture_sha256", "width", "height")
    return insert.on_conflict_do_update(
        index_elements=["sha256", "page"], set_={name: insert.excluded[name] for name in kept}
    )
