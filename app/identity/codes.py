"""Codes of second factors: the six digits of an app (RFC 6238) and the codes for the day it is lost. Pure."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp

SECONDS = 30
"""How long one code of an app holds."""
DRIFT = 1
"""How many intervals a clock may be off, either way."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs that are not taken for each other when read from paper: no l, no o, no 0, no 1."""
_LENGTH, _GROUP = 24, 4
_RECOVERY = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")


def interval(moment: datetime) -> int:
    """Return the number of the interval a moment lies in."""
    return int(moment.timestamp()) // SECONDS


def code_at(secret: str, step: int) -> str:
    """Return the six digits of an interval (SHA-1, as every app of this kind reckons)."""
    return pyotp.TOTP(secret, interval=SECONDS).generate_otp(step)


def plain(typed: str) -> str:
    """Return a code as it was meant: without blanks and hyphens, small letters."""
    return re.sub(r"[\s\-–]+", "", typed[:80]).casefold()


def matching_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Return the interval whose code was typed: at most one away from now, and later than the last that was taken, so that
    each code is good once (RFC 6238, section 5.2). None when there is none."""
    code, here = plain(typed), interval(now)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        # All are compared, so that the time tells nothing.
        if hmac.compare_digest(code_at(secret, step), code) and (last_step is None or step > last_step):
            found = step
    return found


def make_recovery_codes() -> list[str]:
    """Return ten codes of 120 random bits each, in groups that can be read aloud."""
    made = ("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(one[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP)) for one in made]


def looks_like_recovery(typed: str) -> bool:
    """Whether somebody typed a recovery code rather than six digits."""
    return bool(_RECOVERY.fullmatch(plain(typed)))


def grouped(secret: str) -> str:
    """Write a secret in groups of four, for somebody who types it into an app."""
    return " ".join(secret[i : i + _GROUP] for i in range(0, len(secret), _GROUP))
