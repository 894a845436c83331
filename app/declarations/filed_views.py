"""A filed package for its trader: who signs and how far each has come, whose turn it is, what was asked, cleared, changed.

The page and the same facts as data are made of one gathering; the routes stand in ``views`` and ``status_views``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from app import clock
from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import changes, codec, drafting, finders, policy, progress, turn
from app.declarations.form_lists import Lists
from app.declarations.models import Attachment, Declaration, Version
from app.declarations.package import Package
from app.errors import NotFound
from app.insights.finders import find_paces, spreads, usual
from app.insights.models import Pace
from app.ledger.finders import list_entries, list_happened
from app.ledger.models import Entry
from app.requirements import wording
from app.requirements.outcome import Outcome
from app.reviews import (
    asking_desk,
    clocks,
    expecting,
    grounds,
    history,
    inspection_desk,
    inspection_finders,
    naming,
    timing,
)
from app.reviews import finders as reviews
from app.reviews.clock_desk import tick_all
from app.reviews.models import Review
from app.reviews.thread_models import Question
from app.reviews.ticking import Ticking
from app.shell import language
from app.web import actor

LIVE = ("registered", "under-review", "awaiting-trader", "partly-released")
"""The states in which the page looks again by itself."""


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
    versions = _versions(declaration, version)
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


def _versions(declaration: Declaration, newest: Version) -> Sequence[changes.VersionLine]:
    """Every version of a package, newest first; a package with one needs no statement for it."""
    if declaration.version == 1:
        return changes.version_lines([newest], ())
    amended = list_happened(declaration.id, "declaration.amended")
    return changes.version_lines(finders.list_versions(declaration.id), amended)


# --- the page -----------------------------------------------------------------------------------------------------


def page(declaration: Declaration) -> str:
    """Return the page of a filed package."""
    names, version = naming.names(), finders.get_version(declaration)
    package = codec.to_package(drafting.version_tree(declaration, version))
    questions = asking_desk.of_package(declaration, names, package, actor=actor(), language=language())
    filed = gather(declaration, version, names, [row.question for row in questions.rows])
    cleared = clearances.list_clearances(declaration.id)
    awaited = _paper_awaited(cleared, filed.reviews)
    return render_template(
        "declarations/package.html",
        declaration=declaration,
        filed=filed,
        package=package,
        live=awaited or declaration.status in LIVE,
        yours=actor().organisation_id in (declaration.owner_id, declaration.filer_id),
        expected=_expected(filed, names, declaration.office_code),
        panes=[{"state": line.state, "label": names.agency(line.agency)} for line in filed.lines],
        not_asked=_not_asked(filed.outcome, names),
        papers=_papers(declaration, package, names),
        questions=questions,
        clearances=cleared,
        clearance_awaited=awaited,
        released=_released(filed.reviews, cleared),
        statuses=progress.STATUSES,
        outcomes=progress.OUTCOMES,
        origin=origin_of(declaration),
        names=names,
        find_ground=grounds.find_ground,
        **_told_of(declaration, names),
        **_may(declaration),
    )


def origin_of(declaration: Declaration) -> Declaration | None:
    """Return the package that one was copied from, where the reader may know it."""
    if declaration.copied_from_id is None:
        return None
    try:
        return finders.get_declaration(declaration.copied_from_id, actor=actor())
    except NotFound:
        return None


def _may(declaration: Declaration) -> dict[str, bool]:
    changeable = declaration.status in policy.AMENDABLE
    return {
        "may_amend": changeable and bool(policy.amend(actor(), declaration)),
        "may_withdraw": changeable and bool(policy.withdraw(actor(), declaration)),
        "may_start": bool(policy.copy(actor(), declaration)),
    }


def _told_of(declaration: Declaration, names: naming.Names) -> dict[str, Any]:
    """What happened, without the names of officers: the trader deals with agencies; and how fast it was registered."""
    entries = list_entries(declaration.id)
    nobody: Mapping[uuid.UUID, str] = {}
    told: Sequence[Entry] = [entry for entry in entries if entry.event not in history.FOR_OFFICERS]
    return {
        "history": list(reversed(history.tell(told, nobody, names))),
        "registered_in": progress.registered_in(declaration.registered_at, entries),
        "registration": clocks.rule("registration"),
    }


def _expected(filed: Filed, names: naming.Names, office: str) -> dict[str, expecting.Expected]:
    """What experience says about each agency that is at work, where enough of its cases are known."""
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


def _paper_awaited(found: Sequence[Clearance], asked: Sequence[Review]) -> bool:
    """Whether a paper is still being drawn: a release without its clearance, or a clearance without its paper."""
    releases = sum(bool(decision.released) for review in asked for decision in review.decisions)
    return releases > sum(one.replaces_id is None for one in found) or any(one.sha256 is None for one in found)


def _released(asked: Sequence[Review], found: Sequence[Clearance]) -> list[int]:
    """The goods items that may go: released, and not only on papers that hold no more."""
    let_go = {number for review in asked for decision in review.decisions for number in decision.released}
    holding = {number for one in found if one.status in ("requested", "issued") for number in one.items}
    revoked = {number for one in found if one.status == "revoked" for number in one.items}
    return sorted(let_go - (revoked - holding))


def _not_asked(outcome: Outcome, names: naming.Names) -> list[tuple[str, list[Any]]]:
    """The agencies that are not asked, each with the reasons in words."""
    return [(one.agency, [wording.why(why, names.edition) for why in one.reasons]) for one in outcome.not_triggered]


def _papers(
    declaration: Declaration, package: Package, names: naming.Names
) -> list[tuple[Any, str, Attachment | None, str]]:
    """Every document as filed: declared, its words, the file behind it, the state of its scan."""
    labels = Lists(names.edition, language()).document_names(package)
    files = finders.list_attachments(declaration.id)
    blobs = reviews.find_blobs(file.sha256 for file in files)
    made = []
    for one in package.all_documents:
        code = names.edition.document_code(one.category, one.type)
        file = _file_behind(one, code, files)
        scan = blobs[file.sha256].scan if file is not None and file.sha256 in blobs else ""
        made.append((one, labels[(one.category, one.type)], file, scan))
    return made


def _file_behind(document: Any, code: str, files: Sequence[Attachment]) -> Attachment | None:
    """The file whose digest the document names, else the one of the same item, type and number."""
    same = [one for one in files if document.file_sha256 and one.sha256 == document.file_sha256]
    near = [one for one in files if (one.item, one.type_code, one.number) == (document.item, code, document.number)]
    return next(iter([*same, *near]), None)
