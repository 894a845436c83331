"""Codes chosen before for the same words: counted per package, taken back by an amendment, told of others only when several."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.cli import founding
from app.database import Database, session, transaction
from app.declarations import drafting, editing
from app.identity.models import Organisation
from app.insights import choosing, chosen
from app.insights.models import ChosenCode
from app.intake import amending
from tests.factories.world import World
from tests.intake import amendments
from tests.journeys.roads import file_bytes, file_xml, packed

WORDS = "Веласіпеды двухколавыя без рухавіка, рама алюміній, колы 28 цаляў, мадэль City 28"
BIKE = "8712003000"


def follow(database: Database) -> None:
    more = 1
    while more:
        with transaction(database):
            more = choosing.follow()


def house(unp: str) -> uuid.UUID:
    return session().scalars(sa.select(Organisation.id).where(Organisation.unp == unp)).one()


def test_every_package_counts_once_whatever_the_batches(world: World, database: Database, monkeypatch) -> None:
    monkeypatch.setattr(choosing, "BATCH", 2)
    file_xml(world.vera, packed("bicycles", lrn="VM-1"))
    file_bytes(world.vera, packed("bicycles", lrn="VM-2").xml, "package.xml", confirmed="yes")
    follow(database)
    follow(database)
    with transaction(database, writing=False):
        before = chosen.find_before(f" {WORDS.upper()}. ", owner_id=house("192381579"))
        assert [(one.code, one.times, one.last_on) for one in before.own] == [(BIKE, 2, clock.today())]
        assert not before.others
        assert not chosen.find_before(WORDS, owner_id=None), "one trader's choices are told to nobody else"
        assert not chosen.find_before("", owner_id=house("192381579"))


def test_a_code_that_an_amendment_corrects_is_taken_back(world: World, database: Database) -> None:
    with transaction(database):
        key = amendments.file("bicycles", who="vera")
    follow(database)
    with transaction(database):
        declaration, tree = amendments.get(key, "vera"), drafting.filed_tree(amendments.get(key, "vera"))
        editing.set_leaf(tree, f"{amendments.GOODS}[1]/Commodity/Classification[1]/ID", "8712007000")
        amending.amend(declaration, tree, cause="amended", by=founding.actor("vera"), expected_version=1)
    follow(database)
    with transaction(database, writing=False):
        rows = session().scalars(sa.select(ChosenCode)).all()
        assert [(row.code, row.times) for row in rows] == [("8712007000", 1)]


def test_what_others_chose_is_told_when_three_of_them_did(world: World, database: Database) -> None:
    unps = ("190142358", "192381579", "190567235", "290345617")
    with transaction(database):
        for n, unp in enumerate(unps):
            session().add(
                ChosenCode(owner_id=house(unp), words="ровар", code=BIKE, times=n + 1, last_on=date(2026, 11, n + 1))
            )
        session().add(
            ChosenCode(owner_id=house(unps[0]), words="ровар", code="8711601000", times=9, last_on=date(2026, 1, 1))
        )
    with transaction(database, writing=False):
        seen = chosen.find_before("Ровар", owner_id=house(unps[3]))
        assert [(one.code, one.times) for one in seen.own] == [(BIKE, 4)]
        assert [(one.code, one.times, one.owners, one.last_on) for one in seen.others] == [
            (BIKE, 6, 3, date(2026, 11, 3))
        ]
        assert [one.owners for one in chosen.find_before("ровар", owner_id=None).others] == [4]
    page = world.app.test_client().get("/measures?lang=en&hs=ровар").text  # type: ignore[union-attr]
    assert "Others chose for the same words" in page
    assert "8711601000" not in page
    assert "Вела" not in page
    own = world.vera.get("/measures?lang=en&hs=ровар").text
    assert "For these words you chose" in own
    told = world.app.test_client().get("/api/v1/goods?q=ровар").get_json()  # type: ignore[union-attr]
    assert told["chosen_by_you"] == []
    assert told["chosen_by_others"] == [{"code": BIKE, "packages": 10, "last_on": "2026-11-04", "traders": 4}]


@pytest.mark.pure
@settings(deadline=None)
@given(st.text(max_size=400))
def test_words_are_compared_evened_and_evening_twice_changes_nothing(words: str) -> None:
    once = chosen.normal(words)
    assert len(once) <= chosen.LONGEST
    assert chosen.normal(f"  {words} . ") in (once, chosen.normal(words))
    assert "  " not in once
