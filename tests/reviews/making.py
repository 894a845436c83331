"""Small factories of the reviews' tests: agencies, officers, a trader, and filed packages with their reviews.

They write rows of the rooms below directly; the reviews themselves are always opened by ``routing.open_reviews``.
"""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, database, markup
from app.access import Actor, permissions_of
from app.database import Database, new_id
from app.declarations import codec
from app.declarations.models import Declaration, Version
from app.declarations.package import Package
from app.identity.models import Membership, Organisation, Person
from app.ledger.recording import record_all
from app.requirements.compiling import packaged_edition
from app.requirements.facts import DocumentFacts, ItemFacts, PackageFacts
from app.requirements.matching import match
from app.requirements.outcome import Outcome
from app.reviews import claiming, deciding, finders, proposing, releasing, routing
from app.reviews.examining import ItemDecision
from app.reviews.models import Decision, Proposal, Review

SAMPLES = Path(__file__).parent.parent / "samples" / "packages"
CUSTOMS, VET, PHYTO, ENV = "BY-GTK", "BY-DVPN", "BY-GGISKZR", "BY-MPR"
OFFICE = "06611"
NAMES = {
    CUSTOMS: "State Customs Committee",
    VET: "Veterinary supervision",
    PHYTO: "Plant quarantine",
    ENV: "Environment",
}
_serial = itertools.count(1)


@dataclass
class Country:
    """Who there is: organisations, and actors by name."""

    people: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, uuid.UUID] = field(default_factory=dict)
    memberships: dict[str, uuid.UUID] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    @classmethod
    def settle(cls, session: Session) -> Country:
        """Olga and Petr are veterinarians, Vera their supervisor; Fedor plants, Elena environment, Kira customs and Karl
        its supervisor."""
        made = cls()
        for agency, name in NAMES.items():
            made._organisation(session, agency, Organisation(kind="agency", name=name, agency=agency))
        made._organisation(session, "trader", Organisation(kind="trader", name="Belmyaso Trade", unp="190000014"))
        made._organisation(session, "audit", Organisation(kind="auditor", name="State Control"))
        made.person(session, "anna", "Anna Kovalenko", "trader", "trader-owner")
        made.person(session, "olga", "Olga Zaitseva", VET, "officer", post="State inspector", number="V-104")
        made.person(session, "petr", "Petr Ivanou", VET, "officer")
        made.person(session, "vera", "Vera Lis", VET, "supervisor", "officer")
        made.person(session, "fedor", "Fedor Les", PHYTO, "officer")
        made.person(session, "elena", "Elena Rechka", ENV, "officer")
        made.person(session, "kira", "Kira Mytnik", CUSTOMS, "customs-officer", post="Chief inspector", number="C-7")
        made.person(session, "karl", "Karl Kolas", CUSTOMS, "customs-officer", "supervisor")
        made.person(session, "nina", "Nina Novik", CUSTOMS, "officer")
        made.person(session, "ada", "Ada Kantrol", "audit", "auditor")
        return made

    def _organisation(self, session: Session, key: str, organisation: Organisation) -> None:
        organisation.created_at = clock.now()
        session.add(organisation)
        session.flush()
        self.organisations[key] = organisation.id

    def person(
        self, session: Session, key: str, name: str, house: str, *roles: str, post: str = "", number: str = ""
    ) -> Actor:
        """Add somebody with a membership that holds since last year."""
        organisation = session.get_one(Organisation, self.organisations[house])
        person = Person(email=f"{key}@example.by", full_name=name, created_at=clock.now(), personal_number=number)
        session.add(person)
        session.flush()
        membership = Membership(
            person_id=person.id, organisation_id=organisation.id, roles=list(roles), post=post,
            valid_from=clock.today() - timedelta(days=365),
        )  # fmt: skip
        session.add(membership)
        session.flush()
        self.memberships[key] = membership.id
        actor = Actor(
            person_id=person.id, name=name, organisation_id=organisation.id, organisation=organisation.name,
            kind=organisation.kind, unp=organisation.unp or "", agency=organisation.agency or "", post=post,
            personal_number=number, roles=roles, permissions=permissions_of(roles), language="en",
        )  # fmt: skip
        self.people[key] = actor
        return actor


@dataclass(frozen=True)
class Filed:
    """A package under review: ids, digest, and its reviews by agency."""

    declaration_id: uuid.UUID
    digest: str
    reviews: dict[str, uuid.UUID]
    version: int = 1


def read_package(name: str = "beef_flowers_pet") -> tuple[bytes, Package]:
    """Canonical bytes and value of one of our sample packages."""
    tree = markup.read((SAMPLES / f"{name}.xml").read_bytes())
    return codec.canonical(tree), codec.to_package(tree)


