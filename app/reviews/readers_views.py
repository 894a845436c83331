"""Who has looked at the papers of a package: for its trader and for the auditor."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.declarations import finders, policy
from app.declarations.masking import GROUPS
from app.declarations.models import Declaration
from app.ledger import witnessing
from app.reviews import naming, readers
from app.web import actor, guard

blueprint = Blueprint("readers", __name__)


@blueprint.get("/packages/<uuid:declaration_id>/readers")
@guard(policy.read, finders.get_declaration)
def show(declaration: Declaration) -> str:
    """Every recorded reading of the package, the newest first; the auditor's own looking is one of them."""
    witnessing.package_read(declaration.id)
    return render_template(
        "reviews/readers.html",
        declaration=declaration,
        readings=readers.list_readings(declaration.id, actor=actor()),
        names=naming.names(),
        groups=GROUPS,
        named=actor().kind == "auditor",
        most=readers.MOST,
    )
