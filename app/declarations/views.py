"""The list of packages, the task list of a draft, and the page of a filed package: who signs, why, and how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock
from app.clearance import finders as clearances
from app.declarations import changes, codec, drafting, finders, policy, progress
from app.declarations.form_lists import Lists
from app.declarations.models import Attachment, Declaration, Version
from app.declarations.package import Package
from app.documents import finders as library
from app.documents import serving, storage
from app.errors import NotFound
from app.insights.finders import find_paces, usual
from app.intake import submission, withdrawing
from app.ledger import witnessing
from app.ledger.finders import list_entries, list_happened
from app.ledger.models import Entry
from app.ledger.recording import record
from app.requirements import wording
from app.requirements.outcome import Outcome
from app.reviews import asking_desk, clocks, grounds, history, inspection_desk, naming
from app.reviews import finders as reviews
from app.reviews.clock_desk import tick_all
from app.reviews.models import Review
from app.shell import language
from app.web import actor, back, guard, remembering

blueprint = Blueprint("declarations", __name__)

DIRECTIONS = ("import", "export", "transit")
REASON_LENGTH = 1000


@blueprint.get("/packages")
@guard(policy.list_own)
def index() -> str:
    """The packages of the organisation, last touched first; found by number or own reference."""
    status = request.args.get("status", "")
    search = " ".join(request.args.get("search", "").split())[:40]
    if status not in ("", *progress.STATUSES):
        raise NotFound()
    page = finders.list_declarations(actor(), request.args.get("cursor"), status=status or None, search=search)
    panes = reviews.list_panes(row.id for row in page.rows)
    return render_template(
        "declarations/list.html",
        page=page,
        panes={key: [{"state": pane.light, "label": pane.agency} for pane in found] for key, found in panes.items()},
        start_policy=policy.start,
        statuses=progress.STATUSES,
        status=status,
        search=search,
        names=naming.names(),
    )


@blueprint.get("/packages/new")
@guard(policy.start)
def new() -> str:
    """How to begin: a form, or a file."""
    return render_template("declarations/new.html", error="")


@blueprint.post("/packages")
@guard(policy.start)
def start() -> Any:
    """Begin an empty package in one direction."""
    direction = request.form.get("direction", "")
    if direction not in DIRECTIONS:
        return render_template("declarations/new.html", error=_("Choose which way the goods go.")), 422
    draft = drafting.start(direction=direction, by=actor())
    return back("declarations.show", declaration_id=draft.id)


@blueprint.get("/packages/<uuid:declaration_id>")
@guard(policy.read, finders.get_declaration)
def show(declaration: Declaration) -> str:
    """One package: what is left to do while it is a draft, who signs and why once it is filed."""
    witnessing.package_read(declaration.id)
    if declaration.version:
        return _filed(declaration)
    return _draft(declaration)


def _draft(declaration: Declaration) -> str:
    tree = drafting.tree_of(declaration)
    package = codec.to_package(tree)
    judged = submission.judge(package, by=actor())
    tasks = progress.tasks(package, tree, judged.faults, judged.outcome)
    verdict = policy.prepare(actor(), declaration)
    lanes = judged.outcome.reviews if any(line.code for line in package.lines) else ()
    return render_template(
        "declarations/draft.html",
        declaration=declaration,
        package=package,
        tasks=tasks,
        states=progress.STATES,
        done=sum(task.state == progress.DONE for task in tasks),
        faults=judged.faults,
        origin=_origin(declaration),
        lanes=lanes,
        lanes_panes=[{"state": "dark", "label": lane.agency} for lane in lanes],
        names=naming.names(),
        editable=bool(verdict),
        barred="" if verdict or declaration.status != "draft" else verdict.reason,
        may_start=bool(policy.copy(actor(), declaration)),
    )


def _origin(declaration: Declaration) -> Declaration | None:
    """The package a draft was copied from, where the reader may know it."""
    if declaration.copied_from_id is None:
        return None
    try:
        return finders.get_declaration(declaration.copied_from_id, actor=actor())
    except NotFound:
        return None


def _filed(declaration: Declaration) -> str:
    version = finders.get_version(declaration)
    package = codec.to_package(drafting.filed_tree(declaration))
    outcome = Outcome.from_dict(version.outcome)
    names = naming.names()
    asked = reviews.list_reviews(declaration.id, decisions=True)
    lines = progress.lane_lines(outcome, asked, withdrawn=declaration.status == "withdrawn", now=clock.now())
    said, then = progress.sentence(declaration.status, lines, ngettext)
    paces, entries = find_paces(line.agency for line in lines), list_entries(declaration.id)
    return render_template(
        "declarations/package.html",
        declaration=declaration,
        version=version,
        package=package,
        outcome=outcome,
        lines=lines,
        paces=paces,
        ticking=tick_all(asked, names.edition, usual(paces)),
        registered_in=progress.registered_in(declaration.registered_at, entries),
        registration=clocks.rule("registration"),
        panes=[{"state": line.state, "label": names.agency(line.agency)} for line in lines],
        said=said,
        then=then,
        now=clock.now(),
        not_asked=_not_asked(outcome, names),
        papers=_papers(declaration, package, names),
        inspections=inspection_desk.for_trader(declaration.id, names),
        questions=asking_desk.of_package(declaration, names, package, actor=actor(), language=language()),
        history=_history(entries, names),
        **_cleared(declaration, asked),
        statuses=progress.STATUSES,
        origin=_origin(declaration),
        names=names,
        find_ground=grounds.find_ground,
        version_lines=_versions(declaration, version),
        may_amend=declaration.status in policy.AMENDABLE and bool(policy.amend(actor(), declaration)),
        may_withdraw=_may_withdraw(declaration),
        may_start=bool(policy.copy(actor(), declaration)),
    )


def _not_asked(outcome: Outcome, names: naming.Names) -> list[tuple[str, list[Any]]]:
    """The agencies that are not asked, each with the reasons in words."""
    return [(one.agency, [wording.why(why, names.edition) for why in one.reasons]) for one in outcome.not_triggered]


def _cleared(declaration: Declaration, asked: Sequence[Review]) -> Mapping[str, Any]:
    """The clearances of a package, and whether a paper is still being drawn: a release without its clearance, or a
    clearance without its paper."""
    found = clearances.list_clearances(declaration.id)
    releases = sum(bool(decision.released) for review in asked for decision in review.decisions)
    missing = releases > sum(one.replaces_id is None for one in found) or any(one.sha256 is None for one in found)
    return {"clearances": found, "clearance_awaited": missing}


def _may_withdraw(declaration: Declaration) -> bool:
    return declaration.status in policy.AMENDABLE and bool(policy.withdraw(actor(), declaration))


def _versions(declaration: Declaration, newest: Version) -> Sequence[changes.VersionLine]:
    """Every version of a package, newest first; a package with one needs no statement for it."""
    if declaration.version == 1:
        return changes.version_lines([newest], ())
    amended = list_happened(declaration.id, "declaration.amended")
    return changes.version_lines(finders.list_versions(declaration.id), amended)


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


def _history(entries: Sequence[Entry], names: naming.Names) -> Sequence[Any]:
    """What happened, without the names of officers: the trader deals with agencies."""
    nobody: Mapping[uuid.UUID, str] = {}
    told = [entry for entry in entries if entry.event not in history.FOR_OFFICERS]
    return list(reversed(history.tell(told, nobody, names)))


# --- deeds --------------------------------------------------------------------------------------------------------


@blueprint.post("/packages/<uuid:declaration_id>/copy")
@guard(policy.copy, finders.get_declaration)
def copy(declaration: Declaration) -> Any:
    """Begin a new package from this one."""
    made = drafting.copy(declaration, by=actor())
    flash(_("This draft is a copy. Give it a reference of its own before you send it."), "success")
    return back("declarations.show", declaration_id=made.id)


@blueprint.post("/packages/<uuid:declaration_id>/discard")
@guard(policy.prepare, finders.get_declaration)
def discard(declaration: Declaration) -> Any:
    """Put a draft away."""
    drafting.discard(declaration, by=actor())
    flash(_("The draft is put away."), "success")
    return back("declarations.index")


@blueprint.get("/packages/<uuid:declaration_id>/withdraw")
@guard(policy.withdraw, finders.get_declaration)
def withdrawal(declaration: Declaration) -> Any:
    """What taking the package back would do, before it is done."""
    if declaration.status not in policy.AMENDABLE:
        return back("declarations.show", declaration_id=declaration.id)
    return _withdrawal(declaration)


def _withdrawal(declaration: Declaration, error: str = "") -> str:
    return render_template(
        "declarations/withdraw.html",
        declaration=declaration,
        effect=withdrawing.effect_of(declaration),
        names=naming.names(),
        reason="",
        error=error,
    )


@blueprint.post("/packages/<uuid:declaration_id>/withdraw")
@guard(policy.withdraw, finders.get_declaration)
def withdraw(declaration: Declaration) -> Any:
    """Take a filed package back, with a reason."""
    reason = request.form.get("reason", "").strip()[:REASON_LENGTH]
    if not reason and declaration.status in policy.AMENDABLE:
        return _withdrawal(declaration, _("Say why you take the package back.")), 422
    withdrawing.withdraw(declaration, reason=reason, by=actor())
    flash(_("The package is withdrawn. The agencies have been told."), "success")
    return back("declarations.show", declaration_id=declaration.id)


# --- files --------------------------------------------------------------------------------------------------------


@blueprint.get("/packages/<uuid:declaration_id>/declaration.xml")
@guard(policy.read, finders.get_declaration)
def canonical(declaration: Declaration) -> Response:
    """The canonical XML: of the draft, or of the newest filed version."""
    witnessing.package_read(declaration.id)
    data = (
        finders.get_version(declaration, _asked_version()).canonical
        if declaration.version
        else declaration.draft_xml or b""
    )
    return serving.attachment(data, f"{_file_name(declaration)}.xml", "application/xml")


@blueprint.get("/packages/<uuid:declaration_id>/received")
@guard(policy.read, finders.get_declaration)
def received(declaration: Declaration) -> Response:
    """The bytes exactly as they arrived. Raises NotFound for a draft."""
    version = finders.get_version(declaration, _asked_version())
    if version.received_sha256 is None:
        raise NotFound()
    witnessing.package_read(declaration.id)
    data = storage.store().read(version.received_sha256)
    zipped = data[:2] == b"PK"
    kind = "application/zip" if zipped else "application/xml"
    return serving.attachment(data, f"{_file_name(declaration)}-received.{'zip' if zipped else 'xml'}", kind)


def _asked_version() -> int | None:
    """The version an address names; None for the newest. Raises NotFound for what is no number."""
    named = request.args.get("version", "")
    if named and not named.isdecimal():
        raise NotFound()
    return int(named) if named else None


def _file_name(declaration: Declaration) -> str:
    return (declaration.number or declaration.lrn or "draft").replace("/", "-")


@blueprint.get("/packages/<uuid:declaration_id>/files/<uuid:attachment_id>")
@guard(policy.read, lambda declaration_id, attachment_id, actor: finders.get_declaration(declaration_id, actor=actor))
def attachment(declaration: Declaration) -> Response:
    """One file of the package."""
    found = finders.get_attachment(declaration.id, (request.view_args or {})["attachment_id"])
    if actor().kind == "auditor":
        with remembering():
            record(
                "document.read", "document", found.document_id, by=actor(), declaration_id=declaration.id,
                sha256=found.sha256,
            )  # fmt: skip
    return serving.answer(library.get_blob(found.sha256), found.file_name)
