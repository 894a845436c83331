"""Stepping up before something is signed (ASVS 7.5.3): where it is asked, that nothing typed is lost, that a wrong code is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html

from app import clock
from app.database import Database, session, transaction
from app.identity.factor_models import Factor
from app.identity.models import SignInSession
from tests.factories.authenticator import Authenticator
from tests.factories.world import PASSWORD, Someone, World
from tests.identity.test_factors import challenge, happened, person_of, with_passkey, words
from tests.journeys.roads import file_xml, open_case, packed, state

STEPPED = {
    "clearance.confirm_revocation", "clearance.replace", "clearance.revoke",
    "deciding.countersign", "deciding.decide", "deciding.override", "deciding.propose", "deciding.reopen", "deciding.sign",
    "identity.factor_add", "identity.factor_codes", "identity.factor_remove",
    "identity.key_create", "identity.key_rotate", "identity.membership_add", "identity.password_post",
    "identity.person_factors_reset", "identity.person_invite", "identity.person_link", "identity.provider_link",
    "privacy.ask", "privacy.confirm", "queue.several",
    "clocks.extend", "identity.mandate_accept", "identity.mandate_offer", "identity.membership_end",
    "identity.person_disable", "rulings.end", "rulings.enter", "webhooks.rotate", "webhooks.secret",
}  # fmt: skip
"""Endpoints that must ask who it is before they do anything; others may ask as well."""


def age(database: Database, minutes: int = 15) -> None:
    """Everybody's proof was given so long ago."""
    with transaction(database):
        then = clock.now() - timedelta(minutes=minutes, seconds=1)
        session().execute(sa.update(SignInSession).values(proven_at=then))


def at_the_case(world: World) -> tuple[Someone, str, str]:
    """Nina has a case before her; who she is she showed long ago, and no code is given for her."""
    where = file_xml(world.vera, packed("crocodile_bags"))
    case = open_case(world.nina, state(world.vera, where)["number"])
    age(world.app.extensions["akno.database"])  # type: ignore[union-attr]
    world.nina.gives_codes = False
    world.nina.get(f"{case}?lang=en")
    return world.nina, case, where


def status_of(world: World, where: str) -> Any:
    return {lane["agency"]: lane["status"] for lane in state(world.vera, where)["lanes"]}["BY-MPR"]


def test_every_route_that_signs_or_hands_out_is_marked(app: Flask) -> None:
    marked = {name for name, view in app.view_functions.items() if getattr(view, "stepped", False)}
    assert STEPPED - marked == set()
    assert all(getattr(app.view_functions[name], "guarded_by", None) for name in marked), "below a guard"
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert marked <= posts


def test_the_code_is_asked_on_the_page_and_nothing_typed_is_lost(world: World, database: Database) -> None:
    nina, case, where = at_the_case(world)
    assert 'name="step_code"' in nina.page.text, "the field is there before it is missed"
    typed = {"item-1-outcome": "conditions", "item-1-conditions": "Only with the seal", "note": "Seen twice"}
    asked = nina.submit("/propose", **typed)
    assert asked.status_code == 403
    assert "Before this is signed" in words(asked)
    page = html.fromstring(asked.text)
    assert page.xpath("//*[@name='item-1-outcome'][@checked]/@value") == ["conditions"]
    assert "Only with the seal" in page.xpath("string(//*[@name='item-1-conditions'])")
    assert page.xpath("//input[@name='step_code']/@autofocus")
    assert status_of(world, where) == "claimed"
    wrong = nina.submit("/propose", step_code="000000")
    assert wrong.status_code == 422
    assert "nothing is done" in words(wrong)
    assert "Only with the seal" in wrong.text
    done = nina.submit("/propose", step_code=nina.code())
    assert done.status_code == 200, words(done)
    assert status_of(world, where) == "proposed"
    assert [one["kind"] for one in happened(database, "nina", "person.factor_refused")] == ["totp"]
    assert [one["kind"] for one in happened(database, "nina", "person.stepped_up")] == ["totp"]
    assert "step_code" not in nina.get(case).text, "it holds for a while"


def test_a_proof_holds_although_the_form_has_faults(world: World, database: Database) -> None:
    nina, _case, where = at_the_case(world)
    faulty = nina.submit("/propose", **{"item-1-outcome": "refused", "step_code": nina.code()})
    assert faulty.status_code == 422
    assert 'name="step_code"' not in faulty.text
    assert nina.submit("/propose", **{"item-1-outcome": "approved"}).status_code == 200
    assert status_of(world, where) == "proposed"


