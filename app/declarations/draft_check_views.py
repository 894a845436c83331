"""Check and send: everything a draft says on one page, all faults at once, who will sign and why, and the button."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.declarations import codec, document_form, drafting, finders, form_map, forms, policy, progress
from app.declarations.form_lists import Lists
from app.declarations.form_map import DOCUMENTS, ITEM, QUESTIONS
from app.declarations.form_parts import anchor
from app.declarations.models import Declaration
from app.declarations.package import Package
from app.declarations.pointers import steps
from app.errors import Fault, NotFound
from app.intake import receipts, submission
from app.requirements import wording
from app.reviews import naming
from app.shell import language
from app.web import actor, back, guard

blueprint = Blueprint("draft_check", __name__, url_prefix="/packages/<uuid:declaration_id>")


@blueprint.get("/check")
@guard(policy.prepare, finders.get_declaration)
def check(declaration: Declaration) -> str:
    """The whole package as it would be sent."""
    tree = drafting.tree_of(declaration)
    package = codec.to_package(tree)
    judged = submission.judge(package, by=actor(), of=declaration)
    refused = _refused(declaration)
    faults = [*judged.faults, *_only_there(refused, judged.faults)]
    lists = Lists(judged.edition, language(), declaration.direction)
    return render_template(
        "declarations/check.html",
        declaration=declaration,
        package=package,
        pages=_pages(package, tree),
        lists=lists,
        shelves=document_form.shelves(package, judged.outcome, lists),
        standing=judged.standing,
        outcome=judged.outcome,
        edition=judged.edition,
        wording=wording,
        names=naming.Names(judged.edition),
        panes=[{"state": "dark", "label": lane.agency} for lane in judged.outcome.reviews],
        not_asked=[
            (one.agency, [wording.why(why, judged.edition) for why in one.reasons])
            for one in judged.outcome.not_triggered
        ],
        faults=faults,
        links=_links(declaration, package, faults),
        others=progress.other_leaves(tree, package, judged.outcome),
        twin=any(fault.code == "DUPLICATE-CONTENT" for fault in faults),
    )


@blueprint.post("/send")
@guard(policy.submit, finders.get_declaration)
def send(declaration: Declaration) -> Any:
    """Send the package. What stands in the way is shown on the check page; nothing is lost."""
    if declaration.version and declaration.draft_xml is not None:
        # A change of a filed package is sent from the page that shows what it does.
        return back("amending.preview", declaration_id=declaration.id)
    confirmed = request.form.get("confirmed") == "yes"
    receipt = submission.submit_draft(declaration, by=actor(), confirmed=confirmed)
    if receipt.outcome == "registered":
        flash(_("Your package is registered. You will see here who has signed."), "success")
        return back("declarations.show", declaration_id=receipt.declaration_id)
    return back("draft_check.check", declaration_id=declaration.id, receipt=receipt.id)


def _refused(declaration: Declaration) -> Sequence[Fault]:
    """The faults of the sending that was just refused: a few are found only there (an equal package of the same day)."""
    try:
        receipt = receipts.get_receipt(uuid.UUID(request.args.get("receipt", "")), actor=actor())
    except (ValueError, NotFound):
        return []
    if receipt.declaration_id != declaration.id:
        return []
    return [Fault.from_dict(fault) for fault in receipt.faults]


def _only_there(refused: Sequence[Fault], now: Sequence[Fault]) -> list[Fault]:
    """Faults of the receipt that a check cannot find; what has been mended since is not shown again."""
    return [fault for fault in refused if fault.code in ("DUPLICATE-CONTENT", "LRN-USED") and fault not in now]


def _pages(package: Package, tree: Any) -> list[tuple[str, int | None, Any, dict[str, str]]]:
    """Every form page with its groups and values: section, goods item, groups, values by field name."""
    places: list[tuple[str, int | None]] = [(form_map.PARTIES, None), (form_map.TRANSPORT, None)]
    places += [(ITEM, line.number) for line in package.lines]
    made = []
    for section, number in places:
        groups = form_map.groups(section, package, number)
        made.append((section, number, groups, forms.shown(groups, tree)))
    return made


def _links(declaration: Declaration, package: Package, faults: Sequence[Fault]) -> dict[str, str]:
    """Where each fault is mended: the address of its page, at its box."""
    counts: dict[int | None, int] = {line.number: len(line.documents) for line in package.lines}
    counts[None] = len(package.documents)
    return {fault.path: address(declaration, fault, counts) for fault in faults if fault.path}


def address(declaration: Declaration, fault: Fault, counts: Mapping[int | None, int]) -> str:
    """Return the address of the page and box that mend a fault; ``counts``: documents of the package and of each item."""
    section, item = progress.place_of(fault)
    box = anchor(fault.path.removeprefix("/Declaration/"))
    draft = declaration.id
    if section == QUESTIONS:
        return url_for("drafts.questions", declaration_id=draft)
    if section == DOCUMENTS:
        place = next((index or 1 for name, index in steps(fault.path) if name == "AdditionalDocument"), 0)
        if 0 < place <= counts.get(item, 0):
            return url_for("draft_documents.document", declaration_id=draft, item=item or 0, place=place, _anchor=box)
        return url_for("draft_documents.shelf", declaration_id=draft, _anchor=f"shelf-{item or 0}")
    if section == ITEM:
        return url_for("drafts.item", declaration_id=draft, number=item, check=1, _anchor=box)
    return url_for("drafts.section", declaration_id=draft, section=section, check=1, _anchor=box)
