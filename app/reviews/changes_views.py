"""The difference of two versions of a package, for the officers who judge it."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.declarations import changes
from app.declarations.drafting import version_tree
from app.declarations.finders import get_version, list_attachments, list_versions
from app.declarations.form_lists import Lists
from app.ledger import witnessing
from app.ledger.finders import list_happened
from app.reviews import changes_desk, finders, naming, policy, seeing
from app.reviews.models import Review
from app.shell import language
from app.web import actor, guard

blueprint = Blueprint("changes", __name__)


@blueprint.get("/cases/<uuid:review_id>/changes")
@guard(policy.read, finders.get_review)
def show(review: Review) -> str:
    """What changed from one version to another (``from`` and ``to`` in the address; the last two by default)."""
    filed = review.declaration
    before, after = changes.versions_named(request.args, filed.version)
    witnessing.package_read(filed.id)
    names, sight = naming.names(), seeing.sight_of(review, actor=actor())
    versions = get_version(filed, before), get_version(filed, after)
    old, new = (version_tree(filed, one) for one in versions)
    seen = [seeing.sight_in(one, review, sight) for one in versions]
    return render_template(
        "reviews/changes.html",
        review=review,
        declaration=filed,
        before=before,
        after=after,
        changes=changes.between(old, new, Lists(names.edition, language(), filed.direction), *seen),
        version_lines=changes.version_lines(list_versions(filed.id), list_happened(filed.id, "declaration.amended")),
        tones=changes.KINDS,
        names=names,
        files=[one for one in list_attachments(filed.id, dropped=True) if sight.sees_paper(one.type_code, one.item)],
        successor=changes_desk.successor_of(review),
    )
