"""Scanning: which files are due for the scanner, what it said of them, what becomes of one in which it found something.

The worker looks (``watchman``); nothing here waits for the scanner, so that no transaction does either.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.access import SYSTEM, Actor
from app.database import session
from app.documents import gate, storage
from app.documents.models import Blob, Document, ScannerState
from app.documents.scanner import STALE_HOURS, STATES, WORKS, is_older
from app.ledger.recording import Happening, record, record_all

AT_ONCE = 20
"""Files of one look."""
PATIENCE = (2, 5, 15, 60, 300)
"""Seconds before the next look at a file that could not be scanned; the last of them again and again."""
ALARM = timedelta(minutes=5)
"""A scanner that has not worked for so long is told to the administrators."""
_BLOBS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:blobs")
"""Bytes go by their digest and the ledger's subjects by ids: under this name the same bytes are always the same id."""
_SCANNER = uuid.uuid5(uuid.NAMESPACE_URL, "urn:akno:scanner")
_UNSAFE = re.compile(r"[^A-Za-z0-9:._/+\-]")
_DUE = sa.text("scan_due_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a look at some bytes: ``found`` names what was found, ``problem`` why nothing is known of them."""

    sha256: str
    engine: str = ""
    found: str = ""
    problem: str = ""


def list_due() -> Sequence[str]:
    """Return the digests of what is to be scanned now, the longest waiting first, a page at most."""
    query = sa.select(Blob.sha256).where(_DUE, Blob.scan_due_at <= clock.now())
    return session().scalars(query.order_by(Blob.scan_due_at, Blob.sha256).limit(AT_ONCE)).all()


def settle(results: Iterable[Result]) -> list[str]:
    """Write what was found; returns the digests of what is infected, for ``storage.quarantine`` after the commit.

    Each document with these bytes gets its entry, bytes behind no document one of their own. A result that another worker
    has written meanwhile changes nothing.
    """
    told = {one.sha256: one for one in results}
    query = sa.select(Blob).where(Blob.sha256.in_(told), _DUE).order_by(Blob.sha256)
    now, infected, news = clock.now(), [], []
    # Who files on these bytes meanwhile holds their keys: nobody waits for the other.
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    for blob in session().scalars(held):
        result, before = told[blob.sha256], blob.scan
        if result.problem:
            _wait(blob, result.problem, now)
            continue
        blob.scan = gate.INFECTED if result.found else gate.CLEAN
        blob.scan_found, blob.scan_engine = _UNSAFE.sub("_", result.found)[:120], result.engine[:48]
        blob.scanned_at, blob.scan_due_at, blob.scan_problem, blob.scan_tries = now, None, "", 0
        if blob.scan == gate.INFECTED:
            infected.append(blob.sha256)
        if blob.scan != before:
            news.append(blob)
    session().flush()
    for by, happenings in _told(news):
        record_all(happenings, by=by)
    return infected


def _wait(blob: Blob, problem: str, now: datetime) -> None:
    """Nothing is known: the file stays closed, and the next look comes later each time."""
    pause = PATIENCE[min(blob.scan_tries, len(PATIENCE) - 1)]
    blob.scan_tries, blob.scan_problem = blob.scan_tries + 1, problem
    blob.scan_due_at = now + timedelta(seconds=pause)


def _told(blobs: Sequence[Blob]) -> list[tuple[Actor, list[Happening]]]:
    """What is to be recorded, by whose: the entry of a document belongs to the organisation that brought it."""
    if not blobs:
        return []
    by_digest = {blob.sha256: blob for blob in blobs}
    query = sa.select(Document.sha256, Document.id, Document.owner_id).where(Document.sha256.in_(by_digest))
    documents: dict[uuid.UUID | None, list[Happening]] = {}
    for sha256, key, owner in session().execute(query.order_by(Document.id)):
        documents.setdefault(owner, []).append(_scanned(by_digest[sha256], "document", key))
    known = {str(one.payload["sha256"]) for some in documents.values() for one in some}
    loose = [blob for blob in blobs if blob.sha256 not in known]
    if loose:
        documents[None] = [_scanned(one, "blob", uuid.uuid5(_BLOBS, one.sha256)) for one in loose]
    return [(replace(SYSTEM, organisation_id=owner), some) for owner, some in documents.items()]


def _scanned(blob: Blob, subject: str, key: uuid.UUID) -> Happening:
    payload = {"sha256": blob.sha256, "result": blob.scan, "engine": blob.scan_engine}
    return Happening("document.scanned", subject, key, payload)


def lock_up(digests: Iterable[str]) -> None:
    """Take infected bytes into quarantine. Raises Unavailable when the disk refuses; they are served by nobody anyway."""
    for sha256 in digests:
        storage.store().quarantine(sha256)


def ask_again(*, before: datetime | None = None) -> int:
    """Let clean files be scanned once more (those scanned before a moment, or all); they stay open meanwhile. How many."""
    due = sa.update(Blob).where(Blob.scan == gate.CLEAN, Blob.scan_due_at.is_(None), Blob.ours.is_(False))
    if before is not None:
        due = due.where(Blob.scanned_at < before)
    return int(session().execute(due.values(scan_due_at=clock.now())).rowcount)  # type: ignore[attr-defined]


def hurry() -> None:
    """Let everything that waited for the scanner be tried at once: it works again."""
    late = sa.update(Blob).where(_DUE, Blob.scan_tries > 0, Blob.scan_problem != "oversize")
    session().execute(late.values(scan_due_at=clock.now(), scan_tries=0))


def list_infected(before: datetime) -> Sequence[str]:
    """Return the digests of what was found infected before a moment."""
    query = sa.select(Blob.sha256).where(Blob.scan == gate.INFECTED, Blob.scanned_at < before)
    return session().scalars(query.order_by(Blob.scanned_at)).all()


def count_waiting() -> int:
    """How many files wait for their first result."""
    query = sa.select(sa.func.count()).select_from(Blob).where(_DUE, Blob.scan == gate.NOT_SCANNED)
    return session().scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How the scanner stands for a page: ``state`` off (the gate stands open), starting, or one of ``scanner.STATES``;
    ``stale``: its signature set should be looked at."""

    state: str
    since: datetime | None = None
    engine: str = ""
    signatures_at: datetime | None = None
    stale: bool = False

    @property
    def holds(self) -> bool:
        """Whether files stay closed because the scanner does not do its work."""
        return self.state not in ("off", "starting", WORKS)

    @property
    def words(self) -> Any:
        """The state in words."""
        return STATES.get(self.state, "")


def standing() -> Standing:
    """Return how the scanner stands, by what the worker last saw; one statement, none where the gate stands open."""
    if not gate.stands():
        return Standing("off")
    row = find_state()
    if row is None:
        return Standing("starting")
    demonstration = current_app.extensions["akno.settings"].demonstration
    stale = (
        row.state == WORKS
        and not demonstration
        and is_older(row.signatures_at, timedelta(hours=STALE_HOURS), clock.now())
    )
    return Standing(row.state, row.since, row.engine, row.signatures_at, stale)


# --- how the scanner fares ----------------------------------------------------------------------------------------


def find_state() -> ScannerState | None:
    """Return what the worker last saw of the scanner, None when none has looked yet."""
    return session().get(ScannerState, 1)


def note(state: str, *, engine: str = "", signatures_at: datetime | None = None) -> ScannerState:
    """Keep how the scanner fares, and tell it, once, when it has not worked for ALARM, and when it works again."""
    now = clock.now()
    row = session().get(ScannerState, 1, with_for_update=True, populate_existing=True)
    if row is None:
        row = ScannerState(id=1, state=state, since=now, looked_at=now)
        session().add(row)
    broke, works = row.state != WORKS, state == WORKS
    if broke == works:
        row.since = now
        if works:
            hurry()
    row.state, row.looked_at = state, now
    if engine:
        row.engine, row.signatures_at = engine[:48], signatures_at
    if works and row.told_at is not None:
        row.told_at = None
        record("scanner.resumed", "scanner", _SCANNER, by=SYSTEM)
    elif not works and row.told_at is None and now - row.since >= ALARM:
        row.told_at = now
        record("scanner.stopped", "scanner", _SCANNER, by=SYSTEM, because=state)
    session().flush()
    return row
