"""C-GDPR: a person fetches everything that is held; an erased one is nowhere but where the law keeps acts, and R20 stays green."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest
import sqlalchemy as sa
from lxml import html

import app.tables
from app.access import SYSTEM, Actor, permissions_of
from app.database import Base, Database, transaction
from app.errors import NotAllowed, Unavailable
from app.identity import accounts
from app.identity.models import Membership, Organisation, Person
from app.jobs import registry
from app.privacy import erasing, exporting, tables
from app.privacy.models import Erasure, PersonExport
from tests.factories.world import World
from tests.journeys.roads import approve, file_xml, open_case, packed, state
from tests.privacy.test_keeping import leaves_verify

assert app.tables.ALL_MODELS
REASON = "The contract has ended and the account is not needed."


def person_of(database: Database, name: str) -> tuple[str, str, str]:
    """Id, full name and e-mail of somebody of the country."""
    with transaction(database, writing=False) as session:
        row = session.execute(
            sa.select(Person.id, Person.full_name, Person.email).where(Person.email.like(f"{name}@%"))
        )
        found = row.one()
        return str(found[0]), found[1], found[2]


def second_administrator(database: Database) -> None:
    """Vera's namesake at the operator: somebody who can confirm."""
    with transaction(database) as session:
        operator = session.scalars(sa.select(Organisation).where(Organisation.kind == "operator")).one()
        made = accounts.create_person(
            email="second@example.by", full_name="Другі Адміністратар", language="en", personal_number="", by=SYSTEM
        )
        accounts.add_membership(made, operator, roles=["administrator"], post="", office_code="", by=SYSTEM,
            valid_from=session.scalar(sa.select(sa.func.min(Membership.valid_from))), valid_to=None)  # fmt: skip
        made.password_hash = "$argon2id$none"


def everywhere(database: Database, words: str) -> set[str]:
    """Every column of every table in which some words stand."""
    found = set()
    with transaction(database, writing=False) as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if words in _said(value)}
    return found


def _said(value) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def test_r20_an_erased_officer_is_nowhere_but_in_official_acts_and_the_ledger_still_verifies(
    world: World, database: Database
) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    number = state(world.anna, where)["number"]
    approve(world.olga, number)
    key, name, email = person_of(database, "olga")
    world.admin.get(f"/people/{key}/erase")
    assert world.admin.page.status_code == 200
    with transaction(database, writing=False) as session:
        entries, heads = leaves_verify(session), session.execute(sa.text("SELECT leaf_hash FROM ledger_entries")).all()
    answer = world.admin.post(f"/people/{key}/erase", reason=REASON)
    assert answer.status_code == 303, answer.text
    with transaction(database, writing=False) as session:
        assert leaves_verify(session) >= entries + 1
        assert session.execute(sa.text("SELECT leaf_hash FROM ledger_entries")).all()[: len(heads)] == heads
    acts = {f"{place.table}.{column}" for place in tables.places() if place.action == "act" for column in place.columns}
    assert everywhere(database, name) <= acts
    assert everywhere(database, name)  # the decision is an official act
    assert everywhere(database, email) == set()
    assert world.olga.browser.get("/queue").status_code in (302, 303)
    with transaction(database, writing=False) as session:
        for table in ("sign_in_sessions", "factors", "recovery_codes", "notices"):
            rows = Base.metadata.tables[table]
            mine = sa.select(sa.func.count()).select_from(rows).where(rows.c.person_id == uuid.UUID(key))
            assert session.scalar(mine) == 0, table
    page = world.audit.get(where).text
    assert name not in html.fromstring(page).text_content()
    assert erasing.ERASED in world.admin.get(f"/people/{key}").text
    assert world.admin.post(f"/people/{key}/erase", reason=REASON).status_code == 404


def test_who_has_work_under_way_is_not_erased(world: World, database: Database) -> None:
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    open_case(world.olga, state(world.anna, where)["number"])
    for who, words in (("anna", "Packages that this person filed"), ("olga", "Cases are held")):
        key, name, _email = person_of(database, who)
        world.admin.get("/account?lang=en")
        assert words in world.admin.get(f"/people/{key}/erase").text
        answer = world.admin.post(f"/people/{key}/erase", reason=REASON)
        assert answer.status_code == 409
        assert "work under way" in answer.text
        assert everywhere(database, name)


def test_a_second_administrator_confirms_and_the_first_cannot(world: World, database: Database) -> None:
    second_administrator(database)
    key, name, _email = person_of(database, "henadz")
    world.admin.get(f"/people/{key}/erase")
    assert world.admin.post(f"/people/{key}/erase", reason="short").status_code == 422
    assert world.admin.post(f"/people/{key}/erase", reason=REASON).status_code == 303
    with transaction(database, writing=False) as session:
        waiting = session.scalars(sa.select(Erasure)).one()
    assert waiting.done_at is None
    assert everywhere(database, name) == {"people.full_name"}
    assert world.admin.post(f"/erasures/{waiting.id}/confirm").status_code == 403
    with transaction(database) as session:
        first = Actor(person_id=waiting.asked_by_id, kind="operator", permissions=permissions_of(["administrator"]))
        with pytest.raises(NotAllowed):
            erasing.confirm(session.get(Erasure, waiting.id), by=first)
    with transaction(database) as session:
        other = session.scalars(sa.select(Person).where(Person.email == "second@example.by")).one()
        by = Actor(person_id=other.id, kind="operator", permissions=permissions_of(["administrator"]))
        erasing.confirm(session.get(Erasure, waiting.id), by=by)
    assert everywhere(database, name) == set()
    assert world.admin.post(f"/erasures/{waiting.id}/drop").status_code == 404


