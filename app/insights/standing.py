"""How a filed package stands at this moment: who signs and how far each has come, whose turn it is, what was asked, changed.

The trader's page, the same facts as data, and the API are made of this one gathering.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import clock
from app.declarations import changes, finders, progress, turn
from app.declarations.models import Declaration, Version
from app.insights.finders import find_paces, spreads, usual
from app.insights.models import Pace
from app.ledger.finders import list_happened
from app.requirements.outcome import Outcome
from app.reviews import expecting, inspection_desk, inspection_finders, naming, timing
from app.reviews import finders as reviews
from app.reviews.clock_desk import tick_all
from app.reviews.models import Review
from app.reviews.thread_models import Question
from app.reviews.ticking import Ticking


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filed package is at this moment; ``ticking`` holds the clocks of the open reviews, by agency."""

    version: Version
    outcome: Outcome
    reviews: Sequence[Review]
    lines: Sequence[progress.LaneLine]
    turn: turn.Turn
    ticking: Mapping[str, Ticking]
    paces: Mapping[str, Pace]
    inspections: Sequence[inspection_desk.Told]
    versions: Sequence[changes.VersionLine]


def gather(declaration: Declaration, version: Version, names: naming.Names, questions: Sequence[Question]) -> Filed:
    """Return what the page and the data of a filed package show; the number of statements is the same for every package."""
    outcome = Outcome.from_dict(version.outcome)
    asked = reviews.list_reviews(declaration.id, decisions=True)
    told = inspection_desk.for_trader(declaration.id, names)
    versions = list_version_lines(declaration, version)
    meanwhile = progress.Meanwhile(_answers(questions), _ahead(told), progress.carried_from(versions))
    withdrawn, now = declaration.status == "withdrawn", clock.now()
    lines = progress.lane_lines(outcome, asked, withdrawn=withdrawn, now=now, meanwhile=meanwhile)
    paces = find_paces(line.agency for line in lines)
    return Filed(
        version=version,
        outcome=outcome,
        reviews=asked,
        lines=lines,
        turn=turn.turn_of(declaration.status, lines, questions, told, now),
        ticking={} if withdrawn else tick_all(asked, names.edition, usual(paces)),
        paces=paces,
        inspections=told,
        versions=versions,
    )


def _answers(questions: Iterable[Question]) -> dict[str, Any]:
    """Until when each agency waits for its first answer."""
    found: dict[str, Any] = {}
    for one in questions:
        if one.status == "open":
            found[one.agency] = min(one.due_at, found.get(one.agency, one.due_at))
    return found


def _ahead(told: Iterable[inspection_desk.Told]) -> dict[str, inspection_desk.Told]:
    """The inspection that each agency waits for."""
    return {
        party.agency: one
        for one in told
        if one.inspection.status in inspection_finders.OPEN
        for party in one.inspection.parties
        if party.answer != "declined" and party.recorded_at is None
    }


def list_version_lines(declaration: Declaration, newest: Version) -> Sequence[changes.VersionLine]:
    """Return every version of a package, newest first; a package with one needs no statement for it."""
    if declaration.version == 1:
        return changes.version_lines([newest], ())
    amended = list_happened(declaration.id, "declaration.amended")
    return changes.version_lines(finders.list_versions(declaration.id), amended)


def expected(filed: Filed, names: naming.Names, office: str) -> dict[str, expecting.Expected]:
    """Return what experience says about each agency that is at work, where enough of its cases are known."""
    known, now = spreads(filed.paces), clock.now()
    found: dict[str, expecting.Expected] = {}
    for line in filed.lines:
        spread, ticking = known.get(line.agency), filed.ticking.get(line.agency)
        if spread is None or ticking is None:
            continue
        hours = timing.hours_of(line.agency, office, names.edition)
        waits = line.agency not in filed.turn.agencies
        found[line.agency] = expecting.expect(spread.count, spread.half, spread.most, ticking, hours, now, waits=waits)
    return found
