"""Names as they are compared: written in Belarusian, Russian or English they come down to the same skeleton. Pure.

The skeleton forgets what spellings differ in and people do not: the alphabet, case, quotation marks, the form of the company,
doubled letters, о and а where Belarusian writes what it hears, г as g or h, the many ways to write ш, ж, ч, ц, х in Latin
letters. What it keeps is compared with rapidfuzz; the answer says which words were laid side by side and how alike they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

ALIKE = 85
"""From this likeness (0 to 100) two names are shown to an officer as perhaps the same."""
SAME = 100
_FORMS = frozenset(
    re.findall(
        r"\S+",
        "таа ааа зат тдаа аат зао оао ооо одо пао нпао ип іп чуп чтуп чпуп уп руп рунп сооо заа сп тов пуп чп кфх "
        "llc ltd limited inc corp corporation gmbh ag sa srl sro spa spzoo oy ab as bv nv kg co company plc ooo oao zao "
        "jsc ojsc cjsc pjsc uab sia ou sarl kft taa aat zat up chup",
    )
)
"""Forms of companies, which say nothing of who it is."""
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "ж": "7", "з": "z", "и": "i",
        "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "a", "п": "p", "р": "r", "с": "s",
        "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "g", "ц": "0", "ч": "4", "ш": "8", "щ": "84", "ъ": "", "ы": "i",
        "ь": "", "э": "e", "є": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_LATIN: Sequence[tuple[str, str]] = (
    ("shch", "84"), ("szcz", "84"), ("sch", "8"), ("sh", "8"), ("sz", "8"), ("š", "8"), ("ś", "8"), ("tch", "4"),
    ("ch", "4"), ("cz", "4"), ("č", "4"), ("zh", "7"), ("ž", "7"), ("ż", "7"), ("kh", "g"), ("ts", "0"), ("tz", "0"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("w", "v"), ("ŭ", "v"), ("ł", "l"), ("h", "g"),
    ("o", "a"), ("y", "i"), ("j", "i"),
)  # fmt: skip
"""Spellings in Latin letters, the longer first, and what stands for them in a skeleton."""
_SOFT = re.compile("c(?=[ei])")
_WORD = re.compile(r"[^\W_]+")
_END = re.compile("(?<=[ae])u\\b")
_ID = re.compile(r"[^0-9A-ZА-ЯЁІЎ]")
_LOOKALIKE = str.maketrans("АВСЕНКМОРТХУІ", "ABCEHKMOPTXYI")
"""Capital letters that look the same in both alphabets, as they stand on number plates."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, 0 to 100, and which words were laid side by side: (of the one, of the other, how alike)."""

    score: int
    pairs: tuple[tuple[str, str, int], ...]


def words_of(name: str) -> list[str]:
    """Return the words of a name without quotation marks, signs and the forms of companies; as written, in small letters."""
    words = in_order(name)
    telling = [word for word in words if word not in _FORMS]
    return telling or words


def in_order(text: str) -> list[str]:
    """Return the words of a text as they stand, in small letters."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


@lru_cache(maxsize=50_000)
def skeleton_of(word: str) -> str:
    """Return the skeleton of one word in small letters."""
    text = word
    for long, short in _LATIN:
        text = text.replace(long, short)
    text = _SOFT.sub("0", text).replace("c", "k").translate(_CYRILLIC)
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    # Быкаў, Bykau and Быков end alike; я, ia and ya too.
    text = _END.sub("v", text).replace("ie", "e").replace("ia", "a").replace("iu", "u")
    return re.sub(r"(.)\1+", r"\1", text)


def skeleton(name: str) -> str:
    """Return the skeleton of a whole name, its words in the order of the alphabet; "" where there is nothing to compare."""
    return " ".join(sorted(filter(None, map(skeleton_of, words_of(name)))))


def mark(number: str) -> str:
    """Return a number, plate or code as it is compared: capital letters and digits alone, look-alikes as Latin ones."""
    return _ID.sub("", number.upper()).translate(_LOOKALIKE)


def likeness(one: str, other: str) -> Likeness:
    """Return how alike two names are, with the words that were laid side by side."""
    return Likeness(score_of(skeleton(one), skeleton(other)), _pairs(words_of(one), words_of(other)))


def score_of(one: str, other: str) -> int:
    """Return how alike two skeletons are, 0 to 100; names that share every word of the shorter one come near, never to 100."""
    if not one or not other:
        return 0
    if one == other:
        return SAME
    whole = fuzz.ratio(one, other)
    # A name with one word more ("Trading Minsk") is found, if what is shared is more than one short word.
    shorter = min(one, other, key=len)
    part = fuzz.token_set_ratio(one, other) * 0.92 if len(shorter.replace(" ", "")) >= 8 else 0
    return min(SAME - 1, round(max(whole, part)))


def _pairs(one: Sequence[str], other: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Lay each word of the shorter name beside the likest of the longer one."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    found = []
    left = list(many)
    for word in few:
        if not left:
            break
        best = max(left, key=lambda other, word=word: fuzz.ratio(skeleton_of(word), skeleton_of(other)))  # type: ignore[misc]
        left.remove(best)
        alike = round(fuzz.ratio(skeleton_of(word), skeleton_of(best)))
        found.append((word, best, alike) if few is one else (best, word, alike))
    return tuple(found)
