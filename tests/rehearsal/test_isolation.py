"""What is filed with a test key touches nothing of the live window; a key opens its own window alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask
from lxml import html

from app import clock, tables
from app.access import SYSTEM
from app.cli.founding import actor
from app.database import Database, session, transaction
from app.declarations.models import NumberCounter
from app.identity import accounts, mandates
from app.identity.models import ApiKey, Mandate, Membership, Organisation, Person
from app.ledger.models import Entry
from app.rehearsal import mirroring
from app.rehearsal.staffing import DOMAIN
from app.rehearsal.window import WINDOW, Rehearsal
from config import Settings
from tests.factories.world import World
from tests.intake.arrivals import DOOR, FILE, bearer, counted, grown, key_of, post
from tests.journeys.roads import packed
from tests.rehearsal.rehearsing import KEYS, Integrator, make_key

Look = Callable[[], None]
LRNS = ("AN-1", "AN-2-REFUSE", "AN-3-QUESTION", "AN-4-SLOW", "AN-5-PART")


def engine_rows(database: Database) -> int:
    """How many jobs the engine of a database ever knew."""
    table = "workflow_status" if database.name == "sqlite" else "dbos.workflow_status"
    with database.reading.connect() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


def kept(folder: Path) -> set[str]:
    """The blobs of the live store."""
    return {str(one.relative_to(folder)) for one in folder.glob("[0-9a-f][0-9a-f]/*")}


def test_no_row_of_any_live_table_and_no_blob_comes_of_a_test(
    app: Flask, database: Database, both: Settings, beside: Rehearsal, world: World, robots: Look
) -> None:
    assert len(tables.__dict__) > 0
    world.anna.sign_in()
    before, jobs, blobs = counted(database), engine_rows(database), kept(both.storage_dir)
    anna = Integrator(beside, world.anna)
    # The portal wrote nothing either: key, holder and what happened stand in the second window.
    assert grown(before, counted(database)) == {}
    with time_machine.travel(clock.now(), tick=True) as traveller:
        for lrn in LRNS:
            anna.file("beef_flowers_pet", lrn)
        for _ in range(4):
            robots()
        traveller.shift(timedelta(seconds=61))
        robots()
    assert [anna.status(lrn) for lrn in LRNS] == ["released", "refused", "awaiting-trader", "under-review", "released"]
    assert anna.post(b"<nothing/>", Idempotency_Key="x").status_code == 422
    assert grown(before, counted(database)) == {}
    assert engine_rows(database) == jobs
    assert kept(both.storage_dir) == blobs
    assert engine_rows(beside.database) > 0
    for who, page in (
        (world.anna, "/packages"),
        (world.olga, "/queue"),
        (world.maria, "/queue"),
        (world.anna, "/file"),
    ):
        assert "AN-" not in who.get(page).text


def test_numbers_are_counted_apart(app: Flask, database: Database, anna: Integrator) -> None:
    first = anna.file("beef_flowers_pet", "AN-1")
    with transaction(database, writing=False):
        assert session().scalar(sa.select(sa.func.count()).select_from(NumberCounter)) == 0
    live = post(app, key_of(database, "anna"), packed("beef_flowers_pet", lrn="AN-1").as_zip(), Idempotency_Key="1")
    assert live.status_code == 201, live.text
    # The first of the day in each window: the shapes are the real ones, so a program parses what it will meet.
    assert live.get_json()["number"] == first
    assert "Akno-Mode" not in live.headers


def test_a_key_opens_its_own_window_alone(app: Flask, database: Database, vera: Integrator) -> None:
    live = key_of(database)
    for key in (live.replace("akno_live_", "akno_test_"), vera.key.replace("akno_test_", "akno_live_")):
        answer = post(app, key, packed("bicycles").as_zip(), Idempotency_Key="x")
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), answer.text
    assert vera.post(packed("bicycles", lrn="VM-9").as_zip(), Idempotency_Key="y").headers["Akno-Mode"] == "test"
    # A page is no API: there a key says nothing, of whatever window it is.
    assert app.test_client().get("/packages", headers=bearer(vera.key)).status_code == 302


def test_the_second_window_answers_the_api_alone(app: Flask, vera: Integrator) -> None:
    answer = app.test_client().get("/healthz", headers=bearer(vera.key))
    assert "Akno-Mode" not in answer.headers
    for scheme in ("bearer", "BEARER", "Bearer "):
        answer = app.test_client().post(DOOR, data=b"x", headers={"Authorization": f"{scheme} {vera.key}"})
        assert answer.headers["Akno-Mode"] == "test", scheme


def test_a_revoked_test_key_is_dead_at_once(app: Flask, vera: Integrator) -> None:
    vera.who.get(KEYS)
    assert vera.who.submit("/revoke").status_code == 200
    assert vera.post(b"x").status_code == 401


def test_a_rotated_test_key_stays_good_beside_the_new_one(app: Flask, vera: Integrator) -> None:
    vera.who.get(KEYS)
    answer = vera.who.submit("/rotate")
    assert answer.status_code == 200
    assert "akno_test_" in answer.text
    assert vera.post(b"x", Idempotency_Key="x").status_code == 422


def test_what_was_asked_with_a_test_key_stands_at_the_key(vera: Integrator, world: World) -> None:
    vera.post(b"x", Idempotency_Key="x")
    key_id = html.fromstring(vera.who.get(KEYS).text).xpath("//ul[@class='tasks']//a/@href")[0]
    page = vera.who.get(key_id)
    assert page.status_code == 200
    assert "POST /api/v1/declarations" in page.text
    assert "POST" not in vera.who.get(f"{key_id}?kind=nonsense").text
    assert world.anna.get(key_id).status_code == 404


def test_somebody_elses_test_keys_are_not_there(beside: Rehearsal, vera: Integrator, world: World) -> None:
    with beside.opened(writing=False):
        key_id = session().scalars(sa.select(ApiKey.id)).one()
    world.anna.get(KEYS)
    assert world.anna.post(f"{KEYS}/{key_id}/revoke").status_code == 404
    assert world.piotr.get(KEYS).status_code == 403
    assert world.olga.get(KEYS).status_code == 403
    assert vera.post(b"x", Idempotency_Key="x").status_code == 422


# --- who is who -----------------------------------------------------------------------------------------------------


def test_of_people_only_what_a_test_needs_is_copied(beside: Rehearsal, world: World) -> None:
    make_key(world.bogdan)
    with beside.opened(writing=False):
        people = {one.full_name: one for one in session().scalars(sa.select(Person))}
        houses = set(session().scalars(sa.select(Organisation.unp).where(Organisation.unp.is_not(None))))
        trusted = session().scalars(sa.select(Mandate)).all()
    assert {one.password_hash for one in people.values()} == {""}
    assert all(one.email.endswith(f"@{DOMAIN}") for one in people.values())
    assert people.keys() >= {"Багдан Гранічны", mirroring.NAMELESS}
    assert "Ганна Каваленка" not in people
    assert houses >= {"191678343", "190142358"}
    assert trusted


def test_a_broker_files_for_the_trader_of_a_mandate_until_it_ends(
    app: Flask, database: Database, beside: Rehearsal, world: World
) -> None:
    broker = Integrator(beside, world.bogdan)
    assert broker.post(packed("beef_flowers_pet", lrn="B-1").as_zip(), Idempotency_Key="1").status_code == 201
    with app.app_context(), transaction(database) as live:
        anna = actor("anna")
        held = live.scalars(sa.select(Mandate).where(Mandate.trader_id == anna.organisation_id)).all()
        for mandate in held:
            mandates.end(mandate, by=anna)
    with beside.opened():
        assert mirroring.refresh() == 1
    refused = broker.post(packed("beef_flowers_pet", lrn="B-2").as_zip(), Idempotency_Key="2")
    assert refused.status_code in (403, 422), refused.text


def test_who_is_disabled_in_the_live_window_comes_no_more(app: Flask, database: Database, vera: Integrator) -> None:
    with app.app_context(), transaction(database) as live:
        person = live.scalars(sa.select(Person).where(Person.email.like("vera@%"))).one()
        accounts.disable(person, by=SYSTEM)
    with vera.beside.opened():
        mirroring.refresh()
    assert vera.post(b"x").status_code == 401


def test_who_was_copied_from_a_database_that_is_no_more_makes_way(beside: Rehearsal, world: World) -> None:
    with beside.opened():
        stale = accounts.register_organisation(kind="trader", name="Старая", unp="192381579", by=SYSTEM)
    vera = Integrator(beside, world.vera)
    vera.file("bicycles", "VM-1")
    with beside.opened(writing=False):
        assert session().get_one(Organisation, stale.id).closed_at is not None
        assert session().scalars(sa.select(Membership.organisation_id).where(Membership.id.in_(_held()))).all()


def _held() -> Any:
    return sa.select(ApiKey.membership_id)


# --- not there yet --------------------------------------------------------------------------------------------------


def test_until_it_is_prepared_it_says_so_and_makes_no_file(
    app: Flask, both: Settings, world: World, tmp_path: Path
) -> None:
    beside: Rehearsal = app.extensions[WINDOW]
    elsewhere = both.model_copy(update={"rehearsal_database_url": f"sqlite:///{tmp_path / 'none.db'}"})
    fresh = Rehearsal(elsewhere, beside.live, beside._make)
    app.extensions[WINDOW] = fresh
    try:
        page = world.vera.get(KEYS)
        assert page.status_code == 200
        assert 'action="/account/test-keys"' not in page.text
        assert world.vera.post(KEYS, label="x", scopes="file").status_code == 503
        app.wsgi_app.rehearsal = fresh
        answer = post(app, "akno_test_0123456789_x", b"x")
        assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert not (tmp_path / "none.db").exists()
    finally:
        app.extensions[WINDOW] = app.wsgi_app.rehearsal = beside


def test_where_no_database_is_named_it_is_not_set_up(app: Flask, both: Settings, world: World) -> None:
    beside: Rehearsal = app.extensions[WINDOW]
    none = both.model_copy(update={"rehearsal_database_url": both.database_url})
    app.extensions[WINDOW] = Rehearsal(none, beside.live, beside._make)
    try:
        page = world.vera.get(KEYS)
        assert "AKNO_REHEARSAL_DATABASE_URL" in page.text
    finally:
        app.extensions[WINDOW] = beside


def test_every_entry_of_a_test_is_in_its_own_ledger(database: Database, vera: Integrator) -> None:
    vera.file("bicycles", "VM-1")
    with vera.beside.opened(writing=False):
        events = set(session().scalars(sa.select(Entry.event)))
    assert {"key.created", "declaration.submitted", "review.opened"} <= events
    assert FILE
