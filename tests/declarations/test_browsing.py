"""The schema browser: rules stand where their faults do, words of the form at their elements, and everything is found."""

from __future__ import annotations

import csv

import pytest
from flask import Flask
from flask_babel import force_locale

from app.declarations import browsing, structure
from app.declarations.rules.catalogue import rules
from tests.declarations.rules.test_samples import faults, sample


@pytest.mark.pure
@pytest.mark.parametrize("code", rules())
def test_a_rule_stands_where_its_sample_breaks_it(code: str) -> None:
    (found,) = faults(sample(code))
    node = structure.find_node(found.path)
    assert node is not None
    assert code in browsing.rules_by_place().get(node.path, ()), (
        f"add {code},{node.path} to app/declarations/rules/places.csv"
    )


@pytest.mark.pure
def test_every_place_is_one_of_the_schema_and_every_code_a_rule() -> None:
    with browsing.PLACES.open(encoding="utf-8", newline="") as lines:
        rows = [(row["code"], row["path"]) for row in csv.DictReader(lines)]
    assert len(set(rows)) == len(rows)
    assert {code for code, _path in rows} == set(rules())
    assert {path for _code, path in rows} <= set(structure.nodes())


@pytest.mark.pure
def test_occurrence_and_pointer() -> None:
    code = structure.nodes()["/Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Classification/ID"]
    assert browsing.pointer(code) == "42A/67A/68A/23A/21A/145"
    assert [one.name for one in browsing.above(code)][:2] == ["Declaration", "GoodsShipment"]
    assert browsing.occurs(structure.root()) == "1"
    shown = {browsing.occurs(node) for node in structure.nodes().values()}
    assert {"1", "0\N{EN DASH}1"} <= shown


def test_found_by_id_by_name_and_by_the_words_of_the_form(app: Flask) -> None:
    with app.test_request_context():
        assert browsing.search("145")[0].wco_id == "145"
        assert {one.name for one in browsing.search("functionalreference")} == {"FunctionalReferenceID"}
        assert browsing.search("") == []
        assert browsing.search("no such thing anywhere") == []
        assert 0 < len(browsing.search("code")) <= browsing.MOST_FOUND
        for language, words in (("be", "мытны орган"), ("ru", "таможенный орган"), ("en", "customs office")):
            with force_locale(language):
                found = {one.name for one in browsing.search(words)}
                assert found & {"DeclarationOfficeID", "ID"}, (language, found)


def test_most_leaves_of_the_form_have_words(app: Flask) -> None:
    with app.test_request_context():
        spoken = browsing.spoken()
    assert set(spoken) <= set(structure.nodes())
    assert len(spoken) > 80
