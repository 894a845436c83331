"""What a package has come to, as plain values, and what may never be in it whoever raced.

``read`` looks at the rows; ``inconsistent`` is pure, so that a test can hand it a history that must not be.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.clearance.models import Clearance
from app.database import session
from app.declarations.models import Declaration, Version
from app.ledger.models import Entry
from app.reviews.models import Decision, Review
from app.reviews.worst import FINAL

_KEPT = (
    "declaration.amended", "declaration.released", "declaration.partly_released", "declaration.refused",
    "review.carried", "review.claimed", "review.decided", "review.superseded", "clearance.requested",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bytes:
    """A version: the digest it is known by, and the SHA-256 of what is stored."""

    digest: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Case:
    """A review: of which version, its state, the digest of the facts it rests on, the goods items it judges."""

    id: str
    agency: str
    version: int
    status: str
    facts_digest: str = ""
    releases: bool = False
    items: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A decision: on which bytes, by whom, with which outcomes, what it lets go and which decisions that rests on."""

    id: str
    review: str
    agency: str
    version: int
    digest: str
    person: str = ""
    outcomes: Mapping[int, str] = field(default_factory=dict)
    released: Sequence[int] = ()
    rests_on: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the ledger."""

    position: int
    event: str
    subject: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A clearance."""

    number: str
    decision: str
    serial: int = 1


@dataclass(frozen=True, slots=True)
class History:
    """A package with all that happened to it; ``jobs`` are the keys of the clearance jobs that wait for its papers."""

    status: str
    version: int
    digest: str
    versions: Mapping[int, Bytes]
    cases: Sequence[Case] = ()
    decisions: Sequence[Said] = ()
    happened: Sequence[Happened] = ()
    jobs: Sequence[str] = ()
    papers: Sequence[Paper] = ()

    def of(self, *events: str) -> list[Happened]:
        """The entries with these names, in order."""
        return [one for one in self.happened if one.event in events]

    def live(self, agency: str) -> list[Case]:
        """The reviews of an agency that count."""
        return [case for case in self.cases if case.agency == agency and case.status != "superseded"]

    def said(self, agency: str) -> list[Said]:
        """The decisions of an agency."""
        return [one for one in self.decisions if one.agency == agency]

    def in_short(self) -> str:
        """The facts in one line, for whoever must find out what went wrong."""
        cases = ", ".join(f"{one.agency} v{one.version} {one.status}" for one in self.cases)
        said = ", ".join(f"{one.agency} v{one.version} {one.digest[:8]} {dict(one.outcomes)}" for one in self.decisions)
        events = " ".join(f"{one.position}:{one.event}" for one in self.happened)
        papers = ", ".join(one.number for one in self.papers)
        return (
            f"{self.status} v{self.version} {self.digest[:8]}; reviews: {cases}; decisions: {said}; "
            f"papers: {papers}; jobs: {list(self.jobs)}; ledger: {events}"
        )


# --- reading ------------------------------------------------------------------------------------------------------


def read(declaration_id: uuid.UUID) -> History:
    """Read a package in the open transaction."""
    declaration = session().get_one(Declaration, declaration_id)
    versions = session().scalars(
        sa.select(Version).where(Version.declaration_id == declaration_id).options(undefer(Version.canonical))
    )
    decisions = _decisions(declaration_id)
    return History(
        status=declaration.status,
        version=declaration.version,
        digest=declaration.digest,
        versions={one.number: Bytes(one.digest, hashlib.sha256(one.canonical).hexdigest()) for one in versions},
        cases=_cases(declaration_id),
        decisions=decisions,
        happened=_happened(declaration_id),
        jobs=find_jobs([one.id for one in decisions]),
        papers=_papers(declaration_id),
    )


def _cases(key: uuid.UUID) -> list[Case]:
    rows = session().scalars(sa.select(Review).where(Review.declaration_id == key).order_by(Review.id))
    return [
        Case(str(one.id), one.agency, one.version, one.status, one.facts_digest, one.releases, tuple(one.items))
        for one in rows
    ]


def _decisions(key: uuid.UUID) -> list[Said]:
    rows = session().scalars(sa.select(Decision).where(Decision.declaration_id == key).order_by(Decision.id))
    return [
        Said(
            str(one.id), str(one.review_id), one.agency, one.version, one.digest, one.person_name,
            {item.number: item.outcome for item in one.items}, tuple(one.released), tuple(one.rests_on),
        )
        for one in rows
    ]  # fmt: skip


def _happened(key: uuid.UUID) -> list[Happened]:
    query = sa.select(Entry).where(Entry.declaration_id == key, Entry.event.in_(_KEPT)).order_by(Entry.position)
    return [Happened(one.position, one.event, str(one.subject_id), one.payload) for one in session().scalars(query)]


def _papers(key: uuid.UUID) -> list[Paper]:
    rows = session().scalars(sa.select(Clearance).where(Clearance.declaration_id == key).order_by(Clearance.number))
    return [Paper(one.number, str(one.decision_id), one.serial) for one in rows]


