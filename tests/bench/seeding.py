"""A long queue: open reviews of many packages, written in bulk after the pattern of one real filing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import new_id, session, transaction
from app.declarations.models import Declaration, Version
from app.requirements.finders import current_edition
from app.reviews.models import Review
from tests.bench.places import Place

AGENCIES = {"BY-DVPN": 45, "BY-GGISKZR": 35, "BY-MPR": 15, "BY-RCHEPH": 12, "BY-TI": 8}
"""Of a hundred packages, how many ask each agency; customs is asked by all."""
CUSTOMS = "BY-GTK"
CLAIMED = 0.1
BATCH = 2000


def seed(place: Place, wanted: int) -> int:
    """Bring the open reviews to ``wanted``; returns how many there are. The pattern is the newest package filed."""
    made = random.Random(26)
    with place.app.app_context(), transaction(place.database):
        there = session().scalar(sa.select(sa.func.count()).select_from(Review)) or 0
        offices = sorted(current_edition().offices)[:24]
        pattern = _pattern()
        claimant = session().scalar(sa.select(Declaration.filed_by_id).limit(1))
        rows = _packages(pattern, offices, made, claimant)
        while there < wanted:
            batch = list(itertools.islice(rows, BATCH))
            reviews = [review for _, _, asked in batch for review in asked][: wanted - there]
            kept = {review["declaration_id"] for review in reviews}
            batch = [one for one in batch if one[0]["id"] in kept]
            session().execute(sa.insert(Declaration.__table__), [one[0] for one in batch])  # type: ignore[arg-type]
            session().execute(sa.insert(Version.__table__), [one[1] for one in batch])  # type: ignore[arg-type]
            session().execute(sa.insert(Review.__table__), reviews)  # type: ignore[arg-type]
            there += len(reviews)
    with place.database.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return there


def _pattern() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    review = session().execute(sa.select(Review.__table__).order_by(Review.id.desc()).limit(1)).mappings().one()
    declaration = session().execute(
        sa.select(Declaration.__table__).where(Declaration.id == review["declaration_id"])
    ).mappings().one()  # fmt: skip
    version = session().execute(
        sa.select(Version.__table__).where(Version.id == review["version_id"])
    ).mappings().one()  # fmt: skip
    # The page never reads the XML nor the explanation: short ones keep the disk small. The lane stays as it is.
    return dict(declaration), dict(version) | {"canonical": b"<Declaration/>", "outcome": {}}, dict(review)


def _packages(
    pattern: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
    offices: list[str],
    made: random.Random,
    claimant: Any,
) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    declaration, version, review = pattern
    for serial in itertools.count(1):
        key, filed, office = new_id(), new_id(), made.choice(offices)
        number = f"112{office[-5:]}/SEED/{key.hex[-10:]}"[:24]
        lrn = f"SEED-{key.hex[-12:]}-{serial}"
        opened = clock.now() - timedelta(minutes=made.randrange(3 * 24 * 60))
        shared = {"office_code": office, "declaration_id": key, "version_id": filed, "opened_at": opened}
        asked = [CUSTOMS, *(agency for agency, share in AGENCIES.items() if made.random() * 100 < share)]
        reviews = [
            review | shared | _claim(made, claimant) | {
                "id": new_id(), "agency": agency, "releases": agency == CUSTOMS,
                "due_at": opened + timedelta(hours=made.choice((4, 24, 48, 120))),
                "card": review["card"] | {"number": number, "lrn": lrn, "office": office},
            }
            for agency in asked
        ]  # fmt: skip
        fresh = {"id": key, "number": number, "lrn": lrn, "registered_lrn": lrn, "content_digest": key.hex}
        yield declaration | fresh | {"office_code": office}, version | {"id": filed, "declaration_id": key}, reviews


def _claim(made: random.Random, claimant: Any) -> dict[str, Any]:
    if made.random() >= CLAIMED:
        return {"status": "queued", "claimed_by_id": None, "claimed_by_name": "", "claimed_until": None}
    until = clock.now() + timedelta(minutes=20)
    return {"status": "claimed", "claimed_by_id": claimant, "claimed_by_name": "M. Mytnik", "claimed_until": until}
