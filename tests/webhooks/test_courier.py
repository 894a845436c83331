"""The courier on its way: order, retries, leases, what stops an endpoint, and that endpoints do not wait for each other."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app import clock
from app.database import Database, transaction
from app.notifications.models import Notice
from app.webhooks import attempting, managing, replaying, signing
from app.webhooks.delivering import Outcome
from app.webhooks.models import Delivery, Endpoint, FeedEntry
from config import Settings
from tests.webhooks import receivers
from tests.webhooks.people import (
    a_package,
    actor_of,
    attempts,
    deliveries,
    due_now,
    endpoint_now,
    happen,
    patiently,
    rows,
)
from tests.webhooks.receivers import receiving
from tests.webhooks.test_addresses import answering

Couriers = Callable[..., Any]
Register = Callable[..., Endpoint]
Follow = Callable[[], None]


def told(database: Database, endpoint: Endpoint, number: int = 1) -> list[Delivery]:
    """The deliveries of an endpoint, once so many of them have ended."""
    return patiently(  # type: ignore[no-any-return]
        lambda: (
            (found := [one for one in deliveries(database, endpoint) if one.ended_at])
            and len(found) >= number
            and found
        )
    )


def tried(database: Database, endpoint: Endpoint, times: int = 1) -> Delivery:
    """The first delivery of an endpoint, once it was tried so often and waits again."""
    return patiently(  # type: ignore[no-any-return]
        lambda: next((one for one in deliveries(database, endpoint)[:1] if one.attempts == times), None)
    )


def test_an_event_arrives_signed_and_is_in_the_log(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    with receiving() as receiver:
        endpoint = register(receiver.url("/akno"))
        happen(database, a_package(database), "declaration.resumed")
        follow()
        couriers()
        (done,) = told(database, endpoint)
    (got,) = receiver.received
    (entry,) = rows(database, FeedEntry)
    assert json.loads(got.body) == done.payload
    assert got.id == str(entry.event_id) == json.loads(got.body)["data"]["id"]
    assert got.headers["content-type"] == "application/json"
    with app.app_context():
        secrets = managing.secrets_of(endpoint)
    stamp = int(got.headers["webhook-timestamp"])
    assert got.headers["webhook-signature"] == signing.signature(secrets, got.id, stamp, got.body)
    assert abs(stamp - clock.now().timestamp()) < 60
    (attempt,) = attempts(database, done)
    assert (done.status, attempt.number, attempt.status_code, attempt.answer) == ("delivered", 1, 200, "thank you")


def test_the_events_of_an_endpoint_come_in_order_one_at_a_time(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    lock, doubled = threading.Lock(), []

    def alone(handler: Any) -> None:
        if not lock.acquire(blocking=False):
            doubled.append(1)
        handler.receiver.ending.wait(0.01)
        receivers.ok(handler)
        if lock.locked():
            lock.release()

    with receiving({"/": alone}) as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), *["declaration.asked", "declaration.resumed"] * 10)
        follow()
        couriers()
        couriers()
        told(database, endpoint, 20)
    places = [json.loads(one.body)["data"]["position"] for one in receiver.received]
    assert places == sorted(set(places)), "in order, and two couriers send nothing twice"
    assert len(places) == 20
    assert doubled == []


def test_a_receiver_that_fails_is_tried_again_under_the_same_id_while_the_rest_waits(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    answers = [500, 302, 200, 200]
    with receiving({"/": lambda handler: receivers.status(answers.pop(0))(handler)}) as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), "declaration.asked", "declaration.resumed")
        follow()
        couriers()
        first = tried(database, endpoint, 1)
        pause = first.next_at - attempts(database, first)[0].at
        assert timedelta(seconds=4.9) < pause < timedelta(seconds=8)
        assert len(receiver.received) == 1, "what comes later waits and is not tried"
        due_now(database)
        first = tried(database, endpoint, 2)
        assert timedelta(minutes=4.9) < first.next_at - attempts(database, first)[1].at < timedelta(minutes=6)
        due_now(database)
        told(database, endpoint, 2)
    ids = [one.id for one in receiver.received]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert len({one.body for one in receiver.received[:3]}) == 1
    assert [one.status_code for one in attempts(database, first)] == [500, 302, 200]


def test_the_pauses_are_those_of_the_standard() -> None:
    seconds = [one.total_seconds() for one in attempting.RETRIES]
    assert seconds == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert 75 < sum(seconds) / 3600 < 76


def test_three_days_without_an_answer_stop_the_endpoint_and_nothing_is_lost(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    answers = [500] * 10
    with receiving({"/": lambda handler: receivers.status(answers.pop() if answers else 200)(handler)}) as receiver:
        endpoint = register(receiver.url())
        package = a_package(database)
        happen(database, package, "declaration.asked", "declaration.resumed")
        follow()
        courier = couriers()
        for number in range(1, 10):
            tried(database, endpoint, number)
            due_now(database)
        (failed,) = told(database, endpoint)
        assert (failed.status, failed.attempts, len(attempts(database, failed))) == ("failed", 10, 10)
        stopped = endpoint_now(database, endpoint)
        assert (stopped.status, stopped.disabled_because) == ("disabled", "exhausted")
        happen(database, package, "declaration.asked")
        follow()
        waiting = [one.status for one in deliveries(database, endpoint)]
        assert waiting == ["failed", "pending"], "what happens while it stands still is in the feed alone"
        assert len(receiver.received) == 10
        with app.app_context(), transaction(database):
            managing.enable(stopped, by=actor_of("vera"))
            done = replaying.replay_lost(stopped, by=actor_of("vera"))
        assert (done.number, done.following) == (2, None)
        told(database, endpoint, 4)
        assert courier is not None
    positions = [json.loads(one.body)["data"]["position"] for one in receiver.received[10:]]
    entries = [one.position for one in rows(database, FeedEntry)]
    assert positions == [entries[1], entries[0], entries[2]], "what waited, then what was lost"
    assert endpoint_now(database, endpoint).lost_from is None


def test_gone_stops_at_once_and_its_organisation_is_told(
    database: Database, couriers: Couriers, register: Register, follow: Follow, worker: Any, settings: Settings
) -> None:
    with receiving({"/": receivers.status(410)}) as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), "declaration.asked", "declaration.resumed")
        follow()
        couriers()
        patiently(lambda: endpoint_now(database, endpoint).status == "disabled")
    assert len(receiver.received) == 1
    assert endpoint_now(database, endpoint).disabled_because == "gone"
    assert [one.status for one in deliveries(database, endpoint)] == ["failed", "pending"]
    worker.follow()
    (notice,) = rows(database, Notice, event="webhook.disabled")
    assert (notice.path, notice.mail, notice.shown) == (f"/account/webhooks/{endpoint.id}", "now", True)
    worker.drain()
    (letter,) = [one.read_text() for one in settings.mail_dir.glob(f"notices-{notice.id}.eml")]
    assert "To: vera@" in letter


def test_what_ended_a_month_ago_is_forgotten_and_the_feed_keeps_it(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow, worker: Any
) -> None:
    with receiving() as receiver:
        endpoint, still = register(receiver.url()), register("http://127.0.0.1:1/")
        happen(database, a_package(database), "declaration.asked")
        follow()
        couriers()
        (done,) = told(database, endpoint)
        worker.watch()
        assert len(attempts(database, done)) == 1
        with time_machine.travel(clock.now() + timedelta(days=31)):
            worker.watch()
    assert deliveries(database, endpoint) == attempts(database, done) == []
    assert [one.status for one in deliveries(database, still)] == ["pending"]
    assert len(rows(database, FeedEntry)) == 1


def test_the_queue_is_looked_at_by_an_index(database: Database) -> None:
    """Whatever lies in the log, the head of a queue and a test event are found at once."""
    if database.name != "sqlite":
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    plans = ""
    with database.reading.connect() as connection:
        for query in (attempting._heads(clock.now()), attempting._trials(clock.now())):
            made = query.compile(database.reading)
            values = tuple("x" for _ in made.positiontup or ())
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values)
            plans += " ".join(str(row[3]) for row in plan)
    assert "ix_webhook_deliveries_queue (endpoint_id=? AND status=?)" in plans
    assert "ix_webhook_deliveries_trials" in plans
    assert "SCAN webhook_deliveries" not in plans


def test_a_rotation_signs_twice_until_its_time_is_over(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    with receiving() as receiver:
        endpoint = register(receiver.url())
        with app.app_context(), transaction(database):
            (old,) = managing.secrets_of(endpoint)
            rotated = managing.rotate(endpoint, hours=24, by=actor_of("vera"))
            new, still = managing.secrets_of(rotated)
            assert still == old != new
        package = a_package(database)
        happen(database, package, "declaration.asked")
        follow()
        couriers()
        told(database, endpoint)
        (got,) = receiver.received
        both = signing.signature([new, old], got.id, int(got.headers["webhook-timestamp"]), got.body)
        assert got.headers["webhook-signature"] == both
        with app.app_context(), time_machine.travel(clock.now() + timedelta(hours=25)):
            assert managing.secrets_of(rotated) == [new]
        with app.app_context(), transaction(database):
            at_once = managing.rotate(rotated, hours=0, by=actor_of("vera"))
            assert len(managing.secrets_of(at_once)) == 1


def test_an_address_is_looked_at_again_at_every_delivery(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    """DNS rebinding: good when it was typed and at the first delivery, inside at the second."""
    answers = ["127.0.0.1", "10.0.0.1"]
    with receiving() as receiver:
        endpoint = register(f"http://hooks.example.com:{receiver.port}/")
        happen(database, a_package(database), "declaration.asked", "declaration.resumed")
        follow()
        couriers(resolver=lambda *given, **more: answering(answers.pop(0))(*given, **more))
        told(database, endpoint)
        second = patiently(lambda: next((one for one in deliveries(database, endpoint)[1:] if one.attempts), None))
    assert len(receiver.received) == 1
    # An inside address, and without TLS one that is not of this machine: whichever is said first, nothing is sent.
    assert attempts(database, second)[0].error in ("URL-INSIDE", "URL-SCHEME")


def test_endpoints_do_not_wait_for_each_other(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    behaviours = {"/hang": receivers.hang(30), "/500": receivers.status(500), "/flood": receivers.flood(10**10)}
    with receiving(behaviours) as receiver:
        for path in behaviours:
            register(receiver.url(path))
        good = [register(receiver.url(f"/good/{number}")) for number in range(5)]
        happen(database, a_package(database), *["declaration.asked", "declaration.resumed"] * 5)
        follow()
        couriers(seconds=20)
        for one in good:
            assert {found.status for found in told(database, one, 10)} == {"delivered"}
        assert len(receiver.of("/hang")) == 1, "it hangs on its first event still"


def test_those_who_fail_or_are_slow_have_half_of_the_threads(
    app: Flask, database: Database, register: Register
) -> None:
    endpoints = [register(f"http://127.0.0.1:1/{number}") for number in range(8)]
    with app.app_context(), transaction(database):
        for endpoint in endpoints:
            made = replaying.send_test(endpoint, by=actor_of("vera"))
            made.attempts = 1 if endpoint in endpoints[:6] else 0
    with app.app_context(), transaction(database):
        taken = attempting.claim(free=8, patient=3, slow={endpoints[6].id})
    failed = {one.id for one in endpoints[:7]}
    assert len([one for one in taken if one.endpoint_id in failed]) == 3
    assert endpoints[7].id in {one.endpoint_id for one in taken}


def test_a_lease_that_ran_out_is_anybodys_and_the_late_one_writes_nothing(
    app: Flask, database: Database, register: Register
) -> None:
    endpoint = register("http://127.0.0.1:1/")
    with app.app_context(), transaction(database):
        replaying.send_test(endpoint, by=actor_of("vera"))
    with app.app_context(), transaction(database):
        (first,) = attempting.claim(free=5, patient=5)
        assert attempting.claim(free=5, patient=5) == [], "one has it"
    with time_machine.travel(clock.now() + attempting.LEASE + timedelta(seconds=1)):
        with app.app_context(), transaction(database):
            (second,) = attempting.claim(free=5, patient=5)
            attempting.settle([(first, Outcome(200))])
        assert deliveries(database, endpoint)[0].status == "pending"
        with app.app_context(), transaction(database):
            attempting.settle([(second, Outcome(200))])
    (done,) = deliveries(database, endpoint)
    assert (done.status, len(attempts(database, done))) == ("delivered", 1)


def test_a_killed_worker_leaves_nothing_behind_that_is_not_tried_again(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    with receiving() as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), "declaration.asked")
        follow()
        with app.app_context(), transaction(database):
            assert len(attempting.claim(free=5, patient=5)) == 1, "taken up by one that dies now"
        couriers()
        assert deliveries(database, endpoint)[0].attempts == 0
        with transaction(database) as session:
            session.get_one(Delivery, deliveries(database, endpoint)[0].id).leased_until = clock.now()
        told(database, endpoint)
    assert len(receiver.received) == 1


def test_a_courier_that_is_told_to_end_gives_back_what_it_has_not_sent(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    with receiving() as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), *["declaration.asked"] * 10)
        follow()
        courier = couriers()
        patiently(lambda: receiver.received)
        courier.stop()
    assert not [one for one in deliveries(database, endpoint) if one.leased_until is not None]
    ended = [one for one in deliveries(database, endpoint) if one.ended_at]
    assert len(ended) == len(receiver.received), "whatever arrived is written down"


def test_a_test_event_passes_what_waits_and_is_tried_once(
    app: Flask, database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    answers = [500, 200]
    with receiving({"/": lambda handler: receivers.status(answers.pop(0))(handler)}) as receiver:
        endpoint = register(receiver.url())
        happen(database, a_package(database), "declaration.asked")
        follow()
        couriers()
        tried(database, endpoint)
        with app.app_context(), transaction(database):
            made = replaying.send_test(endpoint, by=actor_of("vera"))
        patiently(lambda: rows(database, Delivery, id=made.id)[0].status == "delivered")
    body = json.loads(receiver.received[1].body)
    assert (body["type"], body["data"]["position"]) == ("webhook.test", 0)
    assert uuid.UUID(receiver.received[1].id) == uuid.UUID(body["data"]["id"])
    assert deliveries(database, endpoint)[0].status == "pending"


def test_no_transaction_is_open_while_the_network_is_waited_for(
    database: Database, couriers: Couriers, register: Register, follow: Follow
) -> None:
    """On SQLite one that writes would hold up everybody: here somebody writes while a receiver hangs."""
    with receiving({"/": receivers.hang(30)}) as receiver:
        register(receiver.url())
        package = a_package(database)
        happen(database, package, "declaration.asked")
        follow()
        couriers(seconds=30)
        patiently(lambda: receiver.received)
        for _ in range(20):
            happen(database, package, "declaration.resumed")


@pytest.mark.parametrize("path", ["/garbage", "/slam"])
def test_what_went_wrong_stands_in_the_log(
    database: Database, couriers: Couriers, register: Register, follow: Follow, path: str
) -> None:
    with receiving({"/garbage": receivers.garbage, "/slam": receivers.slam}) as receiver:
        endpoint = register(receiver.url(path))
        happen(database, a_package(database), "declaration.asked")
        follow()
        couriers()
        first = tried(database, endpoint)
    (attempt,) = attempts(database, first)
    assert (attempt.status_code, attempt.error) == (None, "broken-off")