def find_jobs(decisions: Sequence[str]) -> list[str]:
    """The keys under which the engine was asked for the papers of these decisions."""
    postgresql = session().get_bind().dialect.name == "postgresql"
    statuses = sa.table("workflow_status", sa.column("workflow_uuid"), schema="dbos" if postgresql else None)
    column = statuses.c.workflow_uuid
    asked = [column.like(f"clearance-{decision}%") for decision in decisions]
    return list(session().scalars(sa.select(column).where(sa.or_(*asked)))) if asked else []


# --- what may never be --------------------------------------------------------------------------------------------


def inconsistent(history: History) -> list[str]:
    """Return everything in a history that no order of events explains."""
    return [
        *_bytes(history),
        *_reviews(history),
        *_decided_once(history),
        *_ledger(history),
        *_released(history),
        *_cleared(history),
    ]


def _bytes(history: History) -> Iterator[str]:
    for number, stored in history.versions.items():
        if stored.digest != stored.sha256:
            yield f"version {number} is not what its digest says"
    newest = history.versions.get(history.version)
    if newest is None or newest.digest != history.digest or max(history.versions) != history.version:
        yield "the package does not name its newest version"
    for said in history.decisions:
        named = history.versions.get(said.version)
        if named is None or named.digest != said.digest:
            yield f"the decision of {said.agency} names version {said.version} and other bytes than that version's"


def _reviews(history: History) -> Iterator[str]:
    for agency in sorted({case.agency for case in history.cases}):
        live = history.live(agency)
        if len(live) != 1:
            yield f"{agency} has {len(live)} reviews that count"
        if any(case.version != history.version for case in live):
            yield f"the review of {agency} stands at another version than the package"


def _decided_once(history: History) -> Iterator[str]:
    final = Counter(
        (said.review, number)
        for said in history.decisions
        for number, outcome in said.outcomes.items()
        if outcome in FINAL
    )
    for (review, number), times in final.items():
        if times > 1:
            yield f"item {number} of review {review} is decided {times} times"
    decided = {said.review for said in history.decisions}
    for case in history.cases:
        if case.status == "decided" and case.id not in decided:
            yield f"the review of {case.agency} is decided and has no decision"


def _ledger(history: History) -> Iterator[str]:
    recorded = Counter(str(one.payload.get("decision")) for one in history.of("review.decided"))
    for said in history.decisions:
        if recorded[said.id] != 1:
            yield f"the decision of {said.agency} stands {recorded[said.id]} times in the ledger"
    if set(recorded) - {said.id for said in history.decisions}:
        yield "the ledger tells of a decision that is not there"
    for one in history.of("review.decided"):
        named = history.versions.get(int(one.payload.get("version", 0)))
        if named is None or named.digest != one.payload.get("digest"):
            yield "the ledger tells of a decision on other bytes than its version's"
    if len(history.of("declaration.amended")) != history.version - 1:
        yield f"{len(history.of('declaration.amended'))} changes are recorded for version {history.version}"


def _released(history: History) -> Iterator[str]:
    releases = history.of("declaration.released")
    if len(releases) != (history.status == "released"):
        yield f"the package is {history.status} and its release is recorded {len(releases)} times"
    gone = Counter(number for said in history.decisions for number in said.released)
    if any(times > 1 for times in gone.values()):
        yield f"goods items were released twice: {dict(gone)}"
    at = {str(one.payload.get("decision")): one.position for one in history.of("review.decided")}
    for said in history.decisions:
        for other in said.rests_on:
            if at.get(other, 0) >= at.get(said.id, 0) or other not in at:
                yield f"a release rests on decision {other}, which is not before it"
        yield from _unsaid(history, said)


def _unsaid(history: History, release: Said) -> Iterator[str]:
    """Items that were let go although an agency that judges them has not said yes, among what the release rests on."""
    resting = {said.id: said for said in history.decisions if said.id in release.rests_on}
    for case in history.cases:
        if case.releases or case.status == "superseded":
            continue
        for number in sorted(set(case.items) & set(release.released)):
            words = [
                said.outcomes[number]
                for said in resting.values()
                if said.agency == case.agency and number in said.outcomes
            ]
            if not words or words[-1] not in ("approved", "conditions"):
                yield f"item {number} was released without the approval of {case.agency}"


def _cleared(history: History) -> Iterator[str]:
    releasing = [said.id for said in history.decisions if said.released]
    jobs = Counter(key.removeprefix("clearance-").partition("+")[0] for key in history.jobs)
    papers = Counter(paper.decision for paper in history.papers)
    if jobs != Counter(releasing):
        yield f"{len(releasing)} releases asked for {sum(jobs.values())} papers"
    if any(times > 1 for times in papers.values()) or set(papers) - set(releasing):
        yield f"the clearances {[paper.number for paper in history.papers]} are not one for each release"
    numbered = Counter(paper.number for paper in history.papers)
    if any(times > 1 for times in numbered.values()):
        yield f"a clearance number was given twice: {dict(numbered)}"
    if len(history.of("clearance.requested")) != len(history.papers):
        yield "clearances and their entries in the ledger differ in number"
