"""The state of a package as data: what its page shows, for software that follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import filed_views, finders, policy
from app.declarations.changes import VersionLine
from app.declarations.filed_views import Filed
from app.declarations.models import Declaration
from app.declarations.progress import LaneLine
from app.ledger import witnessing
from app.reviews import naming, question_finders
from app.reviews.inspection_desk import Told
from app.reviews.models import Review
from app.reviews.thread_models import Question
from app.reviews.ticking import Ticking
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
    filed = filed_views.gather(declaration, finders.get_version(declaration), naming.names(), questions)
    lines = {line.agency: line for line in filed.lines}
    opened = {review.agency: review for review in filed.reviews}
    stored = filed.version.outcome
    return {
        "edition": filed.version.edition,
        "lanes": [
            _lane(one, opened.get(one["agency"]), lines.get(one["agency"]), filed.ticking.get(one["agency"]))
            for one in stored["lanes"]
        ],
        "not_triggered": [one["agency"] for one in stored["not_triggered"]],
        "turn": _turn(filed),
        "questions": [_question(one, declaration) for one in questions],
        "inspections": [_inspection(one) for one in filed.inspections],
        "versions": [_version(one, declaration) for one in filed.versions],
    }


def _turn(filed: Filed) -> dict[str, Any]:
    turn = filed.turn
    return {
        "who": turn.who,
        "questions": list(turn.questions),
        "by": _at(turn.by),
        "inspection": turn.inspection.inspection.number if turn.inspection else None,
        "agencies": list(turn.agencies),
    }


def _lane(lane: dict[str, Any], review: Review | None, line: LaneLine | None, clock: Ticking | None) -> dict[str, Any]:
    return {
        "agency": lane["agency"],
        "mode": lane["mode"],
        "items": lane["items"],
        "measures": [measure["code"] for measure in lane["measures"]],
        "status": review.status if review else None,
        "result": review.result if review else None,
        "pane": line.state if line else None,
        "carried_from": (line.carried_from or None) if line else None,
        "results": review.results if review else {},
        "clock": _clock(clock, review) if clock and review else None,
        "decisions": [_decision(one) for one in review.decisions] if review else [],
    }


def _clock(clock: Ticking, review: Review) -> dict[str, Any]:
    """The deadline, or since when it stands; minutes are working time."""
    return {
        "kind": clock.rule.kind,
        "due_at": None if clock.paused else _at(clock.due_at),
        "paused_since": _at(clock.paused.from_at) if clock.paused else None,
        "minutes_left": clock.minutes,
        "late": clock.late,
        "may_be_late": clock.at_risk,
        "breached_at": _at(review.breached_at),
        "extensions": [{"step": one.step, "due_at": _at(one.due_at)} for one in clock.extensions],
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


def _question(question: Question, declaration: Declaration) -> dict[str, Any]:
    return {
        "number": question.number,
        "agency": question.agency,
        "status": question.status,
        "item": question.item,
        "pointer": question.pointer,
        "sign": question.sign_code,
        "wanted": question.wanted,
        "asked_at": _at(question.asked_at),
        "due_at": _at(question.due_at),
        "on_silence": question.on_silence,
        "answered_at": _at(question.answered_at),
        "url": url_for("answering.question", declaration_id=declaration.id, number=question.number),
    }


def _inspection(told: Told) -> dict[str, Any]:
    """Place and time only where the trader is told of them: once every agency has agreed."""
    one = told.inspection
    return {
        "number": one.number,
        "kind": one.kind,
        "status": one.status,
        "items": one.items,
        "place": one.place_code if told.place else None,
        "from": _at(one.slot_from) if told.place else None,
        "to": _at(one.slot_to) if told.place else None,
    }


def _version(version: VersionLine, declaration: Declaration) -> dict[str, Any]:
    where: dict[str, Any] = {"declaration_id": declaration.id, "from": version.number - 1, "to": version.number}
    return {
        "number": version.number,
        "cause": version.cause,
        "at": _at(version.at),
        "digest": version.digest,
        "carried": list(version.carried),
        "reopened": list(version.reopened),
        "closed": list(version.closed),
        "changes": url_for("amending.differences", **where) if version.number > 1 else None,
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


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
