"""What the ledger tells of decisions, versions and clearances, compared with the rows that pages and papers are made of.

An administrator of the database who changes a decision leaves the ledger as it was; here the two are laid side by side.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer

from app import clock
from app.clearance.models import Clearance
from app.database import session
from app.declarations import codec
from app.declarations.models import Declaration, Version
from app.ledger.examining import Finding
from app.ledger.log_models import Leaf
from app.ledger.models import Entry
from app.ledger.recording import digest
from app.privacy import tables
from app.reviews.deciding import text_digest
from app.reviews.examining import ItemDecision, Judgement
from app.reviews.models import Decision

PAGE = 500
PACKAGES = "packages"
"""The class of data that a package is kept as."""
Told = Sequence[tuple[Entry, int | None]]
"""Entries with their places in the log."""


def compare(*, now: datetime | None = None) -> list[Finding]:
    """Compare every decision, version and issued clearance with what the ledger says; names the package of each difference.

    A package that is gone altogether is no finding when it was old enough to go and the ledger tells that such went.
    """
    found: list[Finding] = []
    for events, look, rows in _LOOKS:
        known: set[Any] = set()
        for told in _pages(events):
            found += look(told, known)
        found += rows(known)
    gone = _expired({uuid.UUID(one.where) for one in found if one.where}, now or clock.now())
    return _named([one for one in found if one.where not in gone])


def _expired(packages: set[uuid.UUID], now: datetime) -> set[str]:
    here = set(session().scalars(sa.select(Declaration.id).where(Declaration.id.in_(packages))))
    told = session().scalars(sa.select(Entry.payload).where(Entry.event == "data.expired"))
    if packages == here or all(payload.get("kept_as") != PACKAGES for payload in told):
        return set()
    cutoff = next(one for one in tables.kept() if one.name == PACKAGES).cutoff(now)
    query = sa.select(Entry.declaration_id).where(Entry.declaration_id.in_(packages - here))
    query = query.group_by(Entry.declaration_id).having(sa.func.max(Entry.at) < cutoff)
    return {str(key) for key in session().scalars(query)}


def _pages(events: Sequence[str]) -> Iterator[Told]:
    after = 0
    while True:
        query = sa.select(Entry, Leaf.leaf_index).outerjoin(Leaf, Leaf.position == Entry.position)
        query = query.where(Entry.event.in_(events), Entry.position > after).order_by(Entry.position).limit(PAGE)
        rows = [(entry, index) for entry, index in session().execute(query)]
        if not rows:
            return
        yield rows
        after = rows[-1][0].position
        session().expunge_all()


def _differing(said: Mapping[str, Any], held: Mapping[str, Any]) -> str:
    return ", ".join(name for name, value in held.items() if said.get(name) != value)


def _wrong(what: str, declaration_id: uuid.UUID | None, index: int | None) -> Finding:
    return Finding(index, what, str(declaration_id or ""))


# --- decisions ----------------------------------------------------------------------------------------------------


def _decisions(told: Told, known: set[uuid.UUID]) -> Iterator[Finding]:
    keys = [uuid.UUID(entry.payload["decision"]) for entry, _index in told]
    query = sa.select(Decision).where(Decision.id.in_(keys)).options(selectinload(Decision.items))
    held = {one.id: one for one in session().scalars(query)}
    for (entry, index), key in zip(told, keys, strict=True):
        known.add(key)
        decision = held.get(key)
        if decision is None:
            yield _wrong("a decision was deleted", entry.declaration_id, index)
        elif (
            differs := _differing(entry.payload, _said_of(decision))
            or _words(entry, decision)
            or _not_by(entry, decision)
        ):
            yield _wrong(f"a decision is not the one that was signed: {differs}", entry.declaration_id, index)


def _items(decision: Decision) -> tuple[ItemDecision, ...]:
    return tuple(
        ItemDecision(one.number, one.outcome, one.reason_code, one.conditions, one.legal_ground, one.appeal_office,
                     one.appeal_contact, one.appeal_days)
        for one in decision.items
    )  # fmt: skip


def _words(entry: Entry, decision: Decision) -> str:
    """Whether the words are those that were signed; the first decisions were sealed without the days of an appeal."""
    items = _items(decision)
    said = Judgement(items, decision.note)
    sealed = entry.payload.get("text_digest")
    same = sealed in (text_digest(said), text_digest(said, days=False))
    return "" if same and all(item == item.tidy() for item in items) else "words"


def _said_of(decision: Decision) -> dict[str, Any]:
    by_rule = {"rule": decision.rule_code} if decision.rule_code or decision.how == "automatic" else {}
    return by_rule | {
        "agency": decision.agency,
        "declaration": str(decision.declaration_id),
        "version": decision.version,
        "digest": decision.digest,
        "outcomes": {str(one.number): one.outcome for one in decision.items},
        "how": decision.how,
        "second": str(decision.second_person_id or ""),
        "payment": decision.payment or "",
        "payment_digest": digest(decision.payment_reference) if decision.payment_reference else "",
        "released": decision.released,
        "rests_on": decision.rests_on,
    }


def _not_by(entry: Entry, decision: Decision) -> str:
    signers = {decision.person_id, decision.second_person_id}
    if decision.review_id != entry.subject_id:
        return "review"
    return "" if entry.person_id is None or entry.person_id in signers else "person"


def _unsaid_decisions(known: set[uuid.UUID]) -> Iterator[Finding]:
    for key, package in session().execute(sa.select(Decision.id, Decision.declaration_id)):
        if key not in known:
            yield _wrong("a decision stands there that nobody signed", package, None)


# --- versions -----------------------------------------------------------------------------------------------------


def _versions(told: Told, known: set[uuid.UUID]) -> Iterator[Finding]:
    packages = {entry.subject_id for entry, _index in told}
    query = sa.select(Version).where(Version.declaration_id.in_(packages)).options(undefer(Version.canonical))
    held = {(one.declaration_id, one.number): one for one in session().scalars(query)}
    for entry, index in told:
        version = held.get((entry.subject_id, entry.payload["version"]))
        if version is None:
            yield _wrong(f"version {entry.payload['version']} was deleted", entry.declaration_id, index)
            continue
        known.add(version.id)
        # SQLite keeps whatever is written, also text where bytes stand.
        made = codec.digest(version.canonical) if isinstance(version.canonical, bytes) else ""
        if not made == version.digest == entry.payload["digest"]:
            yield _wrong(f"version {version.number} is not what was filed", entry.declaration_id, index)


def _unsaid_versions(known: set[uuid.UUID]) -> Iterator[Finding]:
    for key, package, number in session().execute(sa.select(Version.id, Version.declaration_id, Version.number)):
        if key not in known:
            yield _wrong(f"version {number} stands there that nobody filed", package, None)


# --- clearances ---------------------------------------------------------------------------------------------------


def _clearances(told: Told, known: set[uuid.UUID]) -> Iterator[Finding]:
    query = sa.select(Clearance).where(Clearance.id.in_([entry.subject_id for entry, _index in told]))
    held = {one.id: one for one in session().scalars(query)}
    for entry, index in told:
        known.add(entry.subject_id)
        clearance = held.get(entry.subject_id)
        if clearance is None:
            yield _wrong("a clearance was deleted", entry.declaration_id, index)
            continue
        facts = {"declaration": str(clearance.declaration_id), "number": clearance.number, "sha256": clearance.sha256}
        if differs := _differing(entry.payload, facts):
            yield _wrong(f"a clearance is not the one that was issued: {differs}", entry.declaration_id, index)


def _unsaid_clearances(known: set[uuid.UUID]) -> Iterator[Finding]:
    query = sa.select(Clearance.id, Clearance.declaration_id).where(Clearance.issued_at.is_not(None))
    for key, package in session().execute(query):
        if key not in known:
            yield _wrong("a clearance stands there that was never issued", package, None)


# --- states that nothing led to -----------------------------------------------------------------------------------

_STATES = {"released": "declaration.released", "refused": "declaration.refused", "withdrawn": "declaration.withdrawn"}


def _states(told: Told, known: set[Any]) -> Iterator[Finding]:
    known.update((entry.subject_id, entry.event) for entry, _index in told)
    return iter(())


def _unsaid_states(known: set[Any]) -> Iterator[Finding]:
    query = sa.select(Declaration.id, Declaration._status).where(Declaration._status.in_(_STATES))
    for key, status in session().execute(query):
        if (key, _STATES[status]) not in known:
            yield _wrong(f"the package is {status} and nobody said so", key, None)


_LOOKS: tuple[tuple[Sequence[str], Callable[..., Iterator[Finding]], Callable[..., Iterator[Finding]]], ...] = (
    (("review.decided",), _decisions, _unsaid_decisions),
    (("declaration.submitted", "declaration.amended"), _versions, _unsaid_versions),
    (("clearance.issued",), _clearances, _unsaid_clearances),
    (tuple(_STATES.values()), _states, _unsaid_states),
)


def _named(found: list[Finding]) -> list[Finding]:
    """The same with the number of each package in place of its id."""
    keys = {uuid.UUID(one.where) for one in found if one.where}
    query = sa.select(Declaration.id, Declaration.number).where(Declaration.id.in_(keys))
    numbers = {str(key): number for key, number in session().execute(query)} if keys else {}
    return [Finding(one.index, one.what, f"package {numbers.get(one.where) or one.where}") for one in found]
