"""Assessment at filing: it is kept, explained and told to those it concerns, recomputes itself, and no trader ever sees it."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.cli import accrediting, founding
from app.database import Database, session, transaction
from app.declarations import editing
from app.declarations import finders as packages
from app.declarations.editing import ITEM
from app.declarations.models import Declaration
from app.intake import amending
from app.ledger.models import Entry
from app.markup import read
from app.reviews.models import Review
from app.risk import agreeing, draws_checking, finders, proposing, scoring, seeds, showing
from app.risk.assessing import digest_of
from app.risk.assessment_models import Assessment, DrawSeed
from app.risk.proposing import Proposal
from app.webhooks import feeding
from tests.factories.world import World
from tests.intake.arrivals import bearer, key_of
from tests.journeys.roads import file_bytes, file_xml, open_case, packed, state

FIRST = {"fact": "trader.prior_packages", "of": {"prefix": "3915", "months": "24"}, "op": "is", "value": 0}
ORIGIN = {"fact": "item.origin", "op": "is_not", "value": "BY"}
TITLE = "Новы імпарцёр пластыку"
SECRETS = (TITLE, "BY-MPR-0001", "Red lane", "Yellow lane", "Green lane", "risk_stamps", '"risk"', "random selection")
"""What no answer to a trader may hold: the indicator, its title, any lane."""


def in_force(**other: Any) -> str:
    """The indicator of the environment that customs has agreed to, put in force by two people; returns its code."""
    today = clock.today()
    given: dict[str, Any] = {
        "titles": {"be": TITLE, "en": "A newcomer in plastic waste"}, "reasons": {"be": "Няма дзе перапрацаваць"},
        "condition": {"all": [FIRST, ORIGIN]}, "valid_from": today, "valid_until": today + timedelta(days=365), "weight": 30,
        "effect": "red", "direction": "import", "prefixes": ("3915",), "agencies": ("BY-GTK",), "basis": "INTERPOL 2020",
        "confidence": "seen",
    }  # fmt: skip
    version = proposing.propose(Proposal(**(given | other)), by=founding.actor("nina"))
    if given["agencies"]:
        shared = finders.get_version(version.id, actor=founding.actor("mikola"))
        agreeing.answer(shared, agreed=True, by=founding.actor("mikola"))
    own = finders.get_version(version.id, actor=founding.actor("nazar"))
    agreeing.try_out(own, by=founding.actor("nazar"))
    agreeing.activate(own, by=founding.actor("nazar"))
    return own.indicator.code


def assessments(where: str) -> list[Assessment]:
    key = uuid.UUID(where.rpartition("/")[2])
    query = sa.select(Assessment).where(Assessment.declaration_id == key).order_by(Assessment.version)
    return list(session().scalars(query))


def reviews(where: str) -> dict[str, Review]:
    key = uuid.UUID(where.rpartition("/")[2])
    query = sa.select(Review).where(Review.declaration_id == key, Review._status != "superseded")
    return {one.agency: one for one in session().scalars(query)}


def test_the_plastic_of_a_newcomer_is_red_for_those_who_share_the_indicator(world: World, database: Database) -> None:
    with transaction(database):
        in_force()
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    with transaction(database, writing=False):
        (kept,) = assessments(where)
        found = reviews(where)
        assert {agency: one.risk for agency, one in found.items() if one.risk == "red"} == {
            "BY-MPR": "red",
            "BY-GTK": "red",
        }
        assert found["BY-MPR"].four_eyes
        assert found["BY-GTK"].four_eyes
        assert kept.lanes["BY-MPR"]["because"][0] in ("floor", "score")
        assert scoring.recompute(kept.signals) == (kept.signals["scores"], kept.signals["lanes"])
        (entry,) = session().scalars(sa.select(Entry).where(Entry.event == "declaration.assessed")).all()
        told = {name: getattr(kept, name) for name in ("lanes", "signals", "draws", "lowered")}
        assert entry.payload["digest"] == digest_of(told)
        assert entry.declaration_id is None
    number = state(world.anna, where)["number"]
    page = world.nina.get(open_case(world.nina, number) + "?lang=en").text
    for words in (
        "A newcomer in plastic waste",
        "Red lane",
        "score 30 of 100",
        "BY-MPR-0001",
        "an inspection is suggested",
    ):
        assert words in page, words
    assert "item" in page
    assert "BY-MPR-0001" in world.maria.get(open_case(world.maria, number) + "?lang=en").text
    # Shared with neither the veterinarians nor the plant inspectors: their own lanes only.
    others = world.olga.get(open_case(world.olga, number) + "?lang=en").text
    assert "BY-MPR-0001" not in others
    assert "No signal shared with this agency fires." in others
    assert number in world.nina.get("/queue?risk=red").text
    assert number not in world.nina.get("/queue?risk=green").text


def test_the_trader_sees_nothing_of_it(world: World, database: Database, app: Flask) -> None:
    with transaction(database):
        in_force()
    key = key_of(database, "anna")
    where = file_xml(world.anna, packed("beef_flowers_pet"))
    declaration_id = where.rpartition("/")[2]
    with transaction(database):
        while feeding.follow():
            pass
    client = app.test_client()
    answers = {
        "page": world.anna.get(f"{where}?lang=en").text,
        "state": json.dumps(state(world.anna, where)),
        "list": world.anna.get("/packages?lang=en").text,
        "api": client.get(f"/api/v1/declarations/{declaration_id}", headers=bearer(key)).text,
        "events": client.get("/api/v1/events?after=0", headers=bearer(key)).text,
        "versions": client.get(f"/api/v1/declarations/{declaration_id}/versions", headers=bearer(key)).text,
    }
    assert '"declaration.routed"' in answers["events"] or "declaration." in answers["events"]
    for place, said in answers.items():
        for secret in (*SECRETS, "declaration.assessed", "draws."):
            assert secret not in said, (place, secret)
    with transaction(database, writing=False):
        review = reviews(where)["BY-MPR"]
    assert world.anna.get(f"/cases/{review.id}").status_code in (403, 404)
    with transaction(database, writing=False):
        # Entries of the package's own story, of which proofs are given out, hold no word of risk.
        query = sa.select(Entry).where(Entry.declaration_id == uuid.UUID(declaration_id))
        for entry in session().scalars(query):
            said = json.dumps(entry.payload) + entry.event
            assert not any(word in said for word in ("assess", "BY-MPR-0001", '"risk"', "draw", 'lane"'))
            assert (
                entry.event != "review.opened"
                or not entry.payload.get("four_eyes")
                or entry.payload["agency"] == "BY-MPR"
            )


def test_an_amendment_is_assessed_anew(world: World, database: Database) -> None:
    with transaction(database):
        in_force(condition={"fact": "item.origin", "op": "is", "value": "CN"}, prefixes=("8712",))
    package = packed("bicycles", lrn="AMEND-RISK-1")
    before = package.xml
    where = file_bytes(world.vera, before, "package.xml")
    with transaction(database, writing=False):
        (first,) = assessments(where)
    assert first.version == 1
    with transaction(database):
        declaration = session().get_one(Declaration, uuid.UUID(where.rpartition("/")[2]))
        tree = read(packages.get_version(declaration).canonical)
        was = editing.get_leaf(tree, f"{ITEM}[1]/Origin/CountryCode")
        editing.set_leaf(tree, f"{ITEM}[1]/Origin/CountryCode", "DE" if was == "CN" else "CN")
        amending.amend(declaration, tree, cause="amended", by=founding.actor("vera"), expected_version=1)
    with transaction(database, writing=False):
        one, two = assessments(where)
        assert [one.version, two.version] == [1, 2]
        fired = [bool(each.signals["signals"]) for each in (one, two)]
        assert sorted(fired) == [False, True]
        lanes = [each.lanes["BY-GTK"]["lane"] for each in (one, two)]
        assert "red" in lanes
        assert len(set(lanes)) == 2
        assert reviews(where)["BY-GTK"].risk == lanes[1]


def test_an_accreditation_lowers_the_score_and_never_the_lane_that_is_demanded(
    world: World, database: Database
) -> None:
    with transaction(database):
        accrediting.give(accrediting.COUNTRY[0])
        in_force(
            condition={"fact": "item.origin", "op": "known"},
            prefixes=("8712",),
            agencies=("BY-GTK",),
            effect="score",
            weight=30,
        )
    where = file_xml(world.vera, packed("bicycles"))
    with transaction(database, writing=False):
        (kept,) = assessments(where)
        own = kept.lanes["BY-GTK"]
        assert (own["raw"], own["score"]) == (30, 30 - kept.lowered["points"])
        assert kept.lowered["kind"] == "aeo"
        assert scoring.recompute(kept.signals) == (kept.signals["scores"], kept.signals["lanes"])


def test_what_cannot_be_assessed_is_held_and_never_refused(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A mistake of ours stands for any: the filing goes on, every lane is yellow, the log has it."""
    from app.risk import assessing

    def broken(*_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(assessing.scoring, "score", broken)
    where = file_xml(world.vera, packed("bicycles"))
    assert state(world.vera, where)["status"] == "under-review"
    with transaction(database, writing=False):
        (kept,) = assessments(where)
        assert (kept.failed, kept.lanes["BY-GTK"]["lane"]) == ("ZeroDivisionError", "yellow")
        assert reviews(where)["BY-GTK"].risk == "yellow"
        assert showing.view_of(kept, "BY-GTK", titles={}).own.because == ("failed",)
    assert "could not be assessed" in caplog.text
    case = open_case(world.maria, state(world.vera, where)["number"])
    assert "our mistake" in world.maria.get(f"{case}?lang=en").text


def test_the_draws_of_a_day_are_computed_again_once_it_is_over(world: World, database: Database) -> None:
    file_xml(world.vera, packed("bicycles"))
    today = clock.today()
    with transaction(database):
        assert draws_checking.verify(today) is None
        assert (today + timedelta(days=1)).isoformat() in seeds.list_due()
        # The day is over: the window believes it is tomorrow.
        row = session().get_one(DrawSeed, today)
        yesterday = today - timedelta(days=1)
        session().execute(sa.update(Assessment).values(drawn_on=yesterday))
        seeds.seed_of(yesterday)
        session().execute(
            sa.update(DrawSeed).where(DrawSeed.day == yesterday).values(seed=row.seed, commitment=row.commitment)
        )
        assert yesterday.isoformat() in seeds.list_due()
        seeds.act(yesterday.isoformat())
        seeds.act(yesterday.isoformat())
        checked = draws_checking.verify(yesterday)
        assert checked is not None
        assert (checked.packages, checked.seed) == (1, row.seed)
        # The promise in the ledger is that of another seed: told, for the row was changed behind its back.
        assert checked.wrong == ("the seed is not the one promised",)
        one = session().scalars(sa.select(Assessment).limit(1)).one()
        one.draws = {agency: draw | {"drawn": not draw["drawn"]} for agency, draw in one.draws.items()}
        session().flush()
        again = draws_checking.verify(yesterday)
        assert again is not None
        assert len(again.wrong) == 2


def test_the_page_of_the_draws_keeps_the_seed_until_the_day_is_over(world: World, database: Database) -> None:
    file_xml(world.vera, packed("bicycles"))
    with transaction(database):
        row = session().get_one(DrawSeed, clock.today())
        over = DrawSeed(
            day=clock.today() - timedelta(days=1), seed="ab" * 32, commitment="cd" * 32, committed_at=clock.now(),
            revealed_at=clock.now(),
        )  # fmt: skip
        session().add(over)
    page = world.maria.get("/risk/draws?lang=en").text
    assert row.commitment in page
    assert row.seed not in page
    assert over.seed in page
    assert world.vera.get("/risk/draws").status_code == 403
