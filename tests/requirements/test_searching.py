"""Goods found by words: three languages, forms of a word, best first; whatever is typed, an answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.requirements import packaged, searching
from app.requirements.compiling import CompiledEdition, packaged_edition

pytestmark = pytest.mark.pure


def codes(edition: CompiledEdition, words: str) -> list[str]:
    return [hit.row.code for hit in searching.search(edition, words)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("bicycles", "8712"), ("bicycle", "8712"), ("велосипед", "8712"), ("Велосипедов", "8712"), ("ровары", "8712"),
        ("веласіпедаў", "8712"), ("beef frozen", "0202"), ("говядины замороженной", "0202"), ("замарожаная ялавічына", "0202"),
        ("лошади", "0101"), ("шоколадные конфеты", "1704"), ("Cheese", "0406"), ("МЁД", "0409"), ("мед", "0409"),
    ],
)  # fmt: skip
def test_words_in_three_languages_and_any_form_find_their_heading(
    edition: CompiledEdition, words: str, first: str
) -> None:
    assert codes(edition, words)[0] == first


def test_digits_find_codes_that_begin_so(edition: CompiledEdition) -> None:
    assert codes(edition, "8712") == ["8712", "871200"]
    assert codes(edition, "87.12") == ["8712", "871200"]
    assert codes(edition, "8712 00 3000") == ["871200"]


def test_when_nothing_has_every_word_those_with_most_come_and_say_so(edition: CompiledEdition) -> None:
    hits = searching.search(edition, "fresh roses from qwertyzzz")
    assert hits[0].row.code == "0603"
    assert not any(hit.full for hit in hits)
    assert searching.search(edition, "qwertyzzz") == []
    assert searching.search(edition, "  ") == []


def test_letters_that_people_write_differently_are_one(edition: CompiledEdition) -> None:
    assert searching.fold("Ёлка Ў Індык камп’ютар") == "елка у индык кампютар"
    assert codes(edition, "камп'ютары") == codes(edition, "камп’ютары") == codes(edition, "КАМПʼЮТАРЫ")


def test_a_subheading_without_a_name_in_a_language_bears_the_name_above(edition: CompiledEdition) -> None:
    names = searching.name_of(edition, "0201300000")
    assert "крупного рогатого скота" in names["ru"]
    assert "boneless" in names["en"]
    assert searching.name_of(edition, "7777")["en"] == "", "nobody has chapter 77"


def test_everyday_words_stand_at_codes_that_are_there(edition: CompiledEdition) -> None:
    rows = packaged.table("goods_words")
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["code"] in edition.goods
        assert all(row[f"words_{language}"].strip() for language in searching.LANGUAGES)
        for language in searching.LANGUAGES:
            for word in row[f"words_{language}"].split():
                assert row["code"] in codes(edition, word), (row["code"], word)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_alike(words: str) -> None:
    edition = packaged_edition()
    hits = searching.search(edition, words)
    assert len(hits) <= searching.MOST
    assert [hit.row.code for hit in hits] == codes(
        edition, words.upper() if words.upper().casefold() == words.casefold() else words
    )
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
