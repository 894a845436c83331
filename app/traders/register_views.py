"""The public register of accreditations: who, for what, from and until when, in which state. No person is named."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app import clock
from app.shell import t
from app.spreadsheets import answer, gather
from app.traders import finders
from app.traders.advantages import Scope
from app.traders.kinds import kinds
from app.traders.lifecycle import ACCREDITATION
from app.traders.models import Accreditation
from app.web import public

blueprint = Blueprint("accreditations", __name__, url_prefix="/accreditations")


@blueprint.get("")
@public
def register() -> str:
    """The register: search by name, UNP or number, by kind, only what holds today."""
    asked = _asked()
    page = finders.list_register(request.args.get("cursor"), **asked)
    return render_template(
        "traders/register.html", page=page, kinds=kinds(), words=ACCREDITATION.words, today=clock.today(), **asked
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
@public
def export(kind: str) -> Response:
    """The register as a file, with the filter of the page."""
    asked = _asked()
    found = gather(lambda cursor: finders.list_register(cursor, **asked))
    headings = (
        _("Number"), _("Kind"), _("Type"), _("Holder"), _("UNP"), _("Goods"), _("Procedures"), _("Waste"), _("Facilities"),
        _("Holds from"), _("Holds until (not that day)"), _("State"),
    )  # fmt: skip
    return answer("accreditations", kind, headings, [_line(row) for row in found.rows], cut=found.cut)


def _line(row: Accreditation) -> list[Any]:
    scope = Scope.from_dict(row.scope)
    return [
        row.number, t(kinds()[row.kind].title), row.type, row.holder.name, row.holder.unp, " ".join(scope.goods),
        " ".join(scope.procedures), " ".join(scope.waste), "; ".join(scope.facilities),
        row.valid_from.isoformat() if row.valid_from else "", row.valid_to.isoformat() if row.valid_to else "",
        str(ACCREDITATION.words[row.status]),
    ]  # fmt: skip


def _asked() -> dict[str, Any]:
    kind = request.args.get("kind", "")
    return {
        "search": " ".join(request.args.get("q", "").split())[:100],
        "kind": kind if kind in kinds() else "",
        "holding": request.args.get("holding") == "yes",
    }
