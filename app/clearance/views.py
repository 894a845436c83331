"""The paper for those it concerns; verification for anyone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.clearance import certificate, finders, numbering, policy, verification
from app.clearance.facts import ranges
from app.clearance.models import Clearance
from app.documents import serving
from app.documents.finders import get_blob
from app.ledger import witnessing
from app.web import guard, public

blueprint = Blueprint("clearance", __name__)

MOST_TYPED = 200
"""Characters of a typed code that are looked at: a code has 40, with separators fewer than 80."""


@blueprint.get("/clearances/<uuid:clearance_id>")
@guard(policy.download, finders.get_clearance)
def download(clearance: Clearance) -> Any:
    """The PDF, as an attachment named by its number."""
    witnessing.package_read(clearance.declaration_id)
    return serving.answer(get_blob(str(clearance.sha256)), f"{clearance.number}.pdf")


@blueprint.get("/verify")
@public
def verify_form() -> Any:
    """The form in which a code is typed; with ``?code=`` it leads to the answer."""
    code = request.args.get("code", "")[:MOST_TYPED].strip()
    if code:
        return redirect(url_for("clearance.verify", code=numbering.typed(code) or code.replace("/", "-")), code=303)
    error = _("Enter the verification code.") if "code" in request.args else ""
    return render_template("clearance/verify.html", state="", seen=None, typed="", error=error), 422 if error else 200


@blueprint.get("/verify/<code>")
@public
def verify(code: str) -> Any:
    """What the code says: genuine, superseded, revoked or unknown (the same page, 404)."""
    answer = verification.verify(code[:MOST_TYPED])
    seen = None
    if answer.clearance is not None and answer.clearance.issued_at is not None:
        settings = current_app.extensions["akno.settings"]
        facts = certificate.facts_of(
            answer.clearance, base_url=settings.base_url, names=settings.officer_names_on_paper,
            issued_at=answer.clearance.issued_at,
        )  # fmt: skip
        seen = verification.compared(facts)
    page = render_template(
        "clearance/verify.html", state=answer.state, seen=seen, typed=code[:MOST_TYPED], error="", ranges=ranges
    )
    return page, 200 if seen else 404
