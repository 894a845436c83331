"""The difference of two versions in words."""

from __future__ import annotations

import copy

import pytest
from flask import Flask

from app.declarations import changes, editing
from app.declarations.form_lists import Lists
from app.errors import NotFound
from app.requirements.compiling import packaged_edition
from tests.declarations.test_comparing import GOODS, TREES


@pytest.fixture
def lists(app: Flask) -> Lists:
    return Lists(packaged_edition(), "en", "import")


def told(app: Flask, lists: Lists, *, edit, language: str = "en"):
    old = TREES["beef_flowers_pet"]
    new = copy.deepcopy(old)
    edit(new)
    with app.test_request_context(headers={"Accept-Language": language}):
        return changes.between(old, new, lists)


def test_values_are_said_as_in_the_form(app: Flask, lists: Lists) -> None:
    def edit(tree):
        editing.set_leaf(tree, f"{GOODS}[1]/Origin[1]/CountryCode", "PL")
        editing.set_leaf(tree, f"{GOODS}[1]/AdditionalDocument[2]/IssueDateTime", "20261120")
        editing.set_leaf(tree, "/Declaration/TotalPackageQuantity", "531")

    found = told(app, lists, edit=edit)
    assert (found.count, found.more) == (3, 0)
    package, item = found.sections
    (total,) = package.blocks[0].rows
    assert (package.item, total.label, total.before, total.after) == (None, "Number of packages", "530", "531")
    rows = {row.label: row for block in item.blocks for row in block.rows}
    assert (rows["Country of origin"].before, rows["Country of origin"].after) == ("Ukraine (UA)", "Poland (PL)")
    assert rows["Country of origin"].pointer == "42A/67A/68A[1]/92A/063"
    assert (rows["Date of issue"].before, rows["Date of issue"].after) == ("18.11.2026", "20.11.2026")
    assert [block.title for block in item.blocks if "UA-VET-26-771204" in block.title]


def test_an_item_that_is_gone_and_those_that_moved_up(app: Flask, lists: Lists) -> None:
    found = told(app, lists, edit=lambda tree: editing.remove_item(tree, 1))
    said = [(one.item, one.kind, one.was) for one in found.sections if one.item]
    assert said == [(1, "moved", 2), (1, "removed", None), (2, "moved", 3)]
    gone = next(one for one in found.sections if one.kind == "removed")
    assert "Ялавічына" in gone.title


def test_a_document_that_came_is_one_block(app: Flask, lists: Lists) -> None:
    found = told(
        app,
        lists,
        edit=lambda tree: editing.add_document(tree, 2, type="01999", number="EXTRA-1", file_sha256="a" * 64),
    )
    (section,) = found.sections
    (block,) = section.blocks
    assert (section.item, section.kind, block.kind) == (2, "changed", "added")
    assert "EXTRA-1" in block.title
    assert "The file itself (SHA-256)" in {row.label for row in block.rows}


def test_a_flood_is_counted(app: Flask, lists: Lists) -> None:
    def edit(tree):
        first = editing.items(tree)[0]
        for _ in range(200):
            first.getparent().append(copy.deepcopy(first))

    found = told(app, lists, edit=edit)
    shown = sum(len(block.rows) for section in found.sections for block in section.blocks)
    assert shown == changes.MOST
    assert found.more == found.count - changes.MOST
    assert found.more > 1000


@pytest.mark.parametrize("named", [{"from": "2", "to": "2"}, {"from": "0", "to": "1"}, {"to": "9"}, {"from": "x"}])
def test_an_address_names_versions_that_there_are(named: dict[str, str]) -> None:
    assert changes.versions_named({}, 3) == (2, 3)
    assert changes.versions_named({"from": "1"}, 3) == (1, 3)
    with pytest.raises(NotFound):
        changes.versions_named(named, 3)