def test_an_erasure_can_be_taken_back(world: World, database: Database) -> None:
    second_administrator(database)
    key, name, _email = person_of(database, "henadz")
    world.admin.get(f"/people/{key}/erase")
    world.admin.post(f"/people/{key}/erase", reason=REASON)
    with transaction(database, writing=False) as session:
        waiting = session.scalars(sa.select(Erasure)).one()
    assert world.admin.post(f"/people/{key}/erase", reason=REASON).status_code == 409
    assert world.admin.post(f"/erasures/{waiting.id}/drop").status_code == 303
    assert everywhere(database, name) == {"people.full_name"}


def test_nobody_else_erases_and_nobody_themselves(world: World, database: Database) -> None:
    key, _name, _email = person_of(database, "admin")
    assert world.admin.get(f"/people/{key}/erase").status_code == 403
    other, _name, _email = person_of(database, "henadz")
    for who in (world.anna, world.olga, world.audit):
        who.get("/account")
        assert who.post(f"/people/{other}/erase", reason=REASON).status_code in (403, 404)


def test_a_place_that_nobody_has_thought_of_stops_an_erasure(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guard that cannot work holds."""
    key, name, _email = person_of(database, "henadz")
    monkeypatch.setattr(erasing, "unplaced", lambda: [("new_table", "person_id")])
    world.admin.get("/account")
    assert world.admin.post(f"/people/{key}/erase", reason=REASON).status_code == Unavailable.status
    assert everywhere(database, name) == {"people.full_name"}


# --- a copy for the person ----------------------------------------------------------------------------------------


def test_a_person_fetches_everything_that_is_held_and_nobody_else_does(world: World, database: Database) -> None:
    file_xml(world.anna, packed("beef_flowers_pet"))
    world.anna.get("/account/data")
    assert world.anna.post("/account/data/export").status_code == 303
    assert world.anna.post("/account/data/export").status_code == 303
    with transaction(database, writing=False) as session:
        row = session.scalars(sa.select(PersonExport)).one()
    where = f"/account/data/exports/{row.id}"
    assert world.anna.browser.get(where).status_code == 404  # not made yet
    with world.app.app_context():
        for _again in range(2):
            with transaction(database):
                registry.run(exporting.JOB, str(row.id))
    assert where in world.anna.get("/account/data").text
    answer = world.anna.browser.get(where)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    told = json.loads(archive.read("data.json"))
    parts = {(part["table"], part["column"]): part["rows"] for part in told["parts"]}
    key, name, email = person_of(database, "anna")
    assert parts["people", "id"][0]["email"] == email
    assert len(parts["declarations", "filed_by_id"]) == 1
    assert len(parts["memberships", "person_id"]) >= 1
    assert {one["event"] for one in parts["ledger_entries", "person_id"]} >= {"declaration.submitted"}
    assert set(parts) >= {(place.table, place.column) for place in tables.places()}
    page = archive.read("index.html").decode()
    assert name in page
    html.fromstring(page)
    for world_of in (world.vera, world.admin, world.audit):
        world_of.get("/account")
        assert world_of.browser.get(where).status_code == 404
    with transaction(database, writing=False) as session:
        hashes = [
            session.scalar(sa.select(Person.password_hash).where(Person.email == email)),
            *session.scalars(sa.text("SELECT token_hash FROM sign_in_sessions")),
        ]
        events = session.execute(sa.text("SELECT event FROM ledger_entries WHERE event = 'person.exported'")).all()
    assert len(events) == 1
    whole = archive.read("data.json").decode()
    for secret in hashes:
        assert secret not in whole
    assert key in whole


def test_a_copy_tells_nothing_of_the_colleague_who_stands_in_the_same_row(world: World, database: Database) -> None:
    """Two officers sign one decision: each is told her own name, post and number, and not the other's; nor what a trader filed."""
    file_xml(world.anna, packed("beef_flowers_pet"))
    with world.app.app_context(), transaction(database, writing=False) as session:
        anna = session.scalars(sa.select(Person).where(Person.email.like("anna@%"))).one()
        whole = str(exporting.gather(anna))
        goods = session.scalar(sa.text("SELECT goods_summary FROM declarations"))
    assert goods
    assert goods not in whole
    decisions = {place.column: exporting._of_others(place) for place in tables.places() if place.table == "decisions"}
    assert decisions["person_id"] == {"second_person_name", "second_post", "second_personal_number"}
    assert decisions["second_person_id"] == {"person_name", "post", "personal_number"}


def test_the_page_says_how_long_things_are_kept(world: World) -> None:
    page = world.vera.get("/account/data?lang=en").text
    assert "5 years" in page
    assert "90 days" in page
