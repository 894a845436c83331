"""The number of a clearance, with a check digit, and the code that nobody can guess. Pure but for the dice of codes.

Number: ``BY-CLR-YYMMDD-NNNNNNN-C``: day in Minsk, seven digits, ISO 7064 MOD 11,10 over the thirteen digits: every
single wrong digit and nearly every swap of neighbours is found before anything is looked up.
Code: 40 characters of Crockford's base 32 (200 bit), shown in groups of five; typed in any case, with spaces or
hyphens; O reads as 0, I and L read as 1.
"""

from __future__ import annotations

import re
import secrets
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 40
GROUP = 5

_NUMBER = re.compile(r"BY-CLR-(\d{6})-(\d{7})-(\d)")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def number_of(on: date, serial: int) -> str:
    """Return the clearance number of a day (Minsk) and a serial of up to seven digits. ValueError beyond."""
    if not 0 < serial < 10_000_000:
        raise ValueError("a serial has one to seven digits")
    digits = f"{on:%y%m%d}{serial:07d}"
    return f"BY-CLR-{digits[:6]}-{digits[6:]}-{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """Return the ISO 7064 MOD 11,10 check digit of a string of digits."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def is_number(text: str) -> bool:
    """Whether a text is a clearance number whose check digit agrees."""
    found = _NUMBER.fullmatch(text)
    return found is not None and check_digit(found[1] + found[2]) == int(found[3])


def new_code() -> str:
    """Return a fresh code as it is stored: 40 characters, no separators."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """Return a code as it is printed: groups of five with hyphens."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """Return what somebody typed as a code is stored, or an empty text when it cannot be one."""
    code = _SEPARATORS.sub("", text).upper().translate(_READ_AS)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""
