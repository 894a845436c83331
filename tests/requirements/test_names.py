"""What people choose from is named in Belarusian and in Russian, each name in its own letters and no name twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask

from app.requirements import packaged
from app.requirements.alphabet import place

FOREIGN = {"be": re.compile("[ищъИЩЪ]"), "ru": re.compile("[іўІЎ]")}
"""Letters a language does not have: a name with one of them is in the other language."""
CHOSEN = {
    "codelist_packages": ("code", "name"),
    "codelist_units": ("code", "name"),
    "codelist_countries": ("alpha2", "name"),
    "codelist_currencies": ("code", "name"),
    "customs_offices": ("code", "name"),
    "document_types": ("code", "label"),
}


@pytest.mark.parametrize("language", ["be", "ru"])
@pytest.mark.parametrize("listing", CHOSEN)
def test_every_choice_has_a_name_of_its_own(listing: str, language: str) -> None:
    key, kind = CHOSEN[listing]
    names = {row[key]: row[f"{kind}_{language}"] for row in packaged.table(listing)}
    assert {code for code, name in names.items() if not name} == set()
    assert {code for code, name in names.items() if FOREIGN[language].search(name)} == set()
    assert [name for name, times in Counter(map(str.casefold, names.values())).items() if times > 1] == []


def test_names_stand_in_the_order_of_the_dictionary() -> None:
    countries = ["Зімбабвэ", "Іран", "Ірландыя", "Йемен", "Латвія", "Ямайка"]
    assert sorted(reversed(countries), key=place) == countries
    assert sorted(["Ёрш", "Жэмчуг", "Емен", "еўра"], key=place) == ["Емен", "еўра", "Ёрш", "Жэмчуг"]
    assert sorted(["уюн", "ўзор", "фарба", "узор"], key=place) == ["узор", "уюн", "ўзор", "фарба"]


def test_goods_the_measures_name_are_named_in_both_languages() -> None:
    for row in packaged.table("hs_full_2022"):
        assert bool(row["name_be"]) == bool(row["name_ru"]), row["code"]
        assert not FOREIGN["be"].search(row["name_be"]), row["code"]
        assert row["level"] != "2" or row["name_be"], row["code"]
    named = {row["code"] for row in packaged.table("hs_full_2022") if row["name_be"]}
    known = {row["code"] for row in packaged.table("hs_full_2022")}
    asked = {measure.prefix[:6] for measure in packaged.edition_rows().measures}
    assert asked & known <= named


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("0201300000", "be", "Мяса буйной рагатай жывёлы"),
        ("0201300000", "ru", "Мясо крупного рогатого скота"),
        ("0201300000", "en", "boneless"),
        ("9301100000", "be", "Зброя і боепрыпасы"),
    ],
)
def test_goods_are_named_in_the_readers_language_before_in_more_digits(
    app: Flask, code: str, language: str, name: str
) -> None:
    page = app.test_client().get(f"/measures?lang={language}&hs={code}&direction=import&origin=UA")
    assert page.status_code == 200
    assert name in page.text


def test_goods_are_found_by_belarusian_words(app: Flask) -> None:
    page = app.test_client().get("/measures?lang=be&hs=буйная рагатая")
    assert "Буйная рагатая жывёла жывая" in page.text
