"""A long queue: open reviews of many packages, written in bulk after the pattern of one real filing."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import new_id, session, transaction
from app.declarations.models import Declaration, Version
from app.identity.models import Organisation
from app.requirements.finders import current_edition
from app.reviews import tallies
from app.reviews.models import OPEN, Review
from tests.bench.places import Place

AGENCIES = {"BY-DVPN": 45, "BY-GGISKZR": 35, "BY-MPR": 15, "BY-RCHEPH": 12, "BY-TI": 8}
"""Of a hundred packages, how many ask each agency; customs is asked by all."""
CUSTOMS = "BY-GTK"
COUNTRIES = (
    "CN",
    "PL",
    "DE",
    "LT",
    "TR",
    "IT",
    "LV",
    "US",
    "NL",
    "FR",
    "IN",
    "UA",
    "CZ",
    "ES",
    "VN",
    "EC",
    "JP",
    "BR",
    "IS",
    "FJ",
)
CLAIMED = 0.1
FOUR_EYES = 0.002
BATCH = 2000


def seed(place: Place, wanted: int) -> int:
    """Bring the open reviews to ``wanted``; returns how many there are. The pattern is the newest package filed."""
    made = random.Random(26)
    with place.app.app_context(), transaction(place.database):
        there = session().scalar(sa.select(sa.func.count()).select_from(Review)) or 0
        offices = sorted(current_edition().offices)[:24]
        pattern = _pattern()
        claimant = session().scalar(sa.select(Declaration.filed_by_id).limit(1))
        traders = list(session().scalars(sa.select(Organisation.id).where(Organisation.kind == "trader")))
        rows = _packages(pattern, offices, made, claimant, traders)
        while there < wanted:
            batch = list(itertools.islice(rows, BATCH))
            reviews = [review for _, _, asked in batch for review in asked][: wanted - there]
            kept = {review["declaration_id"] for review in reviews}
            batch = [one for one in batch if one[0]["id"] in kept]
            session().execute(sa.insert(Declaration.__table__), [one[0] for one in batch])  # type: ignore[arg-type]
            session().execute(sa.insert(Version.__table__), [one[1] for one in batch])  # type: ignore[arg-type]
            session().execute(sa.insert(Review.__table__), reviews)  # type: ignore[arg-type]
            there += len(reviews)
    _tidy(place)
    return there


def grow(place: Place, times: int) -> int:
    """Copy every package with its reviews so many times, by SQL alone; returns how many reviews there are.

    Indexes and the triggers of the counts are taken away meanwhile and made again as they were: that is what a restore does.
    The copies have a short explanation, which no page of the queue reads, so that the disk is not the measure.
    """
    lite = place.engine == "sqlite"
    with place.database.writing.begin() as connection:
        again = _take_away(connection, lite)
        fresh = "lower(hex(randomblob(16)))" if lite else "gen_random_uuid()"
        copies = ", ".join(f"({number})" for number in range(times))
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE copies AS SELECT id AS old, {fresh} AS fresh FROM declarations "
            f"CROSS JOIN (SELECT column1 AS n FROM (VALUES {copies}) AS told) AS times WHERE status = 'under-review'"
        )
        _copy(connection, Declaration, {"id": "copies.fresh", "number": "NULL", "registered_lrn": "NULL"}, "kept.id")
        lane = """'{"lane":{"measures":[]},"behind":[]}'"""
        _copy(connection, Review, {"id": fresh, "declaration_id": "copies.fresh", "lane": lane}, "kept.declaration_id")
        connection.exec_driver_sql("DROP TABLE copies")
        for statement in again:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("DELETE FROM queue_tallies")
        connection.exec_driver_sql(
            "INSERT INTO queue_tallies (agency, office_code, status, due_on, number) SELECT agency, office_code, status, "
            f"due_on, count(*) FROM reviews WHERE {OPEN} GROUP BY agency, office_code, status, due_on"
        )
        there = connection.exec_driver_sql("SELECT count(*) FROM reviews").scalar_one()
    _tidy(place)
    return int(there)


def _copy(connection: sa.Connection, kind: Any, changed: dict[str, str], matched: str) -> None:
    names = [column.name for column in kind.__table__.columns]
    said = ", ".join(changed.get(name, f'kept."{name}"') for name in names)
    named = ", ".join(f'"{name}"' for name in names)
    connection.exec_driver_sql(
        f"INSERT INTO {kind.__tablename__} ({named}) SELECT {said} FROM copies "
        f"JOIN {kind.__tablename__} AS kept ON {matched} = copies.old"
    )


def _take_away(connection: sa.Connection, lite: bool) -> list[str]:
    """Drop the indexes and triggers of the reviews; returns the statements that make them again."""
    if lite:
        query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'reviews' AND type IN ('index', 'trigger') AND sql <> ''"
        found = [(name, sql) for name, sql in connection.exec_driver_sql(query)]
        for name, sql in found:
            connection.exec_driver_sql(f"DROP {sql.split()[1]} {name}".replace("DROP UNIQUE", "DROP INDEX"))
        return [sql for _, sql in found]
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'reviews' AND indexname LIKE 'ix_%%'"
    found = [(name, sql) for name, sql in connection.exec_driver_sql(query)]
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    connection.exec_driver_sql("ALTER TABLE reviews DISABLE TRIGGER USER")
    return [*(sql for _, sql in found), "ALTER TABLE reviews ENABLE TRIGGER USER"]


def _tidy(place: Place) -> None:
    """What the worker and the database do of themselves: counts folded, statistics known."""
    with place.app.app_context(), transaction(place.database):
        for agency in tallies.list_loose():
            tallies.fold(agency)
    with place.database.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if place.engine == "sqlite" else "VACUUM ANALYZE")
        if place.engine == "postgresql":
            # What was just written is brought to the disk now, not while pages are measured.
            connection.exec_driver_sql("CHECKPOINT")
    if place.engine == "sqlite":
        # Outside of any transaction: pages are read from the file, not out of a log of gigabytes.
        with contextlib.closing(place.database.writing.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


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
    traders: list[Any],
) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    declaration, version, review = pattern
    for serial in itertools.count(1):
        key, filed, office = new_id(), new_id(), made.choice(offices)
        number = f"112{office[-5:]}/SEED/{key.hex[-10:]}"[:24]
        lrn = f"SEED-{key.hex[-12:]}-{serial}"
        opened = clock.now() - timedelta(minutes=made.randrange(3 * 24 * 60))
        shared = {"office_code": office, "declaration_id": key, "version_id": filed, "opened_at": opened}
        asked = [CUSTOMS, *(agency for agency, share in AGENCIES.items() if made.random() * 100 < share)]
        shared |= _sorts(made, traders)
        reviews = [
            review | shared | _claim(made, claimant) | _due(opened + timedelta(hours=made.choice((4, 24, 48, 120)))) | {
                "id": new_id(), "agency": agency, "releases": agency == CUSTOMS,
                "card": review["card"] | {"number": number, "lrn": lrn, "office": office},
            }
            for agency in asked
        ]  # fmt: skip
        fresh = {"id": key, "number": number, "lrn": lrn, "registered_lrn": lrn, "content_digest": key.hex}
        yield declaration | fresh | {"office_code": office}, version | {"id": filed, "declaration_id": key}, reviews


def _sorts(made: random.Random, traders: list[Any]) -> dict[str, Any]:
    """What the queue is filtered by, as unevenly as in life: much from few countries, little that is prohibited."""
    return {
        "tag": made.choices(("documents", "unclassified", "prohibited"), (90, 8, 2))[0],
        "direction": made.choices(("import", "export", "transit"), (60, 30, 10))[0],
        "partner_country": made.choices(COUNTRIES, range(len(COUNTRIES), 0, -1))[0],
        "chapter": f"{made.randrange(1, 98):02d}",
        "owner_id": made.choice(traders),
        "four_eyes": made.random() < FOUR_EYES,
    }


def _due(at: Any) -> dict[str, Any]:
    return {"due_at": at, "due_on": at.astimezone(clock.MINSK).date()}


def _claim(made: random.Random, claimant: Any) -> dict[str, Any]:
    nobody = {
        "claimed_by_id": None,
        "claimed_by_name": "",
        "claimed_until": None,
        "assignee_id": None,
        "assignee_name": "",
    }
    if made.random() >= CLAIMED:
        state = made.choices(("queued", "question", "inspection", "proposed"), (94, 3, 2, 1))[0]
        return nobody | {"status": state}
    until = clock.now() + timedelta(minutes=20)
    held = {"claimed_by_id": claimant, "claimed_by_name": "M. Mytnik", "claimed_until": until}
    return held | {"status": "claimed", "assignee_id": claimant, "assignee_name": "M. Mytnik"}
