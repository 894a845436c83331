"""Passwords: argon2id, a dummy for accounts that do not exist, and what makes a password too weak.

Rule after NIST SP 800-63B and ASVS 6.2: length and a list of common ones, no composition rules, paste allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Fault
from app.identity.wording import fault

SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5
"""A long row of very few different characters is as easy to guess as a short word."""

COMMON_FILE = Path(__file__).parent / "data" / "common_passwords.txt"
"""Passwords of twelve signs and more that are tried first: words, names, towns, clubs and rows of keys of three languages, with
the endings people add to them. Our own compilation, made from patterns; small letters, NFC, one a line."""
_SIMPLER = str.maketrans({"@": "a", "0": "o", "1": "i", "$": "s", "3": "e", "5": "s", "7": "t", "!": "i"})
_HOUSE = ("akno", "акно", "окно", "single", "window", "belarus", "беларусь", "minsk", "минск", "мінск")
_WORD = re.compile(r"[^\W\d_]{4,}")
REST = 8
"""How many signs must be left when one's own names are taken out of a password."""


@cache
def common() -> frozenset[str]:
    """Return the list of common passwords, read once."""
    return frozenset(COMMON_FILE.read_text(encoding="utf-8").splitlines())


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


def weaknesses(password: str, email: str, field: str = "password", *, about: Iterable[str] = ()) -> list[Fault]:
    """Return what is wrong with a new password; nothing when it is good. ``about``: the names of the person and of the
    organisations, which make no secret (ASVS 6.2.11)."""
    plain = _plain(password).casefold()
    name = email.partition("@")[0].casefold()
    if len(plain) < SHORTEST:
        return [fault("PASSWORD-SHORT", field)]
    if len(plain) > LONGEST:
        return [fault("PASSWORD-LONG", field)]
    if email.casefold() in plain or (len(name) > 4 and name in plain):
        return [fault("PASSWORD-OWN", field)]
    if _is_common(plain):
        return [fault("PASSWORD-COMMON", field)]
    if _is_about(plain, about):
        return [fault("PASSWORD-NAMES", field)]
    return []


def _is_common(plain: str) -> bool:
    simpler = plain.translate(_SIMPLER)
    tried = {plain, simpler, plain.strip(" .!?*#"), plain.replace(" ", ""), plain.rstrip("0123456789!.?*# ")}
    return len(set(plain)) < FEWEST_SIGNS or not tried.isdisjoint(common())


def _is_about(plain: str, about: Iterable[str]) -> bool:
    words = {word for text in about for word in _WORD.findall(_plain(text).casefold())} | set(_HOUSE)
    rest = plain
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != plain and len(re.sub(r"[\W\d_]", "", rest)) < REST
