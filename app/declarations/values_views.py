"""Everything a package says: each value with its identifiers, and whether anything of the received file is not kept."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.declarations import drafting, everything, finders, policy
from app.declarations.models import Declaration
from app.declarations.structure import leaves
from app.errors import NotFound
from app.intake import kept
from app.ledger import witnessing
from app.web import guard

blueprint = Blueprint("values", __name__, url_prefix="/packages/<uuid:declaration_id>")


@blueprint.get("/values")
@guard(policy.read, finders.get_declaration)
def show(declaration: Declaration) -> str:
    """The newest filed version, value by value, with its loss report. A draft has its check page for that."""
    if not declaration.version:
        raise NotFound()
    witnessing.package_read(declaration.id)
    version = finders.get_version(declaration)
    report = kept.report_of(version)
    return render_template(
        "declarations/values.html",
        declaration=declaration,
        version=version,
        report=report,
        unnamed={leaf.path for leaf in report.unnamed},
        branches=everything.branches(leaves(drafting.version_tree(declaration, version))),
    )
