"""The codes of second factors: against RFC 6238's own table, each good once, one interval of drift (R30)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import codes

pytestmark = pytest.mark.pure

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_table_of_rfc_6238(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert codes.code_at(SECRET, codes.interval(moment)) == code
    assert codes.matching_step(SECRET, f"{code[:3]} {code[3:]}", moment, None) == second // 30


@given(drift=st.integers(-90, 90))
def test_one_interval_of_drift_either_way_and_no_more(drift: int) -> None:
    then = NOW + timedelta(seconds=drift)
    away = codes.interval(then) - codes.interval(NOW)
    code = codes.code_at(SECRET, codes.interval(then))
    found = codes.matching_step(SECRET, code, NOW, None)
    assert (found is not None) == (abs(away) <= 1) or code in {
        codes.code_at(SECRET, codes.interval(NOW) + step) for step in (-1, 0, 1)
    }


def test_a_code_is_good_once_and_older_ones_are_gone_with_it() -> None:
    here = codes.interval(NOW)
    assert codes.matching_step(SECRET, codes.code_at(SECRET, here), NOW, here) is None
    assert codes.matching_step(SECRET, codes.code_at(SECRET, here - 1), NOW, here) is None
    assert codes.matching_step(SECRET, codes.code_at(SECRET, here + 1), NOW, here) == here + 1


@given(typed=st.text(max_size=90))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    found = codes.matching_step(SECRET, typed, NOW, None)
    assert found is None or codes.plain(typed).isdigit()
    codes.looks_like_recovery(typed)


def test_digits_of_other_scripts_are_no_code() -> None:
    here = codes.interval(NOW)
    arabic = codes.code_at(SECRET, here).translate({48 + n: 0x660 + n for n in range(10)})
    assert codes.matching_step(SECRET, arabic, NOW, None) is None


def test_recovery_codes_are_ten_different_long_ones_read_as_written() -> None:
    made = codes.make_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    assert all(len(codes.plain(one)) == 24 and codes.looks_like_recovery(one.upper()) for one in made)
    assert not codes.looks_like_recovery("123 456")
