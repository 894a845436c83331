"""The pages of webhooks, walked by those who manage them and tried by those who may not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from app.access import SYSTEM
from app.database import Database, transaction
from app.ledger.models import Entry
from app.webhooks import managing
from app.webhooks.lifecycle import DELIVERY
from app.webhooks.models import Delivery, Endpoint
from tests.factories.world import World
from tests.webhooks import receivers
from tests.webhooks.people import (
    a_package,
    deliveries,
    endpoint_now,
    happen,
    patiently,
    rows,
)
from tests.webhooks.receivers import receiving

HOME = "/account/webhooks"


def words_of(page: Any) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def test_a_webhook_from_its_first_day_to_its_last(
    app: Flask, world: World, database: Database, couriers: Any, follow: Any
) -> None:
    vera = world.vera
    with receiving({"/ok": receivers.status(200, b"<b>thanks</b>")}) as receiver:
        assert "No program is told of your packages yet" in words_of(vera.get(f"{HOME}?lang=en"))
        vera.get(f"{HOME}/new")
        page = vera.submit("/new", url=receiver.url("/ok"), label="ERP", events=["declaration.asked"])
        assert "The webhook is added" in words_of(page)
        (endpoint,) = rows(database, Endpoint)
        here = f"{HOME}/{endpoint.id}"
        assert "ERP" in words_of(vera.get(HOME))
        vera.get(here)
        assert "A test event is on its way" in words_of(vera.submit("/test"))
        couriers()
        happen(database, a_package(database), "declaration.asked", "declaration.resumed")
        follow()
        patiently(lambda: [one.status for one in deliveries(database, endpoint)] == ["delivered", "delivered"])
        page = vera.get(here)
        assert {"declaration.asked", "webhook.test"} <= set(html.fromstring(page.text).xpath("//td//span/text()"))
        first = html.fromstring(page.text).xpath("//section[@id='log']//td/a/@href")[0]
        page = vera.get(first)
        assert "&lt;b&gt;thanks&lt;/b&gt;" in page.text, "an answer is shown as text"
        assert "N-vera" in words_of(page)
        page = vera.submit("/replay")
        assert "The event is sent again" in words_of(page)
        patiently(lambda: len(receiver.received) == 3)
    vera.get(f"{here}/change")
    assert "The webhook is changed" in words_of(vera.submit("/change", label="Warehouse", events=[]))
    assert endpoint_now(database, endpoint).events == []
    vera.get(here)
    vera.submit("/pause")
    assert endpoint_now(database, endpoint).status == "disabled"
    vera.submit("/enable")
    vera.submit("/remove")
    assert vera.get(here).status_code == 404
    assert "No program is told" in words_of(vera.get(HOME))
    with transaction(database, writing=False) as session:
        recorded = session.scalars(
            sa.select(Entry.event).where(Entry.subject_id == endpoint.id).order_by(Entry.position)
        )
        assert list(recorded) == [
            "webhook.registered", "webhook.changed", "webhook.disabled", "webhook.enabled", "webhook.removed",
        ]  # fmt: skip


def test_the_secret_is_shown_on_demand_and_rotated(app: Flask, world: World, database: Database, register: Any) -> None:
    endpoint = register("https://hooks.example.com/")
    page = world.vera.get(f"{HOME}/{endpoint.id}?lang=en")
    assert "whsec_" not in page.text
    shown = html.fromstring(world.vera.submit("/secret").text).xpath("//code[@class='secret']/text()")
    assert len(shown) == 1
    world.vera.get(f"{HOME}/{endpoint.id}")
    both = html.fromstring(world.vera.submit("/rotate", hours="24").text).xpath("//code[@class='secret']/text()")
    assert len(both) == 2
    assert both[1] == shown[0] != both[0]
    assert "Two signatures until" in words_of(world.vera.get(f"{HOME}/{endpoint.id}"))
    with transaction(database, writing=False) as session:
        stored = "".join(map(str, session.execute(sa.text("SELECT * FROM webhook_endpoints")).all()))
    assert not [one for one in both if one.removeprefix("whsec_") in stored]


def test_what_is_typed_wrong_is_said_at_its_field_and_kept(world: World, database: Database) -> None:
    world.vera.get(f"{HOME}/new?lang=en")
    page = world.vera.submit("/new", url="https://10.0.0.1/x", label="My label", events=["declaration.asked"])
    assert page.status_code == 422
    tree = html.fromstring(page.text)
    assert [one.get("href") for one in tree.find_class("summary")[0].iter("a")] == ["#url"]
    assert tree.get_element_by_id("url").value == "https://10.0.0.1/x"
    assert tree.get_element_by_id("label").value == "My label"
    assert tree.xpath("//input[@name='events'][@checked]/@value") == ["declaration.asked"]
    assert "inner network" in words_of(page)
    for wrong in ("", "hooks.example.com", "ftp://hooks.example.com/"):
        page = world.vera.submit("/new", url=wrong)
        assert page.status_code == 422
    page = world.vera.submit("/new", url="https://hooks.example.com/", label="x" * 81)
    assert page.status_code == 422
    page = world.vera.submit("/new", url="https://hooks.example.com/", label="", events=["note.written"])
    assert page.status_code == 422
    assert rows(database, Endpoint) == []


def test_a_range_is_sent_again_and_a_wrong_one_is_refused(
    app: Flask, world: World, database: Database, register: Any, follow: Any
) -> None:
    endpoint = register("https://hooks.example.com/")
    happen(database, a_package(database), *["declaration.asked"] * 3)
    follow()
    with transaction(database) as session:
        for one in session.scalars(sa.select(Delivery)):
            DELIVERY.step(one, "arrive", by=SYSTEM)
    first = deliveries(database, endpoint)[0].feed_position
    world.vera.get(f"{HOME}/{endpoint.id}?lang=en")
    page = world.vera.submit("/replay", after=str(first), until=str(first + 10))
    assert "2 events are sent again" in words_of(page)
    page = world.vera.submit("/replay", after=str(first), until=str(first + 10))
    assert "0 events are sent again" in words_of(page), "they wait already"
    for wrong in (
        {"after": "9", "until": "1"},
        {"after": "-1", "until": "1"},
        {"after": "x", "until": "1"},
        {"after": "", "until": ""},
    ):
        world.vera.get(f"{HOME}/{endpoint.id}")
        page = world.vera.submit("/replay", **wrong)
        assert page.status_code == 422
        assert html.fromstring(page.text).get_element_by_id("after").value == wrong["after"]


def test_what_was_lost_is_shown_and_sent(
    app: Flask, world: World, database: Database, register: Any, follow: Any
) -> None:
    endpoint = register("https://hooks.example.com/")
    package = a_package(database)
    happen(database, package, "declaration.asked")
    follow()
    world.vera.get(f"{HOME}/{endpoint.id}?lang=en")
    world.vera.submit("/pause")
    happen(database, package, "declaration.resumed", "declaration.asked")
    follow()
    page = world.vera.get(f"{HOME}/{endpoint.id}")
    assert "2 events were not sent while the webhook stood still" in words_of(page)
    world.vera.submit("/enable")
    page = world.vera.submit("/lost")
    assert "2 events are sent again" in words_of(page)
    assert [one.event for one in deliveries(database, endpoint)] == [
        "declaration.asked", "declaration.resumed", "declaration.asked",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["anna", "bogdan", "piotr", "olga", "audit", "admin"])
def test_it_is_its_organisations_alone(
    app: Flask, world: World, register: Any, follow: Any, database: Database, name: str
) -> None:
    endpoint = register("https://hooks.example.com/")
    happen(database, a_package(database), "declaration.asked")
    follow()
    (told,) = deliveries(database, endpoint)
    who = getattr(world, name)
    who.get("/account")
    for path in ("", "/change", f"/deliveries/{told.id}"):
        assert who.browser.get(f"{HOME}/{endpoint.id}{path}").status_code == 404
    for deed in (
        "pause",
        "enable",
        "remove",
        "secret",
        "rotate",
        "test",
        "lost",
        "replay",
        "change",
        f"deliveries/{told.id}/replay",
    ):
        assert who.post(f"{HOME}/{endpoint.id}/{deed}").status_code == 404
    expected = 200 if name in ("anna", "bogdan") else 403
    assert who.browser.get(HOME).status_code == expected
    assert endpoint_now(database, endpoint).generation == 1


def test_a_delivery_belongs_to_its_endpoint(
    app: Flask, world: World, register: Any, follow: Any, database: Database
) -> None:
    one, other = register("https://hooks.example.com/1"), register("https://hooks.example.com/2")
    happen(database, a_package(database), "declaration.asked")
    follow()
    told = deliveries(database, one)[0]
    assert world.vera.get(f"{HOME}/{other.id}/deliveries/{told.id}").status_code == 404
    assert world.vera.get(f"{HOME}/{one.id}/deliveries/{told.id}").status_code == 200


def test_fifty_are_enough(app: Flask, world: World, register: Any) -> None:
    for number in range(managing.MOST_ENDPOINTS):
        register(f"https://hooks.example.com/{number}")
    world.vera.get(f"{HOME}/new?lang=en")
    page = world.vera.submit("/new", url="https://hooks.example.com/51")
    assert page.status_code == 422
    assert "50 webhooks already" in words_of(page)


def test_the_log_costs_the_same_however_long_it_is(
    app: Flask, world: World, database: Database, register: Any, follow: Any
) -> None:
    endpoint = register("https://hooks.example.com/")
    package = a_package(database)

    def cost() -> int:
        counted: list[str] = []

        def listen(*facts: Any) -> None:
            counted.append(facts[2])

        world.vera.get(f"{HOME}/{endpoint.id}")
        sa.event.listen(database.reading, "before_cursor_execute", listen)
        assert world.vera.get(f"{HOME}/{endpoint.id}").status_code == 200
        sa.event.remove(database.reading, "before_cursor_execute", listen)
        return len(counted)

    happen(database, package, "declaration.asked")
    follow()
    few = cost()
    happen(database, package, *["declaration.asked"] * 60)
    follow()
    assert cost() == few
    tree = html.fromstring(world.vera.get(f"{HOME}/{endpoint.id}").text)
    seen = len(tree.xpath("//section[@id='log']//tbody/tr"))
    while following := tree.xpath("//a[@rel='next']/@href"):
        tree = html.fromstring(world.vera.get(following[0]).text)
        seen += len(tree.xpath("//section[@id='log']//tbody/tr"))
    assert seen == 61
