"""Advance information for software: send it, change it until the goods come, take it back, follow it."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request, url_for

from app.advance import filing, finders, policy
from app.advance.models import AdvanceInfo, AdvanceReceipt
from app.api import advance_example, door, problem, raw
from app.api.advance_shapes import (
    AdvanceAsked,
    AdvanceFiled,
    AdvanceLine,
    AdvanceLinks,
    AdvancePath,
    AdvanceShape,
    AdvancesShape,
    AdvanceWithdrawal,
    ReportLine,
)
from app.web import actor

blueprint = door.resource("advance", __name__, "Say beforehand what comes to the border, where and when.")

MOST_KEY = 255
_BODY = "The message: XML of the schema advance/1.0, at most 2 MB."
_KEY_WORDS = "Of your choice: a message repeated with it is not taken twice, at whatever time. Required."
_ASKED: Any = raw.asked(
    _BODY,
    raw.header("Idempotency-Key", _KEY_WORDS, required=True, longest=MOST_KEY, example="trip-8812"),
    raw.header("X-File-Name", "The name of the file, kept with the receipt", example="advance.xml"),
)


def _asked(description: str) -> Any:
    example = advance_example.message(description).decode()
    body = {"required": True, "description": _BODY, "content": {raw.XML: {"schema": raw.TEXT, "example": example}}}
    return {**_ASKED, raw.BODY: body}


_HEADERS = {"Location": "It in this API", "Idempotent-Replayed": "true: this message was answered before"}


@blueprint.post(
    "/advance",
    responses=door.answers(shape=AdvanceFiled, status=201, refusals=(413, 422), headers=_HEADERS),
    openapi_extensions=_asked("City bicycles, 28 inches"),
)
@door.guarded(policy.file)
def file_advance() -> Any:
    """Send advance information.

    It is registered by software and gets a number, or is refused with every fault; nothing that arrives is lost.
    * the same reference and the same bytes, or the same key: the first answer again, with `Idempotent-Replayed: true`;
    * the same reference and other bytes, before the goods have come: a new version under the same number;
    * the same key and other bytes: 422 `key-reused`; no key: 400 `idempotency-key`.
    """
    return _file(None)


@blueprint.put(
    "/advance/<uuid:advance_id>",
    responses=door.answers(shape=AdvanceFiled, status=201, refusals=(404, 413, 422), headers=_HEADERS),
    openapi_extensions=_asked("City bicycles, 26 inches"),
)
@door.guarded(policy.amend, finders.get_advance, path=AdvancePath)
def amend_advance(advance: AdvanceInfo) -> Any:
    """Change advance information until the goods have come: the whole message anew, under the same reference."""
    return _file(advance)


def _file(onto: AdvanceInfo | None) -> Any:
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= MOST_KEY:
        return problem.problem(400, "idempotency-key")
    body, name = request.get_data(cache=False), raw.file_name("advance.xml")
    try:
        receipt = filing.file(body, channel="api", by=actor(), body_name=name, key=key, onto=onto)
    except filing.KeyReused as reused:
        g.refused = True
        return problem.problem(422, "key-reused", **reused.facts)
    answer = _refused(receipt) if receipt.outcome == "refused" else _filed(receipt)
    if not receipt.fresh:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _filed(receipt: AdvanceReceipt) -> Response:
    info = receipt.advance
    if info is None:
        raise RuntimeError(f"receipt {receipt.number} says {receipt.outcome} and knows nothing")
    links = _links(info)
    shape = AdvanceFiled(
        outcome="amended" if receipt.outcome == "amended" else "registered",
        id=info.id, number=info.number, reference=info.reference, version=receipt.version, receipt=receipt.number,
        received_at=receipt.received_at, links=links,
    )  # fmt: skip
    return door.said(shape, 201, Location=links.self)


def _refused(receipt: AdvanceReceipt) -> Response:
    # What arrived is kept with its receipt although the answer is an error.
    g.keep_refusal = True
    errors = [problem.error_of(one) for one in receipt.faults]
    return problem.problem(422, "faults", receipt=receipt.number, fault_count=receipt.fault_count, errors=errors)


@blueprint.get("/advance", responses=door.answers(shape=AdvancesShape, refusals=(404,)))
@door.guarded(policy.list_own)
def list_advance(query: AdvanceAsked) -> Response:
    """List what your organisation sent, carries, keeps or will declare, newest first."""
    page = finders.list_advances(actor(), query.cursor, search=query.q.strip(), status=query.status or "")
    rows = [AdvanceLine(**_line(one)) for one in page.rows]
    return door.said(AdvancesShape(rows=rows, next=page.following))


@blueprint.get("/advance/<uuid:advance_id>", responses=door.answers(shape=AdvanceShape, refusals=(404,)))
@door.guarded(policy.read_own, finders.get_advance, path=AdvancePath)
def show_advance(advance: AdvanceInfo) -> Response:
    """Show advance information and the reports on it."""
    return door.said(_whole(advance))


@blueprint.post(
    "/advance/<uuid:advance_id>/withdraw",
    responses=door.answers(shape=AdvanceShape, refusals=(404, 409, 422)),
)
@door.guarded(policy.amend, finders.get_advance, path=AdvancePath)
def withdraw_advance(advance: AdvanceInfo, body: AdvanceWithdrawal) -> Response:
    """Take advance information back: the goods do not come."""
    return door.said(_whole(filing.withdraw(advance, reason=body.reason, by=actor())))


def _whole(info: AdvanceInfo) -> AdvanceShape:
    reports = [
        ReportLine(
            kind=one.kind, at=one.at, reported_at=one.reported_at, post=one.post,
            latitude=None if one.latitude is None else float(one.latitude),
            longitude=None if one.longitude is None else float(one.longitude),
        )
        for one in finders.list_movements(info)
    ]  # fmt: skip
    return AdvanceShape(**_line(info), digest=info.digest, reports=reports)


def _line(info: AdvanceInfo) -> dict[str, Any]:
    return {
        "id": info.id, "number": info.number, "reference": info.reference, "status": info.status,
        "version": info.version, "direction": info.direction, "vehicle": info.vehicle, "post": info.post,
        "planned_at": info.planned_at, "goods": info.goods_summary, "registered_at": info.registered_at,
        "arrived_at": info.arrived_at, "links": _links(info),
    }  # fmt: skip


def _links(info: AdvanceInfo) -> AdvanceLinks:
    here = url_for("api_advance.show_advance", advance_id=info.id)
    return AdvanceLinks(self=here, page=door.page("advance.show", advance_id=info.id))
