"""A phished officer's password alone signs nothing: the thief gets no queue, no case, no decision, no key, no factor of his own; and
a stolen live session signs nothing after a quarter of an hour."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.database import Database
from tests.factories.world import PASSWORD, Someone, World
from tests.identity.test_factors import words
from tests.identity.test_stepping import age
from tests.journeys.roads import file_xml, open_case, packed, state


def test_ninas_password_is_phished(app: Flask, world: World, database: Database, worker: Any) -> None:
    where = file_xml(world.vera, packed("crocodile_bags"))
    case = open_case(world.nina, state(world.vera, where)["number"])
    thief = Someone(app, "nina")
    thief.browser.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    thief.get("/sign-in?lang=en", signing_in=True)
    taken = thief.post("/sign-in", email=thief.email, password=PASSWORD, signing_in=True)
    assert taken.headers["Location"].startswith("/sign-in/code")
    thief.get("/sign-in/code", signing_in=True)
    for path in ("/queue", case, "/account", "/account/keys", "/account/factors/new", "/notices", "/packages"):
        assert thief.browser.get(path).headers["Location"].startswith("/sign-in"), path
    token = thief.token()
    for path in (f"{case}/claim", f"{case}/propose", "/account/keys", "/account/factors/new", "/account/password"):
        answer = thief.browser.post(path, data={"csrf_token": token, "item-1-outcome": "approved", "label": "x"})
        assert (answer.status_code, answer.headers["Location"][:8]) == (302, "/sign-in"), path
    assert thief.browser.get("/sign-in/factor").headers["Location"] == "/sign-in"
    assert thief.post("/sign-in/code", code="123456", signing_in=True).status_code == 422
    worker.follow()
    assert "A second factor of your account was not given, or was wrong" in words(world.nina.get("/notices?lang=en"))
    lanes = {lane["agency"]: lane["status"] for lane in state(world.vera, where)["lanes"]}
    assert lanes["BY-MPR"] == "claimed"


def test_ninas_open_session_is_stolen(app: Flask, world: World, database: Database) -> None:
    where = file_xml(world.vera, packed("crocodile_bags"))
    case = open_case(world.nina, state(world.vera, where)["number"])
    thief = Someone(app, "nina")
    thief.signed_in, thief.gives_codes = True, False
    stolen = world.nina.browser.get_cookie("akno")
    assert stolen is not None
    thief.browser.set_cookie("akno", stolen.value)
    age(database)
    thief.get(f"{case}?lang=en")
    for _ in range(2):
        answer = thief.submit("/propose", **{"item-1-outcome": "approved"})
        assert answer.status_code == 403
        assert "Before this is signed, show that it is you" in words(answer)
    thief.get("/account/factors/new?lang=en")
    assert thief.submit("/account/factors/new", code="123456").status_code == 403
    assert {lane["agency"]: lane["status"] for lane in state(world.vera, where)["lanes"]}["BY-MPR"] == "claimed"
    world.nina.gives_codes = True
    world.nina.get(case)
    assert world.nina.submit("/propose", **{"item-1-outcome": "approved"}).status_code == 200
