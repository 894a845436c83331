"""Looking: who has a case open on the screen, told to the others of the agency for a short while. No claim, no ledger."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.access import Actor, require
from app.database import session
from app.reviews import policy
from app.reviews.models import Review
from app.reviews.queue_models import Look

SEEN_SECONDS = 60
"""A page says every twenty seconds that it is open; after three missed signs nobody is looking any more."""


def look(review: Review, *, by: Actor) -> None:
    """Note that an officer has the case on the screen, and in which version. Raises NotAllowed for another agency."""
    require(policy.look, by, review)
    row = {
        "review_id": review.id,
        "person_id": by.person_id,
        "person_name": by.name,
        "seen_at": clock.now(),
        "version": review.version,
    }
    session().execute(_noting(session().get_bind().dialect.name), row)


def list_lookers(review_ids: Sequence[uuid.UUID], *, but: Actor) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """Return who looks at each of these cases now, the reader left out; one statement."""
    if not review_ids:
        return {}
    query = (
        sa.select(Look.review_id, Look.person_name)
        .where(Look.review_id.in_(review_ids), Look.seen_at > clock.now() - timedelta(seconds=SEEN_SECONDS))
        .where(Look.person_id != but.person_id)
        .order_by(Look.person_name)
    )
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for key, name in session().execute(query):
        found[key] = (*found.get(key, ()), name)
    return found


def last_look(review_id: uuid.UUID, *, actor: Actor) -> Look | None:
    """Return when and in which version this officer had the case on the screen last, None if never."""
    return session().get(Look, (review_id, actor.person_id)) if actor.person_id else None


@cache
def _noting(engine: str) -> Any:
    """The INSERT of the engine at hand; two pages of one officer say the same and neither fails."""
    table: Any = Look.__table__
    made: Any = postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)
    fresh = {name: made.excluded[name] for name in ("person_name", "seen_at", "version")}
    return made.on_conflict_do_update(index_elements=["review_id", "person_id"], set_=fresh)
