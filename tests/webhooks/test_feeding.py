"""The feed: whose it is, what stands in it, in which order, and that nothing comes twice."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cli.founding import actor
from app.database import Database, transaction
from app.identity import mandates
from app.identity.models import Organisation
from app.ledger.events import EVENTS
from app.ledger.models import Cursor
from app.ledger.recording import record
from app.webhooks import feeding
from app.webhooks.knowledge import KNOWN, facts_of
from app.webhooks.messages import MOST, message, written
from app.webhooks.models import Delivery, FeedEntry
from tests.factories.world import World
from tests.intake.arrivals import bearer, key_of
from tests.journeys.roads import file_xml, open_case, packed, sign_all, state
from tests.webhooks.people import a_package, deliveries, happen, patiently, rows

READ = ("declaration:read",)
FEED = "/api/v1/events"
OWN_OF_AGENCIES = (
    "review.claimed",
    "review.proposed",
    "note.written",
    "review.released",
    "declaration.read",
    "proposal.held",
)


def get(app: Flask, key: str, **query: Any) -> Any:
    return app.test_client().get(FEED, query_string=query, headers=bearer(key))


def test_the_table_names_events_and_facts_of_the_ledger() -> None:
    assert set(KNOWN) <= set(EVENTS)
    assert [event for event, row in KNOWN.items() if set(row.facts) - set(EVENTS[event])] == []
    told = {fact for row in KNOWN.values() for fact in row.facts}
    assert [fact for fact in told if fact.endswith(("_digest", "person", "text"))] == []
    assert not set(KNOWN) & set(OWN_OF_AGENCIES)


def test_what_a_row_does_not_name_stays_inside() -> None:
    payload = {"agency": "BY-DVPN", "declaration": "x", "decision": "d", "outcomes": {"1": "approved"}, "text_digest": "t",
               "second": "p", "version": 1, "digest": ""}  # fmt: skip
    assert facts_of("review.decided", payload) == {"agency": "BY-DVPN", "outcomes": {"1": "approved"}, "version": 1}
    assert facts_of("clearance.issued", {"number": "C-1", "sha256": "a"}) == {"clearance_number": "C-1", "sha256": "a"}
    with pytest.raises(KeyError):
        facts_of("note.written", {})


def test_a_message_is_thin() -> None:
    many: dict[str, Any] = {"items": list(range(1, 1000)), "number": "N"}
    made = message(
        "declaration.released", event_id=uuid.uuid4(), position=1, at=clock.now(),
        facts=many, declaration_id=uuid.uuid4(), base_url="https://akno.example",
    )  # fmt: skip
    assert "items" not in made["data"], "a list that long is read from the package itself"
    assert len(written(made)) < MOST
    with pytest.raises(ValueError, match="not thin"):
        written({"x": "y" * MOST})


def broker_of(database: Database, trader: str, broker: str) -> None:
    """Let a broker act for a trader from today on."""
    with transaction(database) as current:
        whose, who = actor(trader), actor(broker)
        houses = [current.get_one(Organisation, one.organisation_id) for one in (whose, who)]
        mandate = mandates.offer(*houses, scope=["import"], valid_from=clock.today(), valid_to=None, by=whose)
        mandates.accept(mandate, by=who)


def test_a_whole_road_is_told_to_the_owner_and_to_the_broker(
    app: Flask, world: World, database: Database, worker: Any
) -> None:
    broker_of(database, "vera", "bogdan")
    package = file_xml(world.bogdan, packed("bicycles"))
    sign_all(world, world.bogdan, package)
    worker.drain(90)
    worker.follow()
    veras, bogdans = (get(app, key_of(database, name, READ)).get_json() for name in ("vera", "bogdan"))
    assert [one["type"] for one in veras["events"]] == [one["type"] for one in bogdans["events"]]
    assert not {one["data"]["id"] for one in veras["events"]} & {one["data"]["id"] for one in bogdans["events"]}
    types = [one["type"] for one in veras["events"]]
    assert types[0] == "declaration.submitted"
    assert {"declaration.routed", "review.opened", "review.decided", "declaration.released", "clearance.issued"} <= set(
        types
    )
    assert set(types) <= set(KNOWN)
    assert get(app, key_of(database, "anna", READ)).get_json() == {"events": [], "after": 0, "more": False}
    number = state(world.vera.sign_in(), package)["number"]
    assert {one["data"]["number"] for one in veras["events"]} == {number}
    for one in veras["events"]:
        said = json.dumps(one, ensure_ascii=False)
        assert not [name for name in ("Марыя", "Вера", "Багдан", "Вело") if name in said]
        assert one["data"]["links"]["page"].endswith(package)
    clearance = next(one for one in veras["events"] if one["type"] == "clearance.issued")["data"]
    path = clearance["links"]["clearance"].removeprefix(app.extensions["akno.settings"].base_url)
    answer = app.test_client().get(path, headers=bearer(key_of(database, "vera", (*READ, "clearance:download"))))
    assert answer.status_code == 200, answer.text


def test_the_feed_is_read_page_by_page_and_nothing_comes_twice(app: Flask, database: Database, follow: Any) -> None:
    package = a_package(database)
    happen(database, package, *["declaration.resumed", "declaration.asked"] * 5)
    follow()
    key, seen, after = key_of(database, scopes=READ), [], 0
    for _ in range(20):
        answer = get(app, key, after=after, limit=3)
        body = answer.get_json()
        assert body["more"] != ("Retry-After" in answer.headers)
        seen += [one["data"]["position"] for one in body["events"]]
        after = body["after"]
        if not body["more"]:
            break
    assert len(seen) == 10
    assert seen == sorted(set(seen))
    assert get(app, key, after=after).get_json() == {"events": [], "after": after, "more": False}
    happen(database, package, "declaration.resumed")
    follow()
    (late,) = get(app, key, after=after).get_json()["events"]
    assert late["data"]["position"] > after


def test_a_filter_leads_on_past_what_it_leaves_out(app: Flask, database: Database, follow: Any) -> None:
    package = a_package(database)
    happen(database, package, "declaration.resumed", "declaration.asked", "declaration.resumed")
    follow()
    key = key_of(database, scopes=READ)
    body = get(app, key, types="declaration.asked").get_json()
    assert [one["type"] for one in body["events"]] == ["declaration.asked"]
    assert body["after"] == rows(database, FeedEntry)[-1].position
    assert get(app, key, types="declaration.withdrawn").get_json()["after"] == body["after"]
    refused = get(app, key, types="declaration.asked,note.written")
    assert refused.status_code == 400
    (error,) = refused.get_json()["errors"]
    assert (error["code"], error["value"], error["pointer"]) == ("EVENT-UNKNOWN", "note.written", "/types")


@pytest.mark.parametrize(
    "query", [{"after": -1}, {"after": "x"}, {"limit": 0}, {"limit": 501}, {"after": 10**30}, {"other": 1}]
)
def test_a_bent_question_is_told_so(app: Flask, database: Database, query: dict[str, Any]) -> None:
    assert get(app, key_of(database, scopes=READ), **query).status_code == 400


def test_the_feed_asks_for_a_key_that_may_read(app: Flask, database: Database) -> None:
    assert app.test_client().get(FEED).status_code == 401
    assert get(app, key_of(database, scopes=("document:upload",))).status_code == 403


def test_reading_twice_tells_nobody_twice(app: Flask, database: Database, follow: Any, register: Any) -> None:
    register("http://127.0.0.1:1/")
    package = a_package(database)
    happen(database, package, "declaration.resumed")
    follow()
    before = [one.id for one in deliveries(database)], [one.event_id for one in rows(database, FeedEntry)]
    assert len(before[0]) == 1
    with transaction(database) as session:
        session.delete(session.get(Cursor, feeding.READER))
    follow()
    assert ([one.id for one in deliveries(database)], [one.event_id for one in rows(database, FeedEntry)]) == before


def test_an_endpoint_is_told_what_it_asked_for_since_it_is_there(
    app: Flask, database: Database, follow: Any, register: Any
) -> None:
    package, annas = a_package(database), a_package(database, "anna")
    happen(database, package, "declaration.resumed")
    every = register("http://127.0.0.1:1/every")
    some = register("http://127.0.0.1:1/some", events=["declaration.asked"])
    happen(database, package, "declaration.resumed", "declaration.asked")
    happen(database, annas, "declaration.asked", by="anna")
    follow()
    assert [one.event for one in deliveries(database, every)] == ["declaration.resumed", "declaration.asked"]
    assert [one.event for one in deliveries(database, some)] == ["declaration.asked"]
    entry = rows(database, FeedEntry, event="declaration.asked")[0]
    told = deliveries(database, some)[0]
    assert told.payload["data"]["id"] == str(entry.event_id)
    feed = get(app, key_of(database, scopes=READ)).get_json()["events"]
    assert told.payload in feed, "feed and webhook say the same to the letter"


def _until(stop: threading.Event, wrong: list[Exception], deed: Callable[[], object]) -> None:
    while not stop.is_set() and not wrong:
        try:
            deed()
        except Exception as error:
            wrong.append(error)


def test_two_readers_at_once_write_one_feed_in_order(app: Flask, database: Database) -> None:
    """Positions rise in the order of commit: a client that reads up to the end misses nothing that comes below it."""
    package = a_package(database)
    stop, wrong, seen = threading.Event(), [], [0]

    def read_on() -> None:
        with app.app_context(), transaction(database):
            feeding.follow()

    def poll() -> None:
        with transaction(database, writing=False) as session:
            query = sa.select(FeedEntry.position).where(FeedEntry.position > seen[-1])
            seen.extend(session.scalars(query.order_by(FeedEntry.position)))

    threads = [threading.Thread(target=_until, args=(stop, wrong, deed)) for deed in (read_on, read_on, poll)]
    for one in threads:
        one.start()
    for _ in range(30):
        happen(database, package, "declaration.resumed", "declaration.asked")
    patiently(lambda: len(seen) > 60 or wrong)
    stop.set()
    for one in threads:
        one.join()
    assert wrong == []
    assert seen[1:] == [one.position for one in rows(database, FeedEntry)]
    assert len(seen) == 61


def test_an_inspection_is_told_once_a_time_was_agreed(world: World, database: Database, follow: Any) -> None:
    """Slots that agencies discuss among themselves are none of the trader's business."""
    package = file_xml(world.anna, packed("beef_flowers_pet"))
    open_case(world.olga, state(world.anna, package)["number"])
    key = uuid.UUID(package.rpartition("/")[2])
    inspection = uuid.uuid4()

    def say(event: str, **payload: Any) -> None:
        with transaction(database):
            record(event, "inspection", inspection, by=actor("olga"), declaration_id=key, **payload)

    say("inspection.slot_proposed", agency="BY-DVPN")
    follow()
    assert rows(database, FeedEntry, event="inspection.slot_proposed") == []
    say("inspection.agreed", place="06611-2")
    say("inspection.cancelled", agency="BY-DVPN")
    follow()
    assert len(rows(database, FeedEntry, event="inspection.cancelled")) == 1
    assert rows(database, FeedEntry, event="inspection.agreed")[0].facts["inspection_id"] == str(inspection)


def test_the_feed_costs_the_same_however_long_the_past_is(app: Flask, database: Database, follow: Any) -> None:
    package = a_package(database)
    key = key_of(database, scopes=READ)

    def cost() -> int:
        counted: list[str] = []

        def listen(*facts: Any) -> None:
            counted.append(facts[2])

        sa.event.listen(database.reading, "before_cursor_execute", listen)
        assert get(app, key).status_code == 200
        sa.event.remove(database.reading, "before_cursor_execute", listen)
        return len(counted)

    happen(database, package, "declaration.resumed")
    follow()
    get(app, key)
    few = cost()
    happen(database, package, *["declaration.resumed"] * 300)
    follow()
    assert cost() == few
    assert len(rows(database, Delivery)) == 0
