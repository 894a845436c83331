"""Drawing lots: which packages an agency looks at although no signal fires. Pure.

The lot of a package is made of the seed of its day, its registration number and the agency, with HMAC-SHA256: nobody who does
not know the seed can tell it beforehand, and whoever knows it afterwards can compute every draw of the day again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

OF = 1000
"""Shares are told in thousandths."""
SECOND_LOOK = "second-look"
"""The purpose under which sign-offs of the window are drawn for an officer's look."""


def new_seed() -> str:
    """Return a seed of 256 random bits, in hex."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """Return the digest under which a seed is promised in the ledger before it is used (SHA-256, hex)."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def lot(seed: str, number: str, agency: str, purpose: str = "") -> int:
    """Return the lot of a package at an agency, 0 to 999. ``number`` is its registration number."""
    told = f"{number}|{agency}|{purpose}".encode()
    drawn = hmac.new(bytes.fromhex(seed), told, hashlib.sha256).digest()
    return int.from_bytes(drawn[:8]) * OF >> 64


def drawn(seed: str, number: str, agency: str, share: int, purpose: str = "") -> bool:
    """Whether a share of so many thousandths draws this package."""
    return lot(seed, number, agency, purpose) < share
