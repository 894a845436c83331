"""The difference of two versions: nothing where nothing changed, exactly what was changed, the same from both sides."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app import markup
from app.declarations import codec, comparing, editing
from app.declarations.comparing import ADDED, CHANGED, MOVED, REMOVED, compare, paired_items
from app.declarations.structure import find_node, leaves

pytestmark = pytest.mark.pure
SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "packages").glob("*.xml"))
TREES = {path.stem: markup.read(path.read_bytes()) for path in SAMPLES}
NAMES = st.sampled_from(sorted(TREES))
GOODS = editing.ITEM


def tree_of(name: str = "beef_flowers_pet") -> etree._Element:
    return copy.deepcopy(TREES[name])


def editable(tree: etree._Element) -> list[str]:
    """Leaves of text whose value anybody may write: no codes by which things are matched, no numbering."""
    return [
        path
        for path, value in leaves(tree)
        if value and "/@" not in path and path.endswith(("Name", "Line", "CityName", "MarksNumbersID", "LocationName"))
        and (node := find_node(path)) is not None and node.is_leaf
    ]  # fmt: skip


def swapped(tree: etree._Element, first: int, second: int) -> etree._Element:
    """Two goods items change places; each keeps what it says."""
    other = copy.deepcopy(tree)
    items = editing.items(other)
    one, two = items[first], items[second]
    parent = one.getparent()
    places = parent.index(one), parent.index(two)
    copies = copy.deepcopy(one), copy.deepcopy(two)
    parent[places[0]], parent[places[1]] = copies[1], copies[0]
    for number, item in enumerate(editing.items(other), 1):
        item.find("{*}SequenceNumeric").text = str(number)
    return other


@given(NAMES)
def test_a_package_does_not_differ_from_itself(name):
    assert compare(TREES[name], tree_of(name)) == []
    assert compare(TREES[name], markup.read(codec.canonical(TREES[name]))) == []


@settings(max_examples=60)
@given(NAMES, st.data())
def test_exactly_what_was_written_is_told(name, data):
    new = tree_of(name)
    wanted = {}
    for path in data.draw(st.lists(st.sampled_from(editable(new)), min_size=1, max_size=4, unique=True)):
        wanted[path] = (editing.get_leaf(new, path), f"Changed {len(wanted)}")
        editing.set_leaf(new, path, wanted[path][1])
    told = {change.path: (change.before, change.after) for change in compare(TREES[name], new)}
    assert told == wanted
    assert all(change.kind == CHANGED and change.was == change.path for change in compare(TREES[name], new))


@settings(max_examples=60)
@given(NAMES, NAMES)
def test_both_sides_count_the_same(one, two):
    there = Counter(change.kind for change in compare(TREES[one], TREES[two]))
    back = Counter(change.kind for change in compare(TREES[two], TREES[one]))
    assert (there[ADDED], there[REMOVED]) == (back[REMOVED], back[ADDED])
    assert (there[CHANGED], there[MOVED]) == (back[CHANGED], back[MOVED])


@settings(max_examples=60)
@given(NAMES, st.data())
def test_applying_what_is_told_makes_the_newer_one(name, data):
    """Values without a move: the older leaves with each change made are the newer leaves."""
    old, new = tree_of(name), tree_of(name)
    paths = editable(new)
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=3, unique=True)):
        editing.set_leaf(new, path, data.draw(st.sampled_from(["", "Other"])))
    made = copy.deepcopy(old)
    for change in reversed(compare(old, new)):
        editing.set_leaf(made, change.place, change.after)
    assert codec.canonical(made) == codec.canonical(new)


@given(st.sampled_from([(0, 1), (0, 2), (1, 2)]))
def test_items_that_change_places_are_moved_and_nothing_else(places):
    changes = compare(TREES["beef_flowers_pet"], swapped(TREES["beef_flowers_pet"], *places))
    first, second = places[0] + 1, places[1] + 1
    assert {(change.kind, change.before, change.after) for change in changes} == {
        (MOVED, str(first), str(second)), (MOVED, str(second), str(first)),
    }  # fmt: skip
    assert len(changes) == 2


def test_an_item_taken_out_is_one_block_and_the_rest_moves_up():
    new = tree_of()
    editing.remove_item(new, 1)
    changes = compare(TREES["beef_flowers_pet"], new)
    gone = [change for change in changes if change.kind == REMOVED and change.block == f"{GOODS}[1]"]
    assert gone
    assert all(change.item == 1 and change.path == "" for change in gone)
    assert [(change.before, change.after) for change in changes if change.kind == MOVED] == [("2", "1"), ("3", "2")]
    assert paired_items(TREES["beef_flowers_pet"], new) == {2: 1, 3: 2}
    assert {change.kind for change in changes} <= {REMOVED, MOVED}


def test_other_goods_at_the_same_number_are_another_item():
    new = tree_of()
    path = f"{GOODS}[1]/Commodity"
    for leaf, _value in leaves(new):
        if leaf.startswith(path) and leaf.endswith("/ID"):
            editing.set_leaf(new, leaf, "8712003000")
    editing.set_leaf(new, f"{path}/Description", "Bicycles with two wheels")
    assert 1 not in paired_items(TREES["beef_flowers_pet"], new)
    kinds = Counter(change.kind for change in compare(TREES["beef_flowers_pet"], new) if change.item == 1)
    assert set(kinds) == {ADDED, REMOVED}


def test_a_corrected_description_is_the_same_item():
    new = tree_of()
    words = editing.get_leaf(new, f"{GOODS}[1]/Commodity/Description")
    editing.set_leaf(new, f"{GOODS}[1]/Commodity/Description", f"{words}, without bones")
    (change,) = compare(TREES["beef_flowers_pet"], new)
    assert (change.kind, change.item, change.before, change.after) == (CHANGED, 1, words, f"{words}, without bones")


def test_documents_are_found_by_kind_and_number_then_by_file():
    old = tree_of("bicycles")
    for number in ("A-1", "A-2"):
        editing.add_document(old, 1, type="01999", number=number, file_name=f"{number}.pdf", file_sha256=number * 16)
    first = len(editing.documents(old, 1)) - 1
    new = copy.deepcopy(old)
    editing.remove_document(new, 1, first)
    editing.add_document(new, 1, type="01999", number="A-1", file_name="A-1.pdf", file_sha256="A-1" * 16)
    assert compare(old, new) == []
    editing.set_leaf(new, f"{GOODS}[1]/AdditionalDocument[{first}]/ID", "A-3")
    changes = compare(old, new)
    assert [(change.kind, change.before, change.after) for change in changes] == [(CHANGED, "A-2", "A-3")]


def test_a_value_carries_its_unit():
    new = tree_of("bicycles")
    path = "/Declaration/InvoiceAmount"
    before = comparing.value_of(next(TREES["bicycles"].iterfind("{*}InvoiceAmount")))
    editing.set_leaf(new, path, editing.get_leaf(new, path), {"currencyID": "USD"})
    (change,) = compare(TREES["bicycles"], new)
    assert (change.path, change.before) == (path, before)
    assert change.after.endswith(" USD")
