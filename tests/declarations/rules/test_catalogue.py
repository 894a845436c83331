"""The catalogue: enough rules, complete in three languages, honest about what they need; their order is stable."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from app.declarations.rules.catalogue import ROOMS, in_order, not_asked, rules, rules_of
from app.declarations.rules.declaring import Finding, Given, RuleTextError, placeholders, read_texts, rule
from app.errors import Fault

CYRILLIC = re.compile("[а-яёіў]", re.IGNORECASE)
COMPLETE = "be: а {x}\nmend be: б\nru: в {x}\nmend ru: г\nen: d {x}\nmend en: e"


def test_there_are_enough_rules_of_each_kind() -> None:
    found = rules().values()
    assert len(found) >= 36
    assert sum(bool(one.between) for one in found) >= 10
    assert sum(one.needs == "registry" for one in found) >= 5
    assert set(not_asked()) == {one.code for one in found if one.needs == "registry"}


def test_every_rule_speaks_three_languages_with_the_same_parameters() -> None:
    for one in rules().values():
        for text in (one.message, one.remedy):
            assert set(text) == {"be", "ru", "en"}
            assert len({placeholders(sentence) for sentence in text.values()}) == 1, one.code
            assert CYRILLIC.search(text["be"]), one.code
            assert CYRILLIC.search(text["ru"]), one.code
            assert not CYRILLIC.search(text["en"]), one.code
            assert text["be"] != text["ru"], one.code


def test_each_language_keeps_to_its_letters_and_to_plain_words() -> None:
    for one in rules().values():
        for text in (one.message, one.remedy):
            assert not re.search("[ищъ]", text["be"], re.IGNORECASE), one.code
            assert not re.search("[іў]", text["ru"], re.IGNORECASE), one.code
            assert not re.search(r"\b(please|invalid|oops|error|sorry)\b", text["en"], re.IGNORECASE), one.code


def test_codes_are_stable_words_and_each_names_what_it_needs() -> None:
    for one in rules().values():
        assert re.fullmatch(r"[A-Z]+(-[A-Z]+)*", one.code)
        assert one.needs in ("package", "edition", "registry")
        assert len(one.between) in (0, 2)
    assert sum(len(rules_of(module)) for _room, module in ROOMS) == len(rules())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no text 'be:'"),
        ("words without a label", "begins with neither"),
        (COMPLETE.replace("en: d {x}\n", ""), "no text 'en:'"),
        (COMPLETE.replace("mend ru: г", ""), "no text 'mend ru:'"),
        (COMPLETE.replace("в {x}", "в"), "other parameters"),
    ],
)
def test_an_incomplete_docstring_is_refused_at_import(text: str, told: str) -> None:
    def check(given: Given) -> Iterator[Finding]:
        yield Finding("/Declaration")

    check.__doc__ = text
    with pytest.raises(RuleTextError, match=f"SOME-CODE.*{told}"):
        rule("SOME-CODE")(check)


def test_a_line_without_a_label_goes_on_with_the_one_above() -> None:
    message, remedy = read_texts("SOME-CODE", COMPLETE.replace("mend en: e", "mend en: e\n   and more"))
    assert remedy["en"] == "e and more"
    assert message["en"] == "d {x}"


def test_faults_are_ordered_by_item_then_path_then_code_whatever_their_first_order() -> None:
    item = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
    texts = {"be": "", "ru": "", "en": ""}
    wanted = [
        ("A", "/Declaration/TypeCode"),
        ("B", "/Declaration/TypeCode"),
        ("A", f"{item}[2]/AdditionalDocument[2]/ID"),
        ("A", f"{item}[2]/AdditionalDocument[10]/ID"),
        ("A", f"{item}[10]/SequenceNumeric"),
    ]
    faults = [Fault(code, texts, texts, path=path) for code, path in wanted]
    for seed in range(5):
        mixed = random.Random(seed).sample(faults, len(faults))
        assert in_order(mixed) == faults
