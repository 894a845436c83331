"""A message from elsewhere becomes a draft, goes through every page of the form, and loses no leaf."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import joinedload

from app.access import Actor
from app.database import Database, session, transaction
from app.declarations import codec, drafting, parsing, structure, wco
from app.identity.accounts import actor_of
from app.identity.models import Membership, Person
from tests.declarations.drafts import GOODS, tree_of
from tests.factories.world import World

SAMPLES = Path(__file__).parent.parent / "samples"
SHARED = Path("/work/shared/interop/messages")
OURS = sorted((SAMPLES / "packages").glob("*.xml"))
FOREIGN = [file for file in sorted((SAMPLES / "interop").glob("*.xml")) if wco.read(file.read_bytes()).ok]
REAL = [file for file in sorted(SHARED.glob("wco-dec*/**/*.xml")) if wco.read(file.read_bytes()).ok]


def actor(email: str) -> Actor:
    """A person of the country as an actor."""
    query = sa.select(Membership).join(Person).where(Person.email == f"{email}@akno.example")
    query = query.options(joinedload(Membership.person), joinedload(Membership.organisation))
    membership = session().scalar(query)
    assert membership is not None
    return actor_of(membership)


def open_draft(world: World, database: Database, tree: etree._Element, who: str = "anna") -> str:
    assert world.app is not None
    with world.app.app_context(), transaction(database):
        return f"/packages/{drafting.open_tree(tree, by=actor(who), channel='xml').id}"


def pages(tree: etree._Element) -> list[str]:
    """Every page of the form of a package."""
    items = [f"/items/{line.number}" for line in codec.to_package(tree).lines]
    return ["/parties", "/transport", *items]


@pytest.mark.parametrize("file", OURS + FOREIGN, ids=lambda file: file.stem)
def test_saving_every_page_unchanged_changes_nothing(world: World, database: Database, file: Path) -> None:
    tree = wco.read(file.read_bytes()).tree
    assert tree is not None
    before = structure.leaves(tree)
    address = open_draft(world, database, tree)
    for page in pages(tree):
        assert world.anna.get(address + page).status_code == 200
        answer = world.anna.submit(page, follow=False)
        assert answer.status_code == 303, answer.text
    for page in ("", "/documents", "/questions", "/check"):
        assert world.anna.get(address + page).status_code == 200
    assert structure.leaves(tree_of(database, address)) == before


@pytest.mark.parametrize("file", [file for file in FOREIGN if file.stem.startswith("im_")], ids=lambda file: file.stem)
def test_editing_keeps_every_other_leaf(world: World, database: Database, file: Path) -> None:
    tree = wco.read(file.read_bytes()).tree
    assert tree is not None
    before = dict(structure.leaves(tree))
    address = open_draft(world, database, tree)
    changed = f"/Declaration/{GOODS}[1]/Commodity/Description"
    world.anna.get(f"{address}/items/1")
    answer = world.anna.submit("/items/1", follow=False, **{changed.removeprefix("/Declaration/"): "Іншае апісанне"})
    assert answer.status_code == 303, answer.text
    after = dict(structure.leaves(tree_of(database, address)))
    assert after.pop(changed) == "Іншае апісанне"
    before.pop(changed, None)
    assert {path: after.get(path) for path in before} == before


def test_every_real_message_becomes_a_draft(world: World, database: Database) -> None:
    """Through the activities, for all of them: opened, one box changed and changed back, nothing lost."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared")
    assert world.app is not None
    assert REAL
    for file in REAL:
        tree = wco.read(file.read_bytes()).tree
        assert tree is not None
        before = structure.leaves(tree)
        with world.app.app_context(), transaction(database):
            by = actor("anna")
            draft = drafting.open_tree(tree, by=by, channel="xml")
            path = "/Declaration/GoodsShipment/TradeTerms/LocationName"
            was = next((value for place, value in before if place == path), None)
            drafting.save(draft, [(path, "Мінск", None)], by=by)
            drafting.save(draft, [(path, was, None)], by=by)
            number = drafting.add_item(draft, by=by)
            drafting.remove_item(draft, number, by=by)
            assert draft.draft_xml is not None
            after = dict(structure.leaves(parsing.plain(draft.draft_xml).tree))
        # The window counts and numbers goods items itself once one was added or taken out.
        counted = ("/SequenceNumeric", "/GoodsItemQuantity")
        lost = {place: value for place, value in before if after.get(place) != value and not place.endswith(counted)}
        assert not lost, (file.name, lost)


def test_items_move_up_with_their_files(world: World, database: Database) -> None:
    tree = parsing.parse((SAMPLES / "packages" / "beef_flowers_pet.xml").read_bytes()).tree
    address = open_draft(world, database, tree)
    third = codec.to_package(tree).lines[2]
    world.anna.get(f"{address}/items/1")
    answer = world.anna.submit("/remove", follow=False)
    assert answer.status_code == 303
    package = codec.to_package(tree_of(database, address))
    assert [line.sequence for line in package.lines] == [1, 2]
    assert package.lines[1].description == third.description
    assert len(package.lines[1].documents) == len(third.documents)
    assert package.item_count == 2
