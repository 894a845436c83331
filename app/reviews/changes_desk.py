"""What an officer is told about the versions of a package: which there are, what came since the last look, which case is
the newer one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.access import Actor
from app.database import session
from app.declarations.changes import VersionLine, version_lines
from app.declarations.finders import list_versions
from app.declarations.models import Version
from app.ledger.finders import list_happened
from app.reviews.models import Review
from app.reviews.queue_models import Look


@dataclass(frozen=True, slots=True)
class VersionsDesk:
    """The versions, newest first; ``seen``: the version this reader saw last, None when there is nothing newer than it;
    ``successor``: the case that took the place of this one."""

    lines: Sequence[VersionLine]
    seen: int | None
    successor: uuid.UUID | None


def lay_out(review: Review, version: Version, *, actor: Actor) -> VersionsDesk:
    """Gather it for one reader; a package with one version costs no statement."""
    current = review.declaration.version
    if current == 1:
        return VersionsDesk(version_lines([version], ()), None, None)
    lines = version_lines(
        list_versions(review.declaration_id), list_happened(review.declaration_id, "declaration.amended")
    )
    seen = _last_seen(review, actor)
    return VersionsDesk(lines, seen if seen < current else None, successor_of(review))


def successor_of(review: Review) -> uuid.UUID | None:
    """Return the case of the same agency that counts now, for one that was closed by a newer version; else None."""
    if review.status != "superseded":
        return None
    query = sa.select(Review.id).where(
        Review.declaration_id == review.declaration_id, Review.agency == review.agency, Review._status != "superseded"
    )
    return session().scalar(query)


def _last_seen(review: Review, actor: Actor) -> int:
    """The version this officer had on the screen last or decided on; the one the package was filed with otherwise."""
    looked = (
        sa.select(sa.func.max(Look.version))
        .join(Review, Review.id == Look.review_id)
        .where(
            Review.declaration_id == review.declaration_id, Review.agency == review.agency,
            Look.person_id == actor.person_id,
        )
    )  # fmt: skip
    decided = [one.version for one in review.decisions if one.person_id == actor.person_id]
    return max([session().scalar(looked) or 1, *decided])
