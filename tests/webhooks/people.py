"""What the tests of webhooks do again and again: whoever acts, events that happen, a look into the database, patience."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.cli.founding import actor
from app.database import Database, session, transaction
from app.declarations.lifecycle import DECLARATION
from app.declarations.models import Declaration
from app.ledger.recording import Happening, record_all
from app.webhooks.models import Attempt, Delivery, Endpoint, FeedEntry


def actor_of(name: str) -> Actor:
    """Somebody of the country, as an actor."""
    return actor(name)


def patiently(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait until something is there, and return it."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return value


def a_package(database: Database, name: str = "vera") -> uuid.UUID:
    """A registered package of somebody's organisation, as far as events need one."""
    with transaction(database):
        by = actor(name)
        made = Declaration(
            owner_id=by.organisation_id, filer_id=by.organisation_id, filed_by_id=by.person_id, number=f"N-{name}",
            created_at=clock.now(), updated_at=clock.now(), version=1,
        )  # fmt: skip
        DECLARATION.begin(made)
        session().add(made)
        session().flush()
        return made.id


def happen(database: Database, package: uuid.UUID, *events: str, by: str = "vera") -> None:
    """Record events of a package."""
    with transaction(database):
        record_all([Happening(event, "declaration", package, {}, package) for event in events], by=actor(by))


def rows(database: Database, kind: Any, **wanted: Any) -> Sequence[Any]:
    """Rows of a table, oldest first."""
    with transaction(database, writing=False) as current:
        order = kind.position if kind is FeedEntry else kind.id
        return current.scalars(sa.select(kind).filter_by(**wanted).order_by(order)).all()


def deliveries(database: Database, endpoint: Endpoint | None = None) -> Sequence[Delivery]:
    """The deliveries there are."""
    return rows(database, Delivery, **({"endpoint_id": endpoint.id} if endpoint else {}))


def attempts(database: Database, delivery: Delivery) -> Sequence[Attempt]:
    """The attempts of a delivery."""
    return rows(database, Attempt, delivery_id=delivery.id)


def endpoint_now(database: Database, endpoint: Endpoint) -> Endpoint:
    """An endpoint as it is now."""
    (found,) = rows(database, Endpoint, id=endpoint.id)
    return found  # type: ignore[no-any-return]


def due_now(database: Database) -> None:
    """Let whatever is to be tried again be due."""
    with transaction(database) as current:
        current.execute(sa.update(Delivery).where(Delivery._status == "pending").values(next_at=clock.now()))
