"""The order of names in a list: Belarusian і, ў and ё stand in their places, not after я as their code points do."""

from __future__ import annotations

_PLACES = str.maketrans({"ё": "е\uffff", "і": "и", "ў": "у\uffff"})
"""ё follows е, ў follows у; і has the place of и, which Belarusian does not have. Russian ё follows е as well."""


def place(name: str) -> str:
    """Return the key that sorts names as Belarusian, Russian and English dictionaries do, in any case of letters."""
    return name.casefold().translate(_PLACES)
