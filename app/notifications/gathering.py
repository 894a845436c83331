"""What is needed to know who is to be told of some entries: packages, cases, people. A fixed number of statements a batch."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Permission, permissions_of
from app.database import session
from app.declarations.models import Declaration
from app.identity.models import Mandate, Membership, Organisation, Person
from app.ledger.models import Entry
from app.requirements.ruling_models import Ruling
from app.reviews.models import Proposal, Review
from app.reviews.thread_models import Question
from app.traders.models import Accreditation

P = Permission


CUSTOMS = "BY-GTK"
"""Whose officers are told of alerts from the road."""
GUARDED = frozenset(
    {
        "log.recovered", "log.resumed", "log.stopped", "person.glass_broken", "scanner.resumed", "scanner.stopped", "signing.key_end_announced", "signing.resumed",
        "signing.stopped",
    }
)  # fmt: skip
"""What all administrators and auditors are told of."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package: its registration number, whose it is, who filed it, and whether the filer may act for the owner today."""

    id: uuid.UUID
    number: str
    owner_id: uuid.UUID | None
    filer_id: uuid.UUID
    direction: str


@dataclass(frozen=True, slots=True)
class Case:
    """A review: whose agency, office and case it is."""

    id: uuid.UUID
    declaration_id: uuid.UUID
    agency: str
    office: str
    version: int
    releases: bool
    assignee_id: uuid.UUID | None
    superseded: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in an organisation today: what the roles allow, agency and office ("" for none)."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    agency: str
    office: str
    rights: frozenset[Permission]


@dataclass(frozen=True)
class Around:
    """Everything about a batch of entries, by key. ``asked``: number and due moment of each question; ``proposers``: who
    made each proposal; ``agreed``: the position at which an inspection was first agreed; ``mandates``: (owner, broker,
    direction) under which a broker may act today; ``holders``: to whom each advance ruling or accreditation was given; ``guardians``: the
    administrators and auditors, asked for only where something happened that they are told of."""

    packages: Mapping[uuid.UUID, Package] = field(default_factory=dict)
    cases: Mapping[uuid.UUID, Case] = field(default_factory=dict)
    members: Sequence[Member] = ()
    asked: Mapping[uuid.UUID, int] = field(default_factory=dict)
    proposers: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    agreed: Mapping[uuid.UUID, int] = field(default_factory=dict)
    mandates: frozenset[tuple[uuid.UUID, uuid.UUID, str]] = frozenset()
    holders: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    guardians: Sequence[Member] = ()

    def of_house(self, organisation_id: uuid.UUID | None) -> list[Member]:
        """The people of an organisation."""
        return [one for one in self.members if one.organisation_id == organisation_id]

    def of_agency(self, agency: str) -> list[Member]:
        """The people of an agency."""
        return [one for one in self.members if agency and one.agency == agency]

    def case_of(self, declaration_id: uuid.UUID, agency: str) -> Case | None:
        """The case an agency has of a package now: the one of its newest version."""
        found = [
            one
            for one in self.cases.values()
            if one.declaration_id == declaration_id and one.agency == agency and not one.superseded
        ]
        return max(found, key=lambda one: one.version, default=None)


def gather(entries: Sequence[Entry]) -> Around:
    """Read what stands around some entries, as it is now."""
    packages = _packages({one.declaration_id for one in entries if one.declaration_id is not None})
    cases = _cases(packages)
    holders = _holders(Ruling, {one.subject_id for one in entries if one.subject == "ruling"})
    holders |= _holders(Accreditation, {one.subject_id for one in entries if one.subject == "accreditation"})
    houses = {key for one in packages.values() for key in (one.owner_id, one.filer_id) if key is not None}
    # What concerns no package concerns the organisation that the entry belongs to.
    houses |= {one.organisation_id for one in entries if one.declaration_id is None and one.organisation_id is not None}
    # What is said before arrival names its trader; an alert from the road concerns customs.
    houses |= {key for one in entries if one.subject == "advance" and (key := key_of(one.payload.get("trader")))}
    agencies = {one.agency for one in cases.values()} | (
        {CUSTOMS} if any(one.subject == "alert" for one in entries) else set()
    )
    agencies |= {str(one.payload["agency"]) for one in entries if one.subject == "accreditation"}
    return Around(
        packages=packages,
        cases=cases,
        members=_members(houses | set(holders.values()), agencies),
        asked=_asked({one.subject_id for one in entries if one.subject == "question"}),
        proposers=_proposers(_proposals(entries)),
        agreed=_agreed({one.subject_id for one in entries if one.subject == "inspection"}),
        mandates=_mandates(packages.values()),
        holders=holders,
        guardians=_guardians() if any(one.event in GUARDED for one in entries) else (),
    )


