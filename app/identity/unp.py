"""The Belarusian tax number (UNP): its shape and its check digit. Source: Ministry of Taxes, algorithm of the UNP."""

from __future__ import annotations

import re

WEIGHTS = (29, 23, 19, 17, 13, 7, 5, 3)
_SHAPE = re.compile(r"(?:[1-7][0-9]|[ABCEHKM][ABCEHKMOPT])[0-9]{7}")
_SECOND = "ABCEHKMOPT"
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def has_shape(text: str) -> bool:
    """Whether a text is written like a UNP: nine digits (firms), or two Latin letters and seven digits (people)."""
    return _SHAPE.fullmatch(text) is not None


def holds(text: str) -> bool:
    """Whether a text is a UNP whose ninth sign is the weighted sum of the first eight, modulo 11."""
    if not has_shape(text):
        return False
    if not text[:2].isdigit():
        text = text[0] + str(_SECOND.index(text[1])) + text[2:]
    total = sum(weight * _SIGNS.index(sign) for weight, sign in zip(WEIGHTS, text, strict=False))
    return total % 11 == int(text[8])
