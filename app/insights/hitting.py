"""Hitting: a reader of the ledger that counts what became of the packages that indicators selected. Runs in the worker, in
batches; what is counted once is never counted again, whatever is read twice."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import new_id, session
from app.insights.hit_models import Agreement, FactOutcome, HitMonth, Inconsistency, PackageFinding, Selection
from app.jobs import registry
from app.ledger import reading
from app.ledger.models import Entry
from app.reviews.models import Review
from app.risk.assessment_models import Assessment

READER = "insights.hitting"
BATCH = 200
ALL = ""
"""The code under which all packages are counted: what a selection by chance would find."""


@registry.follower(READER)
def follow() -> int:
    """Take in the entries that this reader has not seen; returns how many there were. One transaction of the caller."""
    reading.take_turn(READER)
    entries = reading.read(READER, limit=BATCH)
    for entry in entries:
        if entry.event == "declaration.assessed":
            _selected(entry)
        elif entry.event in FINDS:
            _found(entry)
        if entry.event == "review.decided":
            _judged(entry)
    if entries:
        reading.advance(READER, entries[-1])
    return len(entries)


# --- what was selected ------------------------------------------------------------------------------------------------


def _selected(entry: Entry) -> None:
    assessment = session().get(Assessment, entry.subject_id)
    if assessment is None:
        return
    month = _month(entry.at)
    if assessment.version == 1:
        _count(ALL, month, selected=1)
    fired = {one["code"]: bool(one["shadow"]) for one in assessment.signals.get("signals", ())}
    known = session().get(PackageFinding, assessment.declaration_id)
    for code, shadow in fired.items():
        new = _insert(
            Selection, code=code, declaration_id=assessment.declaration_id, version=assessment.version, shadow=shadow,
            at=entry.at, found=known is not None,
        )  # fmt: skip
        if new:
            _count(code, month, selected=1, found=int(known is not None))


# --- what was found ---------------------------------------------------------------------------------------------------


def _inspected(payload: Mapping[str, Any]) -> bool:
    return payload.get("outcome") == "against" or bool(payload.get("against"))


def _refused(payload: Mapping[str, Any]) -> bool:
    return "refused" in dict(payload.get("outcomes") or {}).values()


FINDS: Mapping[str, tuple[str, Any]] = {
    "inspection.finding_recorded": ("inspection", _inspected),
    "review.decided": ("refusal", _refused),
    "check.closed": ("after-release", lambda payload: payload.get("outcome") in ("minor", "serious")),
    "suspension.settled": ("counterfeit", lambda payload: payload.get("outcome") == "counterfeit"),
}
"""Events in which something may be found against a package: the kind of finding, and when it counts."""


def _found(entry: Entry) -> None:
    kind, counts = FINDS[entry.event]
    key = entry.payload.get("declaration")
    if not key or not counts(entry.payload):
        return
    declaration_id = uuid.UUID(str(key))
    if not _insert(PackageFinding, declaration_id=declaration_id, kind=kind, at=entry.at):
        return
    first = session().scalar(
        sa.select(Assessment.at)
        .where(Assessment.declaration_id == declaration_id)
        .order_by(Assessment.version)
        .limit(1)
    )
    if first is not None:
        _count(ALL, _month(first), found=1)
    selections = session().scalars(
        sa.select(Selection).where(Selection.declaration_id == declaration_id, Selection.found.is_(False))
    )
    for one in selections:
        one.found = True
        _count(one.code, _month(one.at), found=1)
    session().flush()


# --- who agrees, and with oneself -------------------------------------------------------------------------------------


def _judged(entry: Entry) -> None:
    review = session().get(Review, entry.subject_id)
    if review is None or not review.result or review.status != "decided":
        return
    _with_others(review)
    _with_itself(review, entry.at)


def _with_others(review: Review) -> None:
    """Count each pair of agencies once: with those that had decided before."""
    query = sa.select(Review).where(
        Review.declaration_id == review.declaration_id, Review.version == review.version, Review.id != review.id,
        Review._status == "decided", Review.decided_at < review.decided_at,
    )  # fmt: skip
    for other in session().scalars(query):
        shared = set(review.results) & set(other.results)
        if shared:
            same = all(_clears(review.results[item]) == _clears(other.results[item]) for item in shared)
            one, two = sorted((review.agency, other.agency))
            _raise(Agreement, {"one": one, "other": two}, same=int(same), different=int(not same))


def _clears(outcome: str) -> bool:
    return outcome in ("approved", "conditions")


def _with_itself(review: Review, at: datetime) -> None:
    facts = facts_of(session().scalars(sa.select(Review.lane).where(Review.id == review.id)).one())
    if _insert(FactOutcome, agency=review.agency, facts=facts, result=review.result, review_id=review.id):
        return
    first = session().get_one(FactOutcome, (review.agency, facts))
    if first.review_id != review.id and _clears(first.result) != _clears(review.result):
        _insert(
            Inconsistency, id=new_id(), agency=review.agency, facts=facts, first_id=first.review_id,
            first_result=first.result, review_id=review.id, result=review.result, at=at,
        )  # fmt: skip


def facts_of(lane: Mapping[str, Any]) -> str:
    """Return the digest of what an agency's measures read in a package, without numbers of documents and places: goods, origin,
    direction, which documents were shown, for each measure. Equal for two packages that are the same case in law. Pure."""
    told = sorted(
        json.dumps(
            [
                measure["code"],
                sorted((fact["name"], fact["value"]) for fact in finding["facts"]),
                sorted({one["code"] for one in finding["found"]}),
            ]
        )
        for part in (lane["lane"], *lane["behind"])
        for measure in part["measures"]
        for finding in measure["findings"]
    )
    return hashlib.sha256("\n".join(dict.fromkeys(told)).encode()).hexdigest()


# --- rows -------------------------------------------------------------------------------------------------------------


def _month(at: datetime) -> date:
    return at.astimezone(clock.MINSK).date().replace(day=1)


def _dialect() -> Any:
    return postgresql if session().get_bind().dialect.name == "postgresql" else sqlite


def _insert(model: type[Any], **values: Any) -> bool:
    """Write a row unless there is one; whether it is new."""
    new = _dialect().insert(model.__table__).values(**values).on_conflict_do_nothing()
    return session().scalar(new.returning(sa.literal_column("1"))) is not None


def _count(code: str, month: date, *, selected: int = 0, found: int = 0) -> None:
    _raise(HitMonth, {"code": code, "month": month}, selected=selected, found=found)


def _raise(model: type[Any], key: Mapping[str, Any], **by: int) -> None:
    """Raise the counts of a row, which is made where there is none."""
    table = model.__table__
    new = _dialect().insert(table).values(**key, **by)
    raised: Sequence[tuple[str, Any]] = [(name, table.c[name] + number) for name, number in by.items()]
    session().execute(new.on_conflict_do_update(index_elements=list(key), set_=dict(raised)))
