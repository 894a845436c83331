"""The state of a package as data: what its page shows, for software that follows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import finders, policy
from app.declarations.models import Declaration
from app.ledger import witnessing
from app.reviews import finders as reviews
from app.reviews.models import Review
from app.web import guard

blueprint = Blueprint("status", __name__)


@blueprint.get("/packages/<uuid:declaration_id>/status.json")
@guard(policy.read, finders.get_declaration)
def show(declaration: Declaration) -> Response:
    """Status, number, lanes with measures and decisions, clearance; nothing that the package's page does not show."""
    witnessing.package_read(declaration.id)
    answer: dict[str, Any] = {
        "status": declaration.status,
        "number": declaration.number,
        "lrn": declaration.lrn,
        "version": declaration.version,
        "digest": declaration.digest,
        "lanes": [],
        "not_triggered": [],
        "clearance": None,
        "clearances": [_clearance(one) for one in clearances.list_clearances(declaration.id)],
    }
    answer["clearance"] = next(reversed(answer["clearances"]), None)
    if declaration.version:
        version = finders.get_version(declaration)
        opened = {review.agency: review for review in reviews.list_reviews(declaration.id, decisions=True)}
        answer["edition"] = version.edition
        answer["lanes"] = [_lane(lane, opened.get(lane["agency"])) for lane in version.outcome["lanes"]]
        answer["not_triggered"] = [one["agency"] for one in version.outcome["not_triggered"]]
    return jsonify(answer)


def _lane(lane: dict[str, Any], review: Review | None) -> dict[str, Any]:
    return {
        "agency": lane["agency"],
        "mode": lane["mode"],
        "items": lane["items"],
        "measures": [measure["code"] for measure in lane["measures"]],
        "status": review.status if review else None,
        "result": review.result if review else None,
        "decisions": [_decision(one) for one in review.decisions] if review else [],
    }


def _decision(decision: Any) -> dict[str, Any]:
    return {
        "decided_at": decision.decided_at.isoformat(),
        "post": decision.post,
        "personal_number": decision.personal_number,
        "version": decision.version,
        "digest": decision.digest,
        "items": [{"number": one.number, "outcome": one.outcome} for one in decision.items],
    }


def _clearance(clearance: Clearance) -> dict[str, Any]:
    return {
        "status": clearance.status,
        "number": clearance.number,
        "serial": clearance.serial,
        "items": clearance.items,
        "replaces": str(clearance.replaces_id) if clearance.replaces_id else None,
        "code": clearance.code,
        "sha256": clearance.sha256,
        "download": url_for("clearance.download", clearance_id=clearance.id),
        "verify": url_for("clearance.verify", code=clearance.code),
    }
