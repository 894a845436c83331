"""Mirroring: who comes with a test key stands in the second window under the same ids as in the live one.

Copied are the key's holder, the organisation, its membership, and for a broker the mandates with their traders. Not copied
are passwords, sessions, addresses of people, and the names of people who only stand on a mandate. Read from the live
database, written only here; a thing that has ended there ends here with the next copy.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.database import Database, session, transaction
from app.identity.models import ApiKey, Mandate, Membership, Organisation, Person
from app.rehearsal.staffing import DOMAIN
from app.rehearsal.window import LIVE

Row = dict[str, Any]
NAMELESS = "—"
"""Stands for the name of somebody who only gave or accepted a mandate."""


@dataclass(frozen=True, slots=True)
class Image:
    """Rows of the live database, table by table, in the order in which they can be written."""

    organisations: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    memberships: list[Row] = field(default_factory=list)
    mandates: list[Row] = field(default_factory=list)


def take(live: Database, memberships: Collection[uuid.UUID]) -> Image:
    """Read who stands behind some memberships of the live window: a handful of statements in a reading transaction."""
    with transaction(live, writing=False):
        held = _rows(Membership, Membership.id.in_(memberships))
        houses = {row["organisation_id"] for row in held}
        trusted = _rows(Mandate, Mandate.broker_id.in_(houses))
        houses |= {row["trader_id"] for row in trusted}
        holders = {row["person_id"] for row in held}
        people = holders | {row[name] for row in trusted for name in ("offered_by_id", "accepted_by_id") if row[name]}
        found = _rows(Person, Person.id.in_(people))
        return Image(_rows(Organisation, Organisation.id.in_(houses)), _veiled(found, holders), held, trusted)


def put(image: Image) -> None:
    """Write an image into the second window, over what was copied before, in the current transaction."""
    _make_way(image.organisations)
    for kind, rows in (
        (Organisation, image.organisations), (Person, image.people), (Membership, image.memberships),
        (Mandate, image.mandates),
    ):  # fmt: skip
        _upsert(kind.__table__, rows)
    session().expire_all()


def refresh() -> int:
    """Copy anew everybody who has a key here that holds; returns how many memberships. Runs in the second window."""
    held = session().scalars(sa.select(ApiKey.membership_id).where(ApiKey.revoked_at.is_(None)).distinct()).all()
    if held:
        put(take(current_app.extensions[LIVE], held))
    return len(held)


def _rows(kind: type[Any], condition: Any) -> list[Row]:
    table: sa.Table = kind.__table__
    return [dict(row) for row in session().execute(sa.select(table).where(condition)).mappings()]


def _veiled(people: Iterable[Row], holders: Collection[uuid.UUID]) -> list[Row]:
    return [
        row
        | {"email": f"{row['id']}@{DOMAIN}", "password_hash": "", "personal_number": ""}
        | ({} if row["id"] in holders else {"full_name": NAMELESS})
        for row in people
    ]


def _make_way(organisations: Iterable[Row]) -> None:
    """Close what holds a tax number under another id: it was copied from a live database that is no more."""
    unps = {row["unp"]: row["id"] for row in organisations if row["unp"]}
    session().execute(
        sa.update(Organisation)
        .where(Organisation.unp.in_(unps), Organisation.id.not_in(unps.values()))
        .values(unp=None, closed_at=clock.now())
    )


def _upsert(table: Any, rows: list[Row]) -> None:
    if not rows:
        return
    dialect: Any = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(table)
    values = {column.name: new.excluded[column.name] for column in table.columns if column.name != "id"}
    session().execute(new.on_conflict_do_update(index_elements=["id"], set_=values), rows)
