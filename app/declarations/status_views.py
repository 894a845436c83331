"""The state of a package as data: what its page shows, for software that follows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import finders, policy
from app.declarations.changes import VersionLine
from app.declarations.models import Declaration
from app.insights import standing, telling
from app.intake import holding
from app.ledger import witnessing
from app.reviews import naming, question_finders
from app.reviews.thread_models import Question
from app.web import guard

blueprint = Blueprint("status", __name__)


@blueprint.get("/packages/<uuid:declaration_id>/status.json")
@guard(policy.read, finders.get_declaration)
def show(declaration: Declaration) -> Response:
    """Status, number, whose turn, lanes with clocks and decisions, questions, inspections, versions, clearances; nothing
    that the package's page does not show."""
    witnessing.package_read(declaration.id)
    answer: dict[str, Any] = {
        "status": declaration.status,
        "held": holding.how_held(declaration),
        "number": declaration.number,
        "lrn": declaration.lrn,
        "version": declaration.version,
        "digest": declaration.digest,
        "lanes": [],
        "not_triggered": [],
        "clearance": None,
        "clearances": [_clearance(one) for one in clearances.list_clearances(declaration.id)],
        "turn": None,
        "questions": [],
        "inspections": [],
        "versions": [],
    }
    answer["clearance"] = next(reversed(answer["clearances"]), None)
    return jsonify(answer | _filed(declaration) if declaration.version else answer)


def _filed(declaration: Declaration) -> dict[str, Any]:
    questions = question_finders.list_questions(declaration.id)
    filed = standing.gather(declaration, finders.get_version(declaration), naming.names(), questions)
    return {
        "edition": filed.version.edition,
        "lanes": telling.lanes(filed),
        "not_triggered": telling.not_triggered(filed),
        "turn": telling.turn(filed),
        "questions": [_question(one, declaration) for one in questions],
        "inspections": telling.inspections(filed.inspections),
        "versions": [_version(one, declaration) for one in filed.versions],
    }


def _question(question: Question, declaration: Declaration) -> dict[str, Any]:
    where = url_for("answering.question", declaration_id=declaration.id, number=question.number)
    return telling.question(question) | {"url": where}


def _version(version: VersionLine, declaration: Declaration) -> dict[str, Any]:
    where: dict[str, Any] = {"declaration_id": declaration.id, "from": version.number - 1, "to": version.number}
    changes = url_for("amending.differences", **where) if version.number > 1 else None
    return telling.version(version) | {"changes": changes}


def _clearance(clearance: Clearance) -> dict[str, Any]:
    return telling.clearance(clearance) | {
        "download": url_for("clearance.download", clearance_id=clearance.id),
        "verify": url_for("clearance.verify", code=clearance.code),
    }
