"""Holding: a package is registered at once and routed when everything that arrived with it is clean.

Registration is the law's clock of one hour and asks no scanner; what agencies see of a package does. A file in which
something was found stops the package: its trader puts another in its place, or takes the package back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app import clock, markup
from app.access import SYSTEM
from app.database import session
from app.declarations import codec, finders
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Attachment, Declaration, Version
from app.documents import gate
from app.documents.models import Blob
from app.intake.models import Hold
from app.jobs import registry
from app.ledger.recording import Happening, record_all
from app.requirements.outcome import Outcome
from app.reviews import greening, routing
from app.risk import assessment_finders

AT_ONCE = 200
"""Packages of one look; what is left comes a second later."""
HELD = "registered"
"""The state in which a package is held."""
_INSERT: sa.Insert = sa.insert(Hold.__table__)  # type: ignore[arg-type]


def hold(declaration: Declaration, digests: Iterable[str]) -> Happening:
    """Hold a package that is being registered; returns what is to be recorded. ``digests``: the files that wait."""
    session().execute(
        _INSERT, {"declaration_id": declaration.id, "held_at": declaration.registered_at, "stopped_at": None}
    )
    return Happening("declaration.held", "declaration", declaration.id, {"files": sorted(digests)}, declaration.id)


def hold_again(declaration: Declaration) -> None:
    """Let a held package that was changed be looked at afresh: what stopped it may be gone."""
    held = session().get(Hold, declaration.id, with_for_update=True, populate_existing=True)
    if held is not None:
        held.stopped_at = None


def find_hold(declaration_id: uuid.UUID) -> Hold | None:
    """Return how a package is held, None for one that is not; whoever calls has asked the package's policy."""
    return session().get(Hold, declaration_id)


def how_held(declaration: Declaration) -> str | None:
    """Return how a package is held: scanning, stopped, or None; one statement, none for a package that is not."""
    held = find_hold(declaration.id) if declaration.status == HELD else None
    return None if held is None else "stopped" if held.stopped_at is not None else "scanning"


def list_files(declaration: Declaration) -> Sequence[Blob]:
    """Return the bytes that a package stands on as it is: behind its documents, and as they arrived."""
    attached = sa.select(Attachment.sha256).where(
        Attachment.declaration_id == declaration.id, Attachment.dropped_in.is_(None)
    )
    arrived = sa.select(Version.received_sha256).where(
        Version.declaration_id == declaration.id, Version.number == declaration.version
    )
    query = sa.select(Blob).where(sa.or_(Blob.sha256.in_(attached), Blob.sha256.in_(arrived)))
    return session().scalars(query.order_by(Blob.sha256).execution_options(populate_existing=True)).all()


# --- what a moment brings -----------------------------------------------------------------------------------------


def list_due() -> Sequence[uuid.UUID]:
    """Return the held packages that are to be routed or stopped now, or that nobody holds any more, the oldest first."""
    waiting, infected = _any_file(~gate.passing()), _any_file(Blob.scan == gate.INFECTED)
    due = sa.or_(Declaration._status != HELD, ~waiting, sa.and_(Hold.stopped_at.is_(None), infected))
    query = sa.select(Hold.declaration_id).join(Declaration, Declaration.id == Hold.declaration_id).where(due)
    return session().scalars(query.order_by(Hold.held_at, Hold.declaration_id).limit(AT_ONCE)).all()


def _any_file(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether any of the bytes that the package of a hold stands on is as a condition says."""
    attached = sa.select(Blob.sha256).join(Attachment, Attachment.sha256 == Blob.sha256)
    arrived = sa.select(Blob.sha256).join(Version, Version.received_sha256 == Blob.sha256)
    return sa.or_(
        attached.where(Attachment.declaration_id == Hold.declaration_id, Attachment.dropped_in.is_(None), condition)
        .correlate(Hold)
        .exists(),
        arrived.where(Version.declaration_id == Hold.declaration_id, Version.number == Declaration.version, condition)
        .correlate(Hold, Declaration)
        .exists(),
    )


def act(declaration_id: uuid.UUID) -> None:
    """Route a package whose files are all clean, stop one in whose files something was found; safe to repeat."""
    query = sa.select(Declaration).where(Declaration.id == declaration_id).with_for_update()
    declaration = session().scalars(query.execution_options(populate_existing=True)).one()
    held = session().get(Hold, declaration_id, with_for_update=True, populate_existing=True)
    if held is None:
        return
    if declaration.status != HELD:
        session().delete(held)
        return
    files = list_files(declaration)
    infected = [one.sha256 for one in files if one.scan == gate.INFECTED]
    if infected and held.stopped_at is None:
        _stop(declaration, held, infected)
    elif all(gate.passes(one) for one in files):
        _route(declaration, held)


def _stop(declaration: Declaration, held: Hold, infected: list[str]) -> None:
    held.stopped_at = declaration.updated_at = clock.now()
    session().flush()
    stopped = Happening("declaration.stopped", "declaration", declaration.id, {"files": infected}, declaration.id)
    record_all([stopped], by=SYSTEM)


def _route(declaration: Declaration, held: Hold) -> None:
    """What filing does at once where no scanner is waited for (``submission``)."""
    version = finders.get_version(declaration)
    outcome, package = Outcome.from_dict(version.outcome), codec.to_package(markup.read(version.canonical))
    routed = route(declaration, outcome)
    declaration.updated_at = clock.now()
    session().delete(held)
    session().flush()
    # Assessed when it was registered; facts that came with the scanner are none of risk's.
    assessed = assessment_finders.find_assessed(declaration.id, version.number, outcome)
    opened = routing.open_reviews(declaration, version, outcome, package, by=SYSTEM, assessed=assessed)
    record_all([routed, *opened], by=SYSTEM)
    session().flush()
    if assessed is not None:
        rules = greening.find_rules(assessed, on=clock.today())
        greening.sign_off(declaration, assessed, rules)


def route(declaration: Declaration, outcome: Outcome) -> Happening:
    """Take the step by which agencies get to see a package; returns what is to be recorded."""
    signing, lanes = [lane.agency for lane in outcome.reviews], [lane.agency for lane in outcome.lanes]
    return DECLARATION.step(declaration, "route", by=SYSTEM, agencies=signing, lanes=lanes)


registry.watch("intake.held", list_due, act)
