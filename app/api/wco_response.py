"""Answers as WCO Responses: for whoever asks with ``Accept: application/vnd.wco.res+xml`` (or ``application/xml``).

With the parameter ``envelope=1`` the Response comes in MetaData. Everything said here is said in JSON too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, request

from app import clock
from app.api import problem, problem_codes
from app.clearance import finders as clearances
from app.declarations import responding
from app.declarations.editing import ITEM
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.declarations.responding import Contact, Said, State, Statement, Wrong
from app.errors import Fault
from app.intake.models import Receipt
from app.ledger.finders import list_entries
from app.requirements.compiling import CompiledEdition
from app.requirements.finders import current_edition
from app.reviews import finders as reviews
from app.reviews import question_finders
from app.reviews.models import DecisionItem, Review

MEDIA_TYPE = "application/vnd.wco.res+xml"
SCHEMA = {"type": "string", "description": "WCO Response (07B), see xsd/response/1.0"}
KINDS: dict[str, Any] = {MEDIA_TYPE: {"schema": SCHEMA}, "application/xml": {"schema": SCHEMA}}
"""Media types of such an answer, as the OpenAPI document has them."""

_STEPS = frozenset(step.event for step in DECLARATION.rows.values())
_IN_ENVELOPE = tuple(f"{kind};envelope=1" for kind in KINDS)
_OFFERED = ("application/json", problem.MEDIA_TYPE, *KINDS, *_IN_ENVELOPE)


def documented(responses: dict[str | int, Any], *statuses: int) -> dict[str | int, Any]:
    """Say in the OpenAPI document that these answers, the good one among them, come as WCO Responses too."""
    for status in statuses:
        responses[status] = {**responses[status], "content": {**responses[status].get("content", {}), **KINDS}}
    return responses


def wanted() -> bool:
    """Whether the client would rather have a WCO Response than JSON."""
    return _best() not in ("application/json", problem.MEDIA_TYPE)


def _best() -> str:
    return request.accept_mimetypes.best_match(_OFFERED) or _OFFERED[0]


def instead_of(answer: Response, receipt: Receipt, declaration: Declaration | None) -> Response:
    """Return the answer to a filing, or, for whoever would rather have one, a WCO Response that says the same."""
    if not wanted():
        return answer
    twin = answer.status_code == 409 and receipt.outcome == "registered"
    made = of_twin(receipt, declaration) if twin else of_receipt(receipt, declaration, status=answer.status_code)
    for name in ("Location", "Idempotent-Replayed"):
        if name in answer.headers:
            made.headers[name] = answer.headers[name]
    return made


def of_receipt(receipt: Receipt, declaration: Declaration | None, *, status: int) -> Response:
    """Return the answer to a filing: accepted with its number, or rejected with every fault and where it stands.

    ``declaration``: the package that the filing became, None for a refused one.
    """
    refused = receipt.outcome != "registered"
    said = Said(
        responding.REJECTED if refused else responding.ACCEPTED,
        receipt.number,
        receipt.received_at,  # a filing that is repeated is answered with the same bytes
        lrn=receipt.lrn,
        number=(declaration.number or "") if declaration is not None and not refused else "",
        version=1 if not refused else 0,
        accepted_at=declaration.registered_at if declaration is not None and not refused else None,
        rejected_at=receipt.received_at if refused else None,
        contacts=_offices(declaration.office_code, (), current_edition()) if declaration is not None else (),
        wrong=[_wrong(fault) for fault in receipt.faults],
        states=() if refused else (State("REG", receipt.received_at),),
    )
    return _answer(said, status)


def of_twin(receipt: Receipt, declaration: Declaration | None) -> Response:
    """Return the answer to a filing of what was registered before, under another key or by another door."""
    said = Said(
        responding.REJECTED,
        receipt.number,
        clock.now(),
        lrn=receipt.lrn,
        number=(declaration.number or "") if declaration is not None else "",
        wrong=[Wrong("DUPLICATE-CONTENT", problem_codes.CODES["duplicate-content"].title[problem.language()])],
    )
    return _answer(said, 409)


def of_check(faults: Sequence[Fault | Mapping[str, Any]], *, lrn: str, status: int = 200) -> Response:
    """Return the answer to a check: nothing is filed by it. Received, or rejected with every fault."""
    said = Said(
        responding.REJECTED if faults else responding.RECEIVED,
        g.request_id,
        clock.now(),
        lrn=lrn,
        wrong=[_wrong(fault) for fault in faults],
    )
    return _answer(said, status)


def of_package(declaration: Declaration) -> Response:
    """Return the state of a package: what is asked and until when, what was refused and where to appeal, what is released."""
    function, code = responding.STATES[declaration.status]
    edition, language = current_edition(), problem.language()
    asked = reviews.list_reviews(declaration.id, decisions=True) if declaration.version else ()
    refused = list(_refused(asked))
    since = _since(declaration)
    said = Said(
        function,
        g.request_id,
        clock.now(),
        lrn=declaration.lrn,
        number=declaration.number or "",
        version=declaration.version,
        accepted_at=declaration.registered_at,
        cancelled_at=since if declaration.status == "withdrawn" else None,
        rejected_at=since if declaration.status == "refused" else None,
        statements=[*_questions(declaration, language), *(_reason(*one) for one in refused)],
        appeal_office=refused[0][0] if refused else "",
        contacts=_offices(declaration.office_code, [review.agency for review in asked], edition),
        states=[State(code, since), *_released(declaration)],
    )
    return _answer(said, 200)


def _answer(said: Said, status: int) -> Response:
    answer = Response(responding.write(said, enveloped=_best() in _IN_ENVELOPE), status=status, mimetype=MEDIA_TYPE)
    answer.headers["Content-Language"] = problem.language()
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _wrong(fault: Fault | Mapping[str, Any]) -> Wrong:
    data = fault.as_dict() if isinstance(fault, Fault) else fault
    language = problem.language()
    words = f"{data['message'][language]} {data['remedy'][language]}".strip()
    return Wrong(str(data["code"]), words, str(data["path"]))


def _questions(declaration: Declaration, language: str) -> Iterator[Statement]:
    """Every question that waits for an answer."""
    if not declaration.version:
        return
    for one in question_finders.list_questions(declaration.id):
        if one.status == "open":
            yield Statement(f"QUESTION-{one.number}", one.sign_text, responding.QUESTION, one.due_at, (one.path,))


def _refused(asked: Iterable[Review]) -> Iterator[tuple[str, datetime, DecisionItem]]:
    """What each agency last decided on each goods item, where that is a refusal."""
    for review in asked:
        last: dict[int, tuple[datetime, DecisionItem]] = {}
        for decision in sorted(review.decisions, key=lambda one: one.decided_at):
            last |= {item.number: (decision.decided_at, item) for item in decision.items}
        for at, item in last.values():
            if item.outcome == "refused":
                yield review.agency, at, item


def _reason(agency: str, at: datetime, item: DecisionItem) -> Statement:
    words = f"{agency}: {item.legal_ground} → {item.appeal_office}, {item.appeal_contact}"
    limit = at + timedelta(days=item.appeal_days) if item.appeal_days else None
    return Statement(item.reason_code[:17] or "REASON", words, responding.APPEAL, limit, (f"{ITEM}[{item.number}]",))


def _released(declaration: Declaration) -> list[State]:
    """What each clearance that holds lets go."""
    holding = [one for one in clearances.list_clearances(declaration.id) if one.status in ("requested", "issued")]
    return [
        State("REL", one.requested_at, one.requested_at, tuple(f"{ITEM}[{number}]" for number in one.items))
        for one in holding
    ]


def _offices(office: str, agencies: Sequence[str], edition: CompiledEdition) -> list[Contact]:
    """The customs office, and each agency that was asked, with its address on the web."""
    found = [Contact(office)] if office else []
    for agency in dict.fromkeys(agencies):
        row = edition.agencies.get(agency)
        found.append(Contact(agency, ((row.website, responding.WEB),) if row is not None and row.website else ()))
    return found


def _since(declaration: Declaration) -> datetime:
    """Since when the package is in its state: the last step of its life that stands in the record."""
    told = [entry.at for entry in list_entries(declaration.id) if entry.event in _STEPS]
    return max(told, default=declaration.updated_at)