def outcome_of(package: Package, on: date) -> Outcome:
    """The law's answer to a sample package, every document of it taken as shown."""
    edition = packaged_edition()

    def papers(documents: tuple) -> tuple[DocumentFacts, ...]:
        return tuple(
            DocumentFacts(
                edition.document_code(one.category, one.type), one.number, one.issued_on, one.expires_on, True,
                path=one.path,
            )
            for one in documents
        )  # fmt: skip

    def answers(given: tuple) -> dict[str, bool]:
        return {one.code: one.value == "Y" for one in given}

    items = tuple(
        ItemFacts(
            line.number, line.code, line.origin, line.origin_region, line.procedure, answers(line.answers),
            documents=papers(line.documents),
        )
        for line in package.lines
    )  # fmt: skip
    return match(
        edition,
        PackageFacts(
            package.direction, on, items, package.destination, answers(package.answers),
            documents=papers(package.documents),
        ),
    )  # fmt: skip


def file_package(country: Country, name: str = "beef_flowers_pet") -> Filed:
    """File a sample package in the open transaction and open its reviews."""
    session = database.session()
    canonical, package = read_package(name)
    now, outcome = clock.now(), outcome_of(package, clock.today())
    anna = country.anna
    declaration = Declaration(
        id=new_id(), owner_id=anna.organisation_id, filer_id=anna.organisation_id, filed_by_id=anna.person_id,
        lrn=package.lrn, direction=package.direction, office_code=OFFICE,
        number=f"{OFFICE}/{now:%d%m%y}/{next(_serial):07d}", registered_at=now, version=1,
        digest=codec.digest(canonical), owner_name="Belmyaso Trade", partner_country=package.export_country or "PL",
        line_count=len(package.lines), created_at=now, updated_at=now,
    )  # fmt: skip
    declaration._status = "under-review"
    version = Version(
        id=new_id(), declaration_id=declaration.id, number=1, canonical=canonical, digest=declaration.digest,
        outcome=outcome.as_dict(), edition=outcome.edition, created_at=now, created_by_id=anna.person_id,
    )  # fmt: skip
    session.add(declaration)
    session.flush()
    session.add(version)
    session.flush()
    record_all(routing.open_reviews(declaration, version, outcome, package, by=anna), by=anna)
    rows = session.execute(sa.select(Review.agency, Review.id).where(Review.declaration_id == declaration.id))
    return Filed(declaration.id, declaration.digest, {agency: key for agency, key in rows})


def file_committed(engines: Database, country: Country, name: str = "beef_flowers_pet") -> Filed:
    """File a sample package and commit."""
    with database.transaction(engines):
        return file_package(country, name)


def get(filed: Filed, by: Actor) -> Review:
    """The review of the actor's agency."""
    return finders.get_review(filed.reviews[by.agency], actor=by)


def approve(review: Review, **texts: object) -> list[ItemDecision]:
    """Approve every goods item of a review that is still open."""
    return [ItemDecision(number, "approved", **texts) for number in releasing.open_items(review)]


def refusal(number: int, reason: str, **changed: object) -> ItemDecision:
    """A refusal that carries everything it must."""
    full = ItemDecision(
        number, "refused", reason_code=reason, legal_ground="Decision 317, annex 1", appeal_office="Ministry",
        appeal_contact="mshp.gov.by", appeal_days=365,
    )  # fmt: skip
    return replace(full, **changed)


def sign(filed: Filed, by: Actor, items: list[ItemDecision] | None = None) -> Decision:
    """Claim and decide in the open transaction."""
    review = claiming.claim(get(filed, by), by=by)
    return deciding.decide(
        review,
        version=filed.version,
        digest=filed.digest,
        items=items or approve(review),
        note="",
        by=by,
        **paid(review),
    )


def four_eyes(filed: Filed, agency: str, *, blind: bool = False) -> None:
    """Let the review of an agency need a second officer, as routing does by the measures of the package."""
    review = database.session().get_one(Review, filed.reviews[agency])
    review.four_eyes, review.blind = True, blind
    database.session().flush()


def propose(filed: Filed, by: Actor, items: list[ItemDecision] | None = None) -> Proposal:
    """Claim and propose in the open transaction."""
    review = claiming.claim(get(filed, by), by=by)
    return proposing.propose(
        review, version=filed.version, digest=filed.digest, items=items or approve(review), by=by, **paid(review)
    )


def paid(review: Review) -> dict[str, str]:
    """What customs says of the payments; nothing for the others."""
    return {"payment": "paid", "payment_reference": "PP-1"} if review.releases else {}


def race(engines: Database, acts: dict[str, Callable[[], object]]) -> dict[str, Exception | None]:
    """Run acts at once, each in its own transaction; returns what each raised, or None."""
    together = threading.Barrier(len(acts))
    results: dict[str, Exception | None] = {}

    def run(name: str, act: Callable[[], object]) -> None:
        together.wait()
        try:
            with database.transaction(engines):
                act()
            results[name] = None
        except Exception as told:
            results[name] = told

    threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
