"""Reads of reviews: the case, its neighbours, its files, its officers. Those of a queue stand in ``queue_finders``."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload, undefer

from app import clock
from app.access import Actor, permissions_of
from app.database import session
from app.declarations import progress
from app.declarations.masking import Sight
from app.declarations.models import Attachment, Declaration
from app.documents.models import Blob
from app.errors import NotAllowed, NotFound
from app.identity.models import Membership, Organisation, Person
from app.reviews.models import Review
from app.reviews.queue_models import Absence


@dataclass(frozen=True, slots=True)
class Pane:
    """One agency's pane in a package's window: the review's state, its result and the outcomes of its goods items, and
    whether it is the one that releases."""

    agency: str
    status: str
    result: str
    releases: bool
    results: Mapping[str, Any] = field(default_factory=dict)

    @property
    def light(self) -> str:
        """How the pane looks: one of the states of ``progress.pane``."""
        return progress.pane(self.status, self.result, self.results)


def pane_of(review: Review) -> Pane:
    """Return the pane of one review."""
    return Pane(review.agency, review.status, review.result, review.releases, review.results)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a package, asked for from one of its cases, and what the reader sees of that case."""

    review: Review
    attachment: Attachment
    sight: Sight


def get_review(review_id: uuid.UUID, *, actor: Actor) -> Review:
    """Return a review with its package, decisions and lane. Raises NotFound: not there and another agency's look alike."""
    query = (
        sa.select(Review)
        .where(Review.id == review_id)
        .options(
            joinedload(Review.declaration).options(joinedload(Declaration.owner), joinedload(Declaration.filer)),
            selectinload(Review.decisions),
            undefer(Review.lane),
        )
    )
    found = session().scalar(query)
    if found is None or not _knows(actor, found):
        raise NotFound()
    return found


def _knows(actor: Actor, review: Review) -> bool:
    if actor.kind in ("auditor", "system"):
        return True
    return actor.kind == "agency" and bool(actor.agency) and actor.agency == review.agency


def lock_review(review: Review) -> Review:
    """Lock the row and read it afresh with its package; on SQLite the writing transaction is the lock."""
    query = (
        sa.select(Review)
        .where(Review.id == review.id)
        .options(joinedload(Review.declaration))
        .with_for_update(of=Review)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).one()


OWN_PACKAGE = _l("You have a part in this package: another officer must judge it.")


def has_part(filed: Declaration, who: Actor) -> bool:
    """Whether the person also works, under any membership, for the package's filer or owner."""
    if who.person_id is None:
        return False
    parties = [party for party in (filed.filer_id, filed.owner_id) if party is not None]
    works_there = sa.select(sa.literal(1)).where(
        Membership.person_id == who.person_id,
        Membership.organisation_id.in_(parties),
        Membership.as_of(clock.today()),
    )
    return session().scalar(works_there.limit(1)) is not None


def refuse_own_package(review: Review, by: Actor) -> None:
    """Raise NotAllowed when the person also works, under any membership, for the package's filer or owner."""
    if has_part(review.declaration, by):
        raise NotAllowed(OWN_PACKAGE)


def list_reviews(declaration_id: uuid.UUID, *, decisions: bool = False, afresh: bool = False) -> Sequence[Review]:
    """Return the reviews of a package that count (not superseded), the releasing one last; on demand with decisions, and read
    anew although this session has read them (``afresh``: the caller holds the package)."""
    query = sa.select(Review).where(Review.declaration_id == declaration_id, Review._status != "superseded")
    if decisions:
        query = query.options(selectinload(Review.decisions))
    if afresh:
        query = query.options(joinedload(Review.declaration)).execution_options(populate_existing=True)
    return session().scalars(query.order_by(Review.releases, Review.agency)).all()


def list_panes(declaration_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Pane, ...]]:
    """Return the windows of some packages in one statement: a pane for each agency asked, the releasing one last."""
    wanted = list(declaration_ids)
    found: dict[uuid.UUID, list[Pane]] = defaultdict(list)
    if wanted:
        columns = (Review.declaration_id, Review.agency, Review._status, Review.result, Review.releases, Review.results)
        query = sa.select(*columns).where(Review.declaration_id.in_(wanted), Review._status != "superseded")
        for key, *pane in session().execute(query.order_by(Review.releases, Review.agency)):
            found[key].append(Pane(*pane))
    return {key: tuple(panes) for key, panes in found.items()}


def list_officers(review: Review) -> Sequence[Membership]:
    """Return the memberships that could decide a review and are not away, by name: whom a supervisor may hand it to."""
    return list_agency_officers(review.agency, releases=review.releases, away=False)


def list_agency_officers(agency: str, *, releases: bool = False, away: bool = True) -> Sequence[Membership]:
    """Return the memberships that may decide an agency's cases today, by name; ``releases``: also those of the release.

    ``away``: officers who are away today too.
    """
    today = clock.today()
    query = (
        sa.select(Membership)
        .join(Membership.person)
        .join(Membership.organisation)
        .where(Organisation.agency == agency, Person.disabled_at.is_(None), Membership.as_of(today))
        .options(joinedload(Membership.person), joinedload(Membership.organisation))
        .order_by(Person.full_name)
    )
    if not away:
        query = query.where(~_absent(agency, today).exists())
    needed = {"review:decide", "clearance:release"} if releases else {"review:decide"}
    return [row for row in session().scalars(query).unique() if needed <= permissions_of(row.roles)]


def _absent(agency: str, on: date) -> sa.Select[uuid.UUID]:
    return sa.select(Absence.id).where(
        Absence.agency == agency, Absence.person_id == Membership.person_id, Absence.ended_at.is_(None),
        Absence.from_on <= on, Absence.until_on >= on,
    )  # fmt: skip


def get_officer(review: Review, membership_id: uuid.UUID) -> Membership:
    """Return one of the officers to whom a review may be handed. Raises NotFound for anyone else."""
    for membership in list_officers(review):
        if membership.id == membership_id:
            return membership
    raise NotFound()


def find_names(person_ids: Iterable[uuid.UUID | None]) -> Mapping[uuid.UUID, str]:
    """Return the names behind the entries of a timeline, for officers' eyes."""
    wanted = {key for key in person_ids if key is not None}
    if not wanted:
        return {}
    query = sa.select(Person.id, Person.full_name).where(Person.id.in_(wanted))
    return {key: name for key, name in session().execute(query)}


def find_blobs(digests: Iterable[str]) -> Mapping[str, Blob]:
    """Return the stored files with these digests, for size, type and scan state."""
    wanted = set(digests)
    if not wanted:
        return {}
    return {blob.sha256: blob for blob in session().scalars(sa.select(Blob).where(Blob.sha256.in_(wanted)))}
