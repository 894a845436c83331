"""Webhooks by the API: the whole life of one, the log, replay, and who may not."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask import Flask

from app.database import Database, transaction
from app.webhooks import managing
from app.webhooks.models import Endpoint, FeedEntry
from config import Settings
from tests.intake.arrivals import bearer, key_of
from tests.webhooks.people import a_package, actor_of, attempts, deliveries, endpoint_now, happen, patiently, rows
from tests.webhooks.receivers import receiving

DOOR = "/api/v1/webhooks"
MANAGE = ("webhook:manage", "declaration:read")


class Machine:
    """A program with a key."""

    def __init__(self, app: Flask, key: str) -> None:
        self.client, self.key = app.test_client(), key

    def ask(self, method: str, path: str = "", *, status: int = 200, body: Any = None, **query: Any) -> Any:
        answer = self.client.open(DOOR + path, method=method, headers=bearer(self.key), json=body, query_string=query)
        assert answer.status_code == status, answer.text
        return answer.get_json(silent=True)


@pytest.fixture
def machine(app: Flask, database: Database) -> Machine:
    return Machine(app, key_of(database, scopes=MANAGE))


def test_the_whole_life_of_a_webhook(machine: Machine, database: Database, couriers: Any, follow: Any) -> None:
    with receiving() as receiver:
        made = machine.ask(
            "POST", body={"url": receiver.url(), "label": "ERP", "events": ["declaration.asked"]}, status=201
        )
        here = f"/{made['id']}"
        assert machine.ask("GET")["rows"] == [made] == [machine.ask("GET", here)]
        assert machine.ask("PATCH", here, body={"label": "Warehouse"})["url"] == made["url"]
        assert machine.ask("PATCH", here, body={"events": []})["label"] == "Warehouse"
        (stale,) = rows(database, Endpoint, id=uuid.UUID(made["id"]))
        machine.ask("PATCH", here, body={"label": "Stock"})
        with machine.client.application.app_context(), transaction(database):
            # Who changes the filter alone knows nothing of the name that came meanwhile, and undoes nothing.
            changed = managing.change(stale, url=None, label=None, events=["clearance.issued"], by=actor_of("vera"))
            assert (changed.label, changed.url) == ("Stock", made["url"])
        machine.ask("PATCH", here, body={"events": [], "label": "Warehouse"})
        (secret,) = machine.ask("GET", f"{here}/secret")["secrets"]
        both = machine.ask("POST", f"{here}/rotate", body={"hours": 1})["secrets"]
        assert both[1] == secret
        assert machine.ask("GET", here)["two_secrets_until"]
        machine.ask("POST", f"{here}/rotate", body={"hours": 169}, status=400)
        tried = machine.ask("POST", f"{here}/test", status=202)
        assert (tried["type"], tried["position"], tried["status"]) == ("webhook.test", None, "pending")
        couriers()
        happen(database, a_package(database), "declaration.asked", "declaration.resumed")
        follow()
        log = f"{here}/deliveries"
        patiently(lambda: len(_delivered(machine, log)) == 3)
        newest = machine.ask("GET", log, limit=1)
        assert newest["next"]
        whole = machine.ask("GET", f"{log}/{newest['rows'][0]['id']}")
        assert whole["attempts"][0]["status"] == 200
        assert whole["payload"]["type"] == "declaration.resumed"
        assert whole["payload"] == json.loads(receiver.received[-1].body), "what was sent, to the letter"
        assert whole["payload"]["data"]["id"] == whole["delivery"]["event_id"] == receiver.received[-1].id
        again = machine.ask("POST", f"{log}/{newest['rows'][0]['id']}/replay", status=202)
        assert (again["replay"], again["event_id"]) == (1, whole["delivery"]["event_id"])
        machine.ask("POST", f"{log}/{tried['id']}/replay", status=409)
        patiently(lambda: len(receiver.received) == 4)
        assert receiver.received[-1].id == whole["delivery"]["event_id"]
        assert receiver.received[-1].body == receiver.received[-2].body
        patiently(lambda: len(_delivered(machine, log)) == 4)
        assert machine.ask("POST", f"{here}/replay", body={"after": 0}, status=202) == {"queued": 2, "after": None}
    machine.ask("POST", f"{here}/pause")
    machine.ask("POST", f"{here}/pause", status=409)
    machine.ask("POST", f"{here}/replay", body={}, status=409)
    assert machine.ask("POST", f"{here}/enable")["status"] == "active"
    machine.ask("DELETE", here, status=204)
    for method, path in (("GET", here), ("DELETE", here), ("GET", log), ("POST", f"{here}/enable")):
        machine.ask(method, path, status=404)


def _delivered(machine: Machine, log: str) -> Any:
    answer = machine.client.get(DOOR + log, headers=bearer(machine.key), query_string={"status": "delivered"})
    return answer.get_json()["rows"]


def test_what_was_lost_is_replayed(machine: Machine, database: Database, register: Any, follow: Any) -> None:
    endpoint = register("https://hooks.example.com/")
    here = f"/{endpoint.id}"
    machine.ask("POST", f"{here}/pause")
    happen(database, a_package(database), *["declaration.asked"] * 3)
    follow()
    assert deliveries(database, endpoint) == []
    machine.ask("POST", f"{here}/enable")
    assert machine.ask("GET", here)["lost_from"] == 0
    assert machine.ask("POST", f"{here}/replay", body={}, status=202) == {"queued": 3, "after": None}
    assert machine.ask("GET", here)["lost_from"] is None
    assert machine.ask("POST", f"{here}/replay", body={}, status=202)["queued"] == 0
    places = [one.position for one in rows(database, FeedEntry)]
    assert [one.feed_position for one in deliveries(database, endpoint)] == places


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"url": "https://127.0.0.9:1/", "events": ["nothing"]}, "EVENT-UNKNOWN", "/events"),
        ({"url": "https://10.0.0.1/"}, "URL-INSIDE", "/url"),
        ({"url": "https://hooks"}, "URL-HOST", "/url"),
        ({"url": "https://a@hooks.example.com/"}, "URL-USER", "/url"),
        ({"url": ""}, "URL-SCHEME", "/url"),
    ],
)
def test_what_cannot_be_added_is_refused(
    machine: Machine, database: Database, body: Any, code: str, pointer: str
) -> None:
    errors = machine.ask("POST", body=body, status=422)["errors"]
    assert [(one["code"], one["pointer"]) for one in errors] == [(code, pointer)]
    assert all(one["remedy"] for one in errors)
    assert rows(database, Endpoint) == []


@pytest.mark.parametrize(
    "body", [None, [], {}, {"url": 1}, {"url": "https://h.by/", "status": "removed"}, {"url": "x" * 501}]
)
def test_what_is_no_request_is_refused(machine: Machine, body: Any) -> None:
    machine.ask("POST", body=body, status=400)


def test_it_is_its_organisations_alone(
    app: Flask, machine: Machine, database: Database, register: Any, follow: Any
) -> None:
    endpoint = register("https://hooks.example.com/")
    happen(database, a_package(database), "declaration.asked")
    follow()
    told = f"/{endpoint.id}/deliveries/{deliveries(database, endpoint)[0].id}"
    others, reader = (
        Machine(app, key_of(database, "anna", MANAGE)),
        Machine(app, key_of(database, scopes=("declaration:read",))),
    )
    assert others.ask("GET")["rows"] == []
    reader.ask("GET", status=403)
    paths = [("GET", ""), ("DELETE", ""), ("GET", "/secret"), ("POST", "/pause"), ("POST", "/enable"), ("POST", "/test"),
             ("GET", "/deliveries")]  # fmt: skip
    for stranger in (others, reader):
        for method, path in paths:
            stranger.ask(method, f"/{endpoint.id}{path}", status=404)
        stranger.ask("PATCH", f"/{endpoint.id}", body={"label": "x"}, status=404)
        stranger.ask("POST", f"/{endpoint.id}/rotate", body={"hours": 0}, status=404)
        stranger.ask("POST", f"/{endpoint.id}/replay", body={}, status=404)
        stranger.ask("GET", told, status=404)
        stranger.ask("POST", f"{told}/replay", status=404)
    assert endpoint_now(database, endpoint).status == "active"


def test_a_real_window_leads_to_no_loopback(
    app: Flask, settings: Settings, machine: Machine, register: Any, database: Database, couriers: Any, follow: Any
) -> None:
    """Not when it is typed, and not by what was typed while the setting allowed it."""
    endpoint = register("http://127.0.0.1:9/")
    app.extensions["akno.settings"] = settings
    for url in ("http://127.0.0.1:9/", "https://127.0.0.1/", "https://localhost/", "http://localhost/"):
        machine.ask("POST", body={"url": url}, status=422)
    happen(database, a_package(database), "declaration.asked")
    follow()
    couriers()
    (waiting,) = patiently(lambda: [one for one in deliveries(database, endpoint) if one.attempts])
    assert attempts(database, waiting)[0].error == "URL-SCHEME"
