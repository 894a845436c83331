"""A filed package as data, for software that follows it: nothing that its page does not show, and no addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.clearance.models import Clearance
from app.declarations.changes import VersionLine
from app.declarations.progress import LaneLine
from app.insights.standing import Filed
from app.reviews.inspection_desk import Told
from app.reviews.models import Review
from app.reviews.thread_models import Question
from app.reviews.ticking import Ticking


def lanes(filed: Filed) -> list[dict[str, Any]]:
    """Return every agency that is concerned, with its clock and decisions."""
    lines = {line.agency: line for line in filed.lines}
    opened = {review.agency: review for review in filed.reviews}
    return [
        _lane(one, opened.get(one["agency"]), lines.get(one["agency"]), filed.ticking.get(one["agency"]))
        for one in filed.version.outcome["lanes"]
    ]


def not_triggered(filed: Filed) -> list[str]:
    """Return the agencies that are not asked."""
    return [one["agency"] for one in filed.version.outcome["not_triggered"]]


def turn(filed: Filed) -> dict[str, Any]:
    """Return whose turn it is."""
    found = filed.turn
    return {
        "who": found.who,
        "questions": list(found.questions),
        "by": at(found.by),
        "inspection": found.inspection.inspection.number if found.inspection else None,
        "agencies": list(found.agencies),
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
        "due_at": None if clock.paused else at(clock.due_at),
        "paused_since": at(clock.paused.from_at) if clock.paused else None,
        "minutes_left": clock.minutes,
        "late": clock.late,
        "may_be_late": clock.at_risk,
        "breached_at": at(review.breached_at),
        "extensions": [{"step": one.step, "due_at": at(one.due_at)} for one in clock.extensions],
    }


def _decision(decision: Any) -> dict[str, Any]:
    return {
        "decided_at": decision.decided_at.isoformat(),
        "how": decision.how,
        "rule": decision.rule_code or None,
        "post": decision.post,
        "personal_number": decision.personal_number,
        "version": decision.version,
        "digest": decision.digest,
        "items": [{"number": one.number, "outcome": one.outcome} for one in decision.items],
    }


def question(asked: Question) -> dict[str, Any]:
    """Return one question, without its texts."""
    return {
        "number": asked.number,
        "agency": asked.agency,
        "status": asked.status,
        "item": asked.item,
        "pointer": asked.pointer,
        "sign": asked.sign_code,
        "wanted": asked.wanted,
        "asked_at": at(asked.asked_at),
        "due_at": at(asked.due_at),
        "on_silence": asked.on_silence,
        "answered_at": at(asked.answered_at),
    }


def inspections(told: Sequence[Told]) -> list[dict[str, Any]]:
    """Return the inspections: place and time only where the trader is told of them, once every agency has agreed."""
    return [
        {
            "number": one.inspection.number,
            "kind": one.inspection.kind,
            "status": one.inspection.status,
            "items": one.inspection.items,
            "place": one.inspection.place_code if one.place else None,
            "from": at(one.inspection.slot_from) if one.place else None,
            "to": at(one.inspection.slot_to) if one.place else None,
        }
        for one in told
    ]


def version(line: VersionLine) -> dict[str, Any]:
    """Return one version: when and why it came, which approvals it kept, who looked again."""
    return {
        "number": line.number,
        "cause": line.cause,
        "at": at(line.at),
        "digest": line.digest,
        "carried": list(line.carried),
        "reopened": list(line.reopened),
        "closed": list(line.closed),
    }


def clearance(one: Clearance) -> dict[str, Any]:
    """Return one clearance of the package."""
    return {
        "status": one.status,
        "number": one.number,
        "serial": one.serial,
        "items": one.items,
        "replaces": str(one.replaces_id) if one.replaces_id else None,
        "code": one.code,
        "sha256": one.sha256,
    }


def at(moment: datetime | None) -> str | None:
    """Return a moment in ISO 8601, None where there is none."""
    return moment.isoformat() if moment is not None else None
