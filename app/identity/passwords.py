"""Passwords: argon2id, a dummy for accounts that do not exist, and what makes a password too weak.

Rule after NIST SP 800-63B and ASVS 6.2: length and a list of common ones, no composition rules, paste allowed.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Fault
from app.identity.wording import fault

SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5
"""A long row of very few different characters is as easy to guess as a short word."""

_COMMON = """123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 098765432109
    qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopas qwertyuiopasdf qwertyqwerty qwerty123456 qwerty1234567
    1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u q1w2e3r4t5y6 zaq12wsxcde3 asdfghjkl123 asdfghjklzxc zxcvbnm12345
    passwordpassword password1234 password12345 password123456 mypassword123 passw0rd1234 p@ssw0rd1234
    adminadminadmin administrator administrator1 administrator123 welcome12345 welcome123456 letmeinletmein
    iloveyou1234 iloveyouiloveyou monkey123456 dragon123456 sunshine1234 football1234 abcdefghijkl abcdef123456
    abc123abc123 abcd1234abcd changemechangeme changeme1234 secretsecret secret123456 testtesttest test12345678
    пароль123456 парольпароль йцукенгшщзхъ йцукен123456 йцукенйцукен привет123456 беларусь1234 belarus12345
    minsk1234567 belarus2026! aknoaknoakno singlewindow singlewindow1 correcthorsebatterystaple"""
COMMON = frozenset(_COMMON.split())


class _Hashing:
    """The hasher of this process; its cost is told once by the edge."""

    def __init__(self) -> None:
        self.use(19456)

    def use(self, memory_kib: int) -> None:
        self.hasher = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)
        self.dummy = self.hasher.hash("nobody has this password")


_hashing = _Hashing()


def use_cost(memory_kib: int) -> None:
    """Set the memory of argon2id for this process, in KiB."""
    if _hashing.hasher.memory_cost != memory_kib:
        _hashing.use(memory_kib)


def _plain(password: str) -> str:
    # The same word typed on two keyboards must be the same bytes.
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hashing.hasher.hash(_plain(password))


def verified(stored: str, password: str) -> bool:
    """Whether the password is the one behind a hash; with no hash the same time is spent on a dummy (S-ENUM)."""
    try:
        _hashing.hasher.verify(stored or _hashing.dummy, _plain(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def weaknesses(password: str, email: str, field: str = "password") -> list[Fault]:
    """Return what is wrong with a new password; nothing when it is good."""
    plain = _plain(password).casefold()
    name = email.partition("@")[0].casefold()
    if len(plain) < SHORTEST:
        return [fault("PASSWORD-SHORT", field)]
    if len(plain) > LONGEST:
        return [fault("PASSWORD-LONG", field)]
    if email.casefold() in plain or (len(name) > 4 and name in plain):
        return [fault("PASSWORD-OWN", field)]
    if plain in COMMON or len(set(plain)) < FEWEST_SIGNS:
        return [fault("PASSWORD-COMMON", field)]
    return []