def test_it_does_not_slide(world: World, database: Database) -> None:
    nina = world.nina.sign_in()
    age(database, 14)
    assert nina.get("/account/factors/new").status_code == 200
    with transaction(database, writing=False):
        proven = session().scalar(sa.select(SignInSession.proven_at).where(SignInSession.proven_by == "totp"))
    assert proven is not None
    assert clock.now() - proven > timedelta(minutes=14)


def test_the_sixth_wrong_code_is_429_and_a_passkey_still_signs(world: World, app: Flask) -> None:
    key = Authenticator()
    with_passkey(world.nina, key)
    nina, _case, where = at_the_case(world)
    typed = {"item-1-outcome": "approved"}
    for number in range(5):
        assert nina.submit("/propose", step_code=f"00000{number}", **typed).status_code == 422
    sixth = nina.submit("/propose", step_code=nina.code(), **typed)
    assert sixth.status_code == 429
    assert int(sixth.headers["Retry-After"]) > 0
    proof = key.prove(challenge(nina, "/account/step"))
    assert nina.submit("/propose", step_passkey=proof, step_code="", **typed).status_code == 200
    assert status_of(world, where) == "proposed"


def test_a_page_of_its_own_carries_a_form_on(world: World, database: Database) -> None:
    """Where the page has no field for it: a trader, who has no second factor, gives the password again."""
    vera = world.vera
    vera.gives_codes = False
    vera.get("/account/keys?lang=en")
    age(database)
    asked = vera.submit("/account/keys", label="Warehouse", scopes=["file", "read"])
    assert asked.status_code == 403
    assert "Enter your password once more" in words(asked)
    page = html.fromstring(asked.text)
    assert page.xpath("//input[@name='label']/@value") == ["Warehouse"]
    assert page.xpath("//input[@name='scopes']/@value") == ["file", "read"]
    assert page.xpath("//input[@name='step_code']/@type") == ["password"]
    assert vera.submit("/account/keys", step_code="wrong words").status_code == 422
    made = vera.submit("/account/keys", step_code=PASSWORD)
    assert made.status_code == 200
    assert "akno_" in made.text


def test_a_new_password_wants_the_code_and_no_page_gives_one_back(world: World, database: Database) -> None:
    nina = world.nina
    nina.gives_codes = False
    nina.get("/account?lang=en")
    age(database)
    asked = nina.submit(
        "/account/password", current="old words here", password="new words here", again="new words here"
    )
    assert asked.status_code == 403
    assert "new words here" not in asked.text
    assert "old words here" not in asked.text


@pytest.mark.parametrize("field", ["step_code", "step_passkey"])
def test_a_proof_without_the_token_of_the_form_is_not_even_looked_at(
    world: World, database: Database, field: str
) -> None:
    nina, case, _where = at_the_case(world)
    answer = nina.browser.post(f"{case}/propose", data={field: "000000"})
    assert answer.status_code in (400, 403)
    assert happened(database, "nina", "person.factor_refused") == []


def test_several_at_once_ask_only_when_they_approve(world: World, database: Database) -> None:
    nina, case, _where = at_the_case(world)
    key = case.rsplit("/", 1)[1].split("?")[0]
    assert nina.post("/queue/bulk", deed="claim", case=key).status_code == 200
    assert nina.post("/queue/bulk", deed="approve", case=key).status_code == 403


def test_a_password_never_stands_in_for_a_provider(world: World, database: Database) -> None:
    """Somebody whom an identity provider let in, without a factor of ours: only another sign-in proves who that is."""
    nina, _case, where = at_the_case(world)
    with transaction(database):
        session().execute(sa.update(SignInSession).values(proven_by="provider"))
        session().execute(sa.delete(Factor).where(Factor.person_id == person_of("nina").id))
    page = nina.submit("/propose", **{"item-1-outcome": "approved"})
    assert page.status_code == 403
    assert 'name="step_code"' not in page.text
    assert "Sign out and in again" in words(page)
    refused = nina.submit("/propose", **{"item-1-outcome": "approved", "step_code": PASSWORD})
    assert refused.status_code == 403
    assert status_of(world, where) == "claimed"


def test_brute_a_change_of_hats_buys_no_further_tries(world: World, database: Database) -> None:
    """A session that was left open: whoever sits down at it could put the same hat on again after each five wrong codes."""
    nina = world.nina.sign_in()
    nina.gives_codes = False
    age(database)
    for number in range(5):
        assert nina.post("/account/factors/codes", step_code=f"00000{number}").status_code == 422
    assert nina.post("/account/factors/codes", step_code="000005").status_code == 429
    with transaction(database, writing=False):
        place = session().scalar(sa.select(SignInSession.membership_id).where(SignInSession.ended_at.is_(None)))
    assert nina.post(f"/hats/{place}").status_code == 303
    nina.get("/account/factors")
    assert nina.post("/account/factors/codes", step_code="000006").status_code == 429
