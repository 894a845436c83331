"""Names in three languages are the same name; other names are not; numbers are compared as they stand on plates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.risk import names

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ТАА «Белмяса Трэйд»", "ООО «Белмяса Трейд»"), ("ООО «Коваленко»", "Kovalenko LLC"),
        ("Ганна Каваленка", "Коваленко Ганна"), ("Быкаў", "Быков"), ("Быкаў", "Bykau"), ("Bykov", "Быков"),
        ("Шчарбакоў Ігар", "Shcherbakov Igor"), ("Гродна", "Hrodna"), ("Grodno", "Hrodna"), ("Жукова", "Zhukova"),
        ("ЗАО «Химтрейд»", "Khimtreid JSC"), ("Green Planet Trading GmbH", "GREEN PLANET TRADING"),
        ("Цыганкоў", "Tsygankov"), ("Сяргей Міхайлаў", "Sergey Mikhailov"), ("Siarhei Mikhailau", "Сергей Михайлов"),
    ],
)  # fmt: skip
def test_one_name_in_other_letters_is_found(one: str, other: str) -> None:
    found = names.likeness(one, other)
    assert found.score >= names.ALIKE, (names.skeleton(one), names.skeleton(other), found)
    assert found.pairs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Коваленко Анна", "Кузнецова Мария"), ("Green Planet Trading", "Blue Ocean Shipping"), ("ООО", "ЗАО"),
        ("Вела Мінск", "Сонца Энерга"), ("ТАА «Палескі Лес»", "ТАА «Белмяса Трэйд»"), ("Лес", "Лис"),
        ("Іваноў", "Сідараў"), ("", "Іваноў"),
    ],
)  # fmt: skip
def test_another_name_is_left_alone(one: str, other: str) -> None:
    assert names.likeness(one, other).score < names.ALIKE


def test_why_two_names_are_alike_is_said_word_by_word() -> None:
    found = names.likeness("Каваленка Ганна", "Anna Kovalenko")
    assert ("каваленка", "kovalenko", 100) in found.pairs


@pytest.mark.parametrize(
    ("one", "other"), [("АВ 1234-7", "AB1234-7"), ("mscu 123456 7", "MSCU1234567"), ("BY/06/№ 17", "BY0617")]
)
def test_numbers_are_compared_without_what_stands_between(one: str, other: str) -> None:
    assert names.mark(one) == names.mark(other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_number_and_the_same_both_ways(one: str, other: str) -> None:
    score = names.likeness(one, other).score
    assert 0 <= score <= 100
    assert score == names.likeness(other, one).score
    if names.skeleton(one):
        assert names.likeness(one, one).score == names.SAME
