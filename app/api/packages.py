"""A package as the shapes of the API: gathered as its page is, with addresses of this API."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import url_for

from app.api import door, problem
from app.api.declarations_shapes import (
    ClearanceLine,
    ExpectedShape,
    FaultsShape,
    InspectionShape,
    MomentShape,
    PackageLane,
    PackageLine,
    PackageLinks,
    PackageShape,
    QuestionLine,
    TimelineShape,
    TurnShape,
    VersionLine,
)
from app.clearance import finders as clearances
from app.clearance.models import Clearance
from app.declarations import changes, finders
from app.declarations.models import Declaration
from app.insights import standing, telling
from app.intake import holding
from app.intake.models import Receipt
from app.ledger.finders import list_entries
from app.ledger.models import Entry
from app.reviews import history, naming, question_finders
from app.reviews.expecting import Expected
from app.reviews.thread_models import Question


def line(declaration: Declaration) -> PackageLine:
    """Return a package as a row of a list."""
    return PackageLine(
        id=declaration.id,
        status=declaration.status,
        number=declaration.number,
        lrn=declaration.lrn,
        direction=declaration.direction,
        version=declaration.version,
        digest=declaration.digest,
        goods=declaration.goods_summary,
        items=declaration.line_count,
        owner=declaration.owner_name,
        registered_at=declaration.registered_at,
        updated_at=declaration.updated_at,
        link=_at("api_declarations.show_declaration", declaration),
    )


def whole(declaration: Declaration) -> PackageShape:
    """Return a package and how far it is; of a draft only what it is."""
    said: dict[str, Any] = {
        "edition": None, "turn": None, "lanes": [], "not_triggered": [], "questions": [], "inspections": [], "versions": [],
    }  # fmt: skip
    if declaration.version:
        said = _filed(declaration)
    return PackageShape(
        id=declaration.id,
        status=declaration.status,
        held=holding.how_held(declaration),
        number=declaration.number,
        lrn=declaration.lrn,
        version=declaration.version,
        digest=declaration.digest,
        registered_at=declaration.registered_at,
        updated_at=declaration.updated_at,
        clearances=[_clearance(one) for one in clearances.list_clearances(declaration.id)],
        links=PackageLinks(
            versions=_at("api_versions.list_versions", declaration),
            xml=_at("api_versions.show_xml", declaration, number=declaration.version or 1),
            received=_at("api_versions.show_received", declaration, number=declaration.version or 1),
            faults=_at("api_declarations.list_declaration_faults", declaration),
            events=_at("api_declarations.list_declaration_events", declaration),
            questions=_at("api_questions.list_questions", declaration),
            page=door.page("declarations.show", declaration_id=declaration.id),
        ),
        **said,
    )


def _filed(declaration: Declaration) -> dict[str, Any]:
    questions, names = question_finders.list_questions(declaration.id), naming.names()
    filed = standing.gather(declaration, finders.get_version(declaration), names, questions)
    expected = standing.expected(filed, names, declaration.office_code)
    return {
        "edition": filed.version.edition,
        "turn": TurnShape(**telling.turn(filed)),
        "lanes": [PackageLane(**one, expected=_expected(expected.get(one["agency"]))) for one in telling.lanes(filed)],
        "not_triggered": telling.not_triggered(filed),
        "questions": [question(one, declaration) for one in questions],
        "inspections": [InspectionShape(**one) for one in telling.inspections(filed.inspections)],
        "versions": [version(one, declaration) for one in filed.versions],
    }


def _expected(found: Expected | None) -> ExpectedShape | None:
    if found is None:
        return None
    return ExpectedShape(
        count=found.count, half_minutes=found.half, most_minutes=found.most, about=found.about, longer=found.longer
    )


def question(asked: Question, declaration: Declaration) -> QuestionLine:
    """Return one question as a row."""
    where = _at("api_questions.show_question", declaration, number=asked.number)
    return QuestionLine(**telling.question(asked), link=where)


def version(one: changes.VersionLine, declaration: Declaration) -> VersionLine:
    """Return one version as a row."""
    where = _at("api_versions.show_version", declaration, number=one.number)
    return VersionLine(**telling.version(one), link=where)


def _clearance(one: Clearance) -> ClearanceLine:
    return ClearanceLine(
        **telling.clearance(one),
        page=door.page("clearance.download", clearance_id=one.id),
        verify=url_for("clearance.verify", code=one.code),
    )


def tag(declaration: Declaration, shape: PackageShape) -> str:
    """Return the ETag of a package: the digest of the version that holds, a dot, and what tells one answer from another."""
    seen = hashlib.sha256(shape.model_dump_json().encode()).hexdigest()
    return f"{declaration.digest}.{seen[:16]}"


def faults(receipt: Receipt) -> FaultsShape:
    """Return the faults of a receipt in the language of the answer."""
    return FaultsShape(
        receipt=receipt.number,
        outcome=receipt.outcome,
        fault_count=receipt.fault_count,
        errors=[problem.error_of(one) for one in receipt.faults],
    )


def timeline(declaration: Declaration) -> TimelineShape:
    """Return what happened to a package, without what is for officers and without anybody's name."""
    entries = [one for one in list_entries(declaration.id) if one.event not in history.FOR_OFFICERS]
    return TimelineShape(rows=[_moment(one) for one in entries if one.event in history.WORDS])


def _moment(entry: Entry) -> MomentShape:
    outcomes = entry.payload.get("outcomes", {}) if entry.event == "review.decided" else {}
    return MomentShape(
        at=entry.at,
        event=entry.event,
        words=str(history.WORDS[entry.event]),
        agency=entry.payload.get("agency", ""),
        items=dict(outcomes),
    )


def _at(endpoint: str, declaration: Declaration, **values: Any) -> str:
    return url_for(endpoint, declaration_id=declaration.id, **values)
