"""Changing a filed package: begin, bring a file, see what it does, send or drop; and the difference of two versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app.access import can
from app.declarations import changes, codec, drafting, finders, policy, progress
from app.declarations.form_lists import Lists
from app.declarations.models import Declaration
from app.errors import Conflict, Fault, Invalid, NotFound, Stale
from app.intake import amending, amendment_drafts, submission
from app.ledger import witnessing
from app.ledger.finders import list_happened
from app.requirements.finders import current_edition
from app.reviews import naming
from app.shell import language
from app.web import actor, back, guard, refuse_and_read

blueprint = Blueprint("amending", __name__, url_prefix="/packages/<uuid:declaration_id>")


@blueprint.get("/change")
@guard(policy.amend, finders.get_declaration)
def change(declaration: Declaration) -> Any:
    """The change that is being written, part by part; before it is begun, the two ways to begin."""
    if declaration.draft_xml is None:
        return _begin_page(declaration)
    return _task_list(declaration)


@blueprint.post("/change")
@guard(policy.amend, finders.get_declaration)
def begin(declaration: Declaration) -> Any:
    """Begin a change in the form."""
    amendment_drafts.begin(declaration, by=actor())
    return back("amending.change", declaration_id=declaration.id)


@blueprint.post("/change/file")
@guard(policy.amend, finders.get_declaration)
def bring(declaration: Declaration) -> Any:
    """Bring the changed package as XML or ZIP; it is sent from the page that shows what it does."""
    given = request.files.get("package")
    if given is None or not given.filename:
        return _begin_page(declaration, error=_("Choose the XML or ZIP file of the changed package.")), 422
    key, body = declaration.id, given.stream.read()
    try:
        amendment_drafts.bring(declaration, body, by=actor())
    except Invalid as refusal:
        refuse_and_read(refusal)
        declaration = finders.get_declaration(key, actor=actor())
        return _begin_page(declaration, faults=refusal.faults, named=given.filename), refusal.status
    flash(_("Your file is read. Nothing is sent yet: look at what it changes."), "success")
    return back("amending.preview", declaration_id=key)


@blueprint.get("/change/preview")
@guard(policy.amend, finders.get_declaration)
def preview(declaration: Declaration) -> Any:
    """What the change does: every difference, which approvals stay, which agencies look again."""
    if declaration.draft_xml is None:
        return back("amending.change", declaration_id=declaration.id)
    return _preview(declaration)


@blueprint.post("/change/send")
@guard(policy.amend, finders.get_declaration)
def send(declaration: Declaration) -> Any:
    """Send the change as a new version; what stands in the way is shown beside it, and nothing of it is lost."""
    key = declaration.id
    try:
        seen = int(request.form.get("version", ""))
    except ValueError:
        raise NotFound() from None
    try:
        version = amendment_drafts.send(
            declaration, seen_version=seen, seen_digest=request.form.get("digest", ""), by=actor()
        )
    except (Invalid, Conflict) as refusal:
        refuse_and_read(refusal)
        declaration = finders.get_declaration(key, actor=actor())
        if declaration.draft_xml is None:
            raise
        return _preview(declaration, refusal), refusal.status
    flash(_("Version %(number)s is sent. The agencies it concerns look at it now.", number=version.number), "success")
    return back("declarations.show", declaration_id=key)


@blueprint.post("/change/drop")
@guard(policy.amend, finders.get_declaration)
def drop(declaration: Declaration) -> Any:
    """Put the change away; the version that holds stays."""
    amendment_drafts.drop(declaration, by=actor())
    flash(_("Your change is dropped. Version %(number)s holds as before.", number=declaration.version), "success")
    return back("declarations.show", declaration_id=declaration.id)


@blueprint.get("/changes")
@guard(policy.read, finders.get_declaration)
def differences(declaration: Declaration) -> str:
    """What changed from one filed version to another (``from`` and ``to`` in the address; the last two by default)."""
    before, after = changes.versions_named(request.args, declaration.version)
    witnessing.package_read(declaration.id)
    names = naming.names()
    old, new = (drafting.filed_tree(declaration, number) for number in (before, after))
    lines = changes.version_lines(
        finders.list_versions(declaration.id), list_happened(declaration.id, "declaration.amended")
    )
    return render_template(
        "declarations/changes.html",
        declaration=declaration,
        before=before,
        after=after,
        changes=changes.between(old, new, Lists(names.edition, language(), declaration.direction)),
        version_lines=lines,
        tones=changes.KINDS,
        names=names,
        files=finders.list_attachments(declaration.id, dropped=True),
    )


# --- pages --------------------------------------------------------------------------------------------------------


def _begin_page(
    declaration: Declaration, *, error: str = "", faults: Sequence[Fault] = (), named: str = ""
) -> str:  # fmt: skip
    return render_template(
        "declarations/amend_begin.html",
        declaration=declaration,
        error=error,
        faults=faults,
        named=named,
        open=declaration.status in policy.AMENDABLE,
        begun=declaration.draft_xml is not None,
    )


def _task_list(declaration: Declaration) -> str:
    tree = amendment_drafts.tree_of(declaration)
    package = codec.to_package(tree)
    judged = submission.judge(package, by=actor(), of=declaration)
    tasks = progress.tasks(package, tree, judged.faults, judged.outcome)
    editable = can(policy.prepare, actor(), declaration)
    return render_template(
        "declarations/amend.html",
        declaration=declaration,
        package=package,
        tasks=tasks,
        states=progress.STATES,
        done=sum(task.state == progress.DONE for task in tasks),
        faults=judged.faults,
        origin=None,
        lanes=judged.outcome.reviews,
        lanes_panes=[{"state": "dark", "label": lane.agency} for lane in judged.outcome.reviews],
        names=naming.Names(judged.edition),
        editable=editable,
        barred="",
        may_start=False,
        base=amendment_drafts.base_of(declaration),
    )


def _preview(declaration: Declaration, refusal: Invalid | Conflict | None = None) -> str:
    tree = amendment_drafts.tree_of(declaration)
    found = amending.preview(declaration, tree, by=actor())
    edition = current_edition()
    old = codec.to_package(drafting.filed_tree(declaration))
    told = changes.lay_out(found.changes, old, found.package, Lists(edition, language(), declaration.direction))
    return render_template(
        "declarations/amend_preview.html",
        declaration=declaration,
        changes=told,
        faults=found.faults,
        fate=found.fate,
        version=found.version,
        digest=codec.digest(declaration.draft_xml or b""),
        base=amendment_drafts.base_of(declaration),
        said=str(refusal.message) if isinstance(refusal, Conflict) else "",
        stale=isinstance(refusal, Stale),
        tones=changes.KINDS,
        names=naming.Names(edition),
        files=finders.list_attachments(declaration.id, dropped=True),
        can_send=can(policy.amend, actor(), declaration) and declaration.status in policy.AMENDABLE,
    )
