"""What if: supposing nothing changes nothing, supposing otherwise says what comes and goes, and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from app.cli.packing import sample
from app.declarations import whatif
from app.declarations.codec import to_package
from app.declarations.facts import facts_of
from app.declarations.parsing import parse
from app.declarations.whatif import Supposed
from app.requirements import matching
from app.requirements.compiling import packaged_edition
from app.requirements.facts import PackageFacts
from tests.declarations.drafts import begin
from tests.declarations.test_drafts_journey import ITEM
from tests.factories.world import World

DAY = date(2026, 11, 22)
SAMPLES = ("beef_flowers_pet", "bicycles", "crocodile_bags", "dangerous_transit", "solar_panels", "timber_export")


def facts(name: str) -> PackageFacts:
    tree = parse(sample(name, on=DAY).xml).tree
    assert tree is not None
    return facts_of(to_package(tree), edition=packaged_edition(), on=DAY, attached=None)


def as_it_is(package: PackageFacts, number: int) -> Supposed:
    item = package.items[number - 1]
    return Supposed(
        number, item.code, item.origin, item.origin_region, package.destination, item.procedure, package.on,
        {**package.answers, **item.answers},
    )  # fmt: skip


@pytest.mark.pure
@pytest.mark.parametrize("name", SAMPLES)
def test_supposing_what_the_draft_says_changes_nothing(name: str) -> None:
    package = facts(name)
    before = matching.match(packaged_edition(), package)
    for number in range(1, len(package.items) + 1):
        after = whatif.answer(package, as_it_is(package, number), packaged_edition())
        assert not whatif.differs(before, after)
        assert [lane.agency for lane in after.lanes] == [lane.agency for lane in before.lanes]


@pytest.mark.pure
@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.sampled_from(["UA", "DE", "RU", "CN", ""]), st.sampled_from(["0201300000", "8712003000", "0106190000"]))  # fmt: skip
def test_there_and_back_are_mirror_images(name: str, origin: str, code: str) -> None:
    package, edition = facts(name), packaged_edition()
    before = matching.match(edition, package)
    after = whatif.answer(package, replace(as_it_is(package, 1), origin=origin, code=code), edition)
    there, back = whatif.differs(before, after), whatif.differs(after, before)
    assert there.agencies_added == back.agencies_removed
    assert there.agencies_removed == back.agencies_added
    assert len(there.documents_added) == len(back.documents_removed)
    assert len(there.bans_added) == len(back.bans_removed)
    assert not set(there.agencies_added) & set(there.agencies_removed)


def said(page: str) -> list[str]:
    rows = html.fromstring(page).xpath("//ul[contains(@class,'difference')]/li")
    return [" ".join(row.text_content().split()) for row in rows]


def test_a_draft_is_asked_otherwise_and_stays_as_it_is(world: World) -> None:
    where = begin(world.vera)
    world.vera.get(f"{where}/items/1")
    goods = {f"{ITEM}/Commodity/Classification[1]/ID": "8712003000", f"{ITEM}/Origin[1]/CountryCode": "CN"}
    assert world.vera.submit("/items/1", **goods).status_code == 200
    assert f"{where}/what-if" in world.vera.get(where).text
    page = world.vera.get(f"{where}/what-if?lang=en")
    assert "This is the draft as it is" in page.text
    assert html.fromstring(page.text).xpath("//input[@id='origin']/@value") == ["CN"]
    before = world.vera.get(f"{where}/declaration.xml").data
    changed = world.vera.get(f"{where}/what-if?item=1&hs=0201300000&origin=UA").text
    assert "Veterinary supervision would be asked" in said(changed)
    assert any("01201" in row and "would be missing" in row for row in said(changed))
    assert world.vera.get(f"{where}/declaration.xml").data == before
    assert world.vera.get(f"{where}/what-if?item=7").status_code == 404
    assert world.vera.get(f"{where}/what-if?origin=Narnia").status_code == 422
    assert world.anna.get(f"{where}/what-if").status_code == 404


def test_an_answer_that_is_not_ticked_any_more_is_taken_back(world: World) -> None:
    where = begin(world.vera)
    world.vera.get(f"{where}/items/1")
    goods = {f"{ITEM}/Commodity/Classification[1]/ID": "8418108001", f"{ITEM}/Origin[1]/CountryCode": "CN"}
    assert world.vera.submit("/items/1", **goods).status_code == 200
    used = world.vera.get(f"{where}/what-if?lang=en&asked=USED&yes=USED").text
    assert any("would be asked" in row for row in said(used))
    assert said(world.vera.get(f"{where}/what-if?asked=USED").text) == []
