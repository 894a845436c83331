"""The list of packages, the page of one (a draft's task list here, a filed one's in ``filed_views``), and what is done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from app.declarations import codec, drafting, filed_views, finders, policy, progress
from app.declarations.models import Declaration
from app.documents import finders as library
from app.documents import serving
from app.errors import NotFound
from app.intake import submission, withdrawing
from app.ledger import witnessing
from app.ledger.recording import record
from app.reviews import finders as reviews
from app.reviews import naming, question_finders
from app.web import actor, back, guard, remembering

blueprint = Blueprint("declarations", __name__)

DIRECTIONS = ("import", "export", "transit")
MOST_DIGITS = 10
"""Digits of a number in an address from which on no column of the database holds it."""
REASON_LENGTH = 1000
YOUR_TURN = "your-turn"
"""What the list of packages can be narrowed to beside the states: those with a question that waits for an answer."""


@blueprint.get("/packages")
@guard(policy.list_own)
def index() -> str:
    """The packages of the organisation, last touched first; found by number or own reference."""
    status = request.args.get("status", "")
    search = " ".join(request.args.get("search", "").split())[:40]
    if status not in ("", YOUR_TURN, *progress.STATUSES):
        raise NotFound()
    page = finders.list_declarations(
        actor(),
        request.args.get("cursor"),
        status=status if status != YOUR_TURN else None,
        search=search,
        also=question_finders.waits_for_trader() if status == YOUR_TURN else None,
    )
    panes = reviews.list_panes(row.id for row in page.rows)
    return render_template(
        "declarations/list.html",
        page=page,
        panes={key: [{"state": pane.light, "label": pane.agency} for pane in found] for key, found in panes.items()},
        start_policy=policy.start,
        your_turn=YOUR_TURN,
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
        return filed_views.page(declaration)
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
        origin=filed_views.origin_of(declaration),
        lanes=lanes,
        lanes_panes=[{"state": "dark", "label": lane.agency} for lane in lanes],
        names=naming.names(),
        editable=bool(verdict),
        barred="" if verdict or declaration.status != "draft" else verdict.reason,
        may_start=bool(policy.copy(actor(), declaration)),
    )


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


def _withdrawal(declaration: Declaration, error: str = "", reason: str = "") -> str:
    return render_template(
        "declarations/withdraw.html",
        declaration=declaration,
        effect=withdrawing.effect_of(declaration),
        names=naming.names(),
        reason=reason,
        error=error,
    )


@blueprint.post("/packages/<uuid:declaration_id>/withdraw")
@guard(policy.withdraw, finders.get_declaration)
def withdraw(declaration: Declaration) -> Any:
    """Take a filed package back, with a reason."""
    reason = request.form.get("reason", "").strip()
    if not reason and declaration.status in policy.AMENDABLE:
        return _withdrawal(declaration, _("Say why you take the package back.")), 422
    if len(reason) > REASON_LENGTH:
        words = _("The reason is too long: shorten it to %(most)s characters.", most=REASON_LENGTH)
        return _withdrawal(declaration, words, reason), 422
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
    data = serving.received(version.received_sha256)
    zipped = data[:2] == b"PK"
    kind = "application/zip" if zipped else "application/xml"
    return serving.attachment(data, f"{_file_name(declaration)}-received.{'zip' if zipped else 'xml'}", kind)


def _asked_version() -> int | None:
    """The version an address names; None for the newest. Raises NotFound for what is no number."""
    named = request.args.get("version", "")
    if named and not (named.isdecimal() and len(named) < MOST_DIGITS):
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
