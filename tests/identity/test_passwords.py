"""What makes a password too weak: length, the list of common ones, one's own names; nothing else (ASVS 6.2)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import passwords

pytestmark = pytest.mark.pure
OWN = ("Anna Kovalenko", "Belmyaso Trade")


def codes(password):
    return [fault.code for fault in passwords.weaknesses(password, "anna@example.by", about=OWN)]


def test_the_list_is_long_enough_to_matter():
    """ASVS 6.2.4: at least the 3,000 most common ones that our rule of length lets through."""
    known = passwords.common()
    assert len(known) > 3000
    assert all(len(one) >= passwords.SHORTEST and one == unicodedata.normalize("NFC", one).casefold() for one in known)


@pytest.mark.parametrize(
    "password",
    ["password123456", "Password123456!", "P@ssw0rd123456", "Qwerty123456", "qwerty 123456", "1qaz2wsx3edc4rfv",
     "пароль123456", "ЙЦУКЕНГШЩЗХЪ", "iloveyou123456", "123456789012", "correct horse battery staple", "aaaabbbbaaaa",
     "ghbdtn123456", "Беларусь2026!"],
)  # fmt: skip
def test_common_ones_are_refused_however_dressed_up(password):
    assert codes(password) in (["PASSWORD-COMMON"], ["PASSWORD-NAMES"])


@pytest.mark.parametrize("password", ["Anna Kovalenko 1", "annakovalenko2026", "belmyaso-trade-7", "Akno Minsk 2026"])
def test_ones_own_names_and_the_windows_are_no_secret(password):
    assert codes(password) == ["PASSWORD-NAMES"]


@pytest.mark.parametrize(
    "password",
    ["seven lanterns by the river", "сем ліхтароў над ракой", "a quiet Kovalenko sings at noon", "zq7-vkp2-mm4x",
     "ąžuolas ir du gandrai", "🐝🌾🪵🫐🌿🐟🦢🌲🪻🐦🍄🦊", "nopqrstuvwxy!x9"],
)  # fmt: skip
def test_length_is_enough_for_any_script_and_no_kind_of_sign_is_demanded(password):
    assert codes(password) == []


@given(st.text(min_size=0, max_size=11))
def test_eleven_signs_are_never_enough(password):
    assert codes(password) == (
        ["PASSWORD-SHORT"] if len(unicodedata.normalize("NFC", password).casefold()) < 12 else codes(password)
    )


@given(st.text(max_size=300))
def test_nothing_breaks_it_and_each_fault_speaks_three_languages(password):
    for found in passwords.weaknesses(password, "anna@example.by", about=OWN):
        assert {"be", "ru", "en"} <= set(found.message) & set(found.remedy)


def test_the_same_words_from_two_keyboards_are_one_password():
    passwords.use_cost(64)
    stored = passwords.hashed("рэчка й сем ліхтароў")
    assert passwords.verified(stored, unicodedata.normalize("NFD", "рэчка й сем ліхтароў"))
    assert not passwords.verified(stored, "рэчка и сем ліхтароў")
    assert not passwords.verified("", "рэчка й сем ліхтароў")


def test_whole_password_counts_up_to_two_hundred_signs():
    """ASVS 6.2.8: nothing is cut off in silence."""
    passwords.use_cost(64)
    long = "ab1 " * 50
    stored = passwords.hashed(long)
    assert passwords.verified(stored, long)
    assert not passwords.verified(stored, long[:-1] + "x")
    assert not passwords.verified(stored, long + "x")
