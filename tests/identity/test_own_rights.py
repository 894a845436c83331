"""Who hands out rights has none from the same hand, and every link for a password is on record."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.database import Database
from tests.factories.world import World


def _one(database: Database, query: str) -> object:
    with database.reading.connect() as connection:
        return connection.execute(sa.text(query)).scalar_one()


def _person(database: Database, name: str) -> str:
    found = _one(database, f"SELECT id FROM people WHERE email = '{name}@akno.example'")
    return str(uuid.UUID(str(found)))


def test_the_administrator_makes_no_officer_of_himself(world: World, database: Database) -> None:
    house = str(_one(database, "SELECT id FROM organisations WHERE agency = 'BY-GTK'"))
    page = f"/people/{_person(database, 'admin')}"
    world.admin.get(page)
    answer = world.admin.submit("/memberships", organisation=str(uuid.UUID(house)), roles="customs-officer")
    assert answer.status_code == 403, answer.text
    assert world.admin.post(f"{page}/disable").status_code == 403
    assert world.admin.get("/people").status_code == 200


def test_a_link_for_a_password_is_remembered(world: World, database: Database) -> None:
    page = f"/people/{_person(database, 'olga')}"
    world.admin.get(page)
    assert world.admin.post(f"{page}/link").status_code == 200
    assert _one(database, "SELECT count(*) FROM ledger_entries WHERE event = 'person.link_issued'") == 1