def key_of(text: Any) -> uuid.UUID | None:
    """Return an id as a payload holds it."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _packages(keys: set[uuid.UUID]) -> dict[uuid.UUID, Package]:
    columns = (Declaration.id, Declaration.number, Declaration.owner_id, Declaration.filer_id, Declaration.direction)
    rows = session().execute(sa.select(*columns).where(Declaration.id.in_(keys))) if keys else ()
    return {row[0]: Package(row[0], row[1] or "", *row[2:]) for row in rows}


def _cases(packages: Mapping[uuid.UUID, Package]) -> dict[uuid.UUID, Case]:
    columns = (
        Review.id, Review.declaration_id, Review.agency, Review.office_code, Review.version, Review.releases,
        Review.assignee_id, Review._status,
    )  # fmt: skip
    rows = session().execute(sa.select(*columns).where(Review.declaration_id.in_(packages))) if packages else ()
    return {row[0]: Case(*row[:-1], superseded=row[-1] == "superseded") for row in rows}


def _members(houses: set[uuid.UUID], agencies: set[str]) -> list[Member]:
    if not houses and not agencies:
        return []
    return _places(sa.or_(Organisation.id.in_(houses), Organisation.agency.in_(agencies)))


def _guardians() -> list[Member]:
    guarding = (P.PERSON_MANAGE, P.LEDGER_READ)
    found = _places(Organisation.kind.in_(("operator", "auditor")))
    return [one for one in found if any(right in one.rights for right in guarding)]


def _places(where: sa.ColumnElement[bool]) -> list[Member]:
    query = (
        sa.select(
            Membership.person_id,
            Membership.organisation_id,
            Organisation.agency,
            Membership.office_code,
            Membership.roles,
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(where)
        .where(Membership.as_of(clock.today()), Person.disabled_at.is_(None), Organisation.closed_at.is_(None))
        .order_by(Membership.valid_from, Membership.id)
    )
    return [
        Member(person, house, agency or "", office or "", permissions_of(roles))
        for person, house, agency, office, roles in session().execute(query)
    ]


def _asked(keys: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = sa.select(Question.id, Question.number).where(Question.id.in_(keys))
    return {key: number for key, number in session().execute(query)} if keys else {}


def _proposals(entries: Iterable[Entry]) -> set[uuid.UUID]:
    named = {key_of(one.payload.get("proposal")) for one in entries if one.event == "review.proposal_returned"}
    return {key for key in named if key} | {one.subject_id for one in entries if one.subject == "proposal"}


def _proposers(keys: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    query = sa.select(Proposal.id, Proposal.person_id).where(Proposal.id.in_(keys))
    return {key: person for key, person in session().execute(query)} if keys else {}


def _agreed(keys: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = (
        sa.select(Entry.subject_id, sa.func.min(Entry.position))
        .where(Entry.subject_id.in_(keys), Entry.event == "inspection.agreed")
        .group_by(Entry.subject_id)
    )
    return {key: position for key, position in session().execute(query)} if keys else {}


def _mandates(packages: Iterable[Package]) -> frozenset[tuple[uuid.UUID, uuid.UUID, str]]:
    pairs: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for one in packages:
        if one.owner_id is not None and one.owner_id != one.filer_id:
            pairs[one.owner_id].add(one.filer_id)
    if not pairs:
        return frozenset()
    query = sa.select(Mandate.trader_id, Mandate.broker_id, Mandate.scope).where(
        Mandate.trader_id.in_(pairs), Mandate._status == "accepted", Mandate.as_of(clock.today())
    )
    return frozenset((trader, broker, way) for trader, broker, scope in session().execute(query) for way in scope)


def _holders(kind: type[Ruling | Accreditation], keys: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    query = sa.select(kind.id, kind.holder_id).where(kind.id.in_(keys))
    return {key: holder for key, holder in session().execute(query)} if keys else {}
