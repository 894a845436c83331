"""A filed package for its trader: who signs and how far each has come, whose turn it is, what was asked, cleared, changed.

The gathering behind it stands in ``insights.standing``; the routes in ``views`` and ``status_views``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template

from app.cases import beside as checks
from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import codec, drafting, finders, policy, progress
from app.declarations.form_lists import Lists
from app.declarations.models import Attachment, Declaration
from app.declarations.package import Package
from app.documents import scanning
from app.documents.models import Blob
from app.errors import NotFound
from app.insights import standing
from app.intake import holding, kept
from app.ledger.finders import list_entries
from app.ledger.models import Entry
from app.requirements import wording
from app.requirements.outcome import Outcome
from app.reviews import asking_desk, clocks, grounds, history, naming
from app.reviews import finders as reviews
from app.reviews.models import Review
from app.shell import language
from app.web import actor

LIVE = ("registered", "under-review", "awaiting-trader", "partly-released")
"""The states in which the page looks again by itself."""


# --- the page -----------------------------------------------------------------------------------------------------


def page(declaration: Declaration) -> str:
    """Return the page of a filed package."""
    names, version = naming.names(), finders.get_version(declaration)
    package = codec.to_package(drafting.version_tree(declaration, version))
    questions = asking_desk.of_package(declaration, names, package, actor=actor(), language=language())
    filed = standing.gather(declaration, version, names, [row.question for row in questions.rows])
    cleared = clearances.list_clearances(declaration.id)
    awaited = _paper_awaited(cleared, filed.reviews)
    return render_template(
        "declarations/package.html",
        declaration=declaration,
        filed=filed,
        package=package,
        live=awaited or declaration.status in LIVE,
        yours=actor().organisation_id in (declaration.owner_id, declaration.filer_id),
        expected=standing.expected(filed, names, declaration.office_code),
        panes=[{"state": line.state, "label": names.agency(line.agency)} for line in filed.lines],
        not_asked=_not_asked(filed.outcome, names),
        papers=_papers(declaration, package, names),
        questions=questions,
        clearances=cleared,
        after_release=checks.lay_out(declaration),
        clearance_awaited=awaited,
        released=_released(filed.reviews, cleared),
        statuses=progress.STATUSES,
        outcomes=progress.OUTCOMES,
        kept=kept.counts_of(version, declaration.line_count),
        origin=origin_of(declaration),
        names=names,
        find_ground=grounds.find_ground,
        **_told_of(declaration, names),
        **_held(declaration),
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


def _held(declaration: Declaration) -> dict[str, Any]:
    """How a package stands that no agency sees yet: its hold, and how the scanner fares that it waits for."""
    hold = holding.find_hold(declaration.id) if declaration.status == holding.HELD else None
    return {"hold": hold, "scanner": scanning.standing() if hold is not None else None}


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
) -> list[tuple[Any, str, Attachment | None, Blob | None]]:
    """Every document as filed: declared, its words, the file behind it, the bytes of that."""
    labels = Lists(names.edition, language()).document_names(package)
    files = finders.list_attachments(declaration.id)
    blobs = reviews.find_blobs(file.sha256 for file in files)
    made = []
    for one in package.all_documents:
        code = names.edition.document_code(one.category, one.type)
        file = _file_behind(one, code, files)
        blob = blobs.get(file.sha256) if file is not None else None
        made.append((one, labels[(one.category, one.type)], file, blob))
    return made


def _file_behind(document: Any, code: str, files: Sequence[Attachment]) -> Attachment | None:
    """The file whose digest the document names, else the one of the same item, type and number."""
    same = [one for one in files if document.file_sha256 and one.sha256 == document.file_sha256]
    near = [one for one in files if (one.item, one.type_code, one.number) == (document.item, code, document.number)]
    return next(iter([*same, *near]), None)
