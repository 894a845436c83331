"""Numbers with a check digit, codes that can be typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clearance import numbering

DAY = date(2026, 11, 22)


@given(st.integers(1, 9_999_999), st.integers(0, 12), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial, place, shift):
    number = numbering.number_of(DAY, serial)
    assert numbering.is_number(number)
    assert len(number) <= 32
    at = [index for index, sign in enumerate(number[:-2]) if sign.isdigit()][place]
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not numbering.is_number(wrong)


@pytest.mark.parametrize("serial", [0, -1, 10_000_000])
def test_serial_has_seven_digits(serial):
    with pytest.raises(ValueError, match="seven digits"):
        numbering.number_of(DAY, serial)


def test_codes_are_long_and_unlike():
    codes = {numbering.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) * 5 >= 192 and set(code) <= set(numbering.ALPHABET) for code in codes)


@given(st.text(numbering.ALPHABET, min_size=40, max_size=40))
def test_typed_as_people_type(code):
    shown = numbering.grouped(code)
    assert shown.count("-") == 7
    slips = shown.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    for typed in (code, shown, shown.lower(), slips, f" {shown}\n", shown.replace("-", "\N{EN DASH}")):
        assert numbering.typed(typed) == code


@pytest.mark.parametrize(
    "text", ["", "06611/221126/0000418", "BY-CLR-261122-0000418-6", "u" * 40, "0" * 39, "0" * 41, "'" * 40]
)
def test_what_is_no_code(text):
    assert numbering.typed(text) == ""
